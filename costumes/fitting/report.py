"""The quality report of a fitting: hard gates, and figures that a person weighs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from costumes.fitting.colour import difference, lab_of
from costumes.fitting.filters import Floats, Uint8, grown
from costumes.fitting.garments import swatch
from costumes.fitting.ground import Ground
from costumes.fitting.outfit import FittingStep, Layer, leftovers, replaced, visible
from previs.engine.eyes import INDEX, EyesError, Pose

Look = Callable[[Uint8], Pose]
Grade = Literal["pass", "warn", "fail"]
COLOUR_PASS, COLOUR_WARN = 3.0, 6.0
MOST_DRIFT = 0.02
# A point that was half guessed in the photo wanders by itself, and says nothing about the pose.
SURE = 0.8
# Lab distance below which old clothing that was painted over still looks like itself.
SAME_LOOK = 8.0
FINGERS = ("left_wrist", "right_wrist", "left_index", "right_index", "left_pinky", "right_pinky")
WATCHED = ("nose", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", *FINGERS)


@dataclass(frozen=True, slots=True)
class LayerColour:
    """Base colour of one layer, flat against worn. difference: CIEDE2000, None where too little of it shows."""

    layer: int
    difference: float | None
    grade: Grade


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What a fitting did to a photo.

    protected_changed, outside_changed: pixels that differ from the photo and must not.
    drift: the farthest that a point of the body moved, share of the height; None where it was not looked for.
    hands: found again, of those the photo shows.  print_through: -1 to 1, how much the old clothing's drawing shows in
        the new one's light; below 0.2 nobody sees it.  leftover: share of the old clothing that still shows.
    folded, stretch: of the worst part of any garment.
    """

    same_size: bool
    protected_changed: int
    outside_changed: int
    colours: tuple[LayerColour, ...]
    drift: float | None
    hands: int | None
    hands_before: int
    print_through: float
    leftover: float
    folded: float
    stretch: float

    @property
    def failed(self) -> list[str]:
        """The hard gates that failed, in words; any of them quarantines the frame."""
        found = []
        if not self.same_size:
            found.append("The result has another size than the photo.")
        if self.protected_changed:
            found.append(f"{self.protected_changed:,} protected pixels were changed.")
        if self.outside_changed:
            found.append(f"{self.outside_changed:,} pixels outside the mask were changed.")
        if self.drift is not None and self.drift > MOST_DRIFT:
            found.append(
                f"The pose moved by {self.drift:.1%} of the height; at most {MOST_DRIFT:.0%} is allowed."
            )
        if self.hands is not None and self.hands < self.hands_before:
            found.append(f"{self.hands} of {self.hands_before} hands are found again.")
        return found

    @property
    def grade(self) -> Grade:
        """fail if a gate failed; warn if a colour is off by more than passes."""
        if self.failed:
            return "fail"
        return "pass" if all(colour.grade == "pass" for colour in self.colours) else "warn"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "failed": self.failed, "grade": self.grade}


def assess(
    ground: Ground, layers: Sequence[Layer], steps: Sequence[FittingStep], result: Uint8, mask: Uint8, *,
    look: Look | None = None,
) -> QualityReport:  # fmt: skip
    """Measure a result, whatever made it, against its photo and its garments.

    result: (h, w, 3) uint8.  mask: (h, w) uint8, where change was asked for.
    look: finds the body again (`previs.engine.eyes.find_person`); without it, drift and hands stay unknown.
    """
    before = _hands_seen(ground.body.points)
    if result.shape != ground.photo.shape:
        return QualityReport(False, 0, 0, (), None, None, before, 0.0, 0.0, 0.0, 1.0)
    differs = (result != ground.photo).any(axis=2)
    lab = lab_of(result)
    drift, hands = _found_again(ground, result, look)
    left, old = leftovers(ground, steps), replaced(ground, steps)
    still = left & (((lab - lab_of(ground.photo)) ** 2).sum(axis=2) < SAME_LOOK**2)
    return QualityReport(
        same_size=True,
        protected_changed=int((differs & ground.protected).sum()),
        outside_changed=int((differs & (mask == 0)).sum()),
        colours=tuple(_colour(layer, steps, number, lab) for number, layer in enumerate(layers, start=1)),
        drift=drift,
        hands=hands,
        hands_before=before,
        print_through=_print_through(ground, steps, lab),
        leftover=float(still.sum() / max(1, old.sum())),
        folded=max(step.worn.folded for step in steps),
        stretch=max(step.worn.stretch for step in steps),
    )


def _colour(layer: Layer, steps: Sequence[FittingStep], number: int, lab: Floats) -> LayerColour:
    worn = steps[number - 1].worn
    base = swatch(layer.garment)
    seen = grown(visible(steps, number) > 0.98, -2)
    plain = seen & (((worn.lab - base) ** 2).sum(axis=2) < 12**2)
    if plain.sum() < 100:
        return LayerColour(number, None, "pass")
    apart = float(difference(np.median(lab[worn.place][plain], axis=0), base))
    return LayerColour(
        number, apart, "pass" if apart <= COLOUR_PASS else "warn" if apart <= COLOUR_WARN else "fail"
    )


def _print_through(ground: Ground, steps: Sequence[FittingStep], lab: Floats) -> float:
    """Correlation of the old clothing's edges in chroma with the result's edges in lightness that the new cloth lacks."""
    total, count = 0.0, 0
    for number, step in enumerate(steps, start=1):
        place = step.worn.place
        inside = grown(visible(steps, number) > 0.98, -3)
        if inside.sum() < 400:
            continue
        before = lab_of(ground.photo[place])
        old = _edges(before[..., 1]) + _edges(before[..., 2])
        new = _edges(lab[place][..., 0] - step.worn.lab[..., 0])
        a, b = old[inside] - old[inside].mean(), new[inside] - new[inside].mean()
        scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
        if scale > 1e-6:
            total += float((a * b).sum()) / scale * int(inside.sum())
            count += int(inside.sum())
    return total / count if count else 0.0


def _edges(values: Floats) -> Floats:
    down, across = np.gradient(values)
    result: Floats = np.hypot(down, across)
    return result


def _hands_seen(points: Floats) -> int:
    return sum(
        bool(points[INDEX[f"{side}_wrist"], 2] >= 0.5 and points[INDEX[f"{side}_index"], 2] >= 0.5)
        for side in ("left", "right")
    )


def _found_again(ground: Ground, result: Uint8, look: Look | None) -> tuple[float | None, int | None]:
    if look is None:
        return None, None
    try:
        points = look(result).points
    except EyesError:
        return 1.0, 0
    before = ground.body.points
    moved = [
        float(np.linalg.norm(points[INDEX[name], :2] - before[INDEX[name], :2]))
        for name in WATCHED
        if before[INDEX[name], 2] >= SURE
    ]
    return max(moved, default=0.0) / ground.size[1], _hands_seen(points)
