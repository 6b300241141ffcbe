"""Thumbnails from latents alone, and where packed latents go."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from diffusers import Flux2KleinPipeline, FluxPipeline, QwenImagePipeline
from torch.nn import functional

from previs.engine.families import unpack_patches, unpack_tokens
from previs.engine.preview import fit_factors, thumbnail


def test_a_linear_decoder_is_recovered_exactly() -> None:
    mix = torch.tensor([[0.2, -0.1, 0.1], [0.0, 0.1, -0.2]])

    def decode(latents: torch.Tensor) -> torch.Tensor:
        colours = torch.einsum("bchw,cr->brhw", latents, mix) + 0.05
        return colours.repeat_interleave(8, -1).repeat_interleave(8, -2)

    factors = fit_factors(decode, channels=2)
    assert torch.allclose(factors, torch.cat([mix, torch.full((1, 3), 0.05)]), atol=1e-4)


def test_a_decoder_that_bends_and_blurs_is_followed_on_latents_it_was_not_fitted_to() -> None:
    mix = torch.tensor([[0.5, -0.3, 0.2], [0.1, 0.4, -0.5], [-0.2, 0.3, 0.3]])

    def decode(latents: torch.Tensor) -> torch.Tensor:
        colours = torch.tanh(torch.einsum("bchw,cr->brhw", latents, mix) + 0.1)
        return functional.interpolate(colours, scale_factor=8, mode="bilinear")

    factors = fit_factors(decode, channels=3)
    latents = torch.randn((9, 3, 2, 2), generator=torch.Generator().manual_seed(5)).repeat_interleave(4, -1)
    true = decode(latents).mean(dim=(-2, -1))
    guess = latents.mean(dim=(-2, -1)) @ factors[:-1] + factors[-1]
    assert torch.corrcoef(torch.stack([guess.flatten(), true.flatten()]))[0, 1] > 0.95


def test_a_thumbnail_keeps_the_shape_and_the_colours() -> None:
    latents = torch.zeros(2, 18, 32)
    latents[0, :, 16:] = 1.0
    picture = thumbnail(latents, factors=torch.tensor([[2.0, 0.0, 0.0], [0.0, 0.0, 0.0], [-1.0, -1.0, -1.0]]))
    assert picture.size == (256, 144)
    assert picture.getpixel((10, 70)) == (0, 0, 0)
    assert picture.getpixel((246, 70)) == (255, 0, 0)


def test_latents_and_factors_must_go_together() -> None:
    with pytest.raises(ValueError, match="do not go with"):
        thumbnail(torch.zeros(4, 8, 8), factors=torch.zeros(4, 3))


def test_latents_gone_astray_still_give_a_picture() -> None:
    assert thumbnail(torch.full((1, 4, 4), float("nan")), factors=torch.ones(2, 3)).size == (256, 256)


@pytest.mark.parametrize("pipeline", [FluxPipeline, QwenImagePipeline])
def test_packed_latents_are_laid_out_as_the_pipeline_does_it(pipeline: type) -> None:
    latents = torch.arange(2 * 16 * 6 * 10, dtype=torch.float32).view(2, 16, 6, 10)
    packed = pipeline._pack_latents(latents, 2, 16, 6, 10)  # type: ignore[attr-defined]
    assert torch.equal(unpack_patches(SimpleNamespace(vae_scale_factor=8), packed, 48, 80), latents)


def test_tokens_are_laid_out_as_the_pipeline_does_it() -> None:
    latents = torch.arange(2 * 128 * 3 * 5, dtype=torch.float32).view(2, 128, 3, 5)
    packed = Flux2KleinPipeline._pack_latents(latents)
    assert torch.equal(unpack_tokens(SimpleNamespace(vae_scale_factor=8), packed, 48, 80), latents)
