"""From a row of elements to scenes: what lies under each heading, who speaks in it, how long it is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Sequence
from itertools import pairwise

from previs.script.document import SPEECH, Element, Kind, Note, Scene
from previs.script.emphasis import plain
from previs.script.headings import HeadingParts, parse_heading
from previs.script.layout import eighths
from previs.script.presence import Names, index_names, named_in_action
from previs.script.proofing import Warnings

LONGEST_NUMBER = 12
# A section between two scenes opens the part that the later one stands in.
_BETWEEN_SCENES = frozenset({Kind.SECTION, Kind.SYNOPSIS, Kind.PAGE_BREAK})
_NO_PARTS = HeadingParts("", "", "", "", "")


def notes_of(source: str, spans: Iterable[tuple[int, int]]) -> tuple[Note, ...]:
    """The notes at the given (start, end), brackets included, in order."""
    notes, line, counted = [], 1, 0
    carriage = "\r" in source
    for start, end in spans:
        line += source.count("\n", counted, start)
        if carriage:
            line += source.count("\r", counted, start) - source.count("\r\n", counted, start)
        counted = start
        words = "\n".join(part.strip() for part in source[start + 2 : end - 2].splitlines()).strip()
        notes.append(Note(words.replace("\x00", ""), start, end, line))
    return tuple(notes)


def gather_scenes(
    source: str, elements: Sequence[Element], notes: tuple[Note, ...], warnings: Warnings
) -> tuple[Scene, ...]:
    """Cut the elements at their headings. Speech before the first heading is a scene without one, and so is a
    whole script without headings."""
    openings = [place for place, element in enumerate(elements) if element.kind is Kind.HEADING]
    opening = _before_the_first_heading(elements, openings, warnings)
    if opening is not None:
        openings.insert(0, opening)
    closings = [_end_of_scene(elements, start, end) for start, end in pairwise([*openings, len(elements)])]
    _warn_of_long_numbers([elements[place] for place in openings], warnings)
    note_starts = [note.start for note in notes]
    speakers: dict[str, str] = {}
    for element in elements:
        if element.kind is Kind.CUE:
            speakers.setdefault(element.name.casefold(), element.name)
    names = index_names(speakers.values())
    scenes: list[Scene] = []
    path: list[tuple[int, str]] = []
    read = 0
    for place, closing in zip(openings, closings, strict=True):
        for element in elements[read:place]:
            if element.kind is Kind.SECTION:
                path = [step for step in path if step[0] < element.level]
                path.append((element.level, plain(element.text)))
        read = place
        start = elements[place].start
        text = source[start : elements[closing].start if closing < len(elements) else len(source)].rstrip()
        end = start + len(text)
        inside = notes[bisect_left(note_starts, start) : bisect_left(note_starts, end)]
        sections = tuple(title for _, title in path)
        scenes.append(_scene(elements[place:closing], len(scenes) + 1, text, inside, sections, names))
    _warn_of_missing_places(scenes, warnings)
    _warn_of_lonely_names(elements, speakers, warnings)
    return tuple(scenes)


def _scene(
    elements: Sequence[Element],
    ordinal: int,
    text: str,
    notes: tuple[Note, ...],
    sections: tuple[str, ...],
    speakers: Names,
) -> Scene:
    first = elements[0]
    headed = first.kind is Kind.HEADING
    heading = " ".join(plain(first.text).split()) if headed else ""
    parts = parse_heading(heading) if headed else _NO_PARTS
    names: dict[str, str] = {}
    for element in elements:
        if element.kind is Kind.CUE:
            names.setdefault(element.name.casefold(), element.name)
    named = named_in_action(elements, speakers)
    ends = text.count("\n") + (text.count("\r") - text.count("\r\n") if "\r" in text else 0)
    return Scene(
        ordinal=ordinal,
        number=first.number,
        heading=heading,
        kind=parts.kind,
        setting=parts.setting,
        time_of_day=parts.time_of_day,
        time_raw=parts.time_raw,
        remark=parts.remark,
        elements=tuple(elements),
        text=text,
        start=first.start,
        end=first.start + len(text),
        start_line=first.line,
        end_line=first.line + ends,
        cast=tuple(names.values()),
        present=(*names.values(), *(name for name in named if name.casefold() not in names)),
        synopsis="\n".join(element.text for element in elements if element.kind is Kind.SYNOPSIS),
        eighths=eighths(elements),
        sections=sections,
        notes=notes,
    )


def _end_of_scene(elements: Sequence[Element], start: int, end: int) -> int:
    """Leave a section that stands right before the next heading, and all that follows it, out of the scene."""
    closing, place = end, end
    while place - 1 > start and elements[place - 1].kind in _BETWEEN_SCENES:
        place -= 1
        if elements[place].kind is Kind.SECTION:
            closing = place
    return closing


def _before_the_first_heading(
    elements: Sequence[Element], openings: Sequence[int], warnings: Warnings
) -> int | None:
    """Where a scene without a heading opens, None if the script opens with one."""
    preamble = elements[: openings[0]] if openings else elements
    told = [
        place
        for place, element in enumerate(preamble)
        if element.kind in SPEECH or element.kind is Kind.ACTION
    ]
    if not told:
        if not openings:
            warnings.add(
                1,
                "No scene was found. Start every scene with a line such as INT. KITCHEN - DAY, with an empty line "
                "above and below it.",
            )
        return None
    line = preamble[told[0]].line
    if not openings:
        warnings.add(
            line,
            "The script has no scene headings, so all of it is one scene. Start every scene with a line such as "
            "INT. KITCHEN - DAY, with an empty line above and below it.",
        )
        return told[0]
    if any(preamble[place].kind in SPEECH for place in told):
        warnings.add(
            line,
            "There is speech before the first scene heading; it was made a scene without a heading. Put a heading "
            "such as INT. KITCHEN - DAY above it.",
        )
        return told[0]
    warnings.add(
        line,
        "The text before the first scene heading belongs to no scene. If it is part of the film, put a heading such "
        "as EXT. STREET - NIGHT above it.",
    )
    return None


def _warn_of_long_numbers(headings: Iterable[Element], warnings: Warnings) -> None:
    """Some editors write a scene's identity where its number belongs."""
    for heading in headings:
        if heading.number is not None and len(heading.number) > LONGEST_NUMBER:
            warnings.add(
                heading.line,
                f"The scene number {heading.number} has more than {LONGEST_NUMBER} characters, so the scene gets one of "
                "its own. Give it a shorter number if it should have another.",
            )


def _warn_of_missing_places(scenes: Iterable[Scene], warnings: Warnings) -> None:
    for scene in scenes:
        if scene.heading and not scene.setting:
            warnings.add(
                scene.start_line,
                f"The heading {scene.heading} names no place, so its set has no name. Write the place after INT. or "
                "EXT., such as INT. KITCHEN - DAY.",
            )


def _warn_of_lonely_names(elements: Sequence[Element], speakers: Container[str], warnings: Warnings) -> None:
    """A speaker's name alone between empty lines is nearly always a cue cut off from its speech."""
    for element in elements:
        if element.kind is Kind.ACTION and not element.forced and element.text.strip().isupper():
            name = element.text.partition("(")[0].strip()
            if name.casefold() in speakers:
                warnings.add(
                    element.line,
                    f"{name} stands alone here and was read as action. If it is a cue, remove the empty line between "
                    "the name and the speech; if it is action, start it with an exclamation mark.",
                )
