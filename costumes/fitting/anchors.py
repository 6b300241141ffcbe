"""Anchors guessed from a garment's outline, for a person to correct."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from costumes.fitting.filters import Bools, Floats
from costumes.fitting.garments import Anchors, Category, reached
from costumes.fitting.trouble import FittingError

Places = NDArray[np.integer[Any]]


def guess_anchors(alpha: Floats, category: Category) -> Anchors:
    """Guess the anchors of a garment that lies or hangs straight, seen from the front.

    alpha: (h, w) float32.  Returns every anchor of the category, px.
    Raises FittingError if the cut-out is empty or so slim that it has no inside.
    """
    solid = alpha > 0.5
    rows: Places = np.flatnonzero(solid.any(axis=1))
    columns: Places = np.flatnonzero(solid.any(axis=0))
    if len(rows) < 32 or len(columns) < 32:
        raise FittingError("The cut-out of the garment is too small to find its outline. Cut it out again.")
    if category == "top":
        return _top(solid, rows, columns)
    return _trousers(solid, rows) if category == "trousers" else _skirt(solid, rows)


def _run(row: Bools, x: float) -> tuple[int, int] | None:
    """First and last column of the cloth that holds column x, or of the nearest cloth."""
    filled = np.flatnonzero(row)
    if not len(filled):
        return None
    start = int(filled[np.abs(filled - x).argmin()])
    gaps = np.flatnonzero(~row)
    left, right = gaps[gaps < start], gaps[gaps > start]
    return (int(left[-1]) + 1 if len(left) else 0), (int(right[0]) - 1 if len(right) else len(row) - 1)


def _runs(solid: Bools, rows: Places, x: float) -> Floats:
    """(n, 3): y, first and last column of the middle cloth of each row, from top to bottom."""
    found = [(y, *run) for y in rows if (run := _run(solid[int(y)], x)) is not None]
    return np.array(found, np.float64)


def _top(solid: Bools, rows: Places, columns: Places) -> Anchors:
    height = float(rows[-1] - rows[0])
    middle = float(columns[0] + columns[-1]) / 2
    runs = _runs(solid, rows, middle)
    hem = runs[runs[:, 0] >= rows[-1] - 0.03 * height][0]
    middle = float(hem[1] + hem[2]) / 2
    runs = _runs(solid, rows, middle)
    found: Anchors = {
        "hem_left": (float(hem[2]), float(hem[0])),
        "hem_right": (float(hem[1]), float(hem[0])),
        "hem_centre": (middle, float(np.flatnonzero(solid[:, round(middle)])[-1])),
    }
    # Seen from the hem upwards, the body's own cloth leaps outwards where it meets a sleeve.
    for side, edge, sign in (("left", 2, 1), ("right", 1, -1)):
        armpit = _armpit(runs, edge, sign, height)
        found[f"armpit_{side}"] = armpit
    width = found["armpit_left"][0] - found["armpit_right"][0]
    tops = np.where(solid.any(axis=0), solid.argmax(axis=0), solid.shape[0])
    for side, sign in (("left", 1), ("right", -1)):
        inner, outer = sorted((middle + sign * 0.04 * width, middle + sign * 0.36 * width))
        span = np.arange(max(0, int(inner)), min(len(tops), int(outer) + 1))
        best = float(span[tops[span] <= tops[span].min() + 0.004 * height].mean())
        found[f"collar_{side}"] = (best, float(tops[round(best)]))
        x = found[f"armpit_{side}"][0]
        column = int(np.clip(round(x), 0, len(tops) - 1))
        found[f"shoulder_{side}"] = (x, float(tops[column]))
        found |= _cuff(solid, found, side, sign)
        x = _corner(tops, found[f"collar_{side}"], found[f"sleeve_{side}_out"], x, width)
        found[f"shoulder_{side}"] = (x, float(tops[int(np.clip(round(x), 0, len(tops) - 1))]))
    found["collar_centre"] = (middle, float(tops[round(middle)]))
    return found


def _armpit(runs: Floats, edge: int, sign: int, height: float) -> tuple[float, float]:
    upwards = runs[::-1][int(0.1 * len(runs)) :]
    outwards = sign * np.diff(upwards[:, edge])
    leap = np.flatnonzero(outwards > 0.03 * height)
    if len(leap):
        y, x = upwards[leap[0], 0], upwards[leap[0], edge]
        return float(x), float(y)
    # No gap between body and sleeve: the armpit lies about a third down, where the hem's width says.
    y = runs[0, 0] + 0.33 * height
    return float(runs[-1, edge]), float(y)


def _cuff(solid: Bools, found: Anchors, side: str, sign: int) -> Anchors:
    shoulder, armpit = np.array(found[f"shoulder_{side}"]), np.array(found[f"armpit_{side}"])
    root = (shoulder + armpit) / 2
    beyond = solid & (sign * (np.arange(solid.shape[1]) - armpit[0]) > 1)
    seeds = np.zeros_like(solid)
    column = int(np.clip(round(root[0] + 2 * sign), 0, solid.shape[1] - 1))
    seeds[int(shoulder[1]) : int(root[1]) + 1, column] = True
    # A hem that flares wider than the armpits is no sleeve: only what hangs together with the armhole is.
    y, x = np.nonzero(reached(beyond, seeds & beyond))
    sleeve = np.stack([x, y], axis=1).astype(np.float64)
    if len(sleeve) < 40 or np.linalg.norm(sleeve - root, axis=1).max() < 0.4 * np.linalg.norm(
        armpit - shoulder
    ):
        # No sleeve: the armhole is its own cuff, a little outwards so that the part keeps a surface.
        out = np.array([sign * 2.0, 0.0])
        return {f"sleeve_{side}_out": tuple(shoulder + out), f"sleeve_{side}_in": tuple(armpit + out)}
    axis = sleeve.mean(axis=0) - root
    axis /= np.linalg.norm(axis)
    across = np.array([-axis[1], axis[0]])
    if across @ (shoulder - armpit) < 0:
        across = -across
    # A corner is the farthest point slantwise, which holds for any sleeve that is wider than a rope.
    out = sleeve[((sleeve - root) @ (axis + 0.8 * across)).argmax()]
    inner = sleeve[((sleeve - root) @ (axis - 0.8 * across)).argmax()]
    return {
        f"sleeve_{side}_out": (float(out[0]), float(out[1])),
        f"sleeve_{side}_in": (float(inner[0]), float(inner[1])),
    }


def _corner(
    tops: Places, collar: tuple[float, float], out: tuple[float, float], near: float, width: float
) -> float:
    """The column where the shoulder's slope turns into the sleeve's: farthest from the line collar to cuff.

    tops: first row of cloth of each column.  near: the armpit's column, which lies below it or a little inside.
    """
    sign = 1.0 if out[0] > collar[0] else -1.0
    reach = np.arange(-0.04, 0.14, 1 / width) * width * sign + near
    columns = np.clip(np.round(reach).astype(int), 0, len(tops) - 1)
    chord = np.array(out) - np.array(collar)
    if np.linalg.norm(chord) < 1:
        return near
    offsets = np.stack([columns - collar[0], tops[columns] - collar[1]], axis=1)
    away = np.abs(offsets @ np.array([-chord[1], chord[0]])) / np.linalg.norm(chord)
    return float(columns[away.argmax()]) if away.max() > 0.015 * width else near + 0.04 * width * sign


def _waist(solid: Bools, rows: Places) -> tuple[Anchors, Floats, float]:
    middle = float(np.flatnonzero(solid[rows[len(rows) // 20]]).mean())
    runs = _runs(solid, rows, middle)
    top = runs[int(0.01 * len(runs))]
    hip = runs[int(0.18 * len(runs))]
    return (
        {
            "waist_left": (float(top[2]), float(top[0])),
            "waist_centre": (middle, float(np.flatnonzero(solid[:, round(middle)])[0])),
            "waist_right": (float(top[1]), float(top[0])),
            "hip_left": (float(hip[2]), float(hip[0])),
            "hip_right": (float(hip[1]), float(hip[0])),
        },
        runs,
        middle,
    )


def _trousers(solid: Bools, rows: Places) -> Anchors:
    found, _, middle = _waist(solid, rows)
    hem = solid[rows[-1] - round(0.02 * len(rows))]
    left, right = _run(hem, hem.shape[0]), _run(hem, 0)
    if left is None or right is None or left == right:
        raise FittingError(
            "The two legs of the trousers lie on each other or touch. Lay them apart and take the photo again."
        )
    between = round((right[1] + left[0]) / 2)
    # The gap between the legs, followed upwards from the hem.
    column = solid[:, round((between + middle) / 2)]
    filled = np.flatnonzero(column[: rows[-1]])
    y = float(rows[-1])
    bottom = float(rows[-1] - round(0.02 * len(rows)))
    return found | {
        "crotch": ((between + middle) / 2, float(filled[-1]) if len(filled) else found["hip_left"][1]),
        "hem_left_out": (float(left[1]), min(y, bottom + 1)),
        "hem_left_in": (float(left[0]), min(y, bottom + 1)),
        "hem_right_in": (float(right[1]), min(y, bottom + 1)),
        "hem_right_out": (float(right[0]), min(y, bottom + 1)),
    }


def _skirt(solid: Bools, rows: Places) -> Anchors:
    found, runs, middle = _waist(solid, rows)
    side, hem = runs[int(0.6 * len(runs))], runs[int(0.985 * len(runs))]
    return found | {
        "side_left": (float(side[2]), float(side[0])),
        "side_right": (float(side[1]), float(side[0])),
        "hem_left": (float(hem[2]), float(hem[0])),
        "hem_centre": (middle, float(np.flatnonzero(solid[:, round(middle)])[-1])),
        "hem_right": (float(hem[1]), float(hem[0])),
    }
