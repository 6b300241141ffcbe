"""Small pictures of latents, step by step, without running the VAE each time.

A VAE's decoder is, seen from far, nearly linear: averaged over the patch a latent pixel stands for, the colour is
a weighted sum of its channels. The weights are fitted to the decoder that was just loaded, so every model gets its
own and none has to be looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

SAMPLES = 8
SIDE = 8
PREVIEW_WIDTH = 256


def fit_factors(decode: Callable[[Tensor], Tensor], *, channels: int) -> Tensor:
    """Fit the linear map from latent channels to colour by least squares on the decoder's own answers.

    decode: (B, channels, h, w) float latents, scaled as the denoiser sees them -> (B, 3, H, W) in [-1, 1].
    Returns (channels + 1, 3) float32 on the CPU: a row for each channel, then the bias.
    """
    import torch
    from torch.nn import functional as F

    latents = _probes(channels)
    with torch.no_grad():
        pictures = decode(latents).float().cpu()
    colours = F.adaptive_avg_pool2d(pictures.clamp(-1, 1), SIDE)
    inputs = latents.movedim(1, -1).reshape(-1, channels)
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1)
    factors: Tensor = torch.linalg.lstsq(inputs, colours.movedim(1, -1).reshape(-1, 3)).solution
    return factors


def _probes(channels: int) -> Tensor:
    """Latents to ask the decoder about: (SAMPLES, channels, SIDE, SIDE), from even fields to fine grain.

    Mostly smooth, as pictures are; white noise alone would fit a decoder's answer to noise.
    """
    import torch
    from torch.nn import functional as F

    dice = torch.Generator().manual_seed(0)
    probes = []
    for sample in range(SAMPLES):
        grain = 2 ** (1 + sample % 3)
        coarse = torch.randn((1, channels, grain, grain), generator=dice)
        probes.append(F.interpolate(coarse, size=(SIDE, SIDE), mode="bilinear", align_corners=False))
    return torch.cat(probes)


def thumbnail(latents: Tensor, *, factors: Tensor, width: int = PREVIEW_WIDTH) -> Image.Image:
    """Approximate an RGB picture without the VAE.

    latents: (C, h, w) float; h, w in latent pixels (1 = 8 image px in most families).
    factors: (C + 1, 3), latent channel to R, G, B in [-1, 1], then the bias.
    width: pixels of the result; its height follows from h and w.
    Raises ValueError if the channel counts differ.
    """
    if latents.ndim != 3 or len(factors) != latents.shape[0] + 1:
        raise ValueError(f"{tuple(latents.shape)} latents do not go with {tuple(factors.shape)} factors.")
    colour = latents.detach().float().cpu().movedim(0, -1) @ factors[:-1] + factors[-1]
    pixels = ((colour.nan_to_num() + 1) * 127.5).clamp(0, 255).byte().numpy()
    height = max(1, round(width * pixels.shape[0] / pixels.shape[1]))
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
