"""Sizes and lenses: the 30-degree rule, leaps, and what a shot's fields say against what its camera shows."""

from __future__ import annotations

from previs.storyboard.lint.findings import JUMP, LEAP, LENS, LENSES, SENSOR, SIZE, Finding, finding
from previs.storyboard.lint.setups import Figure, Setup, angle_between, frame_height, seen

# The 30-degree rule, and the change of size that excuses breaking it.
SAME_ANGLE, SAME_SIZE = 30.0, 1.5
# From an extreme wide to a close-up is a leap; from a wide to a close-up is not.
SIZE_LEAP = 12.0
# Two singles of one conversation: their lenses should see about equally wide.
LENS_GAP = 1.6
LENS_TOLERANCE = 0.12
# How far a picture may be from the size its shot claims before that is worth a word: two steps of the scale.
SIZE_TOLERANCE = 2.0
# Metres from the lower to the upper edge of the frame, for each size.
FRAME_HEIGHT = {
    "EWS": 9.5, "WS": 3.7, "FS": 2.2, "MWS": 1.5, "MS": 1.05, "MCU": 0.72, "CU": 0.46, "BCU": 0.33, "ECU": 0.22,
}  # fmt: skip
SIZE_NAMES = {
    "EWS": "an extreme wide", "WS": "a wide", "FS": "a full shot", "MWS": "a medium wide", "MS": "a medium shot",
    "MCU": "a medium close-up", "CU": "a close-up", "BCU": "a big close-up", "ECU": "an extreme close-up",
}  # fmt: skip
SENSOR_NAMES = {"super35": "Super 35", "fullframe": "full frame", "16mm": "16 mm", "super16": "Super 16"}


def jump(before: Setup, here: Setup) -> list[Finding]:
    subject = _subject(before, here)
    if subject is None:
        return []
    then, now = subject
    angle = angle_between(before.last, here.camera, now)
    change = _ratio(frame_height(before.last, then, before.ratio), frame_height(here.camera, now, here.ratio))
    moved = (then.x - now.x) ** 2 + (then.z - now.z) ** 2 > 0.25
    if angle >= SAME_ANGLE or change >= SAME_SIZE or moved:
        return []
    sentence = (
        f"{before.label} and this panel see {now.called} from almost the same place ({angle:.0f}° apart) and at "
        f"almost the same size ({change:.1f} to 1). The cut will jump: move by {SAME_ANGLE:.0f}° or change the size."
    )
    return [finding(JUMP, before, here, sentence, (now,), None)]


def leap(before: Setup, here: Setup) -> list[Finding]:
    subject = _subject(before, here)
    if subject is None or "INS" in (before.size, here.size):
        return []
    then, now = subject
    first = frame_height(before.last, then, before.ratio)
    second = frame_height(here.camera, now, here.ratio)
    change = _ratio(first, second)
    if change < SIZE_LEAP:
        return []
    way = "larger" if second < first else "smaller"
    sentence = (
        f"{now.called} is {change:.0f} times {way} here than in {before.label}. "
        "The eye loses the place: cut through a size between."
    )
    return [finding(LEAP, before, here, sentence, (now,), None)]


def size(here: Setup) -> list[Finding]:
    visible = seen(here, here.camera)
    claimed = FRAME_HEIGHT.get(here.size)
    if not visible or claimed is None:
        return []
    # Over a shoulder somebody is always too near: the shot is about whoever comes closest to its size.
    figure = min(visible, key=lambda figure: _ratio(frame_height(here.camera, figure, here.ratio), claimed))
    height = frame_height(here.camera, figure, here.ratio)
    nearest = min(FRAME_HEIGHT, key=lambda size: _ratio(height, FRAME_HEIGHT[size]))
    if _ratio(height, claimed) < SIZE_TOLERANCE or nearest == here.size:
        return []
    sentence = (
        f"The shot says {here.size}, but camera {here.camera.label} frames {height:.1f} m of height at "
        f"{figure.called}: that is {SIZE_NAMES[nearest]} ({nearest})."
    )
    return [finding(SIZE, None, here, sentence, (figure,), None)]


def lens(here: Setup) -> list[Finding]:
    if not here.lens_mm or abs(here.lens_mm / here.camera.focal_mm - 1) <= LENS_TOLERANCE:
        return []
    sentence = (
        f"The shot says {here.lens_mm:g} mm, camera {here.camera.label} carries {here.camera.focal_mm:g} mm. "
        "The frame follows the camera."
    )
    return [finding(LENS, None, here, sentence, (), None)]


def lenses(before: Setup, here: Setup) -> list[Finding]:
    """Matching singles should be shot with about the same field of view, or the room behind them differs."""
    then, now = seen(before, before.last), seen(here, here.camera)
    if len(then) != 1 or len(now) != 1 or now[0].looks_at != then[0].id:
        return []
    if _ratio(before.last.half, here.camera.half) < LENS_GAP:
        return []
    sentence = (
        f"{then[0].called}'s single in {before.label} is on {before.last.focal_mm:g} mm and {now[0].called}'s here "
        f"on {here.camera.focal_mm:g} mm. The room behind them will seem to change its depth."
    )
    return [finding(LENSES, before, here, sentence, (now[0], then[0]), None)]


def sensor(before: Setup, here: Setup) -> list[Finding]:
    first, second = before.last.sensor, here.camera.sensor
    if first == second:
        return []
    sentence = (
        f"Camera {before.last.label} of {before.label} is {SENSOR_NAMES.get(first, first)} and camera "
        f"{here.camera.label} is {SENSOR_NAMES.get(second, second)}: the same lens shows another width."
    )
    return [finding(SENSOR, before, here, sentence, (), None)]


def _subject(before: Setup, here: Setup) -> tuple[Figure, Figure] | None:
    """Who both panels are about, as it stands in each: the one nearest to the middle here who is in both."""
    then = {figure.id: figure for figure in seen(before, before.last)}
    return next(((then[f.id], f) for f in seen(here, here.camera) if f.id in then), None)


def _ratio(first: float, second: float) -> float:
    return max(first, second) / min(first, second)
