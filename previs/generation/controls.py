"""What a brief starts from beside its words: a frame, a mask over it, a wider canvas, a reference, a blockout.

Masks and references are kept by content address. A form carries them as tokens signed for one production, so that an
address that somebody learnt elsewhere opens nothing.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from PIL import Image, ImageChops

from previs.engine.incoming import PictureError, open_whole
from previs.engine.request import MAX_SIDE, MIN_SIDE, Ability, InputImage
from previs.generation import imaging, store
from previs.generation.makers import has_maker
from previs.generation.models import HIDDEN, Frame, Sheet
from previs.generation.sources import SourceRef

WAYS = ("text", "refine", "inpaint", "extend")
SIDES = ("left", "top", "right", "bottom")
SALT = "previs.generation.controls"


class ControlRefused(Exception):  # noqa: N818 - an answer, not a fault
    """What a brief should start from cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stored picture that a form of one production may use. share: of the frame that a mask repaints."""

    sha256: str
    frame: str = ""
    share: float = 0.0
    name: str = ""

    def signed(self, sheet: Sheet) -> str:
        return signing.dumps(
            [self.sha256, self.frame, self.share, self.name], salt=f"{SALT}.{sheet.project_id}"
        )


def token_of(text: str, sheet: Sheet) -> Token:
    """Raises ControlRefused for a token of another production, or of none."""
    try:
        return Token(*signing.loads(text, salt=f"{SALT}.{sheet.project_id}"))
    except (signing.BadSignature, TypeError):
        raise ControlRefused(
            "The mask or reference does not belong to this production. Choose it again."
        ) from None


def frame_of(sheet: Sheet, frame_id: Any) -> Frame:
    """A frame of the sheet's production to start from. Raises ControlRefused when there is none."""
    frame = (
        Frame.objects.filter(sheet__project_id=sheet.project_id, pk=frame_id)
        .select_related("sheet__project", "provenance", "job")
        .first()
    )
    if frame is None:
        raise ControlRefused("The frame to start from is not in this production. Choose another one.")
    if frame.state in HIDDEN:
        raise ControlRefused("The frame to start from was withdrawn. Choose another one.")
    return frame


def blockout_of(frame: Frame) -> dict[str, Any] | None:
    """The blockout that a frame followed, as its request carried it."""
    made = getattr(frame, "provenance", None)
    return made.request.get("blockout") if made else None


def source_of(frame: Frame) -> SourceRef:
    return SourceRef("frame", str(frame.pk), frame.sha256, str(frame))


def facts_of(request: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a frame followed beside its words, for people: label and value.

    request: a FrameRequest as JSON, of whichever version; what it does not name is left out.
    """
    inputs = {image["role"]: image for image in request.get("inputs", ())}
    facts = []
    if has_maker(str(request.get("model", ""))):
        worn = sum(image["role"] == "reference" for image in request.get("inputs", ()))
        return [
            (
                "Fitted on",
                f"photo {inputs['picture']['sha256'][:8]}, {worn} garment{'' if worn == 1 else 's'}",
            )
        ]
    if "picture" in inputs:
        done = "Repainted over" if "mask" in inputs else "Refined from"
        strength = 100 * float(request.get("strength", 1))
        facts.append((done, f"picture {inputs['picture']['sha256'][:8]} at {strength:g} %"))
    if "mask" in inputs:
        facts.append(("Mask", str(inputs["mask"]["sha256"])[:8]))
    if reference := inputs.get("reference"):
        facts.append(("Reference", f"picture {reference['sha256'][:8]} at {100 * reference['strength']:g} %"))
    if request.get("blockout") is not None:
        strength, start, end = (
            100 * float(request.get(f"control_{name}", usual))
            for name, usual in (("strength", 1), ("start", 0), ("end", 1))
        )
        facts.append(("Blockout", f"at {strength:g} %, {start:g} to {end:g} % of the steps"))
    return facts


@dataclass(frozen=True, slots=True)
class Start:
    """What frames are made from. size: in px, None for the model's own."""

    ability: Ability = "text"
    inputs: tuple[InputImage, ...] = ()
    size: tuple[int, int] | None = None


def start_of(
    sheet: Sheet,
    way: str,
    base: Frame | None,
    *,
    mask: str,
    extend: dict[str, int],
    size: tuple[int, int] | None,
) -> Start:
    """How a brief begins. mask: token.  extend: side -> percent.  size: of a refined frame, in px.

    Raises ControlRefused in words.
    """
    if way == "text":
        return Start()
    if base is None:
        raise ControlRefused("There is no frame to start from yet. Generate one first, or choose New frame.")
    if way == "refine":
        return Start("refine", (InputImage("picture", base.sha256),), size)
    if way == "extend":
        picture, mask_picture = extended(_open(base), extend)
    else:
        if not mask:
            raise ControlRefused(
                "Nothing is marked to repaint. Press Paint the mask and brush over what should change."
            )
        token = token_of(mask, sheet)
        if token.frame != str(base.pk):
            raise ControlRefused("The mask was painted over another frame. Paint it again over this one.")
        picture, mask_picture = _open(base), Image.open(io.BytesIO(_stored(token.sha256)))
    return _repaint(base, picture, mask_picture)


def _repaint(base: Frame, picture: Image.Image, mask: Image.Image) -> Start:
    """The inputs of a repaint, cut to sides that models take; the frame's own bytes where nothing had to be cut."""
    width, height = (side // 8 * 8 for side in picture.size)
    for name, side in (("wide", width), ("high", height)):
        if not MIN_SIDE <= side <= MAX_SIDE:
            raise ControlRefused(
                f"The picture would be {side} pixels {name}; {MIN_SIDE} to {MAX_SIDE} can be repainted. "
                "Refine it to another size first, or extend it less."
            )
    box = (0, 0, width, height)
    whole = picture.size == (base.width, base.height) == (width, height)
    sha256 = base.sha256 if whole else store.put(imaging.png(picture.crop(box)))
    masked = store.put(imaging.png(mask.convert("L").crop(box)))
    return Start("inpaint", (InputImage("picture", sha256), InputImage("mask", masked)), (width, height))


def extended(picture: Image.Image, percent: dict[str, int]) -> tuple[Image.Image, Image.Image]:
    """A larger canvas around a picture, its border drawn out, and the mask of what is new (L, white).

    percent: of the width for left and right, of the height for top and bottom, rounded to 8 px.
    """
    width, height = picture.size
    grown = {
        side: round((width if side in ("left", "right") else height) * percent.get(side, 0) / 800) * 8
        for side in SIDES
    }
    if not any(grown.values()):
        raise ControlRefused("Say on which side the frame grows, in per cent of its width or height.")
    size = (width + grown["left"] + grown["right"], height + grown["top"] + grown["bottom"])
    if max(size) > MAX_SIDE:
        raise ControlRefused(
            f"The frame would grow to {size[0]} x {size[1]} pixels; {MAX_SIDE} a side are the most. Extend it less."
        )
    # Neighbouring pixels drawn outwards: a start of the right colours for what is painted there.
    canvas = Image.new("RGB", size)
    canvas.paste(picture, (grown["left"], grown["top"]))
    left, top, right, bottom = grown["left"], grown["top"], grown["left"] + width, grown["top"] + height
    bands = (
        ((0, top, left, bottom), (0, 0, 1, height)),
        ((right, top, size[0], bottom), (width - 1, 0, width, height)),
    )
    for target, strip in bands:
        _stretch(canvas, picture.crop(strip), target)
    _stretch(canvas, canvas.crop((0, top, size[0], top + 1)), (0, 0, size[0], top))
    _stretch(canvas, canvas.crop((0, bottom - 1, size[0], bottom)), (0, bottom, size[0], size[1]))
    mask = Image.new("L", size, 255)
    mask.paste(0, (left, top, right, bottom))
    return canvas, mask


def _stretch(canvas: Image.Image, strip: Image.Image, target: tuple[int, int, int, int]) -> None:
    size = (target[2] - target[0], target[3] - target[1])
    if all(size):
        canvas.paste(strip.resize(size, Image.Resampling.NEAREST), target)


def keep_mask(frame: Frame, data: bytes) -> Token:
    """Store a painted mask. Raises ControlRefused unless it is a PNG of the frame's size with something white."""
    picture = decoded(data, ("PNG",))
    if picture.size != (frame.width, frame.height):
        raise ControlRefused(
            f"The mask has {picture.width} x {picture.height} pixels and the frame {frame.width} x {frame.height}. "
            "Paint it again over this frame."
        )
    mask = picture.convert("L")
    if not sum(mask.histogram()[128:]):
        raise ControlRefused("The mask is empty. Brush over what should change.")
    return Token(store.put(imaging.png(mask)), str(frame.pk), _share(mask))


def _share(mask: Image.Image) -> float:
    """How much of the frame a mask (L) repaints, 0 to 1."""
    painted = sum(level * count for level, count in enumerate(mask.histogram()))
    return round(painted / (255 * mask.width * mask.height), 4)


def share_of(sha256: str) -> float:
    """The same of a stored mask."""
    return _share(Image.open(io.BytesIO(_stored(sha256))).convert("L"))


def growth_of(sha256: str, base: Frame) -> dict[str, int]:
    """The per cent by which an extension grew its frame, read back from its stored mask."""
    mask = Image.open(io.BytesIO(_stored(sha256))).convert("L")
    left, top, right, bottom = ImageChops.invert(mask).getbbox() or (0, 0, *mask.size)
    grown = {"left": left, "top": top, "right": mask.width - right, "bottom": mask.height - bottom}
    along = {"left": base.width, "right": base.width, "top": base.height, "bottom": base.height}
    return {side: round(100 * grown[side] / along[side]) for side in SIDES}


def thumbnail_of(token: Token) -> str:
    """A small picture for the form, base64 JPEG; "" when it is no longer stored."""
    try:
        return imaging.preview(Image.open(io.BytesIO(_stored(token.sha256))))
    except (ControlRefused, OSError):
        return ""


def map_image(picture: Image.Image) -> str:
    """Base64 PNG, to stand in a fragment."""
    return base64.b64encode(imaging.png(picture)).decode()


def decoded(data: bytes, formats: Collection[str]) -> Image.Image:
    """An uploaded file as it is, whole. Raises ControlRefused for one too large, of another format, or broken."""
    try:
        return open_whole(data, formats=formats)
    except PictureError as refused:
        raise ControlRefused(str(refused)) from None


def _open(frame: Frame) -> Image.Image:
    return Image.open(io.BytesIO(_stored(frame.sha256))).convert("RGB")


def _stored(sha256: str) -> bytes:
    try:
        return store.read(sha256)
    except KeyError:
        raise ControlRefused("The picture is not stored any more. Choose another one.") from None
