"""Story days as headings tell them."""

from __future__ import annotations

import pytest

from costumes.days import LABEL, Said, story_days
from previs.script.headings import parse_heading
from previs.script.models import Scene


def days(*headings: str, said: dict[int, str] | None = None) -> str:
    scenes = [Scene(heading=one, time_of_day=parse_heading(one).time_of_day) for one in headings]
    labels = [Said((said or {}).get(place, "")) for place in range(len(scenes))]
    return " ".join(day.label for day in story_days(scenes, labels))


def test_a_light_time_after_a_night_begins_another_day():
    assert days("INT. A - DAY", "EXT. B - DUSK", "INT. C - NIGHT", "EXT. D - DAWN", "INT. E - NIGHT") == (
        "D1 D1 N1 D2 N2"
    )


def test_a_film_that_opens_at_night_opens_on_its_first_night():
    assert days("EXT. PLATFORM - NIGHT", "INT. BAR - NIGHT", "EXT. PIER - DAWN") == "N1 N1 D2"


def test_continuous_and_unnamed_times_stay_where_the_scene_before_was():
    assert days("INT. A - NIGHT", "INT. B - CONTINUOUS", "INT. C", "INT. D - LATER") == "N1 N1 N1 N1"


def test_a_flashback_stands_aside_and_does_not_move_the_count():
    assert days("INT. A - DAY", "INT. B - NIGHT - FLASHBACK", "INT. C - DAY") == "D1 FB D1"


@pytest.mark.parametrize("words", ["NEXT DAY", "TWO DAYS LATER", "NEXT MORNING"])
def test_a_heading_may_say_that_days_have_passed(words):
    assert days("INT. A - DAY", f"INT. A - {words}") == "D1 D2"


def test_what_the_department_says_counts_from_there_on():
    assert (
        days("INT. A - DAY", "INT. B - DAY", "INT. C - NIGHT", "INT. D - DAY", said={1: "D9"})
        == "D1 D9 N9 D10"
    )


@pytest.mark.parametrize(
    ("label", "good"),
    [("D2", True), ("N12", True), ("FB", True), ("FB2", True), ("2", False), ("DAY 2", False)],
)
def test_a_label_is_a_day_its_night_or_a_flashback(label, good):
    assert bool(LABEL.fullmatch(label)) is good
