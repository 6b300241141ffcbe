"""The lint over a scene's panels: their cameras and figures from the set's plan, and what people waived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.blockout.plan import CameraPosition
from previs.storyboard.lint import Camera, Figure, Finding, Setup, cures, lint
from previs.storyboard.lint.drawing import Drawing, draw
from previs.storyboard.lint.setups import Floor
from previs.storyboard.models import Move, Panel, Waiver
from previs.storyboard.services import BoardError, announce
from previs.storyboard.setting import Setting
from sets.models import Plan

if TYPE_CHECKING:
    from previs.accounts.models import User

SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Check:
    """A finding about one panel as the inspector shows it.

    waiver: of exactly this finding.  cures: cameras of the plan without it.
    """

    finding: Finding
    drawing: Drawing
    waiver: Waiver | None
    cures: list[str]


@dataclass(frozen=True, slots=True)
class Checks:
    """What the lint says about one panel. looks: whether it looks through a camera at all."""

    open: list[Check]
    waived: list[Check]
    looks: bool

    @property
    def warnings(self) -> int:
        return sum(check.finding.warns for check in self.open)


def setups_of(panels: Sequence[Panel], setting: Setting) -> list[Setup]:
    """The setups of those panels that look through a camera of the plan, in the scene's order.

    panels: of one scene, in order, with `shot` and `camera_move` selected.
    """
    if setting.plan is None or setting.place is None:
        return []
    cameras = cameras_of(setting)
    figures = figures_of(setting.plan)
    ratio = float(setting.scene.project.aspect_ratio)
    setups = []
    for order, panel in enumerate(panels):
        camera = cameras.get(panel.camera)
        if camera is None:
            continue
        move = getattr(panel, "camera_move", None)
        if move is not None and move.start != panel.camera:
            # The panel was given another camera since: its move is no longer how it is shot.
            move = None
        setups.append(
            Setup(
                panel=str(panel.pk),
                label=panel.label,
                shot=str(panel.shot_id),
                order=order,
                place=str(setting.place.pk),
                camera=camera,
                figures=figures,
                size=panel.shot.size,
                lens_mm=float(panel.shot.lens_mm),
                ratio=ratio,
                leaving=cameras.get(move.end) if move else None,
                moving=panel.shot.move != Move.STATIC,
            )
        )
    return setups


def check(panel: Panel, panels: Sequence[Panel], setting: Setting) -> Checks:
    """Everything the lint says about one panel, with a plan, its waivers and its cures; one query."""
    setups = setups_of(panels, setting)
    place = next((at for at, setup in enumerate(setups) if setup.panel == str(panel.pk)), None)
    if place is None or setting.plan is None:
        return Checks([], [], looks=False)
    waivers = {waiver.digest: waiver for waiver in panel.waivers.select_related("waived_by")}
    here, before = setups[place], setups[place - 1] if place else None
    after = setups[place + 1] if place + 1 < len(setups) else None
    offered: list[str] | None = None
    checks = []
    for finding in lint(setups):
        if finding.panel != here.panel:
            continue
        if finding.warns and offered is None:
            offered = cures(here, before, after, cameras_of(setting).values())
        checks.append(
            Check(
                finding,
                draw(finding, here.figures, outline_of(setting.plan)),
                waivers.get(finding.digest),
                (offered or []) if finding.warns else [],
            )
        )
    checks.sort(key=lambda check: not check.finding.warns)
    return Checks(
        open=[check for check in checks if check.waiver is None],
        waived=[check for check in checks if check.waiver is not None],
        looks=True,
    )


def troubled(panels: Sequence[Panel], setting: Setting) -> list[Panel]:
    """The panels of a scene whose cuts break a rule and were not waived, in order; at most one query."""
    warnings = [finding for finding in lint(setups_of(panels, setting)) if finding.warns]
    if not warnings:
        return []
    digests = [finding.digest for finding in warnings]
    waived = set(Waiver.objects.filter(panel__in=panels, digest__in=digests).values_list("digest", flat=True))
    about = {finding.panel for finding in warnings if finding.digest not in waived}
    return [panel for panel in panels if str(panel.pk) in about]


@transaction.atomic
def waive(panel: Panel, checks: Checks, *, digest: str, reason: str, by: User) -> Waiver:
    """Accept one finding for as long as nothing it was computed from changes.

    checks: of the panel as it is now.  Raises BoardError without a reason, and when the finding is another one now.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise BoardError("Say why this is meant, in a few words. The reason stays with the panel.")
    if len(reason.strip()) > 300:
        raise BoardError("The reason has more than 300 characters. Shorten it.")
    found = next((check.finding for check in checks.open if check.finding.digest == digest), None)
    if found is None:
        raise BoardError("A camera or a figure has moved meanwhile. Read the finding as it is now.")
    waiver = Waiver.objects.create(
        panel=panel, code=found.code, digest=digest, reason=reason.strip(), waived_by=by
    )
    project = panel.shot.scene.project_id
    record("waive_finding", panel, by=by, project_id=project, code=found.code, digest=digest, reason=reason)
    announce(panel.shot.scene)
    return waiver


@transaction.atomic
def withdraw(waiver: Waiver, *, by: User) -> None:
    """Take a waiver back: its finding is shown again. The audit log keeps both."""
    panel = waiver.panel
    record(
        "withdraw_waiver", panel, by=by, project_id=panel.shot.scene.project_id,
        code=waiver.code, digest=waiver.digest,
    )  # fmt: skip
    waiver.delete()
    announce(panel.shot.scene)


def cameras_of(setting: Setting) -> dict[str, Camera]:
    return {label: _camera(camera) for label, camera in setting.cameras.items()}


def figures_of(plan: Plan) -> tuple[Figure, ...]:
    known = {field.name for field in fields(Figure)}
    return tuple(
        Figure(**{name: value for name, value in figure.items() if name in known})
        for figure in plan.document.get("figures", [])
    )


def outline_of(plan: Plan) -> list[Floor]:
    return [(float(x), float(z)) for x, z in plan.document.get("outline", [])]


def _camera(camera: CameraPosition) -> Camera:
    return Camera(
        camera.id, camera.x, camera.y, camera.z, camera.pan, camera.field_of_view[0], camera.tilt, camera.sensor,
        camera.focal_mm,
    )  # fmt: skip
