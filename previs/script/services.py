"""A screenplay comes in: kept byte for byte, shown as a preview, and only then made into scenes and cast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from previs.audit.record import record
from previs.events import ScriptChanged, publish
from previs.generation import store
from previs.projects.models import Project
from previs.script import fountain
from previs.script.document import ScriptDocument, ScriptWarning
from previs.script.headings import set_key
from previs.script.models import Character, Revision, Scene
from previs.script.plan import LONGEST_NAME, Change, ImportPlan, PlannedScene, plan_import
from previs.script.reading import read_source

if TYPE_CHECKING:
    from previs.accounts.models import User

ImportCallback = Callable[[Project, "User"], None]
_CALLBACKS: list[ImportCallback] = []


class SourceLost(Exception):  # noqa: N818 - what happened to it
    """The stored file of a revision is not there any more; the message is for people."""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """A draft as it would be imported. warnings: from reading the file, from the parser, from numbering."""

    revision: Revision
    document: ScriptDocument
    encoding: str
    plan: ImportPlan
    warnings: tuple[ScriptWarning, ...]

    @property
    def is_first(self) -> bool:
        """No scene existed before, so "new" says nothing."""
        return not self.plan.omitted and all(scene.change == Change.NEW for scene in self.plan.scenes)

    @property
    def summary(self) -> str:
        """What happens, in words: "8 unchanged, 1 changed, 2 new, 1 omitted"."""
        counts = [(self.plan.count(change), change.label.lower()) for change in Change]
        counts.append((len(self.plan.omitted), "omitted"))
        return ", ".join(f"{count} {words}" for count, words in counts if count)


def on_import(callback: ImportCallback) -> ImportCallback:
    """Register what else an import starts: sets, costume changes, first shots. Usable as a decorator.

    Called as callback(project, by) inside the transaction of `confirm`, when scenes and cast are written; an
    exception there undoes the whole import.
    """
    if callback not in _CALLBACKS:
        _CALLBACKS.append(callback)
    return callback


def upload(project: Project, *, raw: bytes, name: str, by: User) -> Revision:
    """Keep an uploaded screenplay as a draft; nothing of the production changes before `confirm`.

    Raises NotAScreenplay or StoreError in words; then nothing is kept.
    """
    source = read_source(raw, name)
    title = fountain.parse(source.text).title
    # The file is on disk before a row points at it; without its row it is harmless.
    sha256 = store.put(raw)
    file_name = PurePath(name.replace("\\", "/")).name[-200:] or "screenplay.fountain"
    with transaction.atomic():
        revision = Revision.objects.create(
            project=project, file_name=file_name, sha256=sha256, title=title[:200], uploaded_by=by
        )
        record("upload_script", revision, by=by, project_id=project.pk, sha256=sha256, bytes=len(raw))
    return revision


def source_of(revision: Revision) -> bytes:
    """The file as it was uploaded, byte for byte. Raises SourceLost."""
    try:
        return store.read(revision.sha256)
    except KeyError:
        raise SourceLost(
            f"The file of {revision} is missing from the store. Restore it from a backup, or import it again."
        ) from None


def document_of(revision: Revision) -> ScriptDocument:
    """The parsed screenplay of a revision. Raises SourceLost."""
    return _read(revision)[0]


def preview(revision: Revision) -> ImportPreview:
    """What confirming this draft would do now. Raises SourceLost."""
    document, encoding, reading_warnings = _read(revision)
    plan = plan_import(revision.project, document)
    warnings = [*reading_warnings, *document.warnings, *_numbering_warnings(plan)]
    return ImportPreview(
        revision, document, encoding, plan, tuple(sorted(warnings, key=lambda warning: warning.line))
    )


@transaction.atomic
def confirm(revision: Revision, *, by: User) -> Revision:
    """Make the draft the screenplay of its production; confirming it twice changes nothing more.

    Scenes keep their identity: see `matching`. Raises SourceLost.
    """
    # Two imports into one production must not number and match against each other's half-written scenes.
    project = Project.objects.select_for_update().get(pk=revision.project_id)
    number = project.revisions.filter(confirmed_at__isnull=False).count() + 1
    now = timezone.now()
    drafts = Revision.objects.filter(pk=revision.pk, confirmed_at__isnull=True)
    if not drafts.update(confirmed_at=now, number=number):
        revision.refresh_from_db()
        return revision
    revision.confirmed_at, revision.number = now, number
    plan = plan_import(project, document_of(revision))
    characters = _write_cast(project, plan)
    _write_scenes(project, revision, plan, characters)
    for callback in _CALLBACKS:
        callback(project, by)
    record(
        "import_script", revision, by=by, project_id=project.pk, number=number, sha256=revision.sha256,
        scenes=len(plan.scenes), new=plan.count(Change.NEW), changed=plan.count(Change.CHANGED),
        omitted=[scene.number for scene in plan.omitted],
    )  # fmt: skip
    publish(ScriptChanged(str(project.pk)))
    return revision


def current_revision(project: Project) -> Revision | None:
    """The draft that counts: the last one confirmed."""
    return project.revisions.filter(confirmed_at__isnull=False).order_by("-number").first()


def _read(revision: Revision) -> tuple[ScriptDocument, str, tuple[ScriptWarning, ...]]:
    # Looked up before the cache: a file that is gone must not seem to be there.
    if not store.exists(revision.sha256):
        source_of(revision)
    return _parsed(revision.sha256, revision.file_name)


@lru_cache(maxsize=4)
def _parsed(sha256: str, name: str) -> tuple[ScriptDocument, str, tuple[ScriptWarning, ...]]:
    """Bytes at a content address never change, and neither does what they say."""
    source = read_source(store.read(sha256), name)
    return fountain.parse(source.text), source.encoding, source.warnings


def _numbering_warnings(plan: ImportPlan) -> list[ScriptWarning]:
    return [
        ScriptWarning(
            planned.scene.start_line,
            f"Number {planned.clash} belongs to another scene; this one becomes {planned.number}.",
        )
        for planned in plan.scenes
        if planned.clash
    ]


def _write_cast(project: Project, plan: ImportPlan) -> dict[str, Character]:
    """Every character by case-folded name; who is new gets the next number."""
    characters = {character.name.casefold(): character for character in project.characters.all()}
    number = max((character.number for character in characters.values()), default=0)
    for name in plan.cast:
        if name.casefold() not in characters:
            number += 1
            characters[name.casefold()] = Character.objects.create(project=project, name=name, number=number)
    return characters


def _write_scenes(
    project: Project, revision: Revision, plan: ImportPlan, characters: dict[str, Character]
) -> None:
    renumbered = [planned.old.pk for planned in plan.scenes if planned.old is not None and planned.was_number]
    rows = [_row(planned, project, revision) for planned in plan.scenes]
    old = [row for row, planned in zip(rows, plan.scenes, strict=True) if planned.old is not None]
    new = [row for row, planned in zip(rows, plan.scenes, strict=True) if planned.old is None]
    gone = list(project.scenes.exclude(pk__in=[row.pk for row in old]))
    for row in gone:
        row.omitted = True
    for ordinal, row in enumerate(_in_story_order(rows, gone), start=1):
        row.ordinal = ordinal
    # Numbers may swap between scenes: step aside first, because no two may ever be equal.
    for place, pk in enumerate(renumbered):
        Scene.objects.filter(pk=pk).update(number=f"~{place}")
    Scene.objects.bulk_update(gone, ["omitted", "ordinal"])
    Scene.objects.bulk_update(old, _FIELDS_FROM_SCRIPT)
    Scene.objects.bulk_create(new)
    in_scene = Scene.cast.through
    in_scene.objects.filter(scene__in=rows).delete()
    in_scene.objects.bulk_create(
        in_scene(scene_id=row.pk, character_id=character)
        for row, planned in zip(rows, plan.scenes, strict=True)
        for character in dict.fromkeys(
            characters[name[:LONGEST_NAME].casefold()].pk for name in planned.scene.present
        )
    )


_FIELDS_FROM_SCRIPT = [
    "revision", "ordinal", "number", "heading", "kind", "setting", "set_key", "time_of_day", "synopsis", "text",
    "start", "end", "start_line", "eighths", "omitted",
]  # fmt: skip


def _row(planned: PlannedScene, project: Project, revision: Revision) -> Scene:
    scene, row = planned.scene, planned.old or Scene(project=project)
    row.revision = revision
    row.number = planned.number
    row.heading = scene.heading[:300]
    # A heading that names neither is most often a room in the writer's mind; the preview shows it.
    row.kind = scene.kind or "INT"
    row.setting = (scene.setting or scene.heading)[:250]
    row.set_key = set_key(row.setting)[:250]
    row.time_of_day = scene.time_of_day[:20]
    row.synopsis = scene.synopsis
    row.text = scene.text
    row.start, row.end, row.start_line = scene.start, scene.end, scene.start_line
    row.eighths = scene.eighths
    row.omitted = False
    return row


def _in_story_order(rows: Sequence[Scene], gone: Sequence[Scene]) -> list[Scene]:
    """The draft's scenes, with each omitted one behind the scene that stood before it."""
    order: list[Scene] = list(rows)
    stood = sorted([*gone, *(row for row in rows if row.ordinal)], key=lambda row: row.ordinal or 0)
    for place, row in enumerate(stood):
        if row.omitted:
            order.insert(order.index(stood[place - 1]) + 1 if place else 0, row)
    return order
