"""A garment photo made ready to be worn: cut out of its ground, with anchors that somebody has set right.

The photo itself stays as it is. What is kept beside it is the cut-out (a picture with transparency) and where the
seams lie, in px of the photo.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils import timezone
from PIL import Image

from costumes.fitting.trouble import FittingError
from costumes.models import Category, Garment, Shape
from previs.audit.record import record
from previs.events import PlotChanged, SheetChanged, publish
from previs.generation import store

if TYPE_CHECKING:
    import costumes.fitting.garments as fitting
    from costumes.fitting.filters import Floats
    from previs.accounts.models import User

# Finer than any photo of a person shows cloth, and a sixth of the memory that the largest photo would take.
LONGEST_SIDE = 1600
SHAPES_OF = {
    Category.TOP: (Shape.TOP,),
    Category.COAT: (Shape.TOP,),
    Category.DRESS: (Shape.TOP,),
    Category.BOTTOM: (Shape.TROUSERS, Shape.SKIRT),
}


class CuttingError(Exception):
    """The garment cannot be cut out or anchored so. The message says why and what to do."""


class Overtaken(CuttingError):  # noqa: N818 - an outcome, as that of a dressed change
    """Somebody else has saved other anchors since the page was opened."""


def shapes_of(garment: Garment) -> tuple[Shape, ...]:
    """How a garment of its category may be put on, the likelier first; () for what cannot be fitted."""
    return SHAPES_OF.get(Category(garment.category), ())


def digest_of(garment: Garment) -> str:
    """Of the cut-out and the anchors that are saved: what an editor has in view when it saves others."""
    kept = json.dumps([garment.cut_sha256, garment.shape, garment.anchors], sort_keys=True)
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def cut_garment(garment: Garment, *, shape: str = "", by: User) -> Garment:
    """Cut the garment out of its photo and guess its anchors, in place of what was kept before.

    shape: one of `shapes_of(garment)`; "" tries them in turn.
    Raises CuttingError in words (no photo, held back, ground not plain, nothing stands out, legs that touch) or
    StoreError; what was kept stays then.
    """
    shapes = shapes_of(garment)
    if not shapes:
        raise CuttingError(
            f"{garment.get_category_display()} cannot be fitted on a photo yet. It stays on the list of the change."
        )
    if shape and shape not in shapes:
        raise CuttingError(f"Choose how it is cut: {', '.join(one.label.lower() for one in shapes)}.")
    photo = _photo_of(garment)
    import numpy as np

    from costumes.fitting.garments import cut_out

    small = _fitted_to(photo)
    try:
        alpha = cut_out(np.asarray(small))
        chosen, guessed = _guess(alpha, (Shape(shape),) if shape else shapes)
    except FittingError as trouble:
        raise CuttingError(str(trouble)) from trouble
    small.putalpha(Image.fromarray(np.round(alpha * 255).astype(np.uint8)))
    out = io.BytesIO()
    # The transparency is what the fitting reads, without loss; the colours beside it are only looked at.
    small.save(out, "WEBP", quality=90, alpha_quality=100, method=2)
    cut = store.put(out.getvalue())
    return _keep(garment, cut, chosen, _scaled(guessed, photo.width / small.width), by=by, checked=False)


def guess_again(garment: Garment, *, by: User) -> Garment:
    """Put every anchor back to where the outline says. Raises CuttingError before it was cut out."""
    import numpy as np

    if not garment.is_cut:
        raise CuttingError("Cut the garment out first.")
    cut = Image.open(io.BytesIO(store.read(garment.cut_sha256)))
    alpha = np.asarray(cut.getchannel("A"), dtype=np.float32) / 255
    try:
        chosen, guessed = _guess(alpha, (Shape(garment.shape),))
    except FittingError as trouble:
        raise CuttingError(str(trouble)) from trouble
    scale = _photo_of(garment).width / cut.width
    return _keep(garment, garment.cut_sha256, chosen, _scaled(guessed, scale), by=by, checked=False)


def set_anchors(
    garment: Garment, *, anchors: Mapping[str, tuple[float, float]], seen: str, by: User
) -> Garment:
    """Keep anchors that a person has looked at.

    anchors: every name of the garment's shape -> x, y px of the photo.  seen: `digest_of` when the page was opened.
    Raises CuttingError before it was cut out, Overtaken when others were saved meanwhile.
    """
    if not garment.is_cut:
        raise CuttingError("Cut the garment out first.")
    if seen != digest_of(garment):
        raise Overtaken(
            "Not saved: somebody else set other anchors after you opened this page. Yours are still shown; save again "
            "to put them in the place of those."
        )
    return _keep(garment, garment.cut_sha256, Shape(garment.shape), anchors, by=by, checked=True)


def ready_to_wear(garment: Garment) -> fitting.Garment:
    """A garment as the fitting takes it: picture, cut-out and anchors, at most 1600 px a side.

    Raises CuttingError in words when it was not cut out, its photo may not be used or its anchors do not do; KeyError
    when a file is lost.
    """
    import numpy as np

    import costumes.fitting.garments as fitting

    if not garment.is_cut:
        raise CuttingError(
            f"{garment.name} is not cut out of its photo yet. Open it in the closet and cut it out."
        )
    photo = _photo_of(garment)
    cut = Image.open(io.BytesIO(store.read(garment.cut_sha256)))
    anchors = {name: (float(x), float(y)) for name, (x, y) in garment.anchors.items()}
    try:
        return fitting.Garment(
            category=_category(garment.shape),
            picture=np.asarray(photo.resize(cut.size, Image.Resampling.LANCZOS)),
            alpha=np.asarray(cut.getchannel("A"), dtype=np.float32) / 255,
            anchors=_scaled(anchors, cut.width / photo.width),
        )
    except FittingError as trouble:
        raise CuttingError(f"{garment.name}: {trouble}") from trouble


def _category(shape: str) -> fitting.Category:
    return cast("fitting.Category", Shape(shape).value)


def _photo_of(garment: Garment) -> Image.Image:
    if garment.photo is None:
        raise CuttingError(
            f"{garment.name} has no photo yet. Photograph it flat on one plain colour and add the photo."
        )
    if not garment.shown:
        state = garment.photo.get_state_display().lower()
        raise CuttingError(f"The photo of {garment.name} is {state}. Clear it on the page People.")
    return Image.open(io.BytesIO(store.read(garment.photo.sha256))).convert("RGB")


def _fitted_to(photo: Image.Image) -> Image.Image:
    small = photo.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return small


def _guess(alpha: Floats, shapes: tuple[Shape, ...]) -> tuple[Shape, dict[str, tuple[float, float]]]:
    """The first shape that the outline allows, with its anchors. Raises FittingError for none."""
    from costumes.fitting.anchors import guess_anchors

    for shape in shapes[:-1]:
        try:
            return shape, guess_anchors(alpha, _category(shape))
        except FittingError:
            continue
    return shapes[-1], guess_anchors(alpha, _category(shapes[-1]))


def _scaled(anchors: Mapping[str, tuple[float, float]], scale: float) -> dict[str, tuple[float, float]]:
    return {name: (x * scale, y * scale) for name, (x, y) in anchors.items()}


@transaction.atomic
def _keep(
    garment: Garment,
    cut: str,
    shape: Shape,
    anchors: Mapping[str, tuple[float, float]],
    *,
    by: User,
    checked: bool,
) -> Garment:
    garment.cut_sha256, garment.shape = cut, shape
    garment.anchors = {name: [round(x, 1), round(y, 1)] for name, (x, y) in anchors.items()}
    garment.anchored_at = timezone.now() if checked else None
    garment.save(update_fields=["cut_sha256", "shape", "anchors", "anchored_at"])
    record("anchor_garment", garment, by=by, project_id=garment.project_id, shape=str(shape), checked=checked)
    project = str(garment.project_id)
    for layer in garment.layers.select_related("change"):
        change = layer.change
        publish(PlotChanged(project, str(change.character_id)), SheetChanged(project, str(change.sheet_id)))
    return garment
