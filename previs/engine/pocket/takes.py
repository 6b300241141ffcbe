"""From a request to what the pipeline needs: read, stage and render the blockout, open the input pictures."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from previs.blockout.description import VOCABULARY, SceneDescription
from previs.blockout.reader import Reading, read
from previs.engine.blockouts import description_of
from previs.engine.pictures import solid
from previs.engine.pocket.framing import Framing
from previs.engine.port import EngineError, OpenInput
from previs.engine.request import FrameRequest, InputImage

Bytes = npt.NDArray[np.uint8]
KNOWN_WORDS = frozenset(VOCABULARY)
Image.MAX_IMAGE_PIXELS = 100_000_000  # a decompression bomb raises instead of filling the worker


@dataclass
class Take:
    """One request, prepared. Arrays have the painted size of the framing; None where there is no such input.

    unlit: (h, w, 3).  disparity: (h, w), 0 is sky.  picture: (h, w, 3).  mask: (h, w), 255 is repainted.
    blockout: the lit grey-box picture, at the size of the frame.  source, source_mask: the picture and the mask as
    they came, at the size of the frame; grey in the mask blends.  over: of which scene the renderer finishes the frame.
    guess: the picture with a stand-in for what nobody knows, where no blockout tells it.
    lamps: the lit blockout at the painted size, and an "L" mask of what shines in it; None where nothing does.
    """

    request: FrameRequest
    framing: Framing
    caption: str
    negative: str
    reading: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] | None = None
    blockout: Image.Image | None = None
    unlit: Bytes | None = None
    disparity: Bytes | None = None
    picture: Bytes | None = None
    mask: Bytes | None = None
    guess: Bytes | None = None
    source: Image.Image | None = None
    source_mask: Image.Image | None = None
    over: SceneDescription | None = None
    lamps: tuple[Image.Image, Image.Image] | None = None


def prepare(request: FrameRequest, open_input: OpenInput | None, *, threads: int) -> Take:
    """Raises EngineError if the blockout or an input picture cannot be used."""
    framing = Framing.of(request.width, request.height)
    description, reading = describe(request)
    negative = " ".join(
        word for word in request.negative_prompt.lower().replace(",", " ").split() if word in KNOWN_WORDS
    )
    take = Take(request, framing, description.caption(), negative, reading)
    pictures = {image.role: open_picture(image, open_input) for image in request.inputs}
    uses_blockout = request.ability == "text" or request.blockout is not None or "depth" not in pictures
    if request.ability in ("refine", "inpaint"):
        uses_blockout = request.blockout is not None
    # At strength 0 the blockout says nothing, so none is built.
    if uses_blockout and (request.control[0] > 0 or request.ability == "depth"):
        stage(take, description, threads)
        if request.ability == "text" and description.domain == "scene":
            take.over = description
    if request.ability == "depth":
        take.unlit = None
        if "depth" in pictures:
            take.disparity = cover(pictures["depth"].convert("L"), framing)
    if request.ability in ("refine", "inpaint"):
        take.source = at_size(pictures["picture"].convert("RGB"), request)
        take.picture = cover(take.source, framing)
    if request.ability == "inpaint":
        take.source_mask = at_size(pictures["mask"].convert("L"), request)
        take.mask = cover(solid(take.source_mask), framing)
        if not take.mask.any():
            raise EngineError("The mask is empty: paint white over what should change.", permanent=True)
    return take


def describe(request: FrameRequest) -> tuple[SceneDescription, dict[str, Any]]:
    """The scene to draw, and what was understood of the prompt."""
    if request.blockout is not None:
        given = description_of(request.blockout)
        return given, _reading(read(request.prompt, domain=given.domain), given)
    found = read(request.prompt)
    description: SceneDescription = found.description
    return description, _reading(found, description)


def _reading(found: Reading, description: SceneDescription) -> dict[str, Any]:
    return {
        "used": list(found.used),
        "mapped": dict(found.mapped),
        "ignored": list(found.ignored),
        "caption": description.caption(),
    }


def stage(take: Take, description: SceneDescription, threads: int) -> None:
    """Render the blockout at the painted size and keep the passes that guide the model."""
    from previs.blockout.render import render
    from previs.engine.pocket.passes import disparity_bytes

    width, height = take.framing.painted
    passes = render(
        description, seed=take.request.seed, width=width, height=height, samples=2, threads=threads
    )
    take.unlit, take.disparity = passes.unlit, disparity_bytes(passes.depth)
    take.blockout = cut(Image.fromarray(passes.picture), take.framing)
    take.description = json.loads(description.to_json())
    if passes.shining.any():
        mask = Image.fromarray(np.rint(passes.shining * take.request.control[0]).astype(np.uint8))
        take.lamps = Image.fromarray(passes.picture), mask


def open_picture(image: InputImage, open_input: OpenInput | None) -> Image.Image:
    """Decode an input upright. Raises EngineError in words if it is not stored or is no picture."""
    if open_input is None:
        raise EngineError(
            f"The {image.role} picture cannot be opened here: no store was given.", permanent=True
        )
    try:
        opened = Image.open(io.BytesIO(open_input(image.sha256)))
        opened.load()
    except KeyError as error:
        raise EngineError(
            f"The {image.role} picture is no longer stored. Choose it again.", permanent=True
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise EngineError(f"The {image.role} picture cannot be read as an image.", permanent=True) from error
    return ImageOps.exif_transpose(opened)


def at_size(picture: Image.Image, request: FrameRequest) -> Image.Image:
    """Fill the frame with the picture, cropping what sticks out; untouched when it already fits."""
    size = (request.width, request.height)
    return picture if picture.size == size else ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def cover(picture: Image.Image, framing: Framing) -> Bytes:
    """Put the picture into the box of the framing and repeat its border around: painted size, uint8."""
    left, top, right, bottom = framing.box
    inner = np.asarray(picture.resize((right - left, bottom - top), Image.Resampling.LANCZOS))
    width, height = framing.painted
    borders = [(top, height - bottom), (left, width - right)] + [(0, 0)] * (inner.ndim - 2)
    return np.pad(inner, borders, mode="edge")


def cut(picture: Image.Image, framing: Framing) -> Image.Image:
    """The frame out of a painted picture, at exactly the size that was asked for."""
    inner = picture.crop(framing.box)
    size = (framing.width, framing.height)
    return inner if inner.size == size else inner.resize(size, Image.Resampling.LANCZOS)
