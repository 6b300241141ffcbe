"""What the Fountain parser promises, one promise a test."""

from __future__ import annotations

import dataclasses
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest

from previs.script.document import Kind, ScriptDocument
from previs.script.fountain import parse

DATA = Path(__file__).parent / "data"
HARD_CASES = (DATA / "hard_cases.fountain").read_text(encoding="utf-8")
DEMO = (Path(__file__).parents[2] / "previs/demo/what_the_tide_owes.fountain").read_text(encoding="utf-8")


def headings(document: ScriptDocument) -> list[str]:
    return [scene.heading for scene in document.scenes]


def kinds(text: str) -> list[str]:
    return [element.kind.value for element in parse(text).elements]


def messages(document: ScriptDocument) -> str:
    return "\n".join(f"{warning.line}: {warning.message}" for warning in document.warnings)


def assert_places_are_exact(text: str, document: ScriptDocument) -> None:
    """Offsets slice the source, lines agree with offsets, elements and scenes stand in order."""
    assert document.source_length == len(text)
    normal = text.replace("\r\n", " \n").replace("\r", "\n")
    for one, two in pairwise(document.elements):
        assert one.end <= two.start
    for element in document.elements:
        assert 0 <= element.start < element.end <= len(text)
        assert element.line == normal.count("\n", 0, element.start) + 1
        assert element.end_line == normal.count("\n", 0, element.end) + 1
    for one, two in pairwise(document.scenes):
        assert one.end <= two.start
    for scene in document.scenes:
        assert text[scene.start : scene.end] == scene.text
        assert scene.start_line == normal.count("\n", 0, scene.start) + 1
        assert scene.end_line == normal.count("\n", 0, scene.end) + 1
        assert scene.eighths >= 1
    for note in document.notes:
        assert text[note.start : note.start + 2] == "[["
        assert text[note.end - 2 : note.end] == "]]"
    for start, _ in document.boneyards:
        assert text[start : start + 2] == "/*"
    assert [scene.ordinal for scene in document.scenes] == list(range(1, len(document.scenes) + 1))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("INT. KITCHEN - DAY", "INT"),
        ("INT KITCHEN - DAY", "INT"),
        ("int. kitchen - day", "INT"),
        ("Ext kitchen - day", "EXT"),
        ("EST. KITCHEN - DAY", "EXT"),
        ("INT./EXT. KITCHEN - DAY", "I/E"),
        ("INT/EXT KITCHEN - DAY", "I/E"),
        ("INT/EXT. KITCHEN - DAY", "I/E"),
        ("EXT./INT. KITCHEN - DAY", "I/E"),
        ("i/e kitchen - day", "I/E"),
        ("I/E. KITCHEN - DAY", "I/E"),
        ("  INT. KITCHEN - DAY", "INT"),
        ("\u00a0INT. KITCHEN - DAY", "INT"),
        ("\u200fINT. KITCHEN - DAY", "INT"),
        ("**INT. KITCHEN - DAY**", "INT"),
    ],
)
def test_every_way_to_write_a_heading_opens_a_scene(line: str, kind: str) -> None:
    (scene,) = parse(f"{line}\n\nA pan.\n").scenes
    assert (scene.kind, scene.setting.upper(), scene.time_of_day) == (kind, "KITCHEN", "DAY")


@pytest.mark.parametrize(
    "line", ["INTERNAL AFFAIRS", "EXTRA TIME", "Interior design is a career.", "ESTABLISHED 1920"]
)
def test_a_word_that_only_begins_like_a_heading_opens_no_scene(line: str) -> None:
    document = parse(f"INT. A - DAY\n\n{line}\n\nMore.\n")
    assert headings(document) == ["INT. A - DAY"]


def test_a_dot_forces_a_heading_and_three_dots_do_not() -> None:
    document = parse(".ÉGLISE\n\nStone.\n\n...and dust.\n")
    assert headings(document) == ["ÉGLISE"]
    assert document.elements[0].forced
    assert document.elements[2].text == "...and dust."


@pytest.mark.parametrize(
    "number", ["1", "12A", "A14", "110-A-1", "1.2", "805852b7-0976-41a7-b3cb-7bc72c092512"]
)
def test_the_number_is_taken_out_of_the_heading(number: str) -> None:
    (scene,) = parse(f"INT. BAR - NIGHT #{number}#\n\nGlass.\n").scenes
    assert (scene.number, scene.heading) == (number, "INT. BAR - NIGHT")


def test_a_number_too_long_for_a_strip_is_kept_with_a_warning() -> None:
    document = parse(f"INT. A - DAY #{'8' * 36}#\n\nx\n")
    assert document.scenes[0].number == "8" * 36
    assert "1: The scene number" in messages(document)


def test_a_title_page_keeps_its_order_and_its_long_values() -> None:
    document = parse(HARD_CASES)
    assert list(document.title_page) == ["title", "credit", "author", "draft date", "contact"]
    assert document.title == "ACROSS THE WIRE"
    assert document.title_page["contact"] == "c/o The Signal Box\nPlatform: two"


@pytest.mark.parametrize(
    "page",
    [
        "Title: X\nAuthor: Y\nINT. A - DAY\n\nz\n",
        "\ufeffTitle: X\nAuthor: Y\n\nINT. A - DAY\n\nz\n",
        "\n\nTitle: X\n\nAuthor: Y\n\nINT. A - DAY\n\nz\n",
        "Title:\nX\nAuthor:\nY\n\nINT. A - DAY\n\nz\n",
        "Title: X\r\nAuthor: Y\r\n\r\nINT. A - DAY\r\n\r\nz\r\n",
    ],
)
def test_a_title_page_is_read_with_and_without_empty_lines(page: str) -> None:
    document = parse(page)
    assert dict(document.title_page) == {"title": "X", "author": "Y"}
    assert headings(document) == ["INT. A - DAY"]


@pytest.mark.parametrize("line", ["FADE IN:", "INT. A - DAY - 3:00 PM", "he opens the card: a threat."])
def test_a_colon_alone_makes_no_title_page(line: str) -> None:
    assert not parse(f"{line}\n\nINT. B - DAY\n\nz\n").title_page


def test_a_cue_gives_its_name_and_its_extensions_apart() -> None:
    document = parse(
        "INT. A - DAY\n\nZOË (V.O.) (CONT'D)\nYes.\n\n@van Aalst (on the phone)\nNo.\n\nZOË\nOh.\n"
    )
    cues = [element for element in document.elements if element.kind is Kind.CUE]
    assert [(cue.name, cue.extensions) for cue in cues] == [
        ("ZOË", ("V.O.", "CONT'D")),
        ("van Aalst", ("on the phone",)),
        ("ZOË", ()),
    ]
    assert document.scenes[0].cast == ("ZOË", "van Aalst")


def test_one_person_in_two_spellings_of_case_is_one_of_the_cast() -> None:
    assert parse("INT. A - DAY\n\nMIA\nYes.\n\n@Mia\nNo.\n").scenes[0].cast == ("MIA",)


def test_a_shout_in_capitals_is_action_and_a_name_without_speech_too() -> None:
    assert kinds("INT. A - DAY\n\nBOOM!\nThe door is gone.\n\nTHE END\n") == ["heading", "action", "action"]


def test_scripts_without_capitals_do_not_turn_into_cues() -> None:
    assert kinds("INT. A - DAY\n\n彼は歩く\n雪が降る\n\nهو يمشي\nالثلج\n") == ["heading", "action", "action"]


def test_two_spaces_keep_a_speech_open_and_one_space_ends_it() -> None:
    held = parse("INT. A - DAY\n\nMIA\nOne.\n  \nTwo.\n\nThree.\n")
    assert [element.text for element in held.elements[2:]] == ["One.\n\nTwo.", "Three."]
    ended = parse("INT. A - DAY\n\nMIA\nOne.\n \nTwo.\n")
    assert [element.kind for element in ended.elements[2:]] == [Kind.DIALOGUE, Kind.ACTION]


def test_who_speaks_at_once_stands_left_and_right() -> None:
    document = parse("INT. A - DAY\n\nMIA\n(low)\nOne.\n\nTOM (O.S.) ^\nTwo.\n\nMIA\nThree.\n")
    assert [element.side for element in document.elements[1:]] == ["left"] * 3 + ["right"] * 2 + [""] * 2
    assert document.elements[4].text == "TOM (O.S.)"


def test_a_caret_with_nobody_beside_is_a_warning() -> None:
    document = parse("INT. A - DAY\n\nMIA ^\nOne.\n")
    assert document.elements[1].side == ""
    assert "3: MIA has a ^" in messages(document)


def test_transitions_centred_lyrics_and_page_breaks_are_what_they_are() -> None:
    text = "INT. A - DAY\n\nCUT TO:\n\n> Wipe.\n\n> THE END <\n\n~la la\n\n====\n\nCUT TO: \n\nx\n"
    assert kinds(text) == [
        "heading",
        "transition",
        "transition",
        "centred",
        "lyrics",
        "page break",
        "action",
        "action",
    ]


def test_notes_are_taken_out_of_the_text_and_kept_with_their_place() -> None:
    text = "INT. A - DAY\n\nShe waits [[how\nlong?]] for him.\n\n[[alone]]\n\nMIA\nYes.[[no]]\n"
    document = parse(text)
    assert [element.text for element in document.elements[1:]] == ["She waits for him.", "MIA", "Yes."]
    assert [(note.text, note.line) for note in document.notes] == [("how\nlong?", 3), ("alone", 6), ("no", 9)]
    assert document.scenes[0].notes == document.notes
    assert_places_are_exact(text, document)


def test_a_note_may_hold_an_empty_line_only_with_two_spaces() -> None:
    assert parse("[[a\n  \nb]]\n\nINT. A - DAY\n\nx\n").notes[0].text == "a\n\nb"
    document = parse("INT. A - DAY\n\n[[a\n\nINT. B - DAY\n\nx]]\n")
    assert headings(document) == ["INT. A - DAY", "INT. B - DAY"]
    assert "3: The note that opens here" in messages(document)


def test_what_is_in_the_boneyard_is_in_no_scene() -> None:
    document = parse("INT. A - DAY\n\nHe /*\n\nINT. B - DAY\n\nGHOST\nBoo.\n\n*/ goes.\n")
    assert headings(document) == ["INT. A - DAY"]
    assert document.elements[1].text == "He goes."
    assert document.cast == ()


def test_a_boneyard_that_never_closes_is_a_warning_that_says_what_is_lost() -> None:
    document = parse("INT. A - DAY\n\nx\n\n/*\n\nINT. B - DAY\n")
    assert headings(document) == ["INT. A - DAY"]
    assert "5: The part that is left out from /* here never ends" in messages(document)


@pytest.mark.parametrize(
    "text",
    [
        "INT. A - DAY\n\nMIA\nINT. B - DAY\n",
        "INT. A - DAY\n\nMIA\nLook:\nINT. B - DAY\nit says.\n",
        "INT. A - DAY\n\nMIA\n.45 calibre.\n",
        "INT. A - DAY\n\nMIA\n(low)\n.B\n",
        "INT. A - DAY\n\n[[\nINT. B - DAY\n]]\n\nx\n",
        "INT. A - DAY\n\n/*\n\nINT. B - DAY\n\n*/\n\nx\n",
        "INT. A - DAY\n\nHe reads:\nINT. B - DAY\n",
    ],
)
def test_words_like_a_heading_in_speech_notes_boneyard_and_action_are_no_scene(text: str) -> None:
    assert headings(parse(text)) == ["INT. A - DAY"]


def test_a_heading_lost_in_speech_is_a_warning() -> None:
    assert "4: This line looks like a scene heading" in messages(parse("INT. A - DAY\n\nMIA\nINT. B - DAY\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Act two\nINT. B - DAY\n\nx\n", "directly under a section"),
        ("##transit\nINT. B - DAY #10#\n\nx\n", "directly under a section"),
        ("= What happens.\nINT. B - DAY\n\nx\n", "directly under a synopsis"),
        ("INT. B - DAY\nHe runs.\n", "The line under this scene heading should be empty"),
        ("INT. B - DAY\n[[note]]\nHe runs.\n", "The line under this scene heading should be empty"),
    ],
)
def test_a_crowded_heading_is_still_a_scene_with_a_warning(text: str, said: str) -> None:
    document = parse(text)
    assert headings(document) == ["INT. B - DAY"]
    assert said in messages(document)
    assert any(element.kind is Kind.ACTION for element in document.scenes[0].elements)


def test_a_script_without_headings_is_one_scene_with_a_warning() -> None:
    document = parse("Title: X\n\nHe walks.\n\nMIA\nWhere?\n")
    (scene,) = document.scenes
    assert (scene.heading, scene.number, scene.kind, scene.cast) == ("", None, "", ("MIA",))
    assert "no scene headings" in messages(document)


def test_speech_before_the_first_heading_is_kept_as_a_scene() -> None:
    document = parse("FADE IN:\n\nVOICE\nOnce.\n\nINT. A - DAY\n\nx\n")
    assert headings(document) == ["", "INT. A - DAY"]
    assert "speech before the first scene heading" in messages(document)


def test_sections_are_the_path_of_their_scenes_and_belong_to_none() -> None:
    document = parse(
        "# One\n\n## Early\n\nINT. A - DAY\n\n= A meets.\n\nx\n\n## Late\n\n= Later on.\n\nINT. B - DAY\n\ny\n\n# Two\n\nINT. C - DAY\n"
    )
    assert [scene.sections for scene in document.scenes] == [("One", "Early"), ("One", "Late"), ("Two",)]
    assert [scene.synopsis for scene in document.scenes] == ["A meets.", "", ""]
    assert [scene.text.splitlines()[-1] for scene in document.scenes] == ["x", "y", "INT. C - DAY"]


def test_a_name_cut_off_from_its_speech_is_a_warning() -> None:
    document = parse("INT. A - DAY\n\nMIA\nYes.\n\nMIA\n\nNo.\n")
    assert "6: MIA stands alone here" in messages(document)


def test_who_is_named_in_the_action_is_present_without_a_word() -> None:
    document = parse(
        "INT. A - DAY\n\nMIA\nHi.\n\nFATHER TOM\nHi.\n\nINT. B - DAY\n\nFather Tom takes Mia's hand.\n"
    )
    assert document.scenes[1].cast == ()
    assert document.scenes[1].present == ("FATHER TOM", "MIA")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_places_are_exact_with_every_kind_of_line_end(ending: str) -> None:
    text = HARD_CASES.replace("\n", ending)
    document = parse(text)
    assert_places_are_exact(text, document)
    assert headings(document) == headings(parse(HARD_CASES))
    assert [element.text for element in document.elements] == [
        element.text for element in parse(HARD_CASES).elements
    ]


@pytest.mark.parametrize(
    "odd", ["\ufeff", "\x00", "\x0c", "\t", "\u00a0", "\u200f", "e\u0301", "\U0001f3ac", "\u2028"]
)
def test_odd_characters_neither_break_nor_hide_a_scene(odd: str) -> None:
    text = f"{odd}\n\nINT. CAFÉ {odd} - NUIT\n\n{odd}He {odd} sits.\n\nMIA{odd}\n{odd}Yes.\n{odd}\n"
    document = parse(text)
    assert_places_are_exact(text, document)
    assert document.scenes[-1].time_of_day == "NIGHT"
    assert all("\x00" not in element.text + element.name for element in document.elements)


def test_the_length_follows_the_page() -> None:
    page = "INT. A - DAY\n\n" + "She counts the lamps again.\n" * 53
    assert parse(page).scenes[0].eighths == 8
    assert parse("INT. A - DAY\n\nx\n").scenes[0].eighths == 1
    wide = "INT. A - DAY\n\nMIA\n" + "one two three four " * 100
    narrow = "INT. A - DAY\n\n" + "one two three four " * 100
    assert parse(wide).scenes[0].eighths > parse(narrow).scenes[0].eighths


def test_an_empty_text_has_no_scene_and_says_how_to_start_one() -> None:
    document = parse("")
    assert document.scenes == ()
    assert "INT. KITCHEN - DAY" in messages(document)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_script_never_breaks_the_parser_and_places_stay_exact(seed: int) -> None:
    chance = random.Random(seed)
    text = chance.choice([HARD_CASES, DEMO])
    pieces = [
        "/*",
        "*/",
        "[[",
        "]]",
        "\r",
        "\n",
        "  \n",
        "\x00",
        "@",
        "!",
        "#",
        "^",
        "(",
        ".",
        "INT. ",
        "\u200f",
        "é",
    ]
    for _ in range(chance.randint(1, 60)):
        place = chance.randrange(len(text) + 1)
        match chance.randrange(3):
            case 0:
                text = text[:place] + chance.choice(pieces) + text[place:]
            case 1:
                text = text[:place] + text[place + chance.randrange(40) :]
            case _:
                other = chance.randrange(len(text) + 1)
                text = text[:place] + text[other : other + 80] + text[place:]
    document = parse(text)
    assert_places_are_exact(text, document)


@pytest.mark.parametrize("seed", range(20))
def test_noise_never_breaks_the_parser(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice("ab A\n\n*#=>!@.~[]/()INT:^\r\t\x0c\x00é\u2028_\\") for _ in range(3000))
    assert_places_are_exact(text, parse(text))


def test_a_heading_that_names_no_place_is_told_with_its_line() -> None:
    told = messages(parse("INT. MILL - DAY\n\nDust.\n\nINT. -\n\nDark.\n\nEXT. - NIGHT\n\nRain.\n"))
    assert "5: The heading INT. - names no place" in told
    assert "9: The heading EXT. - NIGHT names no place" in told
    assert "MILL" not in told


@pytest.mark.parametrize(
    "text",
    [
        "/*" * 20_000,
        "/*\n" * 20_000,
        "[[" * 20_000,
        "[[\n\n" * 20_000 + "]]",
        "[[a]]\n" * 300_000,
        "x" * 1_000_000,
        "INT. " + "x " * 500_000,
        "@" + "(" * 1_000_000,
        "\n" * 2_000_000,
        "\r" * 2_000_000,
        "a\n\n" * 600_000,
        "INT. A\n\n" * 250_000,
        "A\nb\n\nC^\nd\n\n" * 180_000,
        "#\n" * 1_000_000,
        "Title:\n" + "\ta\n" * 600_000,
        "**_" * 600_000,
        "!a\n" * 600_000,
        "".join(f"\n\nA {number}\nb" for number in range(100_000)) + "\n\n" + "A " * 400_000,
    ],
    ids=lambda text: text[:8].encode("unicode_escape").decode(),
)
def test_two_megabytes_of_anything_take_less_than_two_seconds(text: str) -> None:
    started = time.process_time()
    document = parse(text)
    # Seconds of this process, not of the clock: other work on the machine is not the parser's.
    assert time.process_time() - started < 2.0 * SLOW_MACHINE
    assert len(document.warnings) <= 201


# A busy machine also slows the seconds of a process down; a parser that is quadratic is a hundred times slower.
SLOW_MACHINE = 2.5


def test_a_script_of_more_than_ten_films_is_cut_off_with_a_warning() -> None:
    document = parse("INT. A - DAY\n\n" + "He runs.\n\n" * 41_000)
    assert "reading stopped here" in messages(document)
    assert len(document.elements) == 40_000


def test_a_document_can_be_compared() -> None:
    assert parse(DEMO) == parse(DEMO)
    assert dataclasses.replace(parse(DEMO), title="") != parse(DEMO)
