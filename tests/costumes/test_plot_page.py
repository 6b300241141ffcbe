"""The plot as a page: what it shows, what it answers to, whom it refuses, and what it costs."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from costumes import plotting
from costumes.services import dress
from tests.costumes.conftest import FILM

pytestmark = pytest.mark.django_db


def cells(html: str) -> list[str]:
    return re.findall(r'<td class="b-[^"]*"[^>]*aria-label="([^"]*)"', html)


@pytest.fixture
def ask(film, client_for):
    """ask(person, name, **words): post to one of Mara's addresses as htmx does."""

    def send(person, name, **words):
        url = reverse(name, args=[film.slug, film.mara.pk])
        return client_for(person).post(url, words, headers={"HX-Request": "true"})

    return send


def test_the_page_reads_every_cell_out_under_its_story_day(film, costume_designer, client_for):
    dress(
        film.mara.changes.get(),
        garments="rust coat, scarf",
        scenes=film.keys("1", "2", "3"),
        by=costume_designer,
    )
    html = client_for(costume_designer).get(reverse("costumes", args=[film.slug])).text
    assert '<th scope="colgroup" colspan="2"><span><b>D1</b> Day 1</span></th>' in html
    assert cells(html)[:4] == [
        "Mara, scene 1, change 1 rust coat, draft",
        "Mara, scene 2, change 1 rust coat, draft, worn on from the scene before",
        "Mara, scene 3, change 1 rust coat, draft, worn on from the scene before",
        "Mara, scene 4, no change set",
    ]
    assert '<span data-count=".plot .b-gap">4</span> gaps' in html


def test_neighbouring_scenes_of_one_change_are_one_bar(film, owner, client_for):
    html = client_for(owner).get(reverse("plot_row", args=[film.slug, film.mara.pk])).text
    assert re.findall(r'<td class="(b-[^"]*)"', html) == [
        "b-draft first w3", "b-draft on", "b-draft last on", "b-gap first w3", "b-gap", "b-gap last",
    ]  # fmt: skip
    assert html.count("bar2") == 2


def test_a_number_pressed_on_a_cell_answers_with_the_row_as_it_is_now(film, costume_designer, ask):
    answer = ask(costume_designer, "wear_change", scenes=film.keys("4"), number="2")
    assert answer.status_code == 200
    assert cells(answer.text)[3] == "Mara, scene 4, change 2, draft"


def test_a_row_is_answered_in_the_order_that_the_page_shows(film, costume_designer, ask):
    plotting.set_shooting_order(film.production, numbers=["4"], by=costume_designer)
    answer = ask(costume_designer, "wear_change", scenes=film.keys("4"), number="2", order="shooting")
    assert cells(answer.text)[0].startswith("Mara, scene 4, change 2")


@pytest.mark.parametrize(
    ("name", "words", "fault"),
    [
        ("wear_change", {"number": "1"}, "Choose a scene first."),
        ("wear_change", {"scenes": "4", "number": "9"}, "The next new one is number 2."),
        ("wear_change", {"scenes": "4", "number": "x"}, "a number from 1, or 0 for none"),
        ("wear_change", {"scenes": "7", "number": "1"}, "does not play in this scene"),
        ("leave_to_inherit", {"scenes": "2"}, "worn on from an earlier scene"),
        ("insert_change", {"scenes": "4", "number": "7"}, "can be number 1 to 2"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_the_plot_stays(
    film, row, costume_designer, ask, name, words, fault
):
    if "scenes" in words:
        words = words | {"scenes": film.keys(words["scenes"])}
    before = row(film.mara)
    answer = ask(costume_designer, name, **words)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (422, "none")
    assert fault in answer.text and fault in answer.headers["HX-Trigger"]
    assert row(film.mara) == before


def test_scenes_of_another_production_do_not_count(film, owner, costume_designer, ask):
    from previs.projects.services import start_project
    from previs.script import services as script

    other = start_project(title="Elsewhere", by=owner)
    script.confirm(script.upload(other, raw=FILM.encode(), name="f.fountain", by=owner), by=owner)
    answer = ask(costume_designer, "wear_change", scenes=[other.scenes.first().pk], number="1")
    assert answer.status_code == 422 and "not in this production" in answer.text


def test_a_viewer_sees_the_plot_and_changes_nothing(film, viewer, client_for, ask):
    page = client_for(viewer).get(reverse("costumes", args=[film.slug]))
    assert page.status_code == 200 and "Set change" not in page.text
    assert ask(viewer, "wear_change", scenes=film.keys("4"), number="1").status_code == 403
    beside = client_for(viewer).get(reverse("plot_cell", args=[film.slug, film.mara.pk]), {"scene": "4"})
    assert "no change set" in beside.text and "<form" not in beside.text


def test_the_cell_beside_the_plot_says_what_is_worn_and_which_frames_show_it(
    film, owner, costume_designer, client_for
):
    from previs.generation.runner import run_available
    from previs.generation.services import Brief, generate
    from previs.generation.sheets import pick
    from previs.storyboard.models import Panel
    from previs.storyboard.recipe import compile_panel

    change = film.mara.changes.get()
    dress(change, garments="rust coat", scenes=film.keys("1", "2", "3"), by=owner)
    panel = Panel.objects.filter(shot__scene=film.scene("1")).select_related("sheet", "shot__scene").get()
    panel.brief = "Mara waits."
    panel.save()
    compiled = compile_panel(panel)
    (job,) = generate(
        panel.sheet, Brief(prompt=compiled.prompt, takes=1, seed=7, sources=compiled.sources), by=owner
    )
    run_available(worker="here")
    job.refresh_from_db()
    pick(panel.sheet, job.frame, by=owner)
    address = reverse("plot_cell", args=[film.slug, film.mara.pk])
    html = client_for(costume_designer).get(address, {"scene": "2"}).text
    assert "Mara, change 1" in html and "Day 1. It is worn on from scene 1." in html
    assert job.frame.thumb_url in html and '<span class="t3 f11">1</span>' in html
    dress(change, garments="green coat", scenes=film.keys("1", "2", "3"), by=owner)
    assert "1, of which 1 stale" in client_for(costume_designer).get(address, {"scene": "2"}).text


def test_the_plot_finds_a_change_by_a_number_it_had(film, costume_designer, client_for):
    plotting.insert_change(film.mara, number=1, by=costume_designer)
    html = client_for(costume_designer).get(reverse("costumes", args=[film.slug]), {"q": "mara 1"}).text
    assert "2 changes for “mara 1”" in html and "was 1" in html


def test_a_plot_costs_the_same_queries_for_one_character_as_for_many(film, owner, client_for):
    from previs.script.models import Character

    client = client_for(owner)
    address = reverse("costumes", args=[film.slug])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    for number in range(3, 15):
        character = Character.objects.create(project=film.production, name=f"GUEST {number}", number=number)
        for scene in film.production.scenes.all():
            scene.cast.add(character)
        plotting.wear_number(character, scenes=film.keys("1", "4", "7"), number=1, by=owner)
    with CaptureQueriesContext(connection) as many:
        assert "Guest 14" in client.get(address).text
    assert len(many) == len(few)


def test_a_change_without_a_picture_shows_its_most_telling_garment(film, owner, costume_designer, client_for):
    from costumes import closet
    from previs.demo.garment_photos import Flat, garment_photo

    def hang(name, category, pattern):
        photo = garment_photo(Flat(pattern, (96, 52, 40)))
        return closet.keep_garment(
            film.production,
            by=owner,
            name=name,
            category=category,
            picture=photo,
            rights="own",
            statement="Drawn.",
        )

    boots, coat = hang("Boots", "shoes", "boots"), hang("Coat", "coat", "coat")
    for garment in (boots, coat):
        closet.put_on(film.mara.changes.get(), garment, by=costume_designer)
    html = client_for(owner).get(reverse("plot_row", args=[film.slug, film.mara.pk])).text
    assert reverse("garment_file", args=[film.slug, coat.pk, "thumb"]) in html
    assert str(boots.pk) not in html


class TestAWithdrawnLook:
    @pytest.fixture
    def withdrawn(self, film, owner):
        """Mara's change 1 with a coat from the closet, and a pick in review that was withdrawn."""
        from costumes import closet
        from previs.demo.garment_photos import Flat, garment_photo
        from previs.generation.models import Frame, FrameState
        from previs.generation.runner import run_available
        from previs.generation.services import Brief, generate
        from previs.generation.sheets import pick

        change = film.mara.changes.get()
        photo = garment_photo(Flat("coat", (96, 52, 40)))
        words = {"name": "Coat", "category": "coat", "picture": photo, "rights": "own", "statement": "Drawn."}
        coat = closet.keep_garment(film.production, by=owner, **words)
        closet.put_on(change, coat, by=owner)
        (job,) = generate(change.sheet, Brief(prompt="A coat", takes=1, seed=7), by=owner)
        run_available(worker="here")
        job.refresh_from_db()
        pick(change.sheet, job.frame, by=owner)
        Frame.objects.filter(pk=job.frame.pk).update(state=FrameState.WITHDRAWN, held_for="revoked")
        return reverse("garment_file", args=[film.slug, coat.pk, "thumb"])

    def test_its_cell_asks_for_a_new_one_and_shows_the_garment(self, film, withdrawn, owner, client_for):
        html = client_for(owner).get(reverse("costumes", args=[film.slug])).text
        assert cells(html)[0].endswith("needs a new look")
        assert withdrawn in html and "withdrawn.svg" not in html
        assert "Needs a new look" in html.partition('class="plot-leg"')[2], "the legend names it"

    def test_it_is_no_look_beside_the_plot(self, film, withdrawn, owner, client_for):
        address = reverse("plot_cell", args=[film.slug, film.mara.pk])
        html = client_for(owner).get(address, {"scene": "1"}).text
        assert "Needs a new look" in html and "withdrawn.svg" not in html and "In review" not in html

    def test_it_is_no_look_on_paper(self, film, withdrawn, owner, client_for):
        import pypdfium2

        pdf = client_for(owner).get(reverse("plot_pdf", args=[film.slug])).content
        words = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        assert "Needs a new look" in words and "In review" not in words


class TestUndo:
    def undo(self, answer, person, client_for):
        address = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
        return client_for(person).post(address, headers={"HX-Request": "true"})

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("wear_change", {"scenes": "4", "number": "1"}),
            ("wear_change", {"scenes": "4", "number": "2"}),
            ("wear_change", {"scenes": "2", "number": "0"}),
            ("leave_to_inherit", {"scenes": "1"}),
            ("insert_change", {"scenes": "1"}),
            ("insert_change", {"scenes": "2", "number": "1"}),
        ],
    )
    def test_the_row_is_as_it_was_before(self, film, row, costume_designer, ask, client_for, name, words):
        from costumes.undoing import row_of

        before, seen = row_of(film.mara), row(film.mara)
        answer = ask(costume_designer, name, **words | {"scenes": film.keys(words["scenes"])})
        assert row_of(film.mara) != before
        taken = self.undo(answer, costume_designer, client_for)
        assert (taken.status_code, taken.headers["HX-Reswap"]) == (200, "outerHTML")
        assert (row_of(film.mara), row(film.mara)) == (before, seen)

    def test_several_steps_are_taken_back_from_the_last(self, film, row, costume_designer, ask, client_for):
        first = ask(costume_designer, "wear_change", scenes=film.keys("4"), number="1")
        second = ask(costume_designer, "insert_change", scenes=film.keys("4"))
        for answer, seen in ((second, "1 1> 1> 1 - 1> ."), (first, "1 1> 1> - - - .")):
            assert self.undo(answer, costume_designer, client_for).status_code == 200
            assert row(film.mara) == seen

    def test_it_is_refused_in_words_once_somebody_else_changed_the_row(
        self, film, row, owner, costume_designer, ask, client_for
    ):
        answer = ask(costume_designer, "wear_change", scenes=film.keys("4"), number="1")
        plotting.wear(film.mara, scenes=film.keys("5"), change=film.mara.changes.get(), by=owner)
        refused = self.undo(answer, costume_designer, client_for)
        assert refused.status_code == 422 and "was changed since" in refused.text
        assert row(film.mara) == "1 1> 1> 1 1 1> ."

    def test_a_new_change_that_was_worked_on_stays(self, film, owner, costume_designer, ask, client_for):
        answer = ask(costume_designer, "insert_change", scenes=film.keys("4"))
        dress(film.mara.changes.get(number=2), garments="coat", scenes=film.keys("4", "6"), by=owner)
        refused = self.undo(answer, costume_designer, client_for)
        assert refused.status_code == 422 and "worked on since" in refused.text
        assert film.mara.changes.count() == 2

    def test_nobody_takes_back_what_another_said(self, film, row, owner, costume_designer, ask, client_for):
        answer = ask(costume_designer, "wear_change", scenes=film.keys("4"), number="1")
        assert "nothing of yours" in self.undo(answer, owner, client_for).text
        assert row(film.mara) == "1 1> 1> 1 - 1> ."


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("2", "change 1 now. It is worn on from scene 1."),
        (
            "4",
            "Mara is without a change now. Day 2 begins here for Mara, and a new story day takes nothing over.",
        ),
        ("6", "Mara is without a change now. Nothing is set earlier on Day 2."),
    ],
)
def test_what_is_taken_off_says_what_shows_now_and_why(film, costume_designer, ask, client_for, scene, words):
    ask(costume_designer, "wear_change", scenes=film.keys(scene), number="2")
    answer = ask(costume_designer, "leave_to_inherit", scenes=film.keys(scene))
    assert words in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    address = reverse("plot_cell", args=[film.slug, film.mara.pk])
    beside = client_for(costume_designer).get(address, {"scene": scene}).text
    assert words.partition("now. ")[2] in beside


def test_the_list_of_keys_names_those_of_the_plot_that_the_reader_may_use(
    film, viewer, costume_designer, client_for
):
    def listed(person):
        html = client_for(person).get(reverse("costumes", args=[film.slug])).text
        return re.findall(r"<dt>([^<]*)</dt>", html.partition("data-keys-more")[2])

    assert listed(costume_designer) == ["1–9", "0", "Shift ←→", "I", "Del", "Ctrl Z", "Home End"]
    assert listed(viewer) == ["Home End"]


def test_the_search_offers_a_character_and_a_garment_of_this_production(film, owner, client_for):
    address = reverse("costumes", args=[film.slug])
    assert 'placeholder="Find: name, number or garment"' in client_for(owner).get(address).text
    dress(film.elias.changes.get(), garments="grey oilskin", scenes=film.keys("2"), by=owner)
    assert 'placeholder="Find: elias 1, oilskin"' in client_for(owner).get(address).text


def test_a_bar_too_narrow_for_words_says_them_under_the_pointer(film, owner, client_for):
    html = client_for(owner).get(reverse("plot_row", args=[film.slug, film.elias.pk])).text
    assert 'aria-label="Elias, scene 2, change 1, draft" title="change 1, draft"' in html
