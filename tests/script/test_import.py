"""A screenplay becomes scenes and cast; a second draft keeps who they are."""

from __future__ import annotations

import hashlib

import pytest

from previs.audit.models import AuditEntry
from previs.generation import store
from previs.script import services
from previs.script.models import Character, Revision, Scene
from previs.script.plan import Change
from previs.script.reading import NotAScreenplay

pytestmark = pytest.mark.django_db

KITCHEN = "INT. FARMHOUSE KITCHEN - MORNING\n\nMara lights the stove. The wood is wet and it takes three matches.\n\nMARA\nIt will snow.\n"
ROAD = "EXT. ORCHARD ROAD - NIGHT\n\nA truck without lights rolls past the trees.\n\nELIAS\nGet down.\n\nMARA (V.O.)\nI was down already.\n"
CANNERY = "INT. CANNERY - NIGHT\n\nThe belt runs with nobody on it. Jars come out of the dark.\n\nFOREMAN\nYou count them twice.\n"
CHAPEL = "INT. CHAPEL - DAWN\n\nCandles, most of them out. Wren sleeps on the first bench.\n"
DRAFT = f"Title: The Salt Road\n\n{KITCHEN}\n{ROAD}\n{CANNERY}\n"


def imported(production, by, text, name="salt-road.fountain"):
    raw = text if isinstance(text, bytes) else text.encode()
    return services.confirm(services.upload(production, raw=raw, name=name, by=by), by=by)


def numbers(production, **filters):
    return list(production.scenes.filter(**filters).values_list("number", flat=True))


def test_nothing_of_the_production_changes_before_the_draft_is_confirmed(production, owner):
    revision = services.upload(production, raw=DRAFT.encode(), name="salt-road.fountain", by=owner)
    preview = services.preview(revision)
    assert [planned.change for planned in preview.plan.scenes] == [Change.NEW] * 3
    assert preview.plan.new_cast == ["MARA", "ELIAS", "FOREMAN"]
    assert preview.is_first
    assert revision.confirmed_at is None
    assert not Scene.objects.exists() and not Character.objects.exists()


def test_confirming_makes_scenes_with_their_parts_and_the_cast_in_order_of_appearance(production, owner):
    revision = imported(production, owner, DRAFT)
    kitchen, road, cannery = production.scenes.all()
    assert (revision.number, revision.title) == (1, "The Salt Road")
    assert (kitchen.number, kitchen.kind, kitchen.setting, kitchen.time_of_day) == (
        "1",
        "INT",
        "FARMHOUSE KITCHEN",
        "MORNING",
    )
    assert (road.number, road.kind, road.ordinal) == ("2", "EXT", 2)
    assert cannery.set_key == "cannery" and cannery.eighths >= 1
    assert [(c.number, c.name) for c in production.characters.all()] == [
        (1, "MARA"),
        (2, "ELIAS"),
        (3, "FOREMAN"),
    ]
    assert set(road.cast.values_list("name", flat=True)) == {"ELIAS", "MARA"}
    assert DRAFT[cannery.start : cannery.end] == cannery.text


@pytest.mark.parametrize(
    "raw",
    [
        DRAFT.encode(),
        DRAFT.replace("\n", "\r\n").encode("utf-8-sig"),
        DRAFT.encode("utf-16"),
        DRAFT.replace("Mara lights", "Élodie, « fatiguée », lights").encode("cp1252"),
    ],
    ids=["UTF-8", "BOM and CRLF", "UTF-16", "Windows-1252"],
)
def test_the_source_comes_back_byte_for_byte_whatever_its_encoding(production, owner, raw):
    revision = imported(production, owner, raw)
    assert services.source_of(revision) == raw
    assert revision.sha256 == hashlib.sha256(raw).hexdigest()
    assert numbers(production) == ["1", "2", "3"]


def test_a_windows_file_is_read_with_its_accents_and_a_warning_that_names_the_line(production, owner):
    french = "INT. CAFÉ - NUIT\n\nÉlodie attend « encore » à l’entrée.\n\nÉLODIE\nÇa va neiger.\n".encode(
        "cp1252"
    )
    revision = services.upload(production, raw=french, name="neige.txt", by=owner)
    preview = services.preview(revision)
    assert preview.encoding == "cp1252"
    assert (preview.warnings[0].line, "Windows-1252" in preview.warnings[0].message) == (1, True)
    services.confirm(revision, by=owner)
    scene = production.scenes.get()
    assert (scene.heading, scene.time_of_day) == ("INT. CAFÉ - NUIT", "NIGHT")
    assert scene.cast.get().name == "ÉLODIE"


def test_a_scene_keeps_its_identity_when_it_is_rewritten_moved_and_given_another_heading(production, owner):
    imported(production, owner, DRAFT)
    kitchen, road, cannery = production.scenes.all()
    second = (
        CANNERY.replace("Jars come out", "Jars and lids come out")
        + "\n"
        + ROAD.replace("ORCHARD ROAD", "NORTH ROAD")
        + "\n"
        + KITCHEN
    )
    imported(production, owner, second)
    assert [scene.pk for scene in production.scenes.all()] == [cannery.pk, road.pk, kitchen.pk]
    road.refresh_from_db()
    assert (road.heading, road.number, road.ordinal) == ("EXT. NORTH ROAD - NIGHT", "2", 2)


def test_a_scene_that_left_the_script_stays_as_omitted_with_its_number_and_its_place(production, owner):
    imported(production, owner, DRAFT)
    road = production.scenes.get(number="2")
    imported(production, owner, f"{KITCHEN}\n{CANNERY}")
    road.refresh_from_db()
    assert road.omitted and road.number == "2"
    assert numbers(production) == ["1", "2", "3"]
    assert numbers(production, omitted=False) == ["1", "3"]


def test_an_omitted_scene_that_returns_is_the_same_scene(production, owner):
    imported(production, owner, DRAFT)
    road = production.scenes.get(number="2")
    imported(production, owner, f"{KITCHEN}\n{CANNERY}")
    revision = services.upload(production, raw=DRAFT.encode(), name="third.fountain", by=owner)
    assert services.preview(revision).plan.count(Change.RESTORED) == 1
    services.confirm(revision, by=owner)
    road.refresh_from_db()
    assert not road.omitted and production.scenes.count() == 3


def test_a_scene_put_between_two_others_gets_the_number_before_it_and_a_letter(production, owner):
    imported(production, owner, DRAFT)
    imported(production, owner, f"{KITCHEN}\n{ROAD}\n{CHAPEL}\n{CANNERY}")
    assert numbers(production) == ["1", "2", "2A", "3"]
    assert production.scenes.get(number="2A").heading == "INT. CHAPEL - DAWN"
    imported(
        production,
        owner,
        f"{KITCHEN}\n{ROAD}\n{CHAPEL}\nEXT. MILL - DAY\n\nWater over the wheel.\n\n{CANNERY}",
    )
    assert numbers(production) == ["1", "2", "2A", "2B", "3"]


def test_a_number_given_twice_becomes_a_letter_and_the_preview_says_so(production, owner):
    text = (
        KITCHEN.replace("MORNING", "MORNING #12#")
        + "\n"
        + ROAD.replace("NIGHT\n", "NIGHT #12#\n", 1)
        + "\n"
        + CANNERY.replace("NIGHT\n", "NIGHT #12#\n", 1)
    )
    revision = services.upload(production, raw=text.encode(), name="twelves.fountain", by=owner)
    warnings = [
        warning for warning in services.preview(revision).warnings if "becomes 12A" in warning.message
    ]
    assert [warning.line for warning in warnings] == [8]
    services.confirm(revision, by=owner)
    assert numbers(production) == ["12", "12A", "12B"]


def test_numbers_that_change_places_in_the_script_change_places_here(production, owner):
    def numbered(first, second):
        return (
            KITCHEN.replace("MORNING", f"MORNING #{first}#")
            + "\n"
            + ROAD.replace("NIGHT", f"NIGHT #{second}#", 1)
        )

    imported(production, owner, numbered("4", "5"))
    kitchen = production.scenes.get(number="4")
    imported(production, owner, numbered("5", "4"))
    kitchen.refresh_from_db()
    assert kitchen.number == "5" and "KITCHEN" in kitchen.heading
    assert numbers(production) == ["5", "4"]


def test_a_new_scene_cannot_take_the_number_of_an_omitted_one(production, owner):
    imported(
        production,
        owner,
        ROAD.replace("NIGHT", "NIGHT #7#", 1) + "\n" + KITCHEN.replace("MORNING", "MORNING #8#"),
    )
    imported(
        production,
        owner,
        CHAPEL.replace("DAWN", "DAWN #7#") + "\n" + KITCHEN.replace("MORNING", "MORNING #8#"),
    )
    assert production.scenes.get(number="7").omitted
    assert production.scenes.get(number="7A").heading == "INT. CHAPEL - DAWN"


def test_characters_keep_their_numbers_and_newcomers_count_on(production, owner):
    imported(production, owner, DRAFT)
    imported(production, owner, CHAPEL + "\nWREN\nIs it day?\n\n" + ROAD.replace("ELIAS", "Elias"))
    cast = {character.name: character.number for character in production.characters.all()}
    assert cast == {"MARA": 1, "ELIAS": 2, "FOREMAN": 3, "WREN": 4}


def test_what_others_registered_runs_in_the_same_transaction(production, owner, monkeypatch):
    seen = []
    monkeypatch.setattr(
        services, "_CALLBACKS", [lambda project, by: seen.append((project, by, project.scenes.count()))]
    )
    imported(production, owner, DRAFT)
    assert seen == [(production, owner, 3)]

    def refuse(project, by):
        raise RuntimeError("no sets today")

    services.on_import(refuse)
    with pytest.raises(RuntimeError):
        imported(production, owner, CHAPEL)
    assert production.scenes.count() == 3
    assert not production.scenes.filter(heading="INT. CHAPEL - DAWN").exists()
    assert Revision.objects.filter(confirmed_at__isnull=False).count() == 1


def test_confirming_twice_is_the_same_as_once(production, owner):
    revision = services.upload(production, raw=DRAFT.encode(), name="salt-road.fountain", by=owner)
    stale = Revision.objects.get(pk=revision.pk)
    services.confirm(revision, by=owner)
    assert services.confirm(stale, by=owner).number == 1
    assert AuditEntry.objects.filter(verb="import_script").count() == 1
    assert production.scenes.count() == 3


def test_everybody_with_the_production_open_is_told(
    production, owner, monkeypatch, django_capture_on_commit_callbacks
):
    from previs import events

    sent = []
    monkeypatch.setattr(services, "publish", lambda *what: sent.extend(what))
    imported(production, owner, DRAFT)
    assert sent == [events.ScriptChanged(str(production.pk))]


@pytest.mark.parametrize(
    ("raw", "name", "words"),
    [
        (b"%PDF-1.7 ...", "script.pdf", "PDF"),
        (b"", "empty.fountain", "empty"),
        (b"\x00\x01\x02" * 500, "noise.fountain", "not"),
        (b"{\\rtf1 hello}", "script.rtf", "RTF"),
        (b"a" * (10 * 1024 * 1024 + 1), "huge.fountain", "10"),
    ],
)
def test_a_file_that_is_no_script_is_refused_in_words_and_nothing_is_kept(
    production, owner, raw, name, words
):
    with pytest.raises(NotAScreenplay, match=words):
        services.upload(production, raw=raw, name=name, by=owner)
    assert not Revision.objects.exists()
    assert not store.exists(hashlib.sha256(raw).hexdigest())


def test_a_lost_source_file_is_reported_in_words(production, owner):
    revision = imported(production, owner, DRAFT + "lost")
    from django.core.files.storage import default_storage

    default_storage.delete(store.path_of(revision.sha256))
    with pytest.raises(services.SourceLost, match="backup"):
        services.document_of(revision)


def test_an_import_writes_audit_entries_of_both_steps(production, owner):
    revision = imported(production, owner, DRAFT)
    entries = AuditEntry.objects.filter(object_id=str(revision.pk)).order_by("seq")
    assert [(entry.verb, entry.actor, entry.project_id) for entry in entries] == [
        ("upload_script", owner, production.pk),
        ("import_script", owner, production.pk),
    ]
    assert entries[1].payload.body["scenes"] == 3


def test_a_script_of_120_scenes_is_imported_with_few_queries(
    production, owner, django_assert_max_num_queries
):
    def long_script(word):
        return "\n".join(
            f"INT. ROOM {place} - DAY\n\nSomebody {word} the lamp number {place} and sits down again.\n\nMARA\nNow.\n"
            for place in range(120)
        )

    imported(production, owner, long_script("lights"))
    draft = services.upload(production, raw=long_script("blows out").encode(), name="b.fountain", by=owner)
    with django_assert_max_num_queries(30):
        services.confirm(draft, by=owner)
    assert production.scenes.count() == 120
