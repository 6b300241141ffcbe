"""Words written in place of the compiled ones reach a frame that follows a blockout."""

from __future__ import annotations

import json

import pytest

from previs.blockout.reader import read
from previs.generation.rewriting import as_written

BEFORE = "INT. CHURCH - NIGHT. Wide shot, 24 mm. A woman. With counter and lamp."


def staged(**changes):
    described = json.loads(read(BEFORE, domain="scene").description.to_json())
    return described | {"stage_key": "the set", "camera": {"id": "A"}} | changes


def written(now, **changes):
    return as_written(staged(), before=BEFORE, now=now, **changes)


def test_the_compiled_words_leave_the_blockout_as_it_was_staged():
    assert as_written(staged(weather="snow"), before=BEFORE, now=f" {BEFORE} ") == staged(weather="snow")
    assert as_written(None, before=BEFORE, now="EXT. STREET - DAY") is None


def test_hour_weather_state_and_look_follow_what_was_written():
    now = written("INT. CHURCH - DAY. Ruined, snow, noir.")
    assert (now["time_of_day"], now["weather"], now["damage"], now["look"]) == (
        "day",
        "snow",
        "ruined",
        "noir",
    )
    assert (now["stage_key"], now["camera"]) == ("the set", {"id": "A"})


def test_an_hour_that_is_not_named_stays_and_a_weather_that_is_gone_goes():
    assert written("Green walls.")["time_of_day"] == "night"
    rained = as_written(staged(weather="rain"), before=BEFORE + " Rain.", now="INT. CHURCH - NIGHT. A woman.")
    assert rained["weather"] == "clear"


def test_what_only_the_grid_knew_stays_where_the_words_say_nothing_of_it():
    assert as_written(staged(damage="ruined"), before=BEFORE, now="INT. CHURCH - DAY")["damage"] == "ruined"


@pytest.mark.parametrize(("contents", "props"), [(True, ["ladder"]), (False, ["counter", "lamp"])])
def test_props_follow_the_words_but_not_where_only_a_part_is_repainted(contents, props):
    assert written("INT. CHURCH - NIGHT. A ladder.", contents=contents)["props"] == props
