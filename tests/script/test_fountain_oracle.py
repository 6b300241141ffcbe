"""Our parser beside an independent one (fountain-py): same headings, same cues, same kinds, line by line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fountain import ElementType, FountainElement, FountainParser

from previs.script.document import Kind
from previs.script.fountain import parse

HERE = Path(__file__).parent
HARD_CASES = (HERE / "data/hard_cases.fountain").read_text(encoding="utf-8")
DEMO = (HERE.parents[1] / "previs/demo/what_the_tide_owes.fountain").read_text(encoding="utf-8")

KINDS = {
    ElementType.SECTION: Kind.SECTION,
    ElementType.SYNOPSIS: Kind.SYNOPSIS,
    ElementType.SCENE_HEADING: Kind.HEADING,
    ElementType.ACTION: Kind.ACTION,
    ElementType.CHARACTER: Kind.CUE,
    ElementType.PARENTHETICAL: Kind.PARENTHETICAL,
    ElementType.DIALOGUE: Kind.DIALOGUE,
    ElementType.LYRICS: Kind.LYRICS,
    ElementType.TRANSITION: Kind.TRANSITION,
    ElementType.CENTERED: Kind.CENTRED,
    ElementType.PAGE_BREAK: Kind.PAGE_BREAK,
}


def theirs(text: str) -> list[FountainElement]:
    """Their elements, with the two columns of a dual dialogue laid out again."""
    flat: list[FountainElement] = []
    for element in FountainParser().parse(text).elements:
        if element.type is ElementType.DUAL_DIALOGUE:
            left, right = element.dual_dialogue_columns()
            flat += [*left, *right]
        elif element.type in KINDS:
            flat.append(element)
    return flat


def their_kinds(text: str) -> list[tuple[int, Kind]]:
    """(line, kind) in order; paragraphs that they give line by line are one, as with us."""
    found: list[tuple[int, Kind]] = []
    for element in theirs(text):
        kind = KINDS[element.type]
        if kind is Kind.DIALOGUE and found and found[-1][1] is kind:
            continue
        found.append((element.line_number, kind))
    return found


def their_cues(text: str) -> list[tuple[str, str]]:
    return [
        (element.text, str(element.metadata.get("extension", "")))
        for element in theirs(text)
        if element.type is ElementType.CHARACTER
    ]


def their_headings(text: str) -> list[tuple[str, object]]:
    return [
        (element.text, element.metadata.get("scene_number"))
        for element in theirs(text)
        if element.type is ElementType.SCENE_HEADING
    ]


@pytest.mark.parametrize("text", [HARD_CASES, DEMO], ids=["hard cases", "demo"])
def test_both_parsers_read_the_same_script(text: str) -> None:
    document = parse(text)
    cues = [element for element in document.elements if element.kind is Kind.CUE]
    assert [(scene.heading, scene.number) for scene in document.scenes] == their_headings(text)
    assert [(cue.name, ", ".join(cue.extensions)) for cue in cues] == their_cues(text)
    assert [(element.line, element.kind) for element in document.elements] == their_kinds(text)


@pytest.mark.parametrize("seed", range(40))
def test_both_parsers_agree_when_whole_paragraphs_are_shuffled(seed: int) -> None:
    chance = random.Random(seed)
    body = HARD_CASES.partition("# Part one")[2] + "\n\n" + DEMO.partition("FADE IN:")[2]
    # Parts that reach over paragraphs would change their meaning when cut; and what lands between two halves of a
    # dual dialogue is lost in the other parser.
    body = body.replace(" ^", "")
    paragraphs = [
        part for part in body.split("\n\n") if "/*" not in part and "*/" not in part and "GHOST" not in part
    ]
    text = "INT. FIRST - DAY\n\n" + "\n\n".join(chance.sample(paragraphs, len(paragraphs))) + "\n"
    document = parse(text)
    assert [(element.line, element.kind) for element in document.elements] == their_kinds(text)
    assert [(scene.heading, scene.number) for scene in document.scenes] == their_headings(text)
