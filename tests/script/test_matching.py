"""Who is who between two drafts, and which numbers they get; no database."""

from __future__ import annotations

import itertools
import time

import pytest

from previs.script.matching import Candidate, match, similarity
from previs.script.numbering import Wish, assign, letters_from

LONG = "the wheel turns under black water and nobody at the weir can see who opened the gate before the snow came"


def scene(heading, text=LONG, number=""):
    return Candidate(number, heading, text)


def test_the_same_words_under_the_same_heading_are_the_same_scene_wherever_they_moved():
    old = [scene("INT. A", "one two three"), scene("INT. A", "four five six"), scene("INT. B", "seven")]
    assert match(old, [old[2], old[1], old[0]]) == {0: 2, 1: 1, 2: 0}


def test_number_and_heading_win_over_a_better_looking_text():
    old = [scene("INT. A", LONG, "1"), scene("INT. A", "quite different words", "2")]
    new = [scene("INT. A", LONG + " again", "2"), scene("INT. A", "quite different words again", "1")]
    assert match(old, new) == {0: 1, 1: 0}


def test_equal_headings_are_paired_in_order():
    old = [scene("INT. A", "first"), scene("INT. A", "second")]
    assert match(old, [scene("INT. A", "third"), scene("int.  a", "fourth")]) == {0: 0, 1: 1}


def test_when_one_of_several_equal_headings_is_cut_the_text_says_which():
    old = [scene("INT. A", f"{LONG} {word}") for word in ("first morning", "second night", "third dusk")]
    old[1] = scene("INT. A", "somebody else entirely argues about money in another corner of this room")
    new = [scene("INT. A", old[0].text + " now"), scene("INT. A", old[2].text + " now")]
    assert match(old, new) == {0: 0, 1: 2}


def test_a_rewritten_heading_is_recognised_by_its_text_and_a_new_scene_is_not():
    old = [scene("INT. A", LONG)]
    assert match(old, [scene("EXT. ELSEWHERE", LONG.replace("nobody", "somebody"))]) == {0: 0}
    assert match(old, [scene("EXT. ELSEWHERE", "a truck without lights rolls past the trees")]) == {}


def test_a_number_that_stayed_makes_half_as_much_likeness_enough():
    words = LONG.split()
    changed = " ".join(words[:9] + ["other"] * (len(words) - 9))
    assert 0.3 < similarity(scene("x"), scene("x", changed)) < 0.55
    assert match([scene("INT. A", LONG, "7")], [scene("INT. B", changed, "7")]) == {0: 0}
    assert match([scene("INT. A", LONG, "7")], [scene("INT. B", changed, "8")]) == {}


def test_no_scene_is_ever_in_two_pairs():
    old = [scene("INT. A", LONG, str(place)) for place in range(6)]
    new = [scene("INT. A" if place % 2 else "INT. B", LONG, str(9 - place)) for place in range(9)]
    pairs = match(old, new)
    assert len(set(pairs.values())) == len(pairs) == 6


def test_two_drafts_of_200_scenes_with_nothing_in_common_are_compared_in_seconds():
    old = [scene(f"INT. ROOM {place} - DAY", f"{LONG} {place} " * 12) for place in range(200)]
    new = [
        scene(f"EXT. FIELD {place} - DAY", f"quite another story about people {place} " * 30)
        for place in range(200)
    ]
    began = time.monotonic()
    assert match(old, new) == {}
    assert time.monotonic() - began < 10


def numbers(*wishes, reserved=()):
    return [numbered.number for numbered in assign(list(wishes), reserved=set(reserved))]


def test_a_script_without_numbers_is_counted_from_one():
    assert numbers(Wish(), Wish(), Wish()) == ["1", "2", "3"]


def test_given_numbers_are_kept_and_doubles_get_a_letter():
    assert numbers(Wish("4"), Wish("4"), Wish("4A"), Wish("4")) == ["4", "4B", "4A", "4C"]


def test_scenes_between_before_and_after_numbered_ones():
    assert numbers(Wish(), Wish(kept="1"), Wish(), Wish(), Wish(kept="2"), Wish()) == [
        "A1",
        "1",
        "1A",
        "1B",
        "2",
        "3",
    ]


def test_the_scene_after_14a_is_14b():
    assert numbers(Wish(kept="14A"), Wish(), Wish(kept="15")) == ["14A", "14B", "15"]


def test_a_new_number_never_takes_that_of_an_omitted_scene():
    assert numbers(Wish(kept="1"), Wish(), reserved=["2"]) == ["1", "3"]
    assert numbers(Wish("2"), reserved=["2"]) == ["2A"]


def test_an_old_scene_keeps_its_number_against_a_new_one_that_claims_it():
    assert numbers(Wish("12"), Wish(kept="12")) == ["12A", "12"]


def test_scenes_may_swap_their_numbers_when_the_script_says_so():
    assert numbers(Wish("5", kept="4"), Wish("4", kept="5")) == ["5", "4"]


def test_numbers_differ_even_when_only_their_case_did():
    assert numbers(Wish("12a"), Wish("12A")) == ["12a", "12AA"]


@pytest.mark.parametrize("given", ["123456789012", "A-1.2"])
def test_no_number_outgrows_its_column(given):
    found = numbers(*[Wish(given)] * 60)
    assert len(set(found)) == 60
    assert max(map(len, found)) <= 12


def test_letters_go_on_after_z():
    letters = list(itertools.islice(letters_from(), 30))
    assert letters[:2] == ["A", "B"] and letters[25:28] == ["Z", "AA", "AB"]
