"""Scene 12 in a set with a blockout: Mara and Elias at the belt, cameras on both sides of the line between them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.projects.models import Project
    from previs.script.models import Scene
    from previs.storyboard.models import Panel
    from sets.models import Plan, Set


def document(**changes: Any) -> dict[str, Any]:
    """A plan of the cannery. A and B stand on one side of the line, X on the other, C sees Mara alone."""
    from previs.blockout.plan import SetPlan

    plan = {
        "version": 1,
        "place": "cannery",
        "interior": True,
        "ceiling": 4.2,
        "outline": [[-6, -6], [6, -6], [6, 6], [-6, 6]],
        "figures": [
            {"id": "f1", "name": "MARA", "x": -0.8, "z": 0, "yaw": 90, "build": "woman", "looks_at": "f2"},
            {"id": "f2", "name": "ELIAS", "x": 0.8, "z": 0, "yaw": -90, "build": "man", "looks_at": "f1"},
        ],
        "cameras": [
            {"id": "A", "x": -2.0, "y": 1.6, "z": 3.0, "pan": -33.7, "focal_mm": 35},
            {"id": "B", "x": 2.0, "y": 1.6, "z": 3.0, "pan": 33.7, "focal_mm": 35},
            {"id": "X", "x": 2.0, "y": 1.6, "z": -3.0, "pan": 146.3, "focal_mm": 35},
        ],
    }
    return SetPlan.from_json(plan | changes).to_json()


@pytest.fixture(autouse=True)
def _own_store(own_store):
    """Each test has its pictures to itself."""


@pytest.fixture
def cannery(production: Project, scene: Scene, owner: User) -> Set:
    from sets.services import add_set

    return add_set(production, key=scene.set_key, name="CANNERY", interior=True, by=owner)


@pytest.fixture
def save_plan(cannery: Set, owner: User) -> Callable[..., Plan]:
    """save_plan(cameras=[...]) -> the set's next plan, changed by that."""

    def save_plan(**changes: Any) -> Plan:
        from previs.blockout.plan import SetPlan
        from sets.models import Plan

        whole = document(**changes)
        return Plan.objects.create(
            set=cannery,
            number=cannery.plans.count() + 1,
            document=whole,
            digest=SetPlan.from_json(whole).digest,
            saved_by=owner,
        )

    return save_plan


@pytest.fixture
def plan(save_plan: Callable[..., Plan]) -> Plan:
    return save_plan()


@pytest.fixture
def two_panels(scene: Scene, plan: Plan, director: User) -> list[Panel]:
    """12A.1 and 12B.1, both medium shots without a camera yet."""
    from previs.storyboard.services import add_shot

    return [add_shot(scene, by=director, action="Mara and Elias.", size="MS", lens_mm=35) for _ in range(2)]


@pytest.fixture
def look(director: User) -> Callable[..., None]:
    """look(panel, "A"): the panel looks through that camera."""

    def look(panel: Panel, label: str) -> None:
        from previs.storyboard.editing import look_through

        look_through(panel, label, by=director)

    return look


@pytest.fixture
def work() -> Callable[[], int]:
    """Do what a worker process does, here and now."""

    def work() -> int:
        from previs.generation.runner import run_available

        return run_available(worker=f"test:{uuid.uuid4().hex[:6]}")

    return work
