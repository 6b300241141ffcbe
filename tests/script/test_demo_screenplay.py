"""The demo screenplay is a film one can plan: length, sets that return, light, weather, people."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from previs.script.fountain import parse
from previs.script.headings import set_key

DOCUMENT = parse(
    (Path(__file__).parents[2] / "previs/demo/what_the_tide_owes.fountain").read_text(encoding="utf-8")
)


def test_it_has_eleven_numbered_scenes_on_six_to_nine_pages() -> None:
    assert [scene.number for scene in DOCUMENT.scenes] == [str(number) for number in range(1, 12)]
    assert 6 * 8 <= DOCUMENT.eighths <= 9 * 8


def test_it_plays_inside_and_outside_at_every_light_and_in_weather() -> None:
    assert {scene.kind for scene in DOCUMENT.scenes} == {"INT", "EXT"}
    assert {scene.time_of_day for scene in DOCUMENT.scenes} == {"DAY", "NIGHT", "DAWN", "DUSK"}
    assert {"SNOW", "RAIN", "FOG"} <= {scene.remark for scene in DOCUMENT.scenes}


def test_a_set_returns_at_another_time_of_day() -> None:
    times = defaultdict(set)
    for scene in DOCUMENT.scenes:
        times[set_key(scene.setting)].add(scene.time_of_day)
    assert times["cannery floor"] == {"DAY", "NIGHT"}


def test_six_people_speak_and_nobody_is_missing_where_they_only_stand() -> None:
    assert sorted(DOCUMENT.cast) == ["FATHER ANSELM", "INES", "KASPAR", "LOTTE", "NORA", "PETRA"]
    last = DOCUMENT.scenes[-1]
    assert last.cast == ("LOTTE",)
    assert sorted(last.present) == ["FATHER ANSELM", "INES", "KASPAR", "LOTTE", "NORA", "PETRA"]


def test_every_scene_has_a_synopsis_and_the_title_page_frees_it() -> None:
    assert all(scene.synopsis for scene in DOCUMENT.scenes)
    assert DOCUMENT.title == "WHAT THE TIDE OWES"
    assert DOCUMENT.title_page["author"] == "the Previs authors"
    assert "CC0" in DOCUMENT.title_page["copyright"]
