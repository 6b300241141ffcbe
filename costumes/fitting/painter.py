"""The diffusion pass given to whatever engine is set: one request a strength, cropped to where it paints.

Ways, by what the model can do: repaint a masked part (Stable Diffusion and the like), the same with the garment itself
beside it (`Flux2KleinInpaintPipeline`, Stable Diffusion with an IP-Adapter), or redraw the whole picture by an instruction
from the person and the garment (`QwenImageEditPlusPipeline`), which knows no mask. The pocket model is too small to
repaint a rim from noise (it fills it with mud, at any strength); it redraws the cloth and its surroundings with their
contents held, and what it adds is laid over the composite's own tones.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from PIL import Image

from costumes.fitting.filters import Bools, Floats, Uint8, blur
from costumes.fitting.repaint import Painter
from costumes.fitting.trouble import FittingError
from previs.engine.cards import ModelCard, load_cards
from previs.engine.port import Engine, OnStep
from previs.engine.request import MAX_SIDE, MIN_SIDE, Ability, FrameRequest, InputImage, Step

# Strengths nearer to each other than this are painted in one go.
LEVEL = 0.05
# Share of the picture's height that a crop shows round what is painted, so that the model sees what it joins.
MARGIN = 0.06
# A crop has at most this many times the model's native area, px for px; what is larger is painted in tiles.
MOST_AREA = 1.5
SLIMMEST = 2.0  # a crop's longer side against its shorter
# Families that redraw with the contents held, and the strength at which they do.
SETTLING = {"pocket": 0.35}
# Tones broader than this stay the composite's when a picture is settled, share of its height.
TONES = 0.012
LEAST_PIXELS = 64
# Denoising steps that are left at least, after strength has taken its share.
LEAST_STEPS = 2
SHEET_SIDE = 768
KEEP = "Keep the person, the pose, the face, the hands and the background exactly as they are."


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of the picture and the size it is rendered at, all px; sides of the size are multiples of 8."""

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int

    @classmethod
    def whole(cls, picture: tuple[int, int], native: tuple[int, int]) -> Crop:
        """All of a picture of this width and height, made smaller where the model cannot render it."""
        scale = min(1.0, math.sqrt(MOST_AREA * native[0] * native[1] / (picture[0] * picture[1])))
        return cls(0, 0, *picture, *_rendered(picture, scale))

    @classmethod
    def round(cls, left: float, top: float, right: float, bottom: float, picture: tuple[int, int]) -> Crop:
        """A rectangle of px with its surroundings, not too slim to render, inside the picture."""
        margin = MARGIN * picture[1]
        wide, tall = right - left + 2 * margin, bottom - top + 2 * margin
        wide, tall = max(wide, tall / SLIMMEST), max(tall, wide / SLIMMEST)
        x = _span((left + right) / 2, wide, picture[0])
        y = _span((top + bottom) / 2, tall, picture[1])
        return cls(x[0], y[0], x[1], y[1], *_rendered((x[1] - x[0], y[1] - y[0]), 1.0))

    def cut(self, picture: Uint8, method: Image.Resampling) -> Image.Image:
        piece = Image.fromarray(picture[self.top : self.bottom, self.left : self.right])
        return piece.resize((self.width, self.height), method)

    def put(self, rendered: Image.Image, picture: Uint8) -> Uint8:
        """`picture` with what was rendered of the crop in its place."""
        size = (self.right - self.left, self.bottom - self.top)
        result = picture.copy()
        back = rendered.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        result[self.top : self.bottom, self.left : self.right] = np.asarray(back)
        return result


@dataclass(frozen=True, slots=True)
class Pass:
    """One render. mask: (h, w) uint8 over the whole picture, white is painted, greys blend.

    way: "inpaint"; "edit", the whole picture by words; or "settle", with the contents held.
    """

    way: Literal["inpaint", "edit", "settle"]
    crop: Crop
    mask: Uint8
    strength: float


def painter_for(
    engine: Engine,
    *,
    prompt: str,
    negative_prompt: str = "",
    garments: Sequence[Uint8] = (),
    card: ModelCard | None = None,
    on_step: OnStep | None = None,
) -> Painter:
    """A painter for `costumes.fitting.repaint.repaint` that renders with this engine.

    prompt: what the picture shows, the garments named; see `prompt_of`.
    garments: (h, w, 3) uint8 each, as photographed, for models that follow a reference picture; others ignore them.
    card: of the engine's model, for its native size, steps and guidance; the catalogue's own where it is left out.
    on_step: told after every denoising step of all passes together; whatever it raises ends the painting.
    Raises FittingError if the model can neither repaint a part nor edit by a reference.
    The painter raises EngineError, and RenderCancelled from `on_step`.
    """
    described = card or _card_of(engine)
    if "inpaint" not in engine.abilities and not {"refine", "reference"} <= engine.abilities:
        raise FittingError(
            f"{described.title} cannot repaint part of a picture. Choose a model that can, or stay with the composite."
        )
    sheet = _sheet(garments) if garments and "reference" in engine.abilities else None

    def paint(composite: Uint8, strength: Floats, seed: int) -> Uint8:
        passes = passes_of(strength, engine.abilities, described)
        picture = composite
        for number, one in enumerate(passes):
            request, store = request_of(
                picture,
                one,
                described,
                prompt=prompt,
                negative_prompt=negative_prompt,
                sheet=sheet,
                seed=seed,
            )

            def told(step: Step, number: int = number) -> None:
                if on_step is not None:
                    on_step(Step(number * step.of + step.number, len(passes) * step.of, step.previews))

            (frame,) = engine.render([request], told, open_input=store.__getitem__)
            rendered = one.crop.put(frame.picture, picture)
            picture = _settled(picture, rendered, one) if one.way == "settle" else rendered
        return picture

    return paint


def passes_of(strength: Floats, abilities: frozenset[Ability], card: ModelCard) -> list[Pass]:
    """The renders to make one after the other of a picture whose pixels are repainted this strongly, (h, w).

    Strongest first: what is new must be there before the cloth beside it is harmonised; in tiles where the area is
    larger than the model's own.
    """
    painted = strength > 0
    if not painted.any():
        return []
    native = (card.width, card.height)
    height, width = strength.shape
    way: Literal["inpaint", "settle"] = "inpaint"
    if card.family in SETTLING:
        way, strength = "settle", np.where(painted, SETTLING[card.family], 0.0)
    elif "inpaint" not in abilities:
        everything = np.full((height, width), 255, np.uint8)
        return [Pass("edit", Crop.whole((width, height), native), everything, float(strength.max()))]
    found: list[Pass] = []
    levels = np.round(strength / LEVEL).astype(np.int32)
    for level in sorted(set(np.unique(levels[painted]).tolist()) - {0}, reverse=True):
        area = painted & (levels == level)
        for place in _tiles(area, native):
            tile = np.zeros_like(area)
            tile[place] = area[place]
            if tile.sum() < LEAST_PIXELS:
                continue
            rows, columns = np.flatnonzero(tile.any(axis=1)), np.flatnonzero(tile.any(axis=0))
            crop = Crop.round(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1, (width, height))
            found.append(Pass(way, crop, _soft(tile), min(1.0, round(level * LEVEL, 2))))
    return found


def request_of(
    picture: Uint8, one: Pass, card: ModelCard, *, prompt: str, negative_prompt: str, sheet: bytes | None, seed: int
) -> tuple[FrameRequest, Mapping[str, bytes]]:  # fmt: skip
    """One pass as the engine's port takes it, and the pictures that it names by digest."""
    store: dict[str, bytes] = {}

    def stored(encoded: bytes) -> str:
        digest = hashlib.sha256(encoded).hexdigest()
        store[digest] = encoded
        return digest

    inputs = [InputImage("picture", stored(_png(one.crop.cut(picture, Image.Resampling.LANCZOS))))]
    if one.way == "inpaint":
        inputs.append(InputImage("mask", stored(_png(one.crop.cut(one.mask, Image.Resampling.BILINEAR)))))
    if sheet is not None:
        inputs.append(InputImage("reference", stored(sheet)))
    request = FrameRequest(
        prompt=f"{prompt} {KEEP}" if one.way == "edit" else prompt,
        negative_prompt=negative_prompt,
        model=card.id,
        seed=seed,
        width=one.crop.width,
        height=one.crop.height,
        ability="inpaint" if one.way == "inpaint" else "refine",
        steps=min(100, max(card.steps, math.ceil(LEAST_STEPS / one.strength))),
        guidance=card.guidance,
        strength=one.strength,
        inputs=tuple(inputs),
    )
    return request, store


def prompt_of(garments: Sequence[str], *, build: str = "person") -> str:
    """The words of a fitting: who stands there and wears what, outermost last.  garments: "striped green coat", ..."""
    worn = ", ".join(words.strip() for words in garments if words.strip()) or "plain clothes"
    return (
        f"Full shot of one {build} who stands and faces the camera, wearing {worn}. Plain studio background."
    )


def _card_of(engine: Engine) -> ModelCard:
    model = engine.facts().model
    known = load_cards().get(model)
    if known is None:
        raise FittingError(f"Nothing is known of the model {model}. Choose one of the catalogue.")
    return known


def _settled(picture: Uint8, rendered: Uint8, one: Pass) -> Uint8:
    """What was redrawn, in the tones of what it was redrawn from, and only under the mask."""
    crop = one.crop
    place = (slice(crop.top, crop.bottom), slice(crop.left, crop.right))
    before, after = picture[place].astype(np.float32), rendered[place].astype(np.float32)
    drawn = np.empty_like(before)
    for channel in range(3):
        tone = blur(after[..., channel], TONES * picture.shape[0]) - blur(
            before[..., channel], TONES * picture.shape[0]
        )
        drawn[..., channel] = after[..., channel] - tone
    share = (one.mask[place].astype(np.float32) / 255)[..., None]
    result = picture.copy()
    result[place] = np.clip(np.round(before + (drawn - before) * share), 0, 255)
    return result


def _soft(area: Bools) -> Uint8:
    """White inside, falling off in greys along the rim and never beyond it: greys are blended as they are."""
    return np.where(area, np.clip(blur(area.astype(np.float32), 1.5) * 255, 1, 255), 0).astype(np.uint8)


def _span(middle: float, length: float, limit: int) -> tuple[int, int]:
    """Whole px from and to round a middle, inside 0 to limit, a multiple of 8 apart so that nothing is resampled."""
    whole = min(math.ceil(length / 8) * 8, limit // 8 * 8)
    start = min(max(round(middle - whole / 2), 0), limit - whole)
    return start, start + whole


def _rendered(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """The nearest size to `scale` times this one that engines render."""
    scale = min(scale, MAX_SIDE / max(size))
    wide, tall = (max(MIN_SIDE, round(side * scale / 8) * 8) for side in size)
    return wide, tall


def _tiles(area: Bools, native: tuple[int, int]) -> list[tuple[slice, slice]]:
    """Rectangles, rows and columns, that share out what is painted so that each fits the model with its margin."""
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    room = math.sqrt(MOST_AREA * native[0] * native[1]) - 2 * MARGIN * area.shape[0]
    room = max(room, 0.1 * area.shape[0])
    ys = np.linspace(top, bottom, math.ceil((bottom - top) / room) + 1).round().astype(int)
    xs = np.linspace(left, right, math.ceil((right - left) / room) + 1).round().astype(int)
    return [(slice(a, b), slice(c, d)) for a, b in pairwise(ys) for c, d in pairwise(xs)]


def _sheet(garments: Sequence[Uint8]) -> bytes:
    """All garments side by side on white: models take one reference picture."""
    pictures = [Image.fromarray(picture) for picture in garments]
    for picture in pictures:
        picture.thumbnail((SHEET_SIDE, SHEET_SIDE), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (sum(p.width for p in pictures), max(p.height for p in pictures)), "white")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, (sheet.height - picture.height) // 2))
        left += picture.width
    return _png(sheet)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()
