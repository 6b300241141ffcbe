"""What is worn flows into the storyboard prompts of its scenes, and frames made of something else say so."""

from __future__ import annotations

import pytest

from costumes import closet, plotting, stages
from costumes.models import Change, Garment, GarmentLayer
from costumes.outfits import garments_in_words, mid_sentence
from costumes.recipe import compile_change
from costumes.services import dress
from previs.generation.runner import run_available
from previs.generation.services import Brief, generate
from previs.generation.sheets import pick
from previs.generation.sources import stale_reasons
from previs.storyboard.models import Panel
from previs.storyboard.recipe import compile_panel

pytestmark = pytest.mark.django_db


def hang(project, name: str, category: str, *colours: str, by) -> Garment:
    """In the closet, with colours as they are measured."""
    garment = closet.keep_garment(project, name=name, category=category, by=by)
    garment.swatches = [{"hex": "#808080", "name": colour, "share": 0.5} for colour in colours]
    garment.save(update_fields=["swatches"])
    return garment


@pytest.fixture
def panel(film):
    """panel("3"): a panel of that scene with Mara in it."""

    def of(number: str) -> Panel:
        panel = Panel.objects.filter(shot__scene=film.scene(number)).select_related("sheet").first()
        panel.brief = "Mara waits."
        panel.save()
        return Panel.objects.select_related("sheet__project", "shot__scene").get(pk=panel.pk)

    return of


@pytest.fixture
def frame(panel, owner):
    """frame("3"): a frame made of the prompt that scene has now."""

    def of(number: str):
        one = panel(number)
        compiled = compile_panel(one)
        brief = Brief(prompt=compiled.prompt, takes=1, seed=7, sources=compiled.sources)
        (job,) = generate(one.sheet, brief, by=owner)
        run_available(worker="here")
        job.refresh_from_db()
        return job.frame

    return of


@pytest.fixture
def coat(film, costume_designer) -> Garment:
    return hang(film.production, "Wool coat", "coat", "Rust", "Umber", by=costume_designer)


def why(frame) -> str:
    return "; ".join(stale_reasons([frame]).get(frame.pk, []))


class TestTheWords:
    def layers(self, *garments: tuple[str, str]) -> list[GarmentLayer]:
        return [
            GarmentLayer(garment=Garment(name=name, swatches=[{"name": colour}] if colour else []))
            for name, colour in garments
        ]

    @pytest.mark.parametrize(
        ("words", "garments", "said"),
        [
            ("", [("Wool coat", "Rust"), ("Boots", "Umber")], "rust wool coat, umber boots"),
            ("Long coat, bare head.", [("Wool coat", "Rust")], "Long rust coat, bare head"),
            ("A camel coat", [("Coat", "Oak")], "A camel coat"),
            ("Coat over a navy jumper", [("Coat", "Rust"), ("Navy jumper", "Ink")], "rust Coat over a navy jumper"),
            ("Coat", [("Coat", "Rust"), ("Knitted scarf", "Mustard")], "rust Coat, mustard knitted scarf"),
            ("Coat", [("Leather boots", "Black")], "Coat, black leather boots"),
            ("wet boots", [("Boot", "")], "wet boots"),
            ("grey coat, felt hat", [("Felt hat", "Walnut")], "grey coat, walnut felt hat"),
        ],
    )  # fmt: skip
    def test_the_designers_words_take_measured_colours_and_what_they_leave_out_follows(
        self, words, garments, said
    ):
        assert garments_in_words(words, self.layers(*garments)) == said


class TestThePrompt:
    def test_garments_that_are_on_are_worn_in_every_scene_of_the_change_with_their_measured_colours(
        self, film, panel, coat, costume_designer
    ):
        closet.put_on(film.mara.changes.get(), coat, by=costume_designer)
        for number in ("1", "3"):
            assert "Mara wears rust wool coat." in compile_panel(panel(number)).prompt
        assert "coat" not in compile_panel(panel("4")).prompt

    def test_the_stage_that_holds_in_the_scene_is_said_and_on_record(
        self, film, panel, coat, costume_designer
    ):
        change = film.mara.changes.get()
        closet.put_on(change, coat, by=costume_designer)
        stages.set_stage(
            change, stage="wet", scene=film.scene("2").pk, note="hem soaked", by=costume_designer
        )
        assert "clothes are" not in compile_panel(panel("1")).prompt
        compiled = compile_panel(panel("3"))
        assert "Mara wears rust wool coat. Mara's clothes are wet: hem soaked." in compiled.prompt
        labels = {source.kind: source.label for source in compiled.sources}
        assert labels["worn"] == "Mara wears change 1 in scene 3, wet"
        assert labels["change"] == "Mara, change 1"

    def test_a_concept_is_compiled_of_the_same_garments_era_palette_and_stage(
        self, film, coat, costume_designer
    ):
        change = film.mara.changes.get()
        closet.put_on(change, coat, by=costume_designer)
        closet.set_era(film.production, era="1953, north coast", by=costume_designer)
        stages.set_stage(
            change, stage="torn", scene=film.scene("2").pk, note="left sleeve", by=costume_designer
        )
        prompt = compile_change(change, "torn").prompt
        assert "Mara wears rust wool coat. Period: 1953, north coast. Colours: rust, umber." in prompt
        assert prompt.endswith("The clothes are torn: left sleeve.")


class TestStale:
    def test_another_garment_on_makes_frames_of_its_scenes_stale(self, film, frame, coat, costume_designer):
        made = frame("1")
        assert why(made) == ""
        closet.put_on(film.mara.changes.get(), coat, by=costume_designer)
        assert why(made) == "Costume changed: Mara, change 1"

    def test_a_photo_in_another_colour_does(self, film, frame, coat, costume_designer):
        closet.put_on(film.mara.changes.get(), coat, by=costume_designer)
        made = frame("1")
        coat.swatches = [{"hex": "#24365f", "name": "Navy", "share": 0.5}]
        coat.save()
        assert why(made) == "Costume changed: Mara, change 1"

    def test_a_stage_does_in_the_scenes_where_it_holds_and_in_no_other(self, film, frame, costume_designer):
        before, after = frame("1"), frame("3")
        stage = stages.set_stage(
            film.mara.changes.get(), stage="wet", scene=film.scene("2").pk, by=costume_designer
        )
        assert (why(before), why(after)) == ("", "Costume plot changed: Mara wears change 1 in scene 3, wet")
        stages.end_stage(stage, by=costume_designer)
        assert why(after) == ""

    def test_another_change_on_the_plot_does(self, film, frame, costume_designer):
        made = frame("3")
        plotting.wear_number(film.mara, scenes=film.keys("3"), number=2, by=costume_designer)
        assert why(made) == "Costume plot changed: Mara wears change 2 in scene 3"

    def test_the_same_change_under_another_number_does_not(self, film, frame, costume_designer):
        made = frame("1")
        plotting.insert_change(film.mara, number=1, by=costume_designer)
        assert why(made) == ""

    def test_another_pick_does_and_the_first_pick_again_does_not(self, film, frame, owner):
        change = Change.objects.select_related("sheet__project").get(character=film.mara)
        jobs = generate(change.sheet, Brief(prompt="A coat", takes=2, seed=7, portrait=True), by=owner)
        run_available(worker="here")
        for job in jobs:
            job.refresh_from_db()
        pick(change.sheet, jobs[0].frame, by=owner)
        made = frame("1")
        assert why(made) == ""
        pick(change.sheet, jobs[1].frame, by=owner)
        assert why(made) == "Costume changed: Mara, change 1"
        pick(change.sheet, jobs[0].frame, by=owner)
        assert why(made) == ""

    def test_a_concept_is_stale_once_its_garments_era_or_stage_are_others(
        self, film, owner, costume_designer
    ):
        change = film.mara.changes.select_related("sheet__project").get()
        dress(change, garments="coat", scenes=film.keys("1"), by=owner)
        stage = stages.set_stage(change, stage="wet", scene=film.scene("1").pk, note="hem", by=owner)
        compiled = compile_change(change, "wet")
        brief = Brief(prompt=compiled.prompt, takes=1, seed=7, portrait=True, sources=compiled.sources)
        (job,) = generate(change.sheet, brief, by=owner)
        run_available(worker="here")
        job.refresh_from_db()
        assert why(job.frame) == ""
        stages.set_stage(change, stage="wet", scene=stage.from_scene_id, note="to the knees", by=owner)
        assert why(job.frame) == "Garments changed: Mara, change 1"

    def test_how_many_frames_are_asked_about_changes_no_count_of_queries(
        self, film, frame, costume_designer, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        one = [frame("1")]
        with CaptureQueriesContext(connection) as few:
            stale_reasons(one)
        more = [*one, frame("2"), frame("3")]
        with django_assert_num_queries(len(few)):
            stale_reasons(more)


@pytest.mark.parametrize(
    ("garments", "worn"),
    [
        ("Her father's dark coat", "her father's dark coat"),
        ("A scarf, The boots; His cap", "a scarf, the boots; his cap"),
        ("Herringbone jacket, Barbour coat", "Herringbone jacket, Barbour coat"),
    ],
)
def test_whose_a_garment_is_stands_in_small_letters_in_mid_sentence(garments, worn):
    assert mid_sentence(garments) == worn


def test_a_concept_and_a_storyboard_say_whose_coat_it_is_in_small_letters(film, panel):
    changes = Change.objects.filter(character=film.mara, number=1)
    changes.update(garments="Her father's dark coat")
    assert "wears her father's dark coat" in compile_change(changes.get()).prompt
    assert "wears her father's dark coat" in compile_panel(panel("3")).prompt
