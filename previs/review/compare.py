"""Two to four frames beside each other, and what differs in how they were made."""

from __future__ import annotations

import difflib
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from previs.generation.models import HIDDEN, Frame, Source
from previs.review import facts
from previs.review.models import Comment, Decision
from previs.review.state import ReviewState, states_of

if TYPE_CHECKING:
    from previs.projects.models import Project

LEAST, MOST = 2, 4
LETTERS = "ABCD"
#: How many versions of its sheet a frame offers to be exchanged for.
VERSIONS = 12


class NotComparable(Exception):  # noqa: N818 - an answer, not a fault
    """These frames cannot be laid beside each other; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the frames. letter: A to D.  notes, said: open threads, and the newest word about it or None.

    versions: (frame, address of the comparison with it in this one's place), newest first.
    """

    letter: str
    frame: Frame
    state: ReviewState
    note: Comment | None
    decision: Decision | None
    versions: list[tuple[Frame, str]]


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words in a cell. mark: "del" when only the first frame has them, "ins" when only the other has."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was asked for, as each frame has it. cells: one per frame; same: as the first frame has it."""

    label: str
    cells: list[list[Words]]
    same: list[bool]

    @property
    def pairs(self) -> list[tuple[list[Words], bool]]:
        return list(zip(self.cells, self.same, strict=True))


@dataclass(frozen=True, slots=True)
class Comparison:
    """changed: what differs, row by row.  unchanged: what does not, label and value."""

    sides: list[Side]
    changed: list[Row]
    unchanged: list[tuple[str, str]]
    swapped: str

    @property
    def pair(self) -> bool:
        return len(self.sides) == LEAST

    @property
    def same_size(self) -> bool:
        return len({(side.frame.width, side.frame.height) for side in self.sides}) == 1


def frames_of(project: Project, ids: Sequence[uuid.UUID]) -> list[Frame]:
    """The frames behind the ids, in their order, with everything the comparison reads; one query.

    Raises NotComparable for a number or a choice that cannot be compared, Frame.DoesNotExist for an id that is no
    frame of the production.
    """
    if len(ids) < LEAST:
        raise NotComparable(
            "One frame alone cannot be compared. Choose one more." if ids else "Choose two to four frames."
        )
    if len(ids) > MOST:
        raise NotComparable(f"{len(ids)} frames were chosen; {MOST} can be compared. Leave some out.")
    if len(set(ids)) < len(ids):
        raise NotComparable("The same frame was chosen twice. Choose another one to compare it with.")
    found = Frame.objects.filter(sheet__project=project).with_card().in_bulk(list(ids))
    if missing := [pk for pk in ids if pk not in found]:
        raise Frame.DoesNotExist(f"The production has no frame {missing[0]}.")
    return [found[pk] for pk in ids]


def comparison(frames: Sequence[Frame], *, address: str) -> Comparison:
    """Everything the page shows of frames that `frames_of` returned; seven queries for any number of them.

    address: of the page, without its question mark.
    """
    order = [frame.pk for frame in frames]
    states, versions = states_of(frames), _versions(frames)
    notes = {note.frame_id: note for note in _newest(Comment.objects.threads(), frames, "author")}
    decisions = {word.frame_id: word for word in _newest(Decision.objects.filter(current=True), frames, "by")}
    sides = [
        Side(
            letter,
            frame,
            states[frame.pk],
            notes.get(frame.pk),
            decisions.get(frame.pk),
            [
                (other, _at(address, [other.pk if pk == frame.pk else pk for pk in order]))
                for other in versions[frame.sheet_id]
                if other.pk == frame.pk or other.pk not in order
            ],
        )
        for letter, frame in zip(LETTERS, frames, strict=False)
    ]
    changed, unchanged = _rows(frames)
    return Comparison(sides, changed, unchanged, _at(address, order[::-1]))


def word_diff(old: str, new: str) -> tuple[list[Words], list[Words]]:
    """The words of two texts: what only the old one has is marked in the first list, what only the new has in the second."""
    before, after = old.split(), new.split()
    left: list[Words] = []
    right: list[Words] = []
    for change, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        marks = ("", "") if change == "equal" else ("del", "ins")
        for runs, words, mark in ((left, before[a:b], marks[0]), (right, after[c:d], marks[1])):
            if words:
                runs.append(Words(" ".join(words), mark))
    return left, right


def merged_diff(old: str, new: str) -> list[Words]:
    """The new text, with what it lost of the old one left in its place."""
    before, after = old.split(), new.split()
    runs = []
    for change, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if change == "equal":
            runs.append(Words(" ".join(before[a:b])))
            continue
        runs += [
            Words(" ".join(words), mark)
            for words, mark in ((before[a:b], "del"), (after[c:d], "ins"))
            if words
        ]
    return runs


def _rows(frames: Sequence[Frame]) -> tuple[list[Row], list[tuple[str, str]]]:
    tables = [facts.of_frame(frame) for frame in frames]
    for frame, found in zip(_sources(frames), tables, strict=True):
        found.update(frame)
    labels = list(dict.fromkeys(label for table in tables for label in table))
    changed, unchanged = [], []
    for label in labels:
        values = [table.get(label, "") for table in tables]
        if len(set(values)) > 1:
            changed.append(_row(label, values))
        elif values[0]:
            unchanged.append((label, values[0]))
    return changed, unchanged


def _row(label: str, values: list[str]) -> Row:
    first = values[0]
    same = [value == first for value in values]
    if label not in facts.TEXTS:
        return Row(label, [[Words(value)] if value else [] for value in values], same)
    if len(values) == LEAST:
        return Row(label, list(word_diff(first, values[1])), same)
    return Row(
        label, [[Words(first)] if first else [], *(merged_diff(first, value) for value in values[1:])], same
    )


def _sources(frames: Sequence[Frame]) -> list[dict[str, str]]:
    """What each frame was compiled from, label and value; versions of one thing are told apart by their digests."""
    by_job: dict[Any, list[Source]] = defaultdict(list)
    for source in Source.objects.filter(job__in=[frame.job_id for frame in frames if frame.job_id]):
        by_job[source.job_id].append(source)
    used = [by_job[frame.job_id] if frame.job_id else [] for frame in frames]
    digests: dict[tuple[str, str], set[str]] = defaultdict(set)
    single = {source.kind for sources in used for source in sources}
    for sources in used:
        kinds = [source.kind for source in sources]
        single -= {kind for kind in kinds if kinds.count(kind) > 1}
        for source in sources:
            digests[source.kind, source.label].add(source.digest)

    def label(source: Source) -> str:
        kind = facts.SOURCES.get(source.kind, source.kind.capitalize())
        return kind if source.kind in single else f"{kind}, {source.label}"

    def value(source: Source) -> str:
        several = len(digests[source.kind, source.label]) > 1
        return f"{source.label} ({facts.short(source.digest)})" if several else source.label

    return [{label(source): value(source) for source in sources} for sources in used]


def _versions(frames: Sequence[Frame]) -> dict[uuid.UUID, list[Frame]]:
    """The newest versions of each frame's sheet, the frame itself among them; one query."""
    found: dict[uuid.UUID, list[Frame]] = defaultdict(list)
    here = {frame.pk for frame in frames}
    sheets = {frame.sheet_id: frame.sheet for frame in frames}
    rows = Frame.objects.filter(sheet__in=sheets).exclude(state__in=HIDDEN).order_by("-number")
    for version in rows.only("pk", "sheet_id", "number", "created_at", "origin", "starred"):
        version.sheet = sheets[version.sheet_id]
        if version.pk in here or len(found[version.sheet_id]) < VERSIONS:
            found[version.sheet_id].append(version)
    return found


def _newest(rows: Any, frames: Sequence[Frame], person: str) -> Any:
    """Oldest first, so that the newest of each frame is the one that stays."""
    return rows.filter(frame__in=[frame.pk for frame in frames]).select_related(person).order_by("created_at")


def _at(address: str, ids: Sequence[uuid.UUID]) -> str:
    return f"{address}?{'&'.join(f'frame={pk}' for pk in ids)}"
