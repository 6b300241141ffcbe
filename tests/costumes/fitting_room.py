"""A fitting room for tests: a drawn person who has signed, a shirt and a coat that were drawn, and a worker."""

from __future__ import annotations

import io
import sys
import uuid
from copy import deepcopy
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from django.utils import timezone
from PIL import Image, ImageOps

from costumes import closet, fittings
from costumes.fittings import LayerPlan, Wish
from costumes.models import Change, FittingResult
from previs.engine.eyes import Face, Pose
from previs.engine.port import EngineFacts
from previs.generation.intake import take_in
from previs.generation.models import Job
from previs.rights import services
from previs.rights.models import Person, Release

sys.path.insert(0, str(Path(__file__).parents[1] / "fitting"))
import wardrobe

SIGNED = "Virtual fittings of the shirt and the coat for scenes 1 to 7, to choose the costume. No other use."


# Quick to fit, and as small as a photo may be.
SIZE = (512, 683)
SCALE = 120  # px of a garment's photo for the distance of the shoulders


@cache
def figure() -> wardrobe.Mannequin:
    return wardrobe.mannequin(1)


@cache
def photo_png() -> bytes:
    """One drawn person, seen from the front."""
    return png(Image.fromarray(figure().photo).resize(SIZE, Image.Resampling.LANCZOS))


def darker() -> Image.Image:
    """The same in less light and seen in a mirror: a picture of its own."""
    return ImageOps.mirror(Image.open(io.BytesIO(photo_png())).point(lambda value: value * 0.8))


@cache
def pose() -> Pose:
    """What is on that photo, as drawn."""
    truth = figure().pose()
    points = truth.points.copy()
    points[:, :2] *= SIZE[0] / wardrobe.WIDTH
    mask = np.asarray(Image.fromarray(truth.mask).resize(SIZE, Image.Resampling.BILINEAR))
    return Pose(points, mask, 1)


def quick_eyes(monkeypatch: Any) -> None:
    """See what was drawn, on the photo and on whatever was made of it, without running the models."""

    def look(picture: np.ndarray) -> Pose:
        known = deepcopy(pose())
        size = picture.shape[1], picture.shape[0]
        mask = known.mask if size == SIZE else np.asarray(Image.fromarray(known.mask).resize(size))
        return Pose(known.points, mask, 1)

    face = Face(200.0, 60.0, 270.0, 130.0, 0.9)
    monkeypatch.setattr("costumes.fitting_inputs.find_person", look)
    monkeypatch.setattr("costumes.fitting_run.find_person", look)
    monkeypatch.setattr("costumes.fitting_inputs.find_faces", lambda picture: [face])
    monkeypatch.setattr("previs.generation.intake.faces_on", lambda picture: int(picture.size == SIZE))


@cache
def garment_png(name: str) -> bytes:
    cuts = {
        "Shirt": wardrobe.cut(1, scale=SCALE, sleeve=0.5, pattern="plain", colour=(40, 90, 150)),
        "Coat": wardrobe.cut(2, scale=SCALE, sleeve=1.4, pattern="stripes", angle=45.0),
    }
    return png(cuts[name].flat()[0])


def png(picture: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG") if isinstance(picture, np.ndarray) else picture.save(
        buffer, "PNG"
    )
    return buffer.getvalue()


def sign(person: Person, by: Any, **values: Any) -> Release:
    """A release in force for fittings alone."""
    now = timezone.now()
    release = services.keep_release(
        person,
        by=by,
        **{
            "kind": "employment",
            "scopes": ["tryon"],
            "valid_from": now - timedelta(days=3),
            "valid_until": now + timedelta(days=90),
            "specific_description": SIGNED,
            "separate_signature": True,
            "document_sha256": "c" * 64,
            "signed_by": "the performer",
        }
        | values,
    )
    return services.move_release(release, to="active", by=by)


def cast_photo(project: Any, by: Any, data: bytes, **values: Any) -> Any:
    return take_in(
        project,
        data,
        by=by,
        **{"kind": "person", "title": "Front", "rights": "own", "statement": "Drawn by us"} | values,
    )


def furnish(film: Any, by: Any, data: bytes = b"") -> SimpleNamespace:
    """Mara's first change with a released person, their photo, and two garments that are cut out."""
    project = film.production
    change = Change.objects.select_related("sheet__project", "character__project").get(
        character=film.mara, number=1
    )
    person = services.add_person(project, by=by, union="none")
    release = sign(person, by)
    photo = cast_photo(project, by, data or photo_png(), persons=[person])

    def hang(name: str, category: str) -> Any:
        return closet.keep_garment(
            project, by=by, name=name, category=category, picture=garment_png(name), rights="own",
            statement="Drawn by us",
        )  # fmt: skip

    shirt, coat = hang("Shirt", "top"), hang("Coat", "coat")
    room = SimpleNamespace(
        project=project, change=change, person=person, release=release, photo=photo, shirt=shirt, coat=coat
    )
    room.outfit = [LayerPlan(shirt, seed=3), LayerPlan(coat, seed=4)]
    room.fit = lambda plans=None, *, photo=photo, **wish: fittings.start_fitting(
        change, photo, room.outfit if plans is None else plans, by=by, wish=Wish(**{"realism": False} | wish)
    )
    return room


def jobs_of(fitting: Any) -> list[Job]:
    return list(Job.objects.filter(brief=fitting.pk).order_by("take", "created_at"))


def results_of(fitting: Any) -> dict[str, FittingResult]:
    return {row.candidate: row for row in fitting.results.select_related("frame")}


def run_worker() -> int:
    """What a worker process does, here and now."""
    from previs.generation.runner import run_available

    return run_available(worker=f"test:{uuid.uuid4().hex[:6]}")


def tinting(composite: np.ndarray, strength: np.ndarray, seed: int) -> np.ndarray:
    """A painter that leaves its mark wherever it may paint, by its seed."""
    mark = np.array([seed % 7 + 3, 0, 0], np.float32) * strength[..., None]
    return np.clip(np.round(composite + mark), 0, 255).astype(np.uint8)


PAINTER_FACTS = EngineFacts("painter", "7", {"painter.bin": "d" * 64}, {"painter": "7"}, "cpu", "float32")
