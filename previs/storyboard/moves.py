"""A camera move: a panel's camera on its way between two positions of the plan, as pictures that play."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.blockout.plan import CameraPosition
from previs.blockout.plan.moves import between
from previs.engine.request import MAX_SEED
from previs.generation.compiled import Compiled
from previs.generation.services import MAX_TAKES
from previs.generation.sheets import open_sheet
from previs.generation.sources import Present, SourceRef
from previs.storyboard.models import CameraMove, MoveFrame, Panel
from previs.storyboard.recipe import compile_panel
from previs.storyboard.sequences import Asked, holds, queue_together, strip_card_html
from previs.storyboard.services import BoardError, address, announce
from previs.storyboard.setting import Setting, setting_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from previs.accounts.models import User
    from previs.generation.models import Job, Sheet

FEWEST, MOST = 2, 48


@transaction.atomic
def queue_move(
    panel: Panel, *, start: str, end: str, count: int, by: User, seed: int | None = None
) -> list[Job]:
    """Set a panel's camera move and ask for all its pictures with one seed; every one of them or none.

    start, end: labels of the plan.  count: pictures, both ends among them, 2 to 48.
    seed: None keeps the move's own, or draws one.  The panel looks through `start` from now on.
    Raises BoardError in words before anything is stored, GenerationRefused for what no model could render.
    """
    setting = setting_of(panel.shot.scene)
    _check(setting, start, end, count)
    known = getattr(panel, "camera_move", None)
    if seed is None:
        seed = known.seed if known else secrets.randbelow(MAX_SEED - MAX_TAKES)
    move, _ = CameraMove.objects.update_or_create(
        panel=panel, defaults={"start": start, "end": end, "count": count, "seed": seed}
    )
    panel.camera = start
    panel.save(update_fields=["camera"])
    pictures = _pictures(move)
    jobs = queue_together(
        [Asked(p.sheet, c) for p, c in zip(pictures, compile_move(move, pictures, setting), strict=True)],
        seed=seed,
        by=by,
    )
    project = panel.shot.scene.project_id
    record(
        "queue_move", panel, by=by, project_id=project, start=start, end=end, pictures=count, seed=seed,
    )  # fmt: skip
    announce(panel.shot.scene)
    return jobs


def compile_move(move: CameraMove, pictures: Sequence[MoveFrame], setting: Setting) -> list[Compiled]:
    """The panel's prompt from every position on the way; the blockout differs in its camera only."""
    compiled = compile_panel(move.panel, setting)
    blockout = setting.blockout(move.start, compiled.prompt)
    # A picture on the way belongs to the move; the plan's own source speaks of a camera that stands.
    sources = tuple(source for source in compiled.sources if source.kind != "plan")
    return [
        Compiled(
            compiled.prompt,
            (*sources, move_source(move, picture, setting)),
            blockout=None if blockout is None else blockout | {"camera": position.to_json()},
        )
        for picture, position in zip(pictures, positions(setting, move), strict=True)
    ]


def positions(setting: Setting, move: CameraMove) -> list[CameraPosition]:
    """Where the camera stands for each picture, from start to end. Raises BoardError when the plan lost a camera."""
    start, end = setting.cameras.get(move.start), setting.cameras.get(move.end)
    if start is None or end is None:
        gone = move.start if start is None else move.end
        raise BoardError(f"Camera {gone} is no longer in the plan. Choose the move's cameras again.")
    return between(start, end, move.count)


def move_source(move: CameraMove, picture: MoveFrame, setting: Setting) -> SourceRef:
    words = f"Camera move {move.start} to {move.end}, {picture.ordinal} of {move.count}"
    return SourceRef("move", str(picture.pk), move_digest(move, setting), words)


def move_digest(move: CameraMove, setting: Setting) -> str:
    """Of the way, the room and the two cameras."""
    room = setting.plan.digest_from(move.start, move.end) if setting.plan else ""
    text = f"{move.start}|{move.end}|{move.count}|{room}"
    return hashlib.sha256(text.encode()).hexdigest()


def present_moves(refs: Collection[str]) -> dict[str, Present]:
    """How the moves of pictures are now; one query, and two for each scene among them."""
    pictures = MoveFrame.objects.filter(pk__in=refs).select_related("move__panel__shot__scene")
    settings: dict[object, Setting] = {}
    digests: dict[object, str] = {}
    found = {}
    for picture in pictures:
        move = picture.move
        scene = move.panel.shot.scene
        if scene.pk not in settings:
            settings[scene.pk] = setting_of(scene)
        if move.pk not in digests:
            digests[move.pk] = move_digest(move, settings[scene.pk])
        found[str(picture.pk)] = Present(digests[move.pk], "Camera move or blockout changed")
    return found


def _check(setting: Setting, start: str, end: str, count: int) -> None:
    if len(setting.labels) < 2:
        raise BoardError(
            f"A move goes from one camera to another, and the plan of {setting.name} has "
            f"{len(setting.labels) or 'none'}. Place two cameras in its blockout."
        )
    for label in (start, end):
        if label not in setting.labels:
            raise BoardError(f"Camera {label} is not in the plan of {setting.name}. Choose one that is.")
    if start == end:
        raise BoardError("A move needs two different cameras. Choose another one to end at.")
    if not FEWEST <= count <= MOST:
        raise BoardError(f"A move has {FEWEST} to {MOST} pictures.")


def _pictures(move: CameraMove) -> list[MoveFrame]:
    """The move's pictures in order, with sheets; those that it never had are opened."""
    known = {
        picture.ordinal: picture
        for picture in move.pictures.filter(ordinal__lte=move.count).select_related("sheet__project")
    }
    panel = move.panel
    project = panel.shot.scene.project
    for ordinal in range(1, move.count + 1):
        if ordinal not in known:
            title = f"{panel.label}, move {ordinal}"
            sheet = open_sheet(project, kind="move", title=title, path=address(panel))
            known[ordinal] = MoveFrame.objects.create(move=move, ordinal=ordinal, sheet=sheet)
    return [known[ordinal] for ordinal in range(1, move.count + 1)]


def move_card_html(sheet: Sheet, user: User) -> str:
    """One picture of a camera move in its strip; nothing for one that a shorter move has left behind."""
    rows = MoveFrame.objects.select_related("sheet__project", "sheet__pick", "move__panel")
    picture = rows.filter(sheet=sheet).first()
    if picture is None or picture.ordinal > picture.move.count:
        return ""
    hold = holds(picture.move.panel.frames, picture.move.count)[picture.ordinal - 1]
    return strip_card_html(sheet, picture, hold, user)
