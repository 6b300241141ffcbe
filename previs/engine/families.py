"""What differs between the pipeline families: classes, keywords, schedulers, and how their latents are laid out.

Every fact here was read in the diffusers version that pyproject.toml pins, and is run by the tests on tiny
random weights where a pipeline can be built that small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from previs.engine.hardware import DType
from previs.engine.request import Ability

if TYPE_CHECKING:
    from torch import Tensor

NOISE_SCHEDULERS = (
    "DDIMScheduler",
    "DPMSolverMultistepScheduler",
    "EulerAncestralDiscreteScheduler",
    "EulerDiscreteScheduler",
    "HeunDiscreteScheduler",
    "LCMScheduler",
    "PNDMScheduler",
    "UniPCMultistepScheduler",
)
# These pipelines hand their own sigmas to the scheduler, which only this one takes in every one of them.
FLOW_SCHEDULERS = ("FlowMatchEulerDiscreteScheduler",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The facts of one pipeline family.

    pipelines: every class that may be loaded for it.  controlnet: class of its depth control, "" for none.
    guidance: the keyword the guidance scale goes by.  negative: whether it takes a negative prompt.
    depth_keyword: the keyword of the control picture.
    stacked: latent pixels of the VAE that are stacked into the channels of one of the denoiser's.
    patch: latent pixels that the denoiser takes as one; sides are multiples of patch times the VAE's scale.
    half: the 16-bit format it was made for.
    singles: abilities whose pipeline takes one request at a time.
    reference: how a reference picture goes in: "ip_adapter" by an adapter beside the weights, "image" as one more
        picture of the pipeline's own, "" not at all.
    unpack: (pipeline, latents as the step callback sees them, height, width in px) -> (B, C, h, w).
    decode: (pipeline, (B, C, h, w)) -> (B, 3, H, W) in [-1, 1].
    """

    pipelines: frozenset[str]
    schedulers: tuple[str, ...]
    controlnet: str = ""
    guidance: str = "guidance_scale"
    negative: bool = True
    depth_keyword: str = "control_image"
    stacked: int = 1
    patch: int = 2
    half: DType = "bfloat16"
    singles: frozenset[Ability] = frozenset()
    reference: Literal["", "ip_adapter", "image"] = ""
    unpack: Callable[[Any, Tensor, int, int], Tensor]
    decode: Callable[[Any, Tensor], Tensor]


def _plain(_pipeline: Any, latents: Tensor, _height: int, _width: int) -> Tensor:
    """latents: (B, C, h, w) already."""
    return latents


def unpack_patches(pipeline: Any, latents: Tensor, height: int, width: int) -> Tensor:
    """Lay 2 x 2 patches out again. latents: (B, h/2 * w/2, C * 4) -> (B, C, h, w)."""
    rows = height // (pipeline.vae_scale_factor * 2)
    columns = width // (pipeline.vae_scale_factor * 2)
    batch, _patches, values = latents.shape
    grid = latents.view(batch, rows, columns, values // 4, 2, 2)
    return grid.permute(0, 3, 1, 4, 2, 5).reshape(batch, values // 4, rows * 2, columns * 2)


def unpack_tokens(pipeline: Any, latents: Tensor, height: int, width: int) -> Tensor:
    """Lay row-major tokens out again. latents: (B, rows * columns, C) -> (B, C, rows, columns)."""
    rows = height // (pipeline.vae_scale_factor * 2)
    columns = width // (pipeline.vae_scale_factor * 2)
    return latents.movedim(1, 2).reshape(latents.shape[0], latents.shape[2], rows, columns)


def _decode_scaled(pipeline: Any, latents: Tensor) -> Tensor:
    """latents: (B, C, h, w) of an AutoencoderKL."""
    config = pipeline.vae.config
    shift = getattr(config, "shift_factor", None) or 0.0
    picture: Tensor = pipeline.vae.decode(latents / config.scaling_factor + shift, return_dict=False)[0]
    return picture


def _decode_video(pipeline: Any, latents: Tensor) -> Tensor:
    """latents: (B, C, h, w) of a VAE that knows time; a still is one moment of it."""
    config = pipeline.vae.config
    mean = latents.new_tensor(config.latents_mean).view(1, -1, 1, 1)
    deviation = latents.new_tensor(config.latents_std).view(1, -1, 1, 1)
    moment = (latents * deviation + mean).unsqueeze(2)
    picture: Tensor = pipeline.vae.decode(moment, return_dict=False)[0][:, :, 0]
    return picture


def _decode_normalised(pipeline: Any, latents: Tensor) -> Tensor:
    """latents: (B, C, h, w) of a VAE whose latents pass a batch norm over 2 x 2 patches."""
    from torch.nn import functional as F

    norm, config = pipeline.vae.bn, pipeline.vae.config
    deviation = (norm.running_var + config.batch_norm_eps).sqrt().view(1, -1, 1, 1).to(latents)
    unnormalised = latents * deviation + norm.running_mean.view(1, -1, 1, 1).to(latents)
    picture: Tensor = pipeline.vae.decode(F.pixel_shuffle(unnormalised, 2), return_dict=False)[0]
    return picture


def _classes(prefix: str, *endings: str) -> frozenset[str]:
    return frozenset(f"{prefix}{ending}Pipeline" for ending in endings)


FAMILIES: dict[str, Family] = {
    "stable-diffusion": Family(
        pipelines=_classes("StableDiffusion", "", "Img2Img", "Inpaint", "ControlNet"),
        schedulers=NOISE_SCHEDULERS,
        controlnet="ControlNetModel",
        depth_keyword="image",
        reference="ip_adapter",
        patch=1,
        half="float16",
        unpack=_plain,
        decode=_decode_scaled,
    ),
    "sdxl": Family(
        pipelines=_classes("StableDiffusionXL", "", "Img2Img", "Inpaint", "ControlNet"),
        schedulers=NOISE_SCHEDULERS,
        controlnet="ControlNetModel",
        depth_keyword="image",
        reference="ip_adapter",
        patch=1,
        half="float16",
        unpack=_plain,
        decode=_decode_scaled,
    ),
    "flux": Family(
        pipelines=_classes("Flux", "", "Img2Img", "Inpaint", "ControlNet"),
        schedulers=FLOW_SCHEDULERS,
        controlnet="FluxControlNetModel",
        negative=False,
        unpack=unpack_patches,
        decode=_decode_scaled,
    ),
    "flux2-klein": Family(
        pipelines=_classes("Flux2Klein", "", "Inpaint"),
        schedulers=FLOW_SCHEDULERS,
        negative=False,
        # A list of pictures means several references for every prompt there, not one picture for each.
        singles=frozenset({"refine", "inpaint"}),
        reference="image",
        stacked=4,
        unpack=unpack_tokens,
        decode=_decode_normalised,
    ),
    "qwen-image": Family(
        pipelines=_classes("QwenImage", "", "Img2Img", "Inpaint", "ControlNet"),
        schedulers=FLOW_SCHEDULERS,
        controlnet="QwenImageControlNetModel",
        guidance="true_cfg_scale",
        unpack=unpack_patches,
        decode=_decode_video,
    ),
    "qwen-image-edit": Family(
        pipelines=_classes("QwenImageEdit", "Plus"),
        schedulers=FLOW_SCHEDULERS,
        guidance="true_cfg_scale",
        singles=frozenset({"refine"}),
        reference="image",
        unpack=unpack_patches,
        decode=_decode_video,
    ),
    "z-image": Family(
        pipelines=_classes("ZImage", "", "Img2Img", "Inpaint", "ControlNet"),
        schedulers=FLOW_SCHEDULERS,
        controlnet="ZImageControlNetModel",
        unpack=_plain,
        decode=_decode_scaled,
    ),
}
