"""Rain, snow and ash over a finished picture."""

from __future__ import annotations

import numpy as np
import pytest

from previs.blockout.description import SceneDescription
from previs.blockout.falling import draw_falling

PLATE = np.full((144, 256, 3), 150, np.uint8)
FAR = np.full((144, 256), 40.0, np.float32)


def outdoors(weather: str, **fields: object) -> SceneDescription:
    return SceneDescription(place="street", interior=False, weather=weather, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weather", "brighter"), [("rain", True), ("storm", True), ("snow", True), ("ash", False)]
)
def test_what_falls_is_seen_and_leaves_most_of_the_picture_alone(weather: str, brighter: bool) -> None:
    drawn = draw_falling(PLATE, FAR, outdoors(weather), seed=3)
    touched = (drawn != PLATE).any(2)
    assert 0.004 < touched.mean() < 0.25
    assert bool(drawn[touched].mean() > 150) is brighter
    assert (PLATE == 150).all()


def test_the_seed_says_where_each_flake_is() -> None:
    first, again, other = (draw_falling(PLATE, FAR, outdoors("snow"), seed=seed) for seed in (3, 3, 4))
    assert (first == again).all() and (first != other).any()


def test_a_near_surface_hides_what_falls_behind_it() -> None:
    depth = FAR.copy()
    depth[:, :128] = 0.5
    touched = (draw_falling(PLATE, depth, outdoors("snow"), seed=3) != PLATE).any(2)
    assert not touched[:, :128].any() and touched[:, 128:].any()


@pytest.mark.parametrize(
    "description",
    [
        outdoors("clear"),
        outdoors("fog"),
        SceneDescription(place="kitchen", interior=True, weather="rain"),
    ],
)
def test_nothing_falls_indoors_or_from_a_clear_sky(description: SceneDescription) -> None:
    assert draw_falling(PLATE, FAR, description, seed=3) is PLATE
