"""Screen direction between neighbouring panels, explained in words. Pure functions; no Django.

Every rule takes two setups, or one, and gives findings. Rules speak only of people whom both cameras see.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from previs.storyboard.lint import cuts, direction
from previs.storyboard.lint.findings import CODES, Finding
from previs.storyboard.lint.setups import (
    Camera,
    Figure,
    Setup,
    bearing,
    frame_height,
    look_of,
    off_the_line,
    seen,
)

__all__ = ["CODES", "Camera", "Figure", "Finding", "Setup", "alone", "between", "cures", "cut", "lint"]


def lint(setups: Sequence[Setup]) -> list[Finding]:
    """Findings of a scene's panels in their order; panels without a camera are left out by the caller.

    Direction is compared with the last panel that had a camera on the same set, for an insert between them resets
    no line; sizes and lenses only across a real cut.
    """
    found: list[Finding] = []
    last: dict[str, Setup] = {}
    for here in setups:
        found += alone(here)
        before = last.get(here.place)
        if before is not None and cut(before, here):
            found += between(before, here)
        last[here.place] = here
    return found


def cut(before: Setup, here: Setup) -> bool:
    """Whether a cut lies between two panels of the same set.

    Panels of one shot are one take, unless the shot stands still and they look through two cameras: no camera is seen
    to get from one to the other, so the picture jumps as between two shots.
    """
    if before.shot != here.shot:
        return True
    return not here.moving and before.last.label != here.camera.label


def alone(here: Setup) -> list[Finding]:
    """What one panel says about itself."""
    return [*direction.turned(here), *cuts.size(here), *cuts.lens(here)]


def between(before: Setup, here: Setup) -> list[Finding]:
    """What a cut from one setup to another does."""
    found = [*direction.line(before, here), *direction.eyeline(before, here)]
    if here.order - before.order == 1:
        rules = (cuts.jump, cuts.leap, cuts.lenses, cuts.sensor)
        found += [finding for rule in rules for finding in rule(before, here)]
    return found


def cures(here: Setup, before: Setup | None, after: Setup | None, cameras: Iterable[Camera]) -> list[str]:
    """Labels of cameras that would show the same people without any warning at either cut, the likest picture first."""
    people = seen(here, here.camera)
    wanted = {figure.id for figure in people}
    good: list[tuple[float, str]] = []
    for camera in cameras:
        other = replace(here, camera=camera, leaving=None, lens_mm=camera.focal_mm)
        if camera.label == here.camera.label or not wanted <= {figure.id for figure in seen(other, camera)}:
            continue
        found = between(before, other) if before and cut(before, other) else []
        found += between(other, after) if after and cut(other, after) else []
        if not any(finding.warns for finding in found):
            good.append((_unlikeness(here, camera, people), camera.label))
    return [label for _, label in sorted(good)]


def _unlikeness(here: Setup, camera: Camera, people: Sequence[Figure]) -> float:
    """How different another camera's picture of the same people is: in size, and in how far it stands off the line."""
    if not people:
        return 0.0
    who = people[0]
    look = look_of(who, here.figures)
    sizes = [frame_height(one, who, here.ratio) for one in (here.camera, camera)]
    angles = [off_the_line(bearing(one, who.floor, look)) for one in (here.camera, camera)]
    return abs(math.log(sizes[0] / sizes[1])) + abs(angles[0] - angles[1]) / 90
