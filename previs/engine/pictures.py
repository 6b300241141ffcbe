"""Input pictures on their way into a pipeline, and finished pictures on their way out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageChops, ImageFilter

from previs.engine.port import EngineError, OpenInput
from previs.engine.request import FrameRequest, InputImage

Size = tuple[int, int]
FEATHER = 4


def input_of(request: FrameRequest, role: str) -> InputImage | None:
    return next((image for image in request.inputs if image.role == role), None)


def open_inputs(
    requests: Sequence[FrameRequest], role: str, open_input: OpenInput | None
) -> list[Image.Image]:
    """Open the input of one role for each request, RGB (a mask: L), at its own size.

    Raises EngineError if one is not stored any more, or its bytes are not those that were asked for.
    """
    return [_open(input_of(request, role), role, open_input) for request in requests]


def _open(image: InputImage | None, role: str, open_input: OpenInput | None) -> Image.Image:
    if image is None or open_input is None:
        raise EngineError(f"The {role} is missing. Add it and try again.", permanent=True)
    try:
        encoded = open_input(image.sha256)
    except KeyError:
        raise EngineError(f"The {role} is not stored any more. Choose it again.", permanent=True) from None
    if hashlib.sha256(encoded).hexdigest() != image.sha256:
        raise EngineError(
            f"The stored {role} was changed since it was chosen. Choose it again.", permanent=True
        )
    try:
        return Image.open(BytesIO(encoded)).convert("L" if role == "mask" else "RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        raise EngineError(
            f"The {role} cannot be read as a picture. Choose another file.", permanent=True
        ) from None


def fit(picture: Image.Image, size: Size) -> Image.Image:
    """Scale to exactly `size` (width, height) in px; masks stay black and white."""
    method = Image.Resampling.NEAREST if picture.mode == "L" else Image.Resampling.LANCZOS
    return picture if picture.size == size else picture.resize(size, method)


def finish(picture: Image.Image, wanted: Size, *, shrunk: bool) -> Image.Image:
    """Bring a rendered picture to the size that was asked for.

    shrunk: rendered smaller for want of memory, so scale it up; else cut off what only filled the last patch.
    """
    if picture.size == wanted:
        return picture.convert("RGB")
    if shrunk:
        return picture.convert("RGB").resize(wanted, Image.Resampling.LANCZOS)
    left, top = (picture.width - wanted[0]) // 2, (picture.height - wanted[1]) // 2
    return picture.convert("RGB").crop((left, top, left + wanted[0], top + wanted[1]))


def solid(mask: Image.Image) -> Image.Image:
    """The mask without its greys, L: what a model repaints. The greys only say how the result is blended in."""
    return mask.convert("L").point(lambda value: 255 if value >= 128 else 0)


def keep_outside(
    painted: Image.Image, original: Image.Image, mask: Image.Image, *, feather: int = FEATHER
) -> Image.Image:
    """Put the original's own pixels back: exactly where the mask is black, blended where it is grey.

    All the same size. The VAE changes every pixel a little, also those that nobody asked to change.
    feather: px; a mask without greys gets an edge of about this width, on the painted side only.
    """
    levels = mask.convert("L")
    if not any(levels.histogram()[1:255]):
        inner = levels.filter(ImageFilter.GaussianBlur(feather))
        levels = ImageChops.darker(levels, inner)
    return Image.composite(painted, original, levels)
