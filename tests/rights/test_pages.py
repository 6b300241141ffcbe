"""The register of people and releases, as its users see it and as strangers do not."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from previs.audit.models import AuditEntry
from previs.generation import store
from previs.rights.models import Incident, Person, ReferenceAsset, Release
from tests.generation.likeness_cast import SIGNED, drawing, jpeg, new_person, new_photo, new_release, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_store")]


@pytest.fixture(autouse=True)
def faces(monkeypatch):
    """How many faces the next uploads show; what really sees them has tests of its own."""
    found = [0]
    monkeypatch.setattr("previs.generation.intake.faces_on", lambda picture: found[0])
    return found


@pytest.fixture
def at(production):
    return lambda name, *ids: reverse(name, args=[production.slug, *ids])


@pytest.fixture
def performer(production, owner):
    return new_person(production, owner)


@pytest.fixture
def boss(producer, client_for):
    return client_for(producer)


@pytest.fixture
def designer(costume_designer, client_for):
    return client_for(costume_designer)


def photo(data: bytes | None = None, **values: str) -> dict[str, object]:
    file = SimpleUploadedFile("front.jpg", jpeg(drawing()) if data is None else data, "image/jpeg")
    return {"file": file, "title": "Front", "rights": "own", "statement": "Taken by us", **values}


def signed(**values: object) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "kind": "employment",
        "scopes": ["tryon", "storyboard_likeness"],
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=60)).isoformat(),
        "specific_description": SIGNED,
        "separate_signature": "on",
        "document_sha256": "d" * 64,
    } | values


def test_people_get_the_next_free_number_and_one_number_is_one_person(designer, at, production):
    designer.post(at("add_performer"), {"union": "none"})
    answer = designer.post(at("add_performer"), {"union": "none"})
    assert answer.status_code == 302
    assert list(production.persons.values_list("alias", flat=True)) == ["P-001", "P-002"]
    answer = designer.post(at("add_performer"), {"union": "none", "alias": " P-002 ", "minor": "on"})
    assert answer.status_code == 422 and "P-002 is somebody already" in answer.text
    assert Person.objects.count() == 2 and AuditEntry.objects.filter(verb="add_person").count() == 2


def test_a_release_goes_from_a_draft_into_force_and_its_document_is_kept_by_hash_only(boss, at, performer):
    import hashlib

    paper = b"Signed: P-001"
    form = signed(
        document=SimpleUploadedFile("release.pdf", paper), document_sha256="", characters="Mara, elias "
    )
    boss.post(at("add_release", performer.pk), form)
    release = Release.objects.get()
    assert (release.status, release.characters) == ("draft", ["MARA", "ELIAS"])
    assert release.document_sha256 == hashlib.sha256(paper).hexdigest()
    assert not store.exists(release.document_sha256)
    local = timezone.localtime(release.valid_until)
    assert (local.hour, local.minute, local.second) == (23, 59, 59)
    assert boss.post(at("move_release", release.pk), {"to": "active"}).status_code == 302
    release.refresh_from_db()
    assert release.status == "active" and release.is_in_force


def test_an_incomplete_release_stays_a_draft_and_the_page_says_what_it_lacks(boss, at, performer):
    boss.post(at("add_release", performer.pk), signed(document_sha256="", valid_until=""))
    release = Release.objects.get()
    answer = boss.post(at("move_release", release.pk), {"to": "active"})
    assert answer.status_code == 422
    assert "hash of the signed document" in answer.text and "the date it ends" in answer.text
    release.refresh_from_db()
    assert release.status == "draft"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scopes": []}, "Choose what the release allows"),
        ({"valid_from": "2999-01-02", "valid_until": "2999-01-01"}, "ends before it begins"),
        ({"valid_until": "2020-01-01"}, "has ended already"),
        ({"document_sha256": "xyz"}, "64 letters and digits"),
    ],
)
def test_a_release_that_makes_no_sense_is_refused_and_what_was_typed_stays(
    boss, at, performer, fields, words
):
    answer = boss.post(at("add_release", performer.pk), signed(**fields))
    assert answer.status_code == 422 and words in answer.text and SIGNED in answer.text
    assert not Release.objects.exists()


def test_what_was_in_force_is_never_rewritten(boss, at, performer, owner):
    release = new_release(performer, owner)
    answer = boss.post(at("edit_release", release.pk), signed(scopes=["final_use"]))
    assert answer.status_code == 422 and "Enter what was signed since as a new one" in answer.text
    release.refresh_from_db()
    assert "final_use" not in release.scopes


def test_a_costume_designer_sees_releases_and_moves_none(designer, at, performer, owner):
    release = new_release(performer, owner)
    assert designer.get(at("release", release.pk)).status_code == 200
    for name in ("move_release", "revoke_release", "edit_release"):
        assert designer.post(at(name, release.pk), {"to": "suspended", "reason": "x"}).status_code == 403
    release.refresh_from_db()
    assert release.status == "active"


def test_the_page_counts_before_it_asks_and_revokes_when_told_by_whom(boss, at, performer, owner):
    release = new_release(performer, owner)
    kept = new_photo(performer, owner)
    page = boss.get(at("release", release.pk))
    assert "<b>0</b> frames" in page.text and "<b>1</b> photograph" in page.text
    assert boss.post(at("revoke_release", release.pk), {"reason": ""}).status_code == 422
    unsure = boss.post(at("revoke_release", release.pk), {"reason": "By letter"})
    assert unsure.status_code == 422 and "does not come back" in unsure.text
    told = {"reason": "By letter", "sure": "on"}
    answer = boss.post(at("revoke_release", release.pk), told, follow=True)
    assert "1 photograph withdrawn" in answer.text and "Revoked" in answer.text
    assert "When it ended: 0 frames withdrawn" in boss.get(at("release", release.pk)).text
    kept.refresh_from_db()
    assert kept.state == "withdrawn"
    assert boss.get(at("photo_file", kept.pk, "master")).status_code == 410


# Photographs: R07, R08, R09, R33


def test_a_photo_is_kept_upright_and_without_what_its_file_says(designer, at, performer):
    picture = drawing(size=(600, 512))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Secret street 5"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    assert designer.post(at("add_photo", performer.pk), photo(buffer.getvalue())).status_code == 302
    asset = ReferenceAsset.objects.get()
    kept = store.read(asset.sha256)
    assert (asset.width, asset.height) == (512, 600) and b"Secret" not in kept
    assert list(asset.persons.all()) == [performer] and asset.state == "ok"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"statement": "  "}, "on what ground"),
        ({"rights": "third_party_none"}, "whose picture it is"),
        ({"data": b"no picture"}, "no JPEG, PNG, WebP or TIFF"),
        ({"data": b"\0\0\0\x18ftypheic" + b"\0" * 50}, "HEIC"),
    ],
)
def test_a_photo_without_rights_or_without_a_picture_is_refused_and_nothing_is_stored(
    designer, at, performer, values, words
):
    answer = designer.post(at("add_photo", performer.pk), photo(**values))
    assert answer.status_code == 422 and words in answer.text
    assert not ReferenceAsset.objects.exists()


def test_a_truncated_picture_and_a_bomb_are_refused_in_words(designer, at, performer):
    whole = jpeg(drawing())
    assert (
        "cut short or damaged"
        in designer.post(at("add_photo", performer.pk), photo(whole[: len(whole) // 2])).text
    )
    bomb = io.BytesIO()
    Image.new("1", (12000, 12000)).save(bomb, "PNG")
    answer = designer.post(at("add_photo", performer.pk), photo(bomb.getvalue()))
    assert "60 million" in answer.text
    assert not ReferenceAsset.objects.exists()


def test_a_withdrawn_photo_is_refused_at_the_door_and_that_is_on_record(designer, at, performer, owner):
    asset = new_photo(performer, owner)
    ReferenceAsset.objects.filter(pk=asset.pk).update(state="withdrawn")
    answer = designer.post(at("add_photo", performer.pk), photo(jpeg(drawing(), quality=60)))
    assert answer.status_code == 422 and "was withdrawn" in answer.text
    entry = AuditEntry.objects.get(verb="refuse_upload")
    assert entry.payload.body["code"] == "reference_withdrawn" and ReferenceAsset.objects.count() == 1


def test_a_face_that_is_nobody_s_waits_in_quarantine_until_somebody_says_whose(
    designer, at, production, performer, costume_designer, faces
):
    from previs.consent.uploads import take_in

    faces[0] = 1
    values = {"by": costume_designer, "kind": "garment", "title": "Coat", "rights": "own"}
    asset = take_in(production, jpeg(drawing(2)), statement="Ours", **values)
    assert asset.state == "quarantined"
    assert "In quarantine" in designer.get(at("rights")).text
    answer = designer.post(at("link_photo", asset.pk), {}, follow=True)
    asset.refresh_from_db()
    assert "Choose who is seen on it" in answer.text and asset.state == "quarantined"
    designer.post(at("link_photo", asset.pk), {"not_a_person": "A mannequin of our workshop"})
    asset.refresh_from_db()
    assert asset.state == "ok" and asset.not_a_person
    designer.post(at("link_photo", asset.pk), {"persons": [performer.pk]})
    asset.refresh_from_db()
    assert list(asset.persons.all()) == [performer] and not asset.not_a_person


def test_a_picture_that_nothing_could_look_at_is_quarantined_too(production, costume_designer, faces):
    from previs.consent.uploads import take_in

    faces[0] = None
    values = {"by": costume_designer, "kind": "garment", "title": "Coat", "rights": "own"}
    assert take_in(production, jpeg(drawing(2)), statement="Ours", **values).state == "quarantined"


def test_nobody_of_another_production_can_be_linked(designer, at, production, owner, stranger):
    from previs.projects.services import start_project

    other = new_person(start_project(title="Elsewhere", by=stranger), stranger)
    from previs.rights.services import keep_asset

    values = {"by": owner, "kind": "garment", "title": "Coat", "rights": "own", "statement": "Ours"}
    asset = keep_asset(production, taken(drawing(3)), **values)
    designer.post(at("link_photo", asset.pk), {"persons": [other.pk]})
    assert not asset.persons.exists()


def test_every_opening_of_a_photo_is_on_record(designer, at, performer, owner, costume_designer):
    asset = new_photo(performer, owner)
    for which in ("thumb", "master"):
        answer = designer.get(at("photo_file", asset.pk, which))
        assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-cache"
    entries = AuditEntry.objects.filter(verb="open_asset", actor=costume_designer, object_id=str(asset.pk))
    assert [entry.payload.body["how"] for entry in entries.order_by("seq")] == ["thumb", "master"]


def test_a_stranger_finds_no_person_no_release_and_no_photo(
    client_for, stranger, viewer, at, performer, owner
):
    release, asset = new_release(performer, owner), new_photo(performer, owner)
    addresses = [
        at("rights"),
        at("performer", performer.pk),
        at("release", release.pk),
        at("photo_file", asset.pk, "master"),
    ]
    assert [client_for(stranger).get(url).status_code for url in addresses] == [404] * 4
    assert [client_for(viewer).get(url).status_code for url in addresses] == [403] * 4
    assert not AuditEntry.objects.filter(verb="open_asset").exists()


def test_the_register_asks_the_database_the_same_for_one_and_for_many(production, owner):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from previs.consent.pages import rows

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert rows(production)
        return len(captured)

    new_release(new_person(production, owner), owner)
    one = queries()
    for _ in range(4):
        new_release(new_person(production, owner), owner)
    assert queries() == one


# Names, prompts and incidents


def test_names_and_clearances_are_kept_by_those_who_answer(boss, designer, at, production):
    assert designer.post(at("watch_name"), {"name": "Greta Garbo", "kind": "deceased"}).status_code == 403
    boss.post(at("watch_name"), {"name": "Greta  Garbo", "kind": "deceased"})
    assert production.watched_names.get().name == "Greta Garbo"
    boss.post(at("clear_prompt"), {"prompt": " Greta Garbo on a poster ", "reason": "A real poster"})
    from previs.generation.imaging import text_sha256

    assert production.prompt_clearances.get().prompt_sha256 == text_sha256("Greta Garbo on a poster")
    assert boss.post(at("clear_prompt"), {"prompt": "", "reason": ""}).status_code == 422


def test_an_incident_is_closed_by_somebody_else_with_a_finding(boss, at, production, director, producer):
    incident = Incident.objects.create(project=production, about=director, code="prohibited_intimacy")
    own = Incident.objects.create(project=production, about=producer, code="prohibited_intimacy")
    assert "Dario Duran" in boss.get(at("rights")).text
    assert boss.post(at("close_incident", incident.pk), {"finding": ""}).status_code == 422
    assert boss.post(at("close_incident", own.pk), {"finding": "Nothing"}).status_code == 422
    assert boss.post(at("close_incident", incident.pk), {"finding": "A slip"}).status_code == 302
    assert Incident.objects.filter(closed_at=None).get() == own


def test_a_picture_that_is_nobody_is_taken_in_on_somebody_s_word(designer, at, faces, costume_designer):
    faces[0] = 1
    form = photo(kind="sketch", not_a_person="A mannequin of our workshop")
    assert designer.post(at("add_picture"), form).status_code == 302
    asset = ReferenceAsset.objects.get()
    assert (asset.state, asset.attested_by, asset.faces_found) == ("ok", costume_designer, 1)
    answer = designer.post(at("add_picture"), photo(kind="person", not_a_person=""))
    assert answer.status_code == 422 and "Write why it shows nobody real" in answer.text
    assert ReferenceAsset.objects.count() == 1


def test_a_garment_worn_by_somebody_is_opened_on_record_and_not_by_viewers(
    performer, owner, viewer, designer, client_for
):
    from costumes.models import Garment
    from previs.rights.services import keep_asset

    photo = keep_asset(
        performer.project, taken(drawing(5)), by=owner, kind="garment", title="Coat, worn", rights="own",
        statement="Ours", persons=[performer],
    )  # fmt: skip
    coat = Garment.objects.create(
        project=performer.project, name="Coat", category="coat", kind="worn", photo=photo, added_by=owner
    )
    address = f"/p/{performer.project.slug}/costume/closet/{coat.pk}/thumb/"
    assert designer.get(address).status_code == 200
    assert client_for(viewer).get(address).status_code == 403
    assert AuditEntry.objects.filter(verb="open_asset", object_id=str(photo.pk)).count() == 1


def test_the_list_says_what_any_release_in_force_allows(boss, at, performer, owner):
    now = timezone.now()
    new_release(performer, owner, scopes=["tryon"], valid_from=now - timedelta(days=20))
    new_release(performer, owner, scopes=["concept_likeness"], valid_from=now - timedelta(days=2))
    html = boss.get(at("rights")).text
    assert "virtual fitting: agreed" in html and "likeness in concepts: agreed" in html
    assert "motion in previs: not agreed" in html


def test_the_form_says_how_long_the_signed_words_are_before_they_are_typed(boss, at, performer):
    assert "40 characters or more" in boss.get(at("performer", performer.pk)).text
