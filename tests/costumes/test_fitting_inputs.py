"""What cannot be fitted is refused in words before anything is queued, and what can be read is read."""

from __future__ import annotations

import io
import sys
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from costumes import closet, fitting_inputs, fittings
from costumes.fittings import LayerPlan
from costumes.models import Fitting
from previs.engine.eyes import INDEX, EyesError
from previs.generation import store
from previs.generation.models import Job
from previs.generation.services import GenerationRefused
from previs.rights.models import AssetState, Incident, ReferenceAsset
from previs.rights.pictures import PictureError

sys.path.insert(0, str(Path(__file__).parent))
import fitting_room as room_of

pytestmark = [pytest.mark.django_db, pytest.mark.pictures, pytest.mark.usefixtures("own_store")]


@pytest.fixture
def room(film, costume_designer, monkeypatch) -> SimpleNamespace:
    room_of.quick_eyes(monkeypatch)
    return room_of.furnish(film, costume_designer)


def refused(start: Any) -> str:
    """The words of a refusal, after which nothing was kept or queued."""
    with pytest.raises(GenerationRefused) as answer:
        start()
    assert not Job.objects.exists() and not Fitting.objects.exists()
    return str(answer.value)


def photo_of(room: SimpleNamespace, picture: Image.Image, by: Any, **values: Any) -> Any:
    return room_of.cast_photo(room.project, by, room_of.png(picture), persons=[room.person], **values)


# --- the photo ---------------------------------------------------------------------------------------


def test_a_photo_without_a_person_is_refused_by_the_eyes_themselves(
    film, costume_designer, monkeypatch
) -> None:
    room = room_of.furnish(film, costume_designer)
    wall = Image.linear_gradient("L").resize((640, 720)).convert("RGB")
    photo = photo_of(room, wall, costume_designer)
    assert "No person is seen" in refused(lambda: room.fit(photo=photo))


def test_several_people_are_refused(room, monkeypatch) -> None:
    three = deepcopy(room_of.pose())
    monkeypatch.setattr(
        fitting_inputs, "find_person", lambda picture: type(three)(three.points, three.mask, 3)
    )
    assert "shows 3 people" in refused(room.fit)


def test_a_photo_whose_shorter_side_is_below_512_px_is_refused(room, costume_designer) -> None:
    small = Image.open(io.BytesIO(room_of.photo_png())).resize((480, 640))
    words = refused(lambda: room.fit(photo=photo_of(room, small, costume_designer)))
    assert "480 x 640 px" in words and "at least 512 px" in words


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (
            lambda points: points[[INDEX["left_shoulder"], INDEX["right_shoulder"]]][::-1],
            "turned away from the camera",
        ),
        (lambda points: None, "The face is turned away or hidden"),
    ],
)
def test_somebody_turned_away_is_refused(room, monkeypatch, turn, words) -> None:
    pose = deepcopy(room_of.pose())
    swapped = turn(pose.points)
    if swapped is None:
        pose.points[INDEX["nose"], 2] = 0.1
    else:
        pose.points[[INDEX["left_shoulder"], INDEX["right_shoulder"]]] = swapped
    monkeypatch.setattr(fitting_inputs, "find_person", lambda picture: pose)
    assert words in refused(room.fit)


def test_models_that_cannot_be_run_are_told_of(room, monkeypatch) -> None:
    def blind(picture):
        raise EyesError("The models cannot be run on this machine. Install the `eyes` extra.")

    monkeypatch.setattr(fitting_inputs, "find_person", blind)
    assert "Install the `eyes` extra" in refused(room.fit)


def test_a_photo_whose_file_is_broken_or_gone_is_told_of(room) -> None:
    from django.core.files.storage import default_storage

    broken = store.put(b"\x89PNG\r\n\x1a\n and then nothing")
    ReferenceAsset.objects.filter(pk=room.photo.pk).update(sha256=broken)
    room.photo.refresh_from_db()
    assert "cannot be read" in refused(lambda: room.fit(photo=room.photo))
    default_storage.delete(store.path_of(broken))
    assert "missing from the store" in refused(lambda: room.fit(photo=room.photo))


@pytest.mark.parametrize("state", [AssetState.QUARANTINED, AssetState.WITHDRAWN])
def test_a_photo_that_is_held_back_is_refused(room, state) -> None:
    ReferenceAsset.objects.filter(pk=room.photo.pk).update(state=state)
    room.photo.refresh_from_db()
    assert state.label.lower() in refused(lambda: room.fit(photo=room.photo))


def test_a_photo_of_a_garment_or_of_another_production_is_none_of_a_person(room, owner) -> None:
    from decimal import Decimal

    from previs.projects.services import start_project

    assert "photo of a person" in refused(lambda: room.fit(photo=room.shirt.photo))
    other = start_project(title="Elsewhere", by=owner, aspect_ratio=Decimal("2.39"), logline="-")
    ReferenceAsset.objects.filter(pk=room.photo.pk).update(project=other)
    room.photo.refresh_from_db()
    assert "photo of a person" in refused(lambda: room.fit(photo=room.photo))


@pytest.mark.parametrize(
    ("mode", "suffix"), [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("RGB", "TIFF"), ("L", "PNG")]
)
def test_a_photo_from_print_or_a_scanner_is_read(room, costume_designer, mode, suffix) -> None:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(room_of.photo_png())).convert(mode).save(buffer, suffix)
    photo = room_of.cast_photo(room.project, costume_designer, buffer.getvalue(), persons=[room.person])
    fitting = room.fit(photo=photo)
    (job,) = room_of.jobs_of(fitting)
    assert (job.request["width"], job.request["height"]) == room_of.SIZE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(64), "HEIC"),
        (room_of.photo_png()[:4000], "cut short"),
        (b"", "empty"),
    ],
)
def test_a_file_that_is_no_whole_picture_is_not_taken_in(room, costume_designer, data, words) -> None:
    with pytest.raises(PictureError, match=words):
        room_of.cast_photo(room.project, costume_designer, data)


def test_a_file_that_claims_billions_of_pixels_is_not_opened(room, costume_designer) -> None:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(60)))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(PictureError, match="pixels"):
        room_of.cast_photo(room.project, costume_designer, bomb)


# --- the outfit --------------------------------------------------------------------------------------


def test_an_outfit_without_a_garment_is_refused_for_a_real_person(room) -> None:
    with pytest.raises(GenerationRefused) as answer:
        room.fit([])
    assert answer.value.code == "garment_missing"


def test_what_would_undress_somebody_is_refused_for_good_and_opens_an_incident(
    room, costume_designer
) -> None:
    room.shirt.name = "Nude, undressed"
    room.shirt.save()
    with pytest.raises(GenerationRefused) as answer:
        room.fit([LayerPlan(room.shirt)])
    assert answer.value.code.startswith("prohibited")
    assert Incident.objects.filter(about=costume_designer, closed_at=None).count() == 1
    with pytest.raises(GenerationRefused) as answer:
        room.fit([LayerPlan(room.coat)])
    assert answer.value.code == "jobs_suspended"


def test_a_garment_on_a_restless_ground_cannot_be_cut_out(room, costume_designer) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    rug = closet.keep_garment(
        room.project, by=costume_designer, name="Rug", category="top", picture=room_of.png(noise), rights="own",
        statement="Drawn by us",
    )  # fmt: skip
    assert "background" in refused(lambda: room.fit([LayerPlan(rug)]))


def test_a_garment_without_a_photo_and_a_pair_of_shoes_say_what_is_missing(room, costume_designer) -> None:
    bare = closet.keep_garment(room.project, by=costume_designer, name="Scarf coat", category="coat")
    assert "has no photo" in refused(lambda: room.fit([LayerPlan(bare)]))
    boots = closet.keep_garment(room.project, by=costume_designer, name="Boots", category="shoes")
    assert "cannot be fitted" in refused(lambda: room.fit([LayerPlan(boots)]))


@pytest.mark.parametrize(
    ("plans", "words"),
    [
        (lambda room: [LayerPlan(room.shirt), LayerPlan(room.shirt)], "twice"),
        (lambda room: [LayerPlan(room.shirt, size=2.0)], "Size must lie between"),
        (lambda room: [LayerPlan(room.shirt, light=-0.5)], "light between 0 and 1"),
    ],
)
def test_an_outfit_that_makes_no_sense_is_refused(room, plans, words) -> None:
    assert words in refused(lambda: room.fit(plans(room)))


def test_a_strength_outside_of_0_to_100_per_cent_is_refused(room) -> None:
    assert "between 0 and 100 %" in refused(lambda: room.fit(inside=1.5))


def test_a_layer_that_the_outfit_does_not_have_cannot_be_run_again(room, costume_designer) -> None:
    fitting = room.fit()
    before = Job.objects.count()
    for number in (0, 4):
        with pytest.raises(GenerationRefused, match="has 2 layers"):
            fittings.rerun_from_layer(fitting, number, [LayerPlan(room.coat)], by=costume_designer)
    assert Job.objects.count() == before


# --- brush and points --------------------------------------------------------------------------------


def painted(*box: int) -> bytes:
    picture = Image.new("L", room_of.SIZE)
    picture.paste(255, box)
    return room_of.png(picture)


def test_what_the_brush_keeps_stays_and_a_later_run_keeps_it_too(room, costume_designer) -> None:
    fitting = room.fit([LayerPlan(room.shirt)], protect=painted(200, 200, 320, 300))
    again = fittings.rerun_from_layer(fitting, 2, [], by=costume_designer)
    for one in (fitting, again):
        protected = np.asarray(Image.open(io.BytesIO(store.read(one.protected_sha256))))
        assert (protected[200:300, 200:320] == 255).all()
    assert again.protect_sha256 == fitting.protect_sha256 != ""


@pytest.mark.parametrize(
    "brush", [b"no picture at all", room_of.png(Image.new("L", (5000, 10)))], ids=["broken", "too large"]
)
def test_a_brush_that_cannot_be_read_is_refused(room, brush) -> None:
    assert "Paint it again" in refused(lambda: room.fit(protect=brush))


def test_a_point_set_by_hand_counts_as_surely_seen_and_stays_for_later_runs(room, costume_designer) -> None:
    fitting = room.fit(points={"left_wrist": (300.0, 400.0)})
    assert fitting.points[INDEX["left_wrist"]] == [300.0, 400.0, 1.0]
    again = fittings.rerun_from_layer(fitting, 2, [], by=costume_designer)
    assert again.points[INDEX["left_wrist"]] == [300.0, 400.0, 1.0]
    before = Job.objects.count()
    with pytest.raises(GenerationRefused, match="no point 'tail'"):
        room.fit(points={"tail": (1.0, 2.0)})
    assert Job.objects.count() == before
