"""Sizes: which latent grid a picture of any size is made on, and how it is cut back to what was asked."""

from __future__ import annotations

import math
from dataclasses import dataclass

CELL = 16
"""Pixels of the decoded picture along one latent cell."""
NATIVE_PIXELS = 512 * 288
"""The area the model was trained on; far from it, people and rooms fall apart."""
LEAST_CELLS, MOST_CELLS = 8, 48


@dataclass(frozen=True)
class Framing:
    """A frame of `width` x `height` pixels, painted on a grid of `rows` x `columns` latent cells.

    inner_width, inner_height: the part of the painted picture, centred, that holds the frame.
    """

    width: int
    height: int
    columns: int
    rows: int
    inner_width: int
    inner_height: int

    @classmethod
    def of(cls, width: int, height: int) -> Framing:
        """Choose the grid nearest to the native area that covers the ratio; nothing is ever stretched."""
        scale = math.sqrt(NATIVE_PIXELS / (width * height))
        longest = MOST_CELLS * CELL / (max(width, height) * scale)
        scale *= min(1.0, longest)
        inner_width, inner_height = round(width * scale), round(height * scale)
        columns = max(LEAST_CELLS, math.ceil(inner_width / CELL))
        rows = max(LEAST_CELLS, math.ceil(inner_height / CELL))
        return cls(width, height, columns, rows, max(1, inner_width), max(1, inner_height))

    @property
    def painted(self) -> tuple[int, int]:
        """Width and height of the decoded picture."""
        return self.columns * CELL, self.rows * CELL

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the frame inside the decoded picture."""
        width, height = self.painted
        left, top = (width - self.inner_width) // 2, (height - self.inner_height) // 2
        return left, top, left + self.inner_width, top + self.inner_height
