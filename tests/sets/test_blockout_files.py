"""A blockout leaves as files for other programs, and models come in."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sets.blockouts import begin_empty
from sets.models import Plan

pytestmark = pytest.mark.django_db
SIGNS = {"glb": b"glTF", "dxf": b"SECTION", "svg": b"<svg", "pdf": b"%PDF-"}


@pytest.fixture
def room(place, director) -> Plan:
    return begin_empty(place, width=6, depth=5, height=2.8, by=director)


def address(name: str, place: Any, *more: str) -> str:
    return reverse(name, args=[place.project.slug, place.pk, *more])


@pytest.mark.parametrize("form", SIGNS)
def test_a_plan_is_downloaded_as_a_file_that_names_set_and_revision(form, place, room, viewer, client_for):
    answer = client_for(viewer).get(address("export_blockout", place, form))
    assert answer.status_code == 200
    assert SIGNS[form] in answer.content[:400]
    assert answer["Content-Disposition"] == f'attachment; filename="cannery-plan-1.{form}"'


def test_a_drawing_is_titled_with_the_name_of_the_set_and_its_plan(place, room, viewer, client_for):
    drawn = client_for(viewer).get(address("export_blockout", place, "svg")).content.decode()
    assert f"<title>{place.project.title}, Cannery, Plan 1: floor plan 1:" in drawn


def test_a_kind_of_file_that_is_not_written_is_not_found(place, room, viewer, client_for):
    assert client_for(viewer).get(address("export_blockout", place, "exe")).status_code == 404


def test_a_model_comes_back_as_boxes_and_can_be_saved_in_the_plan(place, room, director, client_for):
    from previs.audit.models import AuditEntry
    from previs.generation import store
    from sets.blockouts import save_plan

    browser = client_for(director)
    model = browser.get(address("export_blockout", place, "glb")).content
    upload = SimpleUploadedFile("press hall.glb", model, "model/gltf-binary")
    told = browser.post(address("import_mesh", place), {"file": upload}).json()
    mesh = told["mesh"]
    assert mesh["name"] == "press hall"
    assert len(mesh["boxes"]) >= 4, "four walls at least"
    assert store.read(mesh["sha256"]) == model
    assert AuditEntry.objects.latest("seq").verb == "import_model"
    document = {**room.document, "meshes": [{"id": "m1", **mesh}]}
    assert browser.get(address("blockout_models", place)).json() == {}
    assert save_plan(place, document=document, number=1, by=director).document["meshes"][0]["id"] == "m1"
    assert browser.get(address("blockout_models", place)).json() == {mesh["sha256"]: told["shape"]}
    assert 0 < told["shape"]["triangles"] <= 8_000


@pytest.mark.parametrize("data", [b"", b"glTF", b"PK\x03\x04 not a model", b'{"asset": {"version": "2.0"}}'])
def test_a_file_that_is_no_model_is_refused_in_words_and_not_kept(data, place, room, director, client_for):
    from previs.audit.models import AuditEntry

    browser = client_for(director)
    before = AuditEntry.objects.count()
    upload = SimpleUploadedFile("model.glb", data, "model/gltf-binary")
    answer = browser.post(address("import_mesh", place), {"file": upload})
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert AuditEntry.objects.count() == before


def test_no_file_at_all_asks_for_one(place, room, director, client_for):
    answer = client_for(director).post(address("import_mesh", place))
    assert (answer.status_code, answer.json()["error"]) == (422, "Choose a .glb file first.")
