"""The screenplay as it lies on the page: paragraphs with their margins, scene numbers, speeches side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from previs.script.document import SPEECH, Element, Kind, ScriptDocument
from previs.script.emphasis import plain
from previs.script.models import Scene

# Sections and synopses are the writer's outline; they are not printed.
STYLES = {
    Kind.HEADING: "slug",
    Kind.ACTION: "act",
    Kind.CUE: "cue",
    Kind.PARENTHETICAL: "paren",
    Kind.DIALOGUE: "dia",
    Kind.LYRICS: "dia lyric",
    Kind.TRANSITION: "trans",
    Kind.CENTRED: "centered",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. style: classes of the sheet.  scene: set on a scene's first line, which carries its number."""

    style: str
    text: str
    scene: Scene | None = None


@dataclass(frozen=True, slots=True)
class Dual:
    """Two characters speaking at once."""

    left: tuple[Line, ...]
    right: tuple[Line, ...]


def sheet(document: ScriptDocument, scenes: Sequence[Scene], *, revision_id: object) -> list[Line | Dual]:
    """The whole script in order.

    scenes: rows of the production by ordinal; those of this revision give the numbers, omitted ones a line each.
    """
    starting = {
        scene.start: scene for scene in scenes if scene.revision_id == revision_id and not scene.omitted
    }
    omitted = [scene for scene in scenes if scene.omitted]
    lines: list[Line | Dual] = []
    for group in _together(document.elements):
        first = group[0]
        scene = starting.get(first.start)
        if scene is not None:
            while omitted and omitted[0].ordinal < scene.ordinal:
                lines.append(_omitted_line(omitted.pop(0)))
            lines.append(Line("slug", scene.heading, scene))
            if first.kind is Kind.HEADING:
                continue
        if first.side:
            lines.append(
                Dual(
                    tuple(_line(element) for element in group if element.side == "left"),
                    tuple(_line(element) for element in group if element.side == "right"),
                )
            )
        elif first.kind in STYLES:
            lines.append(_line(first))
    return [*lines, *map(_omitted_line, omitted)]


def _together(elements: Iterable[Element]) -> Iterator[list[Element]]:
    """One element a time, or all of two speeches that stand side by side."""
    group: list[Element] = []
    for element in elements:
        second_pair = bool(group) and element.side == "left" and group[-1].side == "right"
        if element.side and element.kind in SPEECH and not second_pair:
            group.append(element)
            continue
        if group:
            yield group
        group = [element] if element.side else []
        if not element.side:
            yield [element]
    if group:
        yield group


def _line(element: Element) -> Line:
    return Line(STYLES[element.kind], plain(element.text))


def _omitted_line(scene: Scene) -> Line:
    return Line("slug omit", "OMITTED", scene)
