"""Where a scene plays: its set with the newest plan, whose cameras the panels of the scene can look through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from previs.blockout.plan import CameraPosition
from previs.blockout.reader import read
from previs.generation.sources import SourceRef
from previs.names import shown
from sets.models import Plan, Set
from sets.places import place_of
from sets.recipe import blockout_for, camera_of, plan_source
from sets.services import latest_plan

if TYPE_CHECKING:
    from previs.script.models import Scene


@dataclass(frozen=True)
class Setting:
    """The set of a scene and the set's newest plan; None where there is none yet."""

    scene: Scene
    place: Set | None = None
    plan: Plan | None = None

    @property
    def labels(self) -> list[str]:
        """The cameras to choose from, in the plan's order."""
        return [str(camera["id"]) for camera in self.plan.document.get("cameras", [])] if self.plan else []

    @property
    def name(self) -> str:
        return shown(self.place.name) if self.place else "this scene's set"

    def focal_mm(self, label: str) -> float | None:
        """What the camera carries, millimetres; None without that camera."""
        camera = camera_of(self.plan, label) if label else None
        return float(camera["focal_mm"]) if camera else None

    @cached_property
    def cameras(self) -> dict[str, CameraPosition]:
        """The plan's cameras by label. The rest of a saved plan is right and may be large, so it is not read."""
        found = self.plan.document.get("cameras", []) if self.plan else []
        return {str(camera["id"]): CameraPosition.from_json(camera) for camera in found}

    def blockout(
        self, label: str, prompt: str, *, weather: str | None = None, damage: str | None = None
    ) -> dict[str, Any] | None:
        """The `FrameRequest.blockout` seen from a camera; None when there is no such camera.

        weather, damage: read from the prompt where they are not given.
        """
        if self.place is None or self.plan is None or not label or camera_of(self.plan, label) is None:
            return None
        said = read(prompt, domain="scene").description
        return blockout_for(
            self.place,
            camera=label,
            time_of_day=self.scene.time_of_day,
            weather=said.weather if weather is None else weather,
            damage=said.damage if damage is None else damage,
            crowd=0,
            vehicles=0,
            prompt=prompt,
            plan=self.plan,
        )

    def source(self, label: str) -> SourceRef | None:
        """The plan as a source of frames that look through a camera."""
        camera = camera_of(self.plan, label) if label else None
        if self.place is None or self.plan is None or camera is None:
            return None
        return plan_source(self.place, self.plan, camera)


def setting_of(scene: Scene) -> Setting:
    """The setting of a scene; two queries."""
    place = place_of(scene)
    return Setting(scene, place, latest_plan(place) if place else None)
