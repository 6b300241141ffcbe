"""What a fitting starts from, out of the rows and the store: the photo, the body on it, and the garments as frozen.

Heavy: import it inside the function that needs it, not where a page is drawn.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

import costumes.fitting.garments as fitting
from costumes.cutting import CuttingError, ready_to_wear
from costumes.fitting.filters import Bools, Floats, Uint8
from costumes.fitting.ground import Ground, prepare
from costumes.fitting.outfit import Layer
from costumes.fitting.trouble import FittingError
from costumes.models import Fitting, FittingLayer, Garment
from previs.engine.eyes import INDEX, EyesError, Face, Pose, find_faces, find_person
from previs.generation import store
from previs.rights.models import ReferenceAsset

# px, the longer side: a larger photo is fitted on, and its frames come out, at this size.
LONGEST_SIDE = 2048
# Against the largest face of the photo; what looks like a smaller one is a pattern, or somebody far behind.
COMPANION = 0.5
Points = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Looked:
    """A photo, checked, with the body on it. pose: with the points that somebody set."""

    pose: Pose
    ground: Ground


def look_at(photo: ReferenceAsset, *, points: Points, protect: bytes, release: bytes) -> Looked:
    """Find the person on a photo and check that garments can be fitted on it.

    points: name -> x, y px, where somebody says that a point of the body is.  protect, release: the brush, as PNG.
    Raises FittingError in words.
    """
    picture = pixels_of(photo)
    try:
        pose = find_person(picture)
    except EyesError as trouble:
        raise FittingError(str(trouble)) from trouble
    pose = corrected(pose, points)
    size = picture.shape[1], picture.shape[0]
    ground = prepare(picture, pose, protect=brush(protect, size), release=brush(release, size))
    return Looked(pose, ground)


def pixels_of(photo: ReferenceAsset) -> Uint8:
    """(h, w, 3) uint8, at most 2048 px a side. Raises FittingError when its file is gone or broken."""
    picture = _opened(photo.sha256, f"The photo {photo}").convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return np.asarray(picture)


def corrected(pose: Pose, points: Points) -> Pose:
    """A pose with points where somebody put them. Raises FittingError for a point that no body has."""
    moved = pose.points.copy()
    for name, (x, y) in points.items():
        if name not in INDEX:
            raise FittingError(f"A body has no point {name.replace('_', ' ')!r}. Open the page again.")
        moved[INDEX[name]] = x, y, 1.0
    return Pose(moved, pose.mask, pose.people)


def set_by_hand(points: Sequence[Sequence[float]]) -> dict[str, tuple[float, float]]:
    """Of the points of an earlier fitting, those that a person has set: no model is ever wholly sure."""
    return {name: (points[at][0], points[at][1]) for name, at in INDEX.items() if points[at][2] >= 1.0}


def brush(png: bytes, size: tuple[int, int]) -> Bools | None:
    """What somebody painted, (h, w) bool, stretched to `size` (width, height); None for nothing."""
    if not png:
        return None
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as file:
            if max(file.size) > 2 * LONGEST_SIDE:
                raise FittingError("The brush is larger than the photo. Paint it again.")
            painted = file.convert("L").resize(size, Image.Resampling.BILINEAR)
    except FittingError:
        raise
    except Exception as error:  # broken files make Pillow raise anything
        raise FittingError("What the brush painted cannot be read. Paint it again.") from error
    return np.asarray(painted) > 127


def ground_of(row: Fitting) -> Ground:
    """The ground of a fitting, from what was found when it was asked for. Raises FittingError when a file is gone."""
    picture = pixels_of(row.photo)
    size = picture.shape[1], picture.shape[0]
    body = np.asarray(_opened(row.person_sha256, "The outline of the body").convert("L"), np.float32) / 255
    painted = [
        brush(read(address, "The brush"), size) for address in (row.protect_sha256, row.release_sha256)
    ]
    pose = Pose(np.array(row.points, np.float32), body, 1)
    return prepare(picture, pose, protect=painted[0], release=painted[1])


def layer_of(row: FittingLayer) -> Layer:
    """A layer as it was asked for. Raises FittingError, naming it, when its photo may not be used any more."""
    frozen = Garment(
        name=row.garment.name,
        photo=row.photo,
        cut_sha256=row.cut_sha256,
        shape=row.shape,
        anchors=row.anchors,
    )
    return Layer(worn_of(frozen), size=row.size, length=row.length, light=row.light, seed=row.seed)


def worn_of(garment: Garment) -> fitting.Garment:
    """Raises FittingError in words."""
    try:
        return ready_to_wear(garment)
    except CuttingError as trouble:
        raise FittingError(str(trouble)) from trouble
    except KeyError:
        raise FittingError(
            f"The file of {garment.name}'s photo is missing from the store. Add the photo again."
        ) from None


def new_faces(photo: Uint8, result: Uint8) -> int:
    """How many faces a result shows where its photo has none; as small as those in a pattern are none."""
    known, seen = find_faces(photo), find_faces(result)
    largest = max((face.bottom - face.top for face in known), default=0.0)
    tall = [face for face in seen if face.bottom - face.top >= COMPANION * largest]
    return sum(not any(_overlap(face, other) for other in known) for face in tall)


def _overlap(one: Face, other: Face) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > 0


def grey(values: Floats | Uint8 | Bools) -> str:
    """Keep a mask as a grey PNG: 0 to 1, 0 to 255, or false and true. Returns its address."""
    if values.dtype != np.uint8:
        values = np.round(np.asarray(values, np.float32) * 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG", compress_level=1)
    return store.put(buffer.getvalue())


def read(sha256: str, what: str) -> bytes:
    """The bytes at an address, b"" for none. Raises FittingError, naming what is missing."""
    if not sha256:
        return b""
    try:
        return store.read(sha256)
    except KeyError:
        raise FittingError(f"{what} is missing from the store. Start the fitting anew.") from None


def _opened(sha256: str, what: str) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(read(sha256, what)))
        picture.load()
    except FittingError:
        raise
    except Exception as error:  # broken files make Pillow raise anything
        raise FittingError(f"{what} cannot be read. Choose another photo.") from error
    return picture
