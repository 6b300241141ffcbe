"""What a scene heading says, and which scenes play in one set."""

from __future__ import annotations

import pytest

from previs.script.headings import around_hour, display_eighths, parse_heading, set_key, split_number


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("INT. CANNERY FLOOR - NIGHT", ("INT", "CANNERY FLOOR", "NIGHT", "NIGHT", "")),
        ("INT. CANNERY - BOILER ROOM - NIGHT", ("INT", "CANNERY - BOILER ROOM", "NIGHT", "NIGHT", "")),
        ("INT. CANNERY – NIGHT", ("INT", "CANNERY", "NIGHT", "NIGHT", "")),
        ("INT. CANNERY—NIGHT", ("INT", "CANNERY", "NIGHT", "NIGHT", "")),
        ("INT. CANNERY -- NIGHT", ("INT", "CANNERY", "NIGHT", "NIGHT", "")),
        ("INT. CANNERY-NIGHT", ("INT", "CANNERY", "NIGHT", "NIGHT", "")),
        ("INT. CANNERY. NIGHT.", ("INT", "CANNERY", "NIGHT", "NIGHT", "")),
        ("INT. CANNERY, NIGHT", ("INT", "CANNERY", "NIGHT", "NIGHT", "")),
        ("INT CANNERY NIGHT", ("INT", "CANNERY", "NIGHT", "NIGHT", "")),
        ("EXT. ORCHARD ROAD - NIGHT - SNOW", ("EXT", "ORCHARD ROAD", "NIGHT", "NIGHT", "SNOW")),
        ("EXT. ORCHARD - DAY (FLASHBACK)", ("EXT", "ORCHARD", "DAY", "DAY", "FLASHBACK")),
        ("EXT. ORCHARD (1943) - EARLY MORNING", ("EXT", "ORCHARD", "MORNING", "EARLY MORNING", "1943")),
        ("INT. DAY ROOM - HOSPITAL - NIGHT", ("INT", "DAY ROOM - HOSPITAL", "NIGHT", "NIGHT", "")),
        ("INT. HOSPITAL - DAY ROOM - NIGHT", ("INT", "HOSPITAL - DAY ROOM", "NIGHT", "NIGHT", "")),
        ("INT. LAB - NIGHT - LATER", ("INT", "LAB", "NIGHT", "NIGHT - LATER", "")),
        ("INT. LAB - MOMENTS LATER", ("INT", "LAB", "LATER", "MOMENTS LATER", "")),
        ("INT. LAB - CONTINUOUS", ("INT", "LAB", "CONTINUOUS", "CONTINUOUS", "")),
        ("INT. LAB - SAME TIME", ("INT", "LAB", "SAME", "SAME TIME", "")),
        ("EXT. RIDGE - MAGIC HOUR", ("EXT", "RIDGE", "DUSK", "MAGIC HOUR", "")),
        ("EXT. RIDGE - PRE-DAWN", ("EXT", "RIDGE", "DAWN", "PRE-DAWN", "")),
        ("EXT. RIDGE - DAY 2", ("EXT", "RIDGE", "DAY", "DAY 2", "")),
        ("INT. ÉGLISE - CRÉPUSCULE", ("INT", "ÉGLISE", "DUSK", "CRÉPUSCULE", "")),
        (
            "INT. TRANSIT - LUFTSCHIFF - KABINE - TAG",
            ("INT", "TRANSIT - LUFTSCHIFF - KABINE", "DAY", "TAG", ""),
        ),
        ("I/E. CAR - DUSK", ("I/E", "CAR", "DUSK", "DUSK", "")),
        ("EST. HARBOUR", ("EXT", "HARBOUR", "", "", "")),
        ("INT. - DAY", ("INT", "", "DAY", "DAY", "")),
        ("INT.", ("INT", "", "", "", "")),
        ("INT. X-RAY ROOM - DAY", ("INT", "X-RAY ROOM", "DAY", "DAY", "")),
        ("SNIPER SCOPE POV", ("", "SNIPER SCOPE POV", "", "", "")),
        ("BLACK", ("", "BLACK", "", "", "")),
        ("", ("", "", "", "", "")),
    ],
)
def test_a_heading_is_parted_into_kind_setting_time_and_remark(heading: str, parts: tuple[str, ...]) -> None:
    assert tuple(parse_heading(heading)) == parts


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("INT. A #12A#", "12A"),
        ("INT. A #1.1-b#", "1.1-b"),
        ("INT. A #1#2#", "2"),
        ("INT. A #a b#", None),
        ("INT. A ##", None),
        ("INT. A #", None),
        ("INT. A", None),
    ],
)
def test_only_letters_digits_dots_and_dashes_between_hashes_are_a_number(
    heading: str, number: str | None
) -> None:
    assert split_number(heading)[1] == number


def test_spellings_of_one_set_agree() -> None:
    spellings = [
        "CANNERY - FLOOR",
        "Cannery Floor",
        "THE CANNERY / FLOOR",
        "cannery–floor",
        "Cännery  floor.",
    ]
    assert {set_key(spelling) for spelling in spellings} == {"cannery floor"}
    assert set_key("MARA'S ROOM") == set_key("MARA\u2019S ROOM")
    assert set_key("CAFÉ") == set_key("Cafe\u0301") == "cafe"


def test_different_sets_stay_apart() -> None:
    assert set_key("ROOM 1") != set_key("ROOM 2")
    assert set_key("й") != set_key("и")
    assert set_key("काकी") != set_key("काका")
    assert set_key("THE") == "the"
    assert set_key("倉庫") == "倉庫"


@pytest.mark.parametrize(
    ("eighths", "shown"), [(0, "0"), (1, "1/8"), (5, "5/8"), (8, "1"), (16, "2"), (19, "2 3/8")]
)
def test_lengths_read_as_pages_and_eighths(eighths: int, shown: str) -> None:
    assert display_eighths(eighths) == shown


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        display_eighths(-1)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("EXT. CHURCH ROOFTOP - NIGHT - RAIN", ("EXT. CHURCH ROOFTOP", " - NIGHT", " - RAIN")),
        ("INT. NIGHT CLUB - NIGHT", ("INT. NIGHT CLUB", " - NIGHT", "")),
        ("INT. BAR — EARLY MORNING (FLASHBACK)", ("INT. BAR", " — EARLY MORNING", " (FLASHBACK)")),
        ("INT. BAR. DAY", ("INT. BAR.", " DAY", "")),
        ("EXT. NOWHERE", ("EXT. NOWHERE", "", "")),
        ("", ("", "", "")),
        ("CANNERY - OFFICE, dusk, burnt out, rubble, snow", ("CANNERY - OFFICE", ", dusk", ", burnt out, rubble, snow")),
        ("12A.1", ("12A.1", "", "")),
        ("MARA, change 2", ("MARA, change 2", "", "")),
    ],
)  # fmt: skip
def test_the_hour_is_parted_from_what_stands_around_it_and_no_letter_is_lost(words, parts) -> None:
    assert around_hour(words) == parts
    assert "".join(around_hour(words)) == words
