"""Who wears which change where: setting, inheriting, gaps, inserting, renumbering, taking somebody out."""

from __future__ import annotations

import pytest

from costumes import plotting
from costumes.finding import find_changes
from costumes.looks import looks_of
from costumes.models import Change, Wearing
from costumes.numbering import number_for
from costumes.plot import columns_of
from costumes.plotting import PlotError
from costumes.services import dress
from previs.audit.models import AuditEntry
from previs.script import services as script
from tests.costumes.conftest import FILM

pytestmark = pytest.mark.django_db


class TestInheriting:
    def test_after_an_import_everybody_wears_change_1_on_their_first_day_and_the_rest_are_gaps(
        self, film, row
    ):
        assert row(film.mara) == "1 1> 1> - - - ."
        assert row(film.elias) == ". 1 . . . . -"

    def test_a_change_goes_on_to_the_end_of_its_story_day_past_a_flashback(self, film, row, owner):
        plotting.wear_number(film.mara, scenes=film.keys("4"), number=2, by=owner)
        assert row(film.mara) == "1 1> 1> 2 - 2> ."

    def test_the_next_that_was_said_ends_it(self, film, row, owner):
        plotting.wear_number(film.mara, scenes=film.keys("2"), number=2, by=owner)
        assert row(film.mara) == "1 2 2> - - - ."

    def test_what_was_said_further_on_stays_when_an_earlier_scene_changes(self, film, row, owner):
        plotting.wear_number(film.mara, scenes=film.keys("3"), number=2, by=owner)
        plotting.wear_number(film.mara, scenes=film.keys("1"), number=3, by=owner)
        assert row(film.mara) == "3 3> 2 - - - ."

    def test_zero_opens_a_gap_on_purpose_and_what_follows_on_that_day_is_open_too(self, film, row, owner):
        plotting.wear(film.mara, scenes=film.keys("2"), change=None, by=owner)
        assert row(film.mara) == "1 - - - - - ."

    def test_what_was_said_can_be_taken_back(self, film, row, owner):
        plotting.wear_number(film.mara, scenes=film.keys("2"), number=2, by=owner)
        plotting.leave_to_inherit(film.mara, scenes=film.keys("2"), by=owner)
        assert row(film.mara) == "1 1> 1> - - - ."

    def test_nothing_said_is_nothing_to_take_back(self, film, owner):
        with pytest.raises(PlotError, match="worn on from an earlier scene"):
            plotting.leave_to_inherit(film.mara, scenes=film.keys("2"), by=owner)

    def test_another_story_day_is_another_inheritance(self, film, row, owner):
        plotting.set_story_day(film.scene("3"), label="d2", words="Spring", by=owner)
        assert row(film.mara) == "1 1> - - - - ."
        plotting.set_story_day(film.scene("3"), label="", words="", by=owner)
        assert row(film.mara) == "1 1> 1> - - - ."

    def test_a_label_that_is_no_day_is_refused_in_words(self, film, owner):
        with pytest.raises(PlotError, match="D2, N2, FB"):
            plotting.set_story_day(film.scene("3"), label="tuesday", words="", by=owner)

    def test_storyboard_prompts_take_what_is_worn_on(self, film, owner):
        change = film.mara.changes.get()
        dress(change, garments="rust coat", scenes=film.keys("1", "2", "3"), by=owner)
        assert Change.objects.filter(scenes=film.scene("3"), character=film.mara).get() == change


class TestSetting:
    def test_the_number_after_the_last_makes_that_change(self, film, owner):
        change = plotting.wear_number(film.mara, scenes=film.keys("4"), number=2, by=owner)
        assert (change.number, change.sheet.title) == (2, "Mara, change 2")

    def test_a_number_further_on_is_refused_and_nothing_is_made(self, film, owner):
        with pytest.raises(PlotError, match=r"Mara has 1 change\. The next new one is number 2"):
            plotting.wear_number(film.mara, scenes=film.keys("4"), number=3, by=owner)
        assert film.mara.changes.count() == 1

    def test_nobody_is_dressed_where_they_do_not_play(self, film, owner):
        with pytest.raises(PlotError, match="does not play in this scene"):
            plotting.wear_number(film.elias, scenes=film.keys("1"), number=2, by=owner)
        assert film.elias.changes.count() == 1, "a refused setting leaves no new change behind"

    def test_nobody_wears_what_is_somebody_elses(self, film, owner):
        with pytest.raises(PlotError, match="belongs to somebody else"):
            plotting.wear(film.mara, scenes=film.keys("1"), change=film.elias.changes.get(), by=owner)

    def test_every_word_on_the_plot_is_on_record(self, film, owner):
        plotting.wear_number(film.mara, scenes=film.keys("4"), number=1, by=owner)
        entry = AuditEntry.objects.filter(verb="wear").select_related("payload").latest("seq")
        assert entry.actor == owner and entry.payload.body == {"number": 1, "scenes": ["4"]}


class TestTheFormOfAChange:
    def test_a_scene_that_was_not_chosen_is_not_worn_on_into(self, film, row, owner):
        dress(film.mara.changes.get(), garments="coat", scenes=film.keys("1", "3"), by=owner)
        assert row(film.mara) == "1 - 1 - - - ."

    def test_new_words_alone_move_nothing_on_the_plot(self, film, row, owner):
        before = set(Wearing.objects.values_list("pk", "inherited"))
        dress(film.mara.changes.get(), garments="coat", scenes=film.keys("1", "2", "3"), by=owner)
        assert set(Wearing.objects.values_list("pk", "inherited")) == before


class TestInserting:
    @pytest.fixture
    def three(self, film, owner):
        for scene, number in (("4", 2), ("6", 3)):
            plotting.wear_number(film.mara, scenes=film.keys(scene), number=number, by=owner)
        third = film.mara.changes.get(number=3)
        dress(third, garments="yellow scarf", scenes=film.keys("6"), by=owner)
        return third

    def test_later_changes_move_up_with_all_that_is_theirs(self, film, three, row, owner):
        new = plotting.insert_change(film.mara, number=3, scenes=film.keys("5"), by=owner)
        three.refresh_from_db()
        three.sheet.refresh_from_db()
        assert (new.number, three.number, three.garments) == (3, 4, "yellow scarf")
        assert three.sheet.title == "Mara, change 4"
        assert row(film.mara) == "1 1> 1> 2 3 4 ."

    def test_pictures_and_decisions_stay_with_the_change_they_are_of(self, film, three, owner, director):
        from previs.generation.runner import run_available
        from previs.generation.services import Brief, generate
        from previs.generation.sheets import pick
        from previs.review.services import decide

        (job,) = generate(three.sheet, Brief(prompt="A scarf", takes=1, seed=7), by=owner)
        run_available(worker="here")
        job.refresh_from_db()
        pick(three.sheet, job.frame, by=owner)
        decide(job.frame, by=director, verdict="approved")
        plotting.insert_change(film.mara, number=1, by=owner)
        moved = Change.objects.select_related("sheet__pick").get(pk=three.pk)
        assert (moved.number, moved.sheet.pick) == (4, job.frame)
        (look,) = [look for look in looks_of([film.mara])[film.mara.pk] if look.change == three]
        assert look.words == "Hero approved"

    def test_a_change_whose_look_was_withdrawn_needs_a_new_one(self, film, three, owner):
        from costumes.cards import card_html
        from previs.generation.models import Frame, FrameState
        from previs.generation.runner import run_available
        from previs.generation.services import Brief, generate
        from previs.generation.sheets import pick

        (job,) = generate(three.sheet, Brief(prompt="A scarf", takes=1, seed=7), by=owner)
        run_available(worker="here")
        job.refresh_from_db()
        pick(three.sheet, job.frame, by=owner)
        assert "Look v1" in card_html(three.sheet, owner)
        Frame.objects.update(state=FrameState.WITHDRAWN)
        (look,) = [look for look in looks_of([film.mara])[film.mara.pk] if look.change == three]
        assert (look.frame, look.words) == (None, "Needs a new look")
        card = card_html(three.sheet, owner)
        assert "Needs a new look" in card and "Look v1" not in card and "<img" not in card

    def test_the_old_number_is_still_found(self, film, three, owner):
        new = plotting.insert_change(film.mara, number=3, by=owner)
        found = {one.change: one.former for one in find_changes(film.production, "mara 3")}
        assert found == {new: (), three: (3,)}
        assert [one.change for one in find_changes(film.production, "change 4 scarf")] == [three]
        assert find_changes(film.production, "elias 3") == []

    def test_a_hole_in_the_numbers_is_refused(self, film, three, owner):
        with pytest.raises(PlotError, match="a new one can be number 1 to 4"):
            plotting.insert_change(film.mara, number=5, by=owner)
        assert film.mara.changes.count() == 3

    def test_without_a_number_it_follows_what_was_worn_up_to_there(self, film, three):
        assert number_for(film.mara, film.scene("5")) == 3
        assert number_for(film.mara, film.scene("1")) == 2

    def test_a_change_inserted_at_the_start_of_another_comes_before_it(self, film, three, row, owner):
        plotting.set_story_day(film.scene("5"), label="D2", words="", by=owner)
        plotting.wear_number(film.mara, scenes=film.keys("6"), number=2, by=owner)
        assert row(film.mara) == "1 1> 1> 2 2> 2 ."
        second = film.mara.changes.get(number=2)
        dress(second, garments="pilot coat", scenes=film.keys("4", "5", "6"), by=owner)
        number = number_for(film.mara, film.scene("4"))
        new = plotting.insert_change(film.mara, number=number, scenes=film.keys("4"), by=owner)
        second.refresh_from_db()
        assert row(film.mara) == "1 1> 1> 2 2> 3 ."
        assert (new.number, second.number, second.garments) == (2, 3, "pilot coat")
        assert [one.change for one in find_changes(film.production, "mara 2 pilot")] == [second]

    def test_a_change_inserted_in_the_middle_or_over_all_of_another_comes_after_it(self, film, three, owner):
        assert number_for(film.mara, film.scene("2")) == 2
        assert number_for(film.mara, film.scene("4")) == 3


class TestWhoPlays:
    def test_taking_somebody_out_only_detaches(self, film, row, owner):
        change = film.mara.changes.get()
        dress(change, garments="rust coat", scenes=film.keys("1"), by=owner)
        plotting.set_presence(film.mara, film.scene("1"), plays=False, by=owner)
        change.refresh_from_db()
        assert change.garments == "rust coat" and not change.scenes.exists()
        assert row(film.mara).startswith(". ")

    def test_somebody_silent_can_be_put_in(self, film, row, owner):
        plotting.set_presence(film.elias, film.scene("3"), plays=True, by=owner)
        assert row(film.elias) == ". 1 1> . . . -"

    def test_a_new_draft_does_not_undo_what_the_department_knows(self, film, row, owner):
        plotting.set_presence(film.elias, film.scene("3"), plays=True, by=owner)
        plotting.set_presence(film.mara, film.scene("2"), plays=False, by=owner)
        draft = script.upload(
            film.production, raw=FILM.replace("Walk.", "Run.").encode(), name="blue.fountain", by=owner
        )
        script.confirm(draft, by=owner)
        assert row(film.elias) == ". 1 1> . . . -"
        assert row(film.mara) == "1 . 1> - - - ."

    def test_a_scene_that_comes_back_into_the_script_brings_back_what_was_worn(self, film, row, owner):
        plotting.wear_number(film.mara, scenes=film.keys("4"), number=2, by=owner)
        for text in (FILM.replace("INT. CHAPEL - DAY #4#\n\nMARA\nLight it.\n\n", ""), FILM):
            script.confirm(
                script.upload(film.production, raw=text.encode(), name="d.fountain", by=owner), by=owner
            )
        assert row(film.mara).split()[3] == "2"


class TestShootingOrder:
    def test_scenes_stand_as_they_are_shot_and_the_rest_by_set(self, film, row, owner):
        plotting.set_shooting_order(film.production, numbers=["7", "4"], by=owner)
        order = [column.scene.number for column in columns_of(film.production, "shooting")]
        assert order == ["7", "4", "1", "2", "3", "6", "5"]
        assert row(film.mara, order="shooting") == ". - 1 1> 1> - -"

    @pytest.mark.parametrize(
        ("numbers", "words"), [(["7", "99"], "no scene 99"), (["7", "7"], "Scene 7 stands there twice")]
    )
    def test_what_is_no_order_changes_nothing(self, film, owner, numbers, words):
        plotting.set_shooting_order(film.production, numbers=["1"], by=owner)
        with pytest.raises(PlotError, match=words):
            plotting.set_shooting_order(film.production, numbers=numbers, by=owner)
        assert film.scene("1").timing.shot_as == 1
