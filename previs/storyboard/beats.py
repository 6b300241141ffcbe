"""The beat list of a VFX shot: one blockout, one camera and one seed, in one state after another."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from previs.audit.record import record
from previs.generation.compiled import Compiled
from previs.generation.sheets import open_sheet
from previs.generation.sources import Present, SourceRef
from previs.storyboard.models import Beat, Damage, Panel, Shot, Weather
from previs.storyboard.recipe import camera_fault, compile_panel, sentence
from previs.storyboard.sequences import Asked, queue_together, strip_card_html
from previs.storyboard.services import BoardError, address, announce
from previs.storyboard.setting import Setting, setting_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from previs.accounts.models import User
    from previs.generation.models import Job, Sheet

MOST_BEATS = 24
# How something falls down, for a director to change. Debris hangs in the air like ash, dust like fog.
COLLAPSE = (
    ("Before", Damage.INTACT, Weather.CLEAR),
    ("Crack", Damage.DAMAGED, Weather.CLEAR),
    ("Collapse", Damage.RUINED, Weather.ASH),
    ("Dust", Damage.RUINED, Weather.FOG),
    ("After", Damage.RUINED, Weather.CLEAR),
)
DAMAGE_WORDS = {Damage.INTACT: "", Damage.DAMAGED: "Damaged.", Damage.RUINED: "Ruined."}
WEATHER_WORDS = {
    Weather.CLEAR: "", Weather.RAIN: "Rain.", Weather.SNOW: "Snow.", Weather.FOG: "Fog.", Weather.STORM: "Storm.",
    Weather.ASH: "Falling ash.",
}  # fmt: skip


@transaction.atomic
def start_beats(shot: Shot, *, by: User) -> list[Beat]:
    """The five beats of a collapse, as a beginning; nothing for a shot that has beats already."""
    if shot.beats.exists():
        return list(shot.beats.all())
    beats = [
        _open(shot, ordinal, name=name, damage=damage, weather=weather)
        for ordinal, (name, damage, weather) in enumerate(COLLAPSE, start=1)
    ]
    record("start_beats", shot, by=by, project_id=shot.scene.project_id, beats=len(beats))
    announce(shot.scene)
    return beats


@transaction.atomic
def add_beat(shot: Shot, *, by: User) -> Beat:
    """A new beat at the end, in the state of the last one."""
    last = shot.beats.order_by("-ordinal").first()
    if last is not None and shot.beats.count() >= MOST_BEATS:
        raise BoardError(f"A shot holds at most {MOST_BEATS} beats. Remove one, or make another shot.")
    beat = _open(
        shot,
        last.ordinal + 1 if last else 1,
        name="New beat",
        damage=last.damage if last else Damage.INTACT,
        weather=last.weather if last else Weather.CLEAR,
    )
    record("add_beat", beat, by=by, project_id=shot.scene.project_id)
    announce(shot.scene)
    return beat


@transaction.atomic
def edit_beat(beat: Beat, *, name: str, damage: str, weather: str, frames: int, by: User) -> Beat:
    """Set what happens in a beat and how long it is held; frames made before become stale by that."""
    beat.name, beat.damage, beat.weather, beat.frames = name, damage, weather, frames
    beat.save(update_fields=["name", "damage", "weather", "frames"])
    beat.sheet.title = str(beat)
    beat.sheet.save(update_fields=["title"])
    scene = beat.shot.scene
    record(
        "edit_beat", beat, by=by, project_id=scene.project_id, name=name, damage=damage, weather=weather,
        frames=frames,
    )  # fmt: skip
    announce(scene)
    return beat


@transaction.atomic
def move_beat(beat: Beat, *, later: bool, by: User) -> bool:
    """Change places with the neighbour; False at the end of the list, which is no fault."""
    beats = list(beat.shot.beats.select_for_update().order_by("ordinal"))
    at = next(index for index, other in enumerate(beats) if other.pk == beat.pk)
    to = at + (1 if later else -1)
    if not 0 <= to < len(beats):
        return False
    beats[at], beats[to] = beats[to], beats[at]
    for ordinal, other in enumerate(beats, start=1):
        if other.ordinal != ordinal:
            Beat.objects.filter(pk=other.pk).update(ordinal=ordinal)
    record("move_beat", beat, by=by, project_id=beat.shot.scene.project_id, to=to + 1)
    announce(beat.shot.scene)
    return True


@transaction.atomic
def remove_beat(beat: Beat, *, by: User) -> None:
    """Take a beat off the list. Its frames stay on their sheet, for pictures are never thrown away."""
    shot, sheet = beat.shot, beat.sheet
    record("remove_beat", beat, by=by, project_id=shot.scene.project_id, name=beat.name)
    beat.delete()
    shot.beats.filter(ordinal__gt=beat.ordinal).update(ordinal=F("ordinal") - 1)
    if not sheet.frames.exists() and not sheet.jobs.exists():
        sheet.delete()
    announce(shot.scene)


@transaction.atomic
def queue_beats(shot: Shot, *, by: User, seed: int | None = None, only: Beat | None = None) -> list[Job]:
    """Ask for a frame of every beat, or of one again, all with one seed; every one of them or none.

    seed: None takes the seed of the last time for a single beat, and draws a new one for all.
    Raises BoardError without beats or without a camera, GenerationRefused for what no model could render.
    """
    beats = [only] if only else list(shot.beats.select_related("sheet__project"))
    if not beats:
        raise BoardError("There are no beats yet. Add the first one.")
    setting = setting_of(shot.scene)
    panel = camera_panel(shot, setting)
    compiled = compile_panel(panel, setting)
    asked = [Asked(beat.sheet, compile_beat(beat, panel, compiled, setting)) for beat in beats]
    seed = shot.beat_seed if seed is None and only else seed
    jobs = queue_together(asked, seed=seed, by=by)
    shot.beat_seed = jobs[0].frame_request.seed
    shot.save(update_fields=["beat_seed"])
    record("queue_beats", shot, by=by, project_id=shot.scene.project_id, beats=len(jobs), seed=shot.beat_seed)
    return jobs


def camera_panel(shot: Shot, setting: Setting) -> Panel:
    """The panel whose camera all beats look through: the first that names one. Raises BoardError without any."""
    panels = list(shot.panels.select_related("shot__scene__project").order_by("ordinal"))
    panel = next((panel for panel in panels if panel.camera), None)
    if panel is None:
        raise BoardError(
            f"Choose a camera for {panels[0].label if panels else shot.label} first: "
            "every beat is the same blockout seen from the same camera."
            + ("" if setting.labels else f" {sentence(setting.name)} has no blockout with a camera yet.")
        )
    if fault := camera_fault(panel, setting):
        raise BoardError(fault)
    return panel


def compile_beat(beat: Beat, panel: Panel, compiled: Compiled, setting: Setting) -> Compiled:
    """The panel's prompt in the state of one beat. compiled: of the panel, once for all beats."""
    words = [
        compiled.prompt, f"{beat.name.strip().rstrip('.')}.", DAMAGE_WORDS[Damage(beat.damage)],
        WEATHER_WORDS[Weather(beat.weather)],
    ]  # fmt: skip
    prompt = " ".join(word for word in words if word)
    blockout = setting.blockout(panel.camera, prompt, weather=beat.weather, damage=beat.damage)
    return Compiled(prompt, (*compiled.sources, beat_source(beat)), blockout=blockout)


def beat_source(beat: Beat) -> SourceRef:
    return SourceRef("beat", str(beat.pk), beat_digest(beat), f"Beat {beat.name}")


def beat_digest(beat: Beat) -> str:
    """What a picture takes from a beat; how long it is held is none of it."""
    return hashlib.sha256(f"{beat.damage}|{beat.weather}|{beat.name}".encode()).hexdigest()


def present_beats(refs: Collection[str]) -> dict[str, Present]:
    return {
        str(beat.pk): Present(beat_digest(beat), f"Beat changed: {beat.name}")
        for beat in Beat.objects.filter(pk__in=refs)
    }


def _open(shot: Shot, ordinal: int, *, name: str, damage: str, weather: str) -> Beat:
    sheet = open_sheet(shot.scene.project, kind="beat", title=f"{shot.label}, {name}")
    beat = Beat.objects.create(
        shot=shot, ordinal=ordinal, name=name, damage=damage, weather=weather, sheet=sheet
    )
    panel = shot.panels.order_by("ordinal").first()
    sheet.path = address(panel) if panel else shot.scene.get_absolute_url()
    sheet.save(update_fields=["path"])
    return beat


def beat_card_html(sheet: Sheet, user: User) -> str:
    """The picture of a beat in its strip."""
    beat = Beat.objects.select_related("sheet__project", "sheet__pick").filter(sheet=sheet).first()
    return "" if beat is None else strip_card_html(sheet, beat, beat.frames, user)
