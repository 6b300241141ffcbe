"""The record of a set, its dressing, its references and its palette."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from previs.generation import palette
from sets import dressing, references
from sets.models import Reference
from sets.places import scenes_of
from sets.recipe import compile_set
from sets.services import SetError, describe, revise
from tests.sets.conftest import crew_answers, picture_bytes

pytestmark = pytest.mark.django_db
RIGHTS = {"title": "The line", "source": "", "rights": "own", "statement": "My own photograph."}


# --- the record ------------------------------------------------------------------------------------


def test_the_record_keeps_what_a_form_leaves_out(place, client_for, director):
    url = f"/p/{place.project.slug}/sets/{place.pk}/describe/"
    browser = client_for(director)
    browser.post(
        url, {"description": "Wet concrete.", "side": "exterior", "build": "stage", "notes": "Key 4."}
    )
    browser.post(url, {"description": "Dry concrete."})
    place.refresh_from_db()
    assert (place.description, place.interior, place.build, place.notes) == (
        "Dry concrete.",
        False,
        "stage",
        "Key 4.",
    )


def test_a_record_that_is_refused_keeps_what_was_typed(place, client_for, director):
    url = f"/p/{place.project.slug}/sets/{place.pk}/describe/"
    answer = client_for(director).post(url, {"description": "x" * 1001, "notes": "Key 4."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1001 characters; the limit is 1000" in page
    assert "Key 4." in page
    place.refresh_from_db()
    assert place.notes == ""


def test_a_build_that_does_not_exist_is_refused(place, owner):
    with pytest.raises(SetError):
        revise(place, description="", notes="", interior=True, build="moon", by=owner)


def test_earlier_words_are_kept_once(place, owner):
    describe(place, description="Wet.", by=owner)
    describe(place, description="Wet.", by=owner)
    describe(place, description="Dry.", by=owner)
    assert list(place.wordings.values_list("description", flat=True)) == ["Wet.", ""]


@pytest.mark.parametrize(
    "tab", ["", "?tab=references", "?tab=dressing", "?tab=record", "?new=1", "?weather=snow"]
)
def test_every_part_of_the_page_opens_for_the_crew_and_for_nobody_else(place, people, client_for, tab):
    url = f"/p/{place.project.slug}/sets/{place.pk}/{tab}"
    assert crew_answers(client_for, people, lambda browser: browser.get(url)) == {
        "nobody": 302,
        "stranger": 404,
        "viewer": 200,
        "director": 200,
    }


@pytest.mark.parametrize(
    "path",
    [
        "describe/", "generate/", "merge/", "split/", "sides/", "apart/", "references/", "dressing/", "dressing/keep/",
        "variants/fill/", "variants/rows/", "variants/keep/", "remakes/ask/",
    ],
)  # fmt: skip
def test_only_editors_change_a_set(place, people, client_for, path):
    url = f"/p/{place.project.slug}/sets/{place.pk}/{path}"
    answers = crew_answers(client_for, people, lambda browser: browser.post(url))
    assert {name: answers[name] for name in ("nobody", "stranger", "viewer")} == {
        "nobody": 302,
        "stranger": 404,
        "viewer": 403,
    }
    assert answers["director"] in (200, 302, 422)


# --- dressing --------------------------------------------------------------------------------------


def test_the_dressing_list_is_what_the_action_names_and_not_what_people_say(place, add_scene):
    add_scene("13", "INT. CANNERY - DAY", "Two belts run. A jar breaks on the belt.\n\nMARA\nMind the piano.")
    things = dressing.dressing_of(place, scenes_of(place))
    names = [thing.name for thing in things]
    assert set(names) >= {"jar", "belt"}
    assert "piano" not in names
    jar = next(thing for thing in things if thing.name == "jar")
    assert [scene.number for scene in jar.scenes] == ["12", "13"]


def test_what_is_taken_off_the_list_stays_off_and_can_be_put_back(place, owner):
    dressing.keep_thing(place, name="jar", kept=False, by=owner)
    assert "jar" not in dressing.kept_names(place, scenes_of(place))
    assert "jar" in [thing.name for thing in dressing.dressing_of(place, scenes_of(place))]
    dressing.keep_thing(place, name="jar", kept=True, by=owner)
    assert "jar" in dressing.kept_names(place, scenes_of(place))


def test_what_is_added_by_hand_leads_the_prompt_of_a_concept(place, owner):
    dressing.add_thing(place, name="  Copper   vats. ", by=owner)
    assert dressing.kept_names(place, scenes_of(place))[0] == "Copper vats"
    assert "With Copper vats" in compile_set(place).prompt


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_thing_needs_a_name_that_fits(place, owner, name):
    with pytest.raises(SetError):
        dressing.add_thing(place, name=name, by=owner)
    assert not place.dressing.exists()


# --- references ------------------------------------------------------------------------------------


def test_a_reference_is_kept_without_what_its_file_says_about_the_place(place, owner):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera"
    data = picture_bytes("JPEG", (600, 400), exif=exif)
    reference = references.add_reference(place, data=data, by=owner, **RIGHTS)
    from previs.generation import store

    for address in (reference.sha256, reference.thumb_sha256):
        kept = Image.open(io.BytesIO(store.read(address)))
        assert not kept.getexif()
        assert kept.height > kept.width, "the picture lost its turn"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_of_picture_come_in(place, owner, kind):
    assert references.add_reference(place, data=picture_bytes(kind), by=owner, **RIGHTS).sha256


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"not a picture", "no JPEG"),
        (picture_bytes("GIF"), "no JPEG"),
        (picture_bytes("PNG")[:200], "no JPEG|cut short"),
        (picture_bytes("PNG", (9000, 7000)), "63|9000"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_and_nothing_is_kept(place, owner, data, words):
    with pytest.raises(SetError, match=words):
        references.add_reference(place, data=data, by=owner, **RIGHTS)
    assert not Reference.objects.exists()


def test_a_file_above_the_limit_is_refused_before_it_is_opened(place, owner):
    with pytest.raises(SetError, match=r"21 MB.*Nothing was stored"):
        references.add_reference(place, data=b"\0" * (21 * 1024 * 1024), by=owner, **RIGHTS)


@pytest.mark.parametrize(("faces", "shown"), [(0, True), (1, False), (None, False)])
def test_a_reference_with_a_face_that_is_nobodys_waits_until_somebody_says_who_it_is(
    place, owner, viewer, client_for, monkeypatch, faces, shown
):
    from previs.generation import intake

    monkeypatch.setattr(intake, "faces_on", lambda picture: faces)
    reference = references.add_reference(place, data=picture_bytes(), by=owner, **RIGHTS)
    page = client_for(owner).get(f"{place.get_absolute_url()}?tab=references").text
    assert ("In quarantine" not in page) == shown
    url = f"/p/{place.project.slug}/sets/{place.pk}/references/{reference.pk}/thumb/"
    assert client_for(viewer).get(url).status_code == (200 if shown else 403)


def test_without_a_rights_statement_a_reference_is_refused_and_the_form_keeps_its_words(
    place, client_for, director
):
    url = f"/p/{place.project.slug}/sets/{place.pk}/references/"
    file = SimpleUploadedFile("line.jpg", picture_bytes())
    answer = client_for(director).post(url, {**RIGHTS, "statement": " ", "file": file})
    assert answer.status_code == 422
    assert "On what ground" in answer.content.decode() or "on what ground" in answer.content.decode()
    assert "The line" in answer.content.decode()
    assert not Reference.objects.exists()


def test_a_reference_is_served_to_the_crew_and_to_nobody_else(place, owner, people, client_for):
    reference = references.add_reference(place, data=picture_bytes(), by=owner, **RIGHTS)
    url = f"/p/{place.project.slug}/sets/{place.pk}/references/{reference.pk}/thumb/"
    assert crew_answers(client_for, people, lambda browser: browser.get(url)) == {
        "nobody": 302,
        "stranger": 404,
        "viewer": 200,
        "director": 200,
    }
    answer = client_for(owner).get(url)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert client_for(owner).get(url.replace("thumb", "other")).status_code == 404


def test_a_reference_goes_and_comes_through_the_page(place, client_for, director):
    base = f"/p/{place.project.slug}/sets/{place.pk}/"
    browser = client_for(director)
    browser.post(
        f"{base}references/", {**RIGHTS, "file": SimpleUploadedFile("line.png", picture_bytes("PNG"))}
    )
    reference = place.references.get()
    assert "My own photograph." in browser.get(f"{base}?tab=references").content.decode()
    browser.post(f"{base}references/{reference.pk}/remove/")
    assert not place.references.exists()


# --- palette ---------------------------------------------------------------------------------------


def known_picture() -> Image.Image:
    picture = Image.new("RGB", (300, 100), (54, 95, 160))
    picture.paste((125, 63, 48), (0, 0, 150, 100))
    picture.paste((233, 228, 216), (150, 0, 210, 100))
    return picture


def test_the_palette_of_a_known_picture_is_its_colours_and_their_shares():
    swatches = palette.measure(known_picture())
    assert [(swatch.hex, round(swatch.share, 2)) for swatch in swatches] == [
        ("#7d3f30", 0.5),
        ("#365fa0", 0.3),
        ("#e9e4d8", 0.2),
    ]
    assert [swatch.name for swatch in swatches][::2] == ["Brick", "Plaster"]


def test_a_palette_finds_a_small_strong_colour_among_many_greys():
    picture = Image.new("RGB", (100, 100))
    for row in range(100):
        picture.paste((40 + row, 40 + row, 40 + row), (0, row, 100, row + 1))
    picture.paste((180, 35, 28), (10, 10, 22, 22))
    swatches = palette.measure(picture)
    assert len(swatches) == palette.SWATCHES
    assert "Red" in [swatch.name for swatch in swatches]
    assert sum(swatch.share for swatch in swatches) == pytest.approx(1)
    assert len({swatch.name for swatch in swatches}) == len(swatches)


def test_oklab_goes_there_and_back():
    import numpy as np

    colours = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.2, 0.5, 0.9], [0.7, 0.1, 0.1]])
    assert np.allclose(palette.from_oklab(palette.to_oklab(colours)), colours, atol=1e-5)
    assert palette.to_oklab(colours)[1] == pytest.approx([1, 0, 0], abs=1e-4)


def test_the_page_shows_the_palette_of_the_pick(place, hero, client_for, viewer):
    from previs.generation import store

    expected = palette.measure(Image.open(io.BytesIO(store.read(hero.thumb_sha256))))
    page = client_for(viewer).get(f"/p/{place.project.slug}/sets/{place.pk}/").content.decode()
    assert f"Palette from hero v{hero.number}" in page
    for swatch in expected:
        assert f'fill="{swatch.hex}"' in page


def test_the_hour_of_a_scene_stands_apart_from_its_place_so_that_a_long_place_cannot_hide_it(
    place, director, client_for, add_scene
):
    add_scene("13", "INT. CANNERY - NIGHT - RAIN")
    page = client_for(director).get(place.get_absolute_url()).text
    assert "<span>INT. CANNERY</span><span> - NIGHT</span><span> - RAIN</span>" in page


def test_what_is_added_to_the_dressing_list_is_kept_as_it_was_typed_and_capitals_make_no_second_thing(
    place, director, client_for, add_scene
):
    add_scene("13", "INT. CANNERY - DAY", text="A vat steams.")
    for typed in ("Züm <B>Stern</B>", "zÜM <b>STERN</b>", "VAT"):
        dressing.add_thing(place, name=typed, by=director)
    page = client_for(director).get(place.get_absolute_url(), {"tab": "dressing"}).text
    assert "<b>Züm &lt;B&gt;Stern&lt;/B&gt;</b>" in page
    assert len(re.findall("stern&lt;", page, re.IGNORECASE)) == 3, "its name, and the form that takes it off"
    assert "<b>Vat</b>" in page and "VAT" not in page
    dressing.keep_thing(place, name="vat", kept=False, by=director)
    assert place.dressing.count() == 2 and "vat" not in dressing.kept_names(place, scenes_of(place))
