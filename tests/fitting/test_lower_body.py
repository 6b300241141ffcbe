"""Trousers and skirts: drawn flat, found on their outline, worn on hips and legs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import wardrobe

from costumes.fitting.anchors import guess_anchors
from costumes.fitting.garments import ANCHORS, Category, Garment, cut_out
from costumes.fitting.ground import Ground
from costumes.fitting.outfit import Layer, changed, dress
from costumes.fitting.report import assess

TROUSERS = [
    [
        (-180, 0),
        (180, 0),
        (205, 180),
        (195, 900),
        (75, 900),
        (4, 330),
        (-4, 330),
        (-75, 900),
        (-195, 900),
        (-205, 180),
    ]
]
SKIRT = [[(-170, 0), (170, 0), (215, 150), (300, 620), (-300, 620), (-215, 150)]]
COLOUR = (44, 84, 132)


def sewn(category: Category, shape: list[list[tuple[int, int]]]) -> Garment:
    place = np.array([400, 60])
    alpha = wardrobe.coverage((800, 1040), [np.array(part, float) + place for part in shape])[..., None]
    picture = np.round(np.array([240, 240, 236]) * (1 - alpha) + np.array(COLOUR) * alpha).astype(np.uint8)
    cut = cut_out(picture)
    return Garment(category, picture, cut, guess_anchors(cut, category))


@pytest.mark.parametrize(("category", "shape"), [("trousers", TROUSERS), ("skirt", SKIRT)])
def test_what_hangs_from_the_hips_lands_on_hips_and_legs(
    figure: wardrobe.Mannequin, ground: Ground, category: Category, shape: Any
) -> None:
    garment = sewn(category, shape)
    assert set(garment.anchors) == set(ANCHORS[category])
    layers = [Layer(garment)]
    steps = dress(ground, layers)
    cloth = np.zeros(ground.protected.shape, bool)
    cloth[steps[0].worn.place] = steps[0].worn.alpha > 0.5
    for side in ("left", "right"):
        for joint in ("hip", "knee"):
            x, y = figure.joints[f"{side}_{joint}"]
            assert cloth[round(y), round(x)], f"{side} {joint}"
    rows = np.flatnonzero(cloth.any(axis=1))
    assert figure.joints["left_shoulder"][1] < rows[0] < figure.joints["left_hip"][1]
    report = assess(ground, layers, steps, steps[-1].picture, changed(steps))
    assert report.failed == [] and report.folded == 0
    assert report.colours[0].difference is not None and report.colours[0].difference < 2


def test_the_crotch_and_the_hems_of_trousers_are_found() -> None:
    anchors = sewn("trousers", TROUSERS).anchors
    for name, (x, y) in {"crotch": (0, 330), "hem_left_out": (195, 890), "hem_right_in": (-75, 890)}.items():
        assert np.hypot(anchors[name][0] - 400 - x, anchors[name][1] - 60 - y) < 20, name


def test_trousers_go_below_a_shirt_and_the_shirt_stays_on_top(ground: Ground, shirt: Any) -> None:
    layers = [Layer(sewn("trousers", TROUSERS)), Layer(shirt[0])]
    steps = dress(ground, layers)
    alone = dress(ground, layers[1:])
    over = np.zeros(ground.protected.shape, bool)
    over[steps[1].worn.place] = steps[1].worn.alpha > 0.999
    assert (steps[1].picture[over] == alone[0].picture[over]).all()
