"""One mannequin and one garment for all, drawn once."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import wardrobe

from costumes.fitting.anchors import guess_anchors
from costumes.fitting.garments import Garment, cut_out
from costumes.fitting.ground import Ground, prepare


@pytest.fixture(scope="session")
def figure() -> wardrobe.Mannequin:
    return wardrobe.mannequin(1)


@pytest.fixture(scope="session")
def ground(figure: wardrobe.Mannequin) -> Ground:
    return prepare(figure.photo, figure.pose())


def sewn(seed: int, **chosen: object) -> tuple[Garment, wardrobe.Cut]:
    cut = wardrobe.cut(seed, **chosen)
    picture = cut.flat()[0]
    alpha = cut_out(picture)
    return Garment("top", picture, alpha, guess_anchors(alpha, "top")), cut


@pytest.fixture(scope="session")
def shirt() -> tuple[Garment, wardrobe.Cut]:
    return sewn(1, sleeve=0.5, pattern="plain", colour=(40, 90, 150))


@pytest.fixture(scope="session")
def coat() -> tuple[Garment, wardrobe.Cut]:
    return sewn(2, sleeve=1.4, pattern="stripes", angle=45.0)


@pytest.fixture
def nowhere(ground: Ground) -> np.ndarray:
    return np.zeros(ground.protected.shape, bool)
