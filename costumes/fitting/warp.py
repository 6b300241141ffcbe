"""Thin-plate splines: a part of a flat garment bent onto the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from costumes.fitting.filters import Bools, Floats, stretched

GRID = 16
SMOOTHING = 1.0


class ThinPlate:
    """The least bent map that carries `sources` to `values`.

    sources, values: (n, 2), n at least 3 and not in one line.
    smoothing: px2-like weight of straightness over hitting each point, as fraction of the plate's own scale.
    """

    def __init__(self, sources: Floats, values: Floats, smoothing: float = SMOOTHING) -> None:
        self.sources = np.asarray(sources, np.float64)
        count = len(self.sources)
        # In units of the points' own spread, so that the system is as well conditioned at 500 px as at 5000.
        self.middle = self.sources.mean(axis=0)
        self.spread = float(np.abs(self.sources - self.middle).max()) or 1.0
        scaled = (self.sources - self.middle) / self.spread
        system = np.zeros((count + 3, count + 3))
        system[:count, :count] = _plate(scaled, scaled) + np.eye(count) * smoothing / self.spread
        system[:count, count] = system[count, :count] = 1
        system[:count, count + 1 :] = scaled
        system[count + 1 :, :count] = scaled.T
        goal = np.concatenate([np.asarray(values, np.float64), np.zeros((3, 2))])
        self.scaled = scaled
        self.weights = np.linalg.solve(system, goal)

    def __call__(self, points: Floats) -> Floats:
        """(n, 2) -> (n, 2)."""
        scaled = (np.asarray(points, np.float64) - self.middle) / self.spread
        count = len(self.scaled)
        result: Floats = (
            _plate(scaled, self.scaled) @ self.weights[:count]
            + self.weights[count]
            + scaled @ self.weights[count + 1 :]
        )
        return result


def _plate(one: Floats, other: Floats) -> Floats:
    squares = ((one[:, None] - other[None]) ** 2).sum(axis=-1)
    result: Floats = squares * np.log(squares + 1e-12) / 2
    return result


@dataclass(frozen=True, slots=True)
class Bend:
    """Where each pixel of a rectangle of the photo looks in the garment picture.

    left, top: px of the photo.  x, y: (h, w) float32 px of the garment picture.
    """

    left: int
    top: int
    x: Floats
    y: Floats

    @property
    def height(self) -> int:
        return int(self.x.shape[0])

    @property
    def width(self) -> int:
        return int(self.x.shape[1])


def bend(garment: Floats, body: Floats, outline: Floats, size: tuple[int, int], margin: int = 12) -> Bend:
    """Bend a part onto the body.

    garment, body: (n, 2) px, the same points in the garment picture and in the photo.
    outline: (m, 2) px of the photo, points that the part surely reaches; the rectangle holds them all.
    size: width, height of the photo, px.
    """
    plate = ThinPlate(body, garment)
    low = np.maximum(np.floor(outline.min(axis=0)).astype(int) - margin, 0)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + margin, np.array(size) - 1)
    width, height = (int(side) for side in np.maximum(high - low + 1, 1))
    columns, rows = (width - 1) // GRID + 2, (height - 1) // GRID + 2
    nodes = np.stack(np.meshgrid(np.arange(columns) * GRID, np.arange(rows) * GRID), axis=-1)
    looks = plate(nodes.reshape(-1, 2) + low).reshape(rows, columns, 2)
    return Bend(
        int(low[0]),
        int(low[1]),
        stretched(looks[..., 0], width, height, GRID),
        stretched(looks[..., 1], width, height, GRID),
    )


def folds(bent: Bend, part: Bools) -> tuple[float, float]:
    """How badly a bend treats the cloth.

    part: (h, w) of the bend's rectangle, where there is cloth.
    Returns the share of the cloth that is folded over (its Jacobian is negative), and the strongest local stretch
    against the bend's own median scale, 1 = none.
    """
    if not part.any():
        return 0.0, 1.0
    step = 4
    across = np.stack([np.diff(bent.x[:-step:step, ::step]), np.diff(bent.y[:-step:step, ::step])])
    down = np.stack(
        [np.diff(bent.x[::step, :-step:step], axis=0), np.diff(bent.y[::step, :-step:step], axis=0)]
    )
    rows, columns = min(across.shape[1], down.shape[1]), min(across.shape[2], down.shape[2])
    across, down = across[:, :rows, :columns] / step, down[:, :rows, :columns] / step
    cloth = part[::step, ::step][:rows, :columns]
    if not cloth.any():
        return 0.0, 1.0
    area = (across[0] * down[1] - across[1] * down[0])[cloth]
    squares = ((across**2).sum(axis=0) + (down**2).sum(axis=0))[cloth]
    root = np.sqrt(np.maximum(squares**2 - 4 * area**2, 0))
    # The bend looks back from the photo, so its smallest singular value is the strongest stretch of the cloth.
    smallest = np.sqrt(np.maximum((squares - root) / 2, 1e-9))
    scale = float(np.sqrt(np.median(np.abs(area))))
    return float((area < 0).mean()), float(np.percentile(scale / smallest, 98))
