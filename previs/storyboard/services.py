"""Adding and removing shots and panels; `editing` changes them."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, Q
from django.urls import reverse

from previs.audit.record import record
from previs.events import SceneChanged, publish
from previs.generation.models import Frame, Job, Sheet
from previs.generation.sheets import open_sheet
from previs.projects.models import Project
from previs.script.document import Kind
from previs.script.emphasis import plain
from previs.script.fountain import parse
from previs.script.models import Scene
from previs.storyboard.models import USUAL_LENS, MoveFrame, Panel, Shot

if TYPE_CHECKING:
    from previs.accounts.models import User

# I and O read like 1 and 0 on a slate.
SHOT_LETTERS = [letter for letter in string.ascii_uppercase if letter not in "IO"]


class BoardError(Exception):
    """A change of the board that cannot be made; the message says what to do."""


def next_label(scene: Scene) -> str:
    """The next free label: 12A, 12B ... 12Z, 12AA, without I and O."""
    taken = set(scene.shots.values_list("label", flat=True))
    pairs = [first + second for first in ["", *SHOT_LETTERS] for second in SHOT_LETTERS]
    for letters in pairs:
        if f"{scene.number}{letters}" not in taken:
            return f"{scene.number}{letters}"
    raise BoardError(f"Scene {scene.number} has {len(pairs)} shots; split the scene before adding more.")


@transaction.atomic
def add_shot(
    scene: Scene, *, by: User, action: str = "", size: str = "WS", lens_mm: int = USUAL_LENS
) -> Panel:
    """A new shot at the end of the scene, with its first, empty panel."""
    last = scene.shots.aggregate(last=Max("ordinal"))["last"] or 0
    shot = Shot.objects.create(
        scene=scene, ordinal=last + 1, label=next_label(scene), size=size, lens_mm=lens_mm
    )
    return _panel(shot, ordinal=1, action=action, by=by)


@transaction.atomic
def add_panel(after: Panel, *, by: User) -> Panel:
    """A new empty panel behind this one, in the same shot; later ones move up."""
    later = after.shot.panels.filter(ordinal__gt=after.ordinal)
    later.update(ordinal=F("ordinal") + 1)
    return _panel(after.shot, ordinal=after.ordinal + 1, action="", by=by)


@transaction.atomic
def remove_panel(panel: Panel, *, by: User) -> None:
    """Take an empty panel off the board; with it its shot, when it was the only one.

    Raises BoardError when frames were made for it: pictures are never thrown away by a key press.
    """
    sheets = Sheet.objects.filter(
        Q(panel=panel) | Q(move_frame__move__panel=panel) | Q(beat__shot=panel.shot)
    )
    if (
        Frame.objects.filter(sheet__in=sheets).exists()
        or Job.objects.open().filter(sheet__in=sheets).exists()
    ):
        raise BoardError(f"{panel.label} has frames, so it stays. Only a panel without any can be removed.")
    shot, sheet = panel.shot, panel.sheet
    record("remove_panel", panel, by=by, project_id=shot.scene.project_id, label=panel.label)
    panel.delete()
    sheet.delete()
    if shot.panels.exists():
        shot.panels.filter(ordinal__gt=panel.ordinal).update(ordinal=F("ordinal") - 1)
    else:
        shot.delete()
    announce(shot.scene)


def start_boards(project: Project, by: User) -> None:
    """After an import: boards follow their scenes' new numbers, and a scene without one gets a first shot."""
    for shot in Shot.objects.filter(scene__project=project).select_related("scene__project"):
        _follow_number(shot)
    for scene in project.scenes.filter(omitted=False, shots__isnull=True):
        add_shot(scene, by=by, action=first_action(scene))


def _follow_number(shot: Shot) -> None:
    """Keep label and addresses of a shot right when its scene got another number; its letters stay."""
    before = re.match(r"(.*?)([A-Z]{1,2})$", shot.label)
    if before is None or before[1] == shot.scene.number:
        return
    shot.label = f"{shot.scene.number}{before[2]}"
    shot.save(update_fields=["label"])
    for panel in shot.panels.select_related("sheet"):
        panel.shot = shot
        panel.sheet.title, panel.sheet.path = panel.label, address(panel)
        panel.sheet.save(update_fields=["title", "path"])
        for picture in MoveFrame.objects.filter(move__panel=panel).select_related("sheet"):
            picture.sheet.title = f"{panel.label}, move {picture.ordinal}"
            picture.sheet.path = panel.sheet.path
            picture.sheet.save(update_fields=["title", "path"])
    first = shot.panels.order_by("ordinal").first()
    for beat in shot.beats.select_related("sheet"):
        beat.sheet.title = f"{shot.label}, {beat.name}"
        beat.sheet.path = address(first) if first else beat.sheet.path
        beat.sheet.save(update_fields=["title", "path"])


def address(panel: Panel) -> str:
    scene = panel.shot.scene
    return f"{reverse('scene', args=[scene.project.slug, scene.number])}?panel={panel.pk}"


def first_action(scene: Scene) -> str:
    """What the scene shows first: its first paragraph of action, at most 300 characters, in whole sentences."""
    for element in parse(scene.text).elements:
        if element.kind == Kind.ACTION:
            return _shortened(" ".join(plain(element.text).split()))
    return ""


def _shortened(paragraph: str, limit: int = 300) -> str:
    if len(paragraph) <= limit:
        return paragraph
    cut = paragraph[:limit]
    end = max(cut.rfind(". "), cut.rfind("! "), cut.rfind("? "))
    return cut[: end + 1] if end > 60 else cut.rsplit(" ", 1)[0]


def _panel(shot: Shot, *, ordinal: int, action: str, by: User) -> Panel:
    scene = shot.scene
    sheet = open_sheet(scene.project, kind="panel", title=f"{shot.label}.{ordinal}")
    panel = Panel.objects.create(shot=shot, ordinal=ordinal, action=action[:500], sheet=sheet)
    sheet.path = address(panel)
    sheet.save(update_fields=["path"])
    for later in shot.panels.filter(ordinal__gt=ordinal).select_related("sheet", "shot"):
        later.sheet.title = later.label
        later.sheet.save(update_fields=["title"])
    record("add_panel", panel, by=by, project_id=scene.project_id, label=panel.label)
    announce(scene)
    return panel


def announce(scene: Scene) -> None:
    publish(SceneChanged(str(scene.project_id), str(scene.pk)))
