"""Between the takes and the pipeline: stacking conditions, decoding, putting kept pixels back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image, ImageChops, ImageFilter
from torch import Tensor

from previs.blockout.falling import FALLING, draw_falling
from previs.engine.pocket.conditions import Conditions, coarse, depth_planes
from previs.engine.pocket.following import follow
from previs.engine.pocket.mending import continued, mended
from previs.engine.pocket.passes import block_mean, depth_tensors, guide_tensor, metres, picture_tensor
from previs.engine.pocket.pipeline import DepthRange, PocketPipeline, Sampling
from previs.engine.pocket.takes import Bytes, Take, cut


def conditions_of(takes: Sequence[Take], pipeline: PocketPipeline) -> tuple[Conditions, torch.Tensor | None]:
    """Stack the takes of a batch, which all have the same inputs. Returns the conditions and the start latents."""
    framing = takes[0].framing
    conditions = Conditions(len(takes), framing.rows, framing.columns)
    unlits = [take.unlit for take in takes if take.unlit is not None]
    disparities = [take.disparity for take in takes if take.disparity is not None]
    pictures = [take.picture for take in takes if take.picture is not None]
    masks = [take.mask for take in takes if take.mask is not None]
    if len(unlits) == len(takes):
        conditions.unlit = pipeline.encode(picture_tensor(np.stack(unlits)))
    if len(disparities) == len(takes):
        skies = [(disparity == 0).astype(np.uint8) * 255 for disparity in disparities]
        near, sky = depth_tensors(
            np.stack([block_mean(disparity, 8) for disparity in disparities]),
            np.stack([block_mean(sky, 16) for sky in skies]),
        )
        conditions.depth, conditions.sky = depth_planes(near), sky
    if pipeline.sampling.mends_edges and masks:
        return _mending(takes, conditions, pipeline)
    start = pipeline.encode(picture_tensor(np.stack(pictures))) if pictures else None
    if masks:
        painted = torch.from_numpy(np.stack(masks))[:, None].float() / 255
        conditions.mask = torch.nn.functional.max_pool2d(painted, 16)
        conditions.picture = start
    elif start is not None and conditions.unlit is None:
        # A picture of unknown origin is its own blockout: the text may change its light, not its contents.
        conditions.unlit = start
    return conditions, start


def _mending(
    takes: Sequence[Take], conditions: Conditions, pipeline: PocketPipeline
) -> tuple[Conditions, torch.Tensor | None]:
    """Of repaints whose edges are mended: see decision 027. A guess serves as the blockout where there is none."""
    pictures = []
    for take in takes:
        if take.picture is not None and take.mask is not None:
            if conditions.unlit is None:
                take.guess = continued(take.picture, take.mask)
            pictures.append(take.picture if take.guess is None else take.guess)
    start = pipeline.encode(picture_tensor(np.stack(pictures)))
    if conditions.unlit is None:
        conditions.unlit = start
    else:
        masks = np.stack([take.mask for take in takes if take.mask is not None])
        conditions.mask = torch.nn.functional.max_pool2d(_weights(masks), 16)
        conditions.picture = start
    # From nothing of the picture is from calm noise, which shows no mottling.
    return conditions, None if takes[0].request.strength == 1 else start


def _weights(masks: Bytes) -> Tensor:
    """Masks (b, h, w) uint8 -> (b, 1, h, w) in [0, 1]."""
    return torch.from_numpy(masks)[:, None].float() / 255


def depth_range_of(take: Take) -> DepthRange | None:
    """How the request wants its blockout or depth picture to act; None leaves it acting fully, as a guess does."""
    control = take.request.control
    return None if take.guess is not None or control == (1.0, 0.0, 1.0) else DepthRange(*control)


def paint(pipeline: PocketPipeline, take: Take, latents: torch.Tensor) -> Image.Image:
    """Decode one picture, cut it to size, and put the kept pixels of an inpainted one back."""
    guide, weight = None, 1.0
    if take.unlit is not None and take.disparity is not None:
        guide, weight = guide_tensor(take.unlit[None], take.disparity[None]), take.request.control[0]
    elif (seen := take.picture if take.mask is None else take.guess) is not None:
        guide = guide_tensor(seen[None], np.full_like(seen[None, ..., 0], 128))
    painted = pipeline.decode(latents, guide)
    if guide is not None:
        painted = follow(painted, guide, give=pipeline.sampling.give)
    if guide is not None and weight < 1:
        # Both sharpen towards the blockout's edges; a weak blockout may not draw them all the same.
        painted = torch.lerp(_soft(pipeline, latents, guide, weight), painted, weight)
    if pipeline.sampling.mends_edges and take.picture is not None and take.mask is not None:
        painted = mended(painted, picture_tensor(take.picture[None]), _weights(take.mask[None])).clamp(-1, 1)
    picture = cut(finished(take, to_image(painted[0]), pipeline.sampling), take.framing)
    if take.source is not None and take.source_mask is not None:
        return keep_outside(take.source, picture, take.source_mask)
    return picture


def _soft(pipeline: PocketPipeline, latents: Tensor, guide: Tensor, weight: float) -> Tensor:
    """The picture as a blockout of that weight draws it: (1, 3, h, w) in [-1, 1]."""
    if not pipeline.sampling.coarsens or weight == 0:
        return pipeline.decode(latents, None)
    vague = coarse(guide, weight, cell=16)
    return follow(pipeline.decode(latents, vague), vague, give=pipeline.sampling.give)


def finishes(take: Take, sampling: Sampling) -> list[str]:
    """What the renderer adds to the painted frame, since no painter is needed or a latent cell is too large for it.

    In the words of the frame's record; see decisions 022 and 026.
    """
    scene = take.over
    if scene is None:
        return []
    falls = sampling.draws_weather and not scene.interior and scene.weather in FALLING
    return [
        *(["black and white"] if sampling.draws_lamps and scene.look == "noir" else []),
        *(["lamps and lit windows"] if sampling.draws_lamps and take.lamps is not None else []),
        *([f"falling {scene.weather}"] if falls and take.disparity is not None else []),
    ]


def finished(take: Take, painted: Image.Image, sampling: Sampling) -> Image.Image:
    """The painted frame with what `finishes` names."""
    for finish in finishes(take, sampling):
        if finish == "black and white":
            painted = painted.convert("L").convert("RGB")
        elif take.lamps is not None and finish == "lamps and lit windows":
            lit, mask = take.lamps
            painted = Image.composite(lit, painted, mask)
        elif take.over is not None and take.disparity is not None:
            depth = metres(take.disparity)
            drawn = draw_falling(np.asarray(painted), depth, take.over, seed=take.request.seed)
            painted = Image.fromarray(drawn)
    return painted


def keep_outside(source: Image.Image, painted: Image.Image, mask: Image.Image) -> Image.Image:
    """Blend as the greys of the mask say, or inwards from its edge; where it is black every pixel stays as it was."""
    if any(mask.histogram()[1:255]):
        return Image.composite(painted, source, mask)
    radius = max(2, min(source.size) // 90)
    soft = mask.filter(ImageFilter.MinFilter(radius * 2 + 1)).filter(ImageFilter.GaussianBlur(radius))
    return Image.composite(painted, source, ImageChops.darker(soft, mask))


def previews(pipeline: PocketPipeline, latents: torch.Tensor, takes: Sequence[Take]) -> list[Image.Image]:
    """Small pictures of the present estimate, at half the painted size."""
    found = []
    for picture, take in zip(pipeline.preview(latents), takes, strict=True):
        left, top, right, bottom = (side // 2 for side in take.framing.box)
        found.append(to_image(picture).crop((left, top, right, bottom)))
    return found


def to_image(picture: torch.Tensor) -> Image.Image:
    """(3, h, w) in [-1, 1] -> RGB."""
    levels = ((picture + 1) * 127.5).round().clamp(0, 255)
    return Image.fromarray(levels.permute(1, 2, 0).byte().numpy())
