"""The script page, the import form, the preview and the source file, as a browser gets them."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from previs.generation import store
from previs.script import services
from previs.script.sheet import Dual, Line, sheet

pytestmark = pytest.mark.django_db

DRAFT = b"""Title: The Mill

INT. MILL - DAY #1#

Water over the wheel. *Nobody* speaks.

WREN (O.S.)
(quietly)
It turns.

> CUT TO:

EXT. WEIR - NIGHT #2#

WREN
Now!

ELIAS ^
Never!

INT. MILL - NIGHT #3#

The wheel stands.
"""


def page(response):
    return response.content.decode()


@pytest.fixture
def imported(production, owner):
    return services.confirm(services.upload(production, raw=DRAFT, name="mill.fountain", by=owner), by=owner)


def post_file(client, production, raw, name="mill.fountain"):
    return client.post(
        reverse("script_import", args=[production.slug]), {"file": SimpleUploadedFile(name, raw)}
    )


def test_a_file_goes_from_form_to_preview_to_scenes(client_for, director, production):
    client = client_for(director)
    response = post_file(client, production, DRAFT)
    preview = client.get(response["Location"])
    text = page(preview)
    assert "INT. MILL - DAY" in text and "EXT. WEIR - NIGHT" in text and "all new" in text
    assert "Elias" in text and "Wren" in text
    assert not production.scenes.exists()
    draft = production.revisions.get()
    confirmed = client.post(reverse("script_confirm", args=[production.slug, draft.pk]))
    assert confirmed["Location"] == reverse("script", args=[production.slug])
    assert list(production.scenes.values_list("number", flat=True)) == ["1", "2", "3"]
    # A second look at a confirmed draft leads to the script, and not into importing it again.
    assert client.get(response["Location"])["Location"] == reverse("script", args=[production.slug])


def test_the_preview_of_a_second_draft_says_what_happens_to_every_scene(
    client_for, owner, production, imported
):
    second = DRAFT.replace(b"Water over", b"Ice over").replace(
        b"EXT. WEIR - NIGHT #2#\n\nWREN\nNow!\n\nELIAS ^\nNever!\n",
        b"EXT. BRIDGE - DAY #5#\n\nCrows, and nobody else.\n",
    )
    response = post_file(client_for(owner), production, second, "second.fountain")
    text = page(client_for(owner).get(response["Location"]))
    assert "1 new, 1 unchanged, 1 changed, 1 omitted" in text
    assert "number and boards stay" in text


def test_warnings_stand_with_their_line(client_for, owner, production):
    response = post_file(client_for(owner), production, DRAFT.replace(b"#2#", b"#1#"))
    text = page(client_for(owner).get(response["Location"]))
    assert "Line 13" in text and "becomes 1A" in text


@pytest.mark.parametrize(
    ("raw", "name", "words"),
    [
        (b"%PDF-1.4 and more", "script.pdf", "PDF"),
        (b"", "empty.fountain", "empty"),
        (b"<html><body>hello</body></html>", "page.html", "web page"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "frame.png", "PNG"),
        (b"a" * (10 * 1024 * 1024 + 1), "huge.fountain", "at most 10 MB"),
    ],
)
def test_a_file_that_is_no_script_is_refused_in_words_on_the_form(
    client_for, owner, production, raw, name, words
):
    response = post_file(client_for(owner), production, raw, name)
    assert response.status_code == 422
    assert words in page(response) and 'type="file"' in page(response)
    assert not production.revisions.exists()


def test_sending_the_form_without_a_file_says_so(client_for, owner, production):
    response = client_for(owner).post(reverse("script_import", args=[production.slug]), {})
    assert response.status_code == 422
    assert "Choose the file of the screenplay first" in page(response)


def test_the_source_downloads_byte_for_byte_and_never_as_a_page(client_for, viewer, production, owner):
    raw = DRAFT.replace(b"\n", b"\r\n") + "Café".encode("cp1252")
    draft = services.upload(production, raw=raw, name='we "ir".html', by=owner)
    response = client_for(viewer).get(reverse("script_source", args=[production.slug, draft.pk]))
    assert response.content == raw
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_lost_source_is_told_in_words_on_every_page_that_needs_it(client_for, owner, production, imported):
    draft = services.upload(production, raw=DRAFT + b"more", name="b.fountain", by=owner)
    for revision in (imported, draft):
        default_storage.delete(store.path_of(revision.sha256))
    client = client_for(owner)
    assert "missing from the store" in page(client.get(reverse("script", args=[production.slug])))
    for name, revision in (("script_preview", draft), ("script_source", imported)):
        response = client.get(reverse(name, args=[production.slug, revision.pk]))
        assert response.status_code == 410 and "missing from the store" in page(response)
    response = client.post(reverse("script_confirm", args=[production.slug, draft.pk]))
    assert response.status_code == 410
    draft.refresh_from_db()
    assert draft.confirmed_at is None
    # The store is shared by the tests of this run; the same bytes must be there for the next one.
    store.put(DRAFT)


def test_the_sheet_carries_numbers_in_both_margins_and_speeches_side_by_side(production, imported):
    lines = sheet(services.document_of(imported), list(production.scenes.all()), revision_id=imported.pk)
    assert [line.scene.number for line in lines if isinstance(line, Line) and line.scene] == ["1", "2", "3"]
    dual = next(line for line in lines if isinstance(line, Dual))
    assert [part.text for part in dual.left] == ["WREN", "Now!"]
    assert [part.text for part in dual.right] == ["ELIAS", "Never!"]
    styles = [line.style for line in lines if isinstance(line, Line)]
    assert styles[:6] == ["slug", "act", "cue", "paren", "dia", "trans"]
    assert lines[1].text == "Water over the wheel. Nobody speaks."


def test_an_omitted_scene_stays_on_the_sheet_as_a_line_in_its_place(client_for, owner, production, imported):
    second = DRAFT[: DRAFT.index(b"EXT.")] + DRAFT[DRAFT.index(b"INT. MILL - NIGHT") :]
    revision = services.confirm(
        services.upload(production, raw=second, name="b.fountain", by=owner), by=owner
    )
    lines = sheet(services.document_of(revision), list(production.scenes.all()), revision_id=revision.pk)
    slugs = [(line.scene.number, line.text) for line in lines if isinstance(line, Line) and line.scene]
    assert slugs == [("1", "INT. MILL - DAY"), ("2", "OMITTED"), ("3", "INT. MILL - NIGHT")]
    assert 'class="slug omit"' in page(client_for(owner).get(reverse("script", args=[production.slug])))


def test_the_right_column_shows_the_chosen_scene(client_for, viewer, production, imported):
    address = reverse("script", args=[production.slug])
    client = client_for(viewer)
    assert "Weir, night" in page(client.get(f"{address}?scene=2"))
    facts = page(client.get(reverse("scene_facts", args=[production.slug, "2"])))
    assert facts.lstrip().startswith("<aside") and "Exterior" in facts and "Wren" in facts
    assert reverse("scene", args=[production.slug, "2"]) in facts


def test_a_production_without_a_script_offers_the_import_to_those_who_may(
    client_for, owner, viewer, production
):
    address = reverse("script", args=[production.slug])
    assert "Import a screenplay" in page(client_for(owner).get(address))
    text = page(client_for(viewer).get(address))
    assert "There is no script yet" in text and "Import a screenplay" not in text


def test_the_way_into_a_production_is_its_first_scene_once_there_is_one(
    client_for, owner, viewer, production
):
    address = reverse("project", args=[production.slug])
    assert client_for(owner).get(address)["Location"] == reverse("script_import", args=[production.slug])
    assert client_for(viewer).get(address)["Location"] == reverse("script", args=[production.slug])
    services.confirm(services.upload(production, raw=DRAFT, name="mill.fountain", by=owner), by=owner)
    assert client_for(viewer).get(address)["Location"] == reverse("scene", args=[production.slug, "1"])


def test_words_of_a_script_are_shown_as_text_and_never_as_markup(client_for, owner, production):
    raw = b"INT. MILL - DAY\n\n<script>alert(1)</script> and <b>bold</b>\n\n<I>WREN</I>\nNo.\n"
    services.confirm(services.upload(production, raw=raw, name="<b>.fountain", by=owner), by=owner)
    text = page(client_for(owner).get(reverse("script", args=[production.slug])))
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_ninety_scenes_cost_as_many_queries_as_three(client_for, owner, production, imported):
    client, address = client_for(owner), reverse("script", args=[production.slug])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    more = b"\n".join(b"INT. ROOM %d - DAY\n\nWREN\nHere.\n" % number for number in range(90))
    services.confirm(services.upload(production, raw=more, name="long.fountain", by=owner), by=owner)
    with CaptureQueriesContext(connection) as many:
        assert "INT. ROOM 89 - DAY" in page(client.get(address))
    assert len(many) == len(few)
