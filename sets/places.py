"""Which scenes play in which set: by the setting in their heading, through what was merged and split."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sets.models import Set

if TYPE_CHECKING:
    from previs.projects.models import Project
    from previs.script.models import Scene

# No normalised setting holds a slash, so a narrower key can never be somebody's setting.
EXTERIOR, INTERIOR = "/ext", "/int"
LONGEST_KEY = 250


def narrow_key(set_key: str, *, exterior: bool) -> str:
    """The key of one side of a setting that was split into its interior and its exterior."""
    side = EXTERIOR if exterior else INTERIOR
    return set_key[: LONGEST_KEY - len(side)] + side


def keys_of(scene: Scene) -> tuple[str, str]:
    """The keys under which a scene looks for its set, the narrower first."""
    return narrow_key(scene.set_key, exterior=scene.kind == "EXT"), scene.set_key


class Places:
    """All sets of one production by key, in one query; a merged set leads to the one it is part of."""

    def __init__(self, project_id: uuid.UUID) -> None:
        rows = Set.objects.filter(project=project_id).select_related("sheet__pick", "sheet__project")
        self.rows = {place.pk: place for place in rows}
        self.by_key = {place.key: self.standing(place) for place in self.rows.values()}

    def standing(self, place: Set) -> Set:
        """The set itself, or the one it became part of in the end."""
        while place.merged_into_id is not None:
            place = self.rows[place.merged_into_id]
        return place

    def of(self, scene: Scene) -> Set | None:
        """The set a scene plays in; None for a heading without a setting."""
        narrow, setting = keys_of(scene)
        return self.by_key.get(narrow) or self.by_key.get(setting)

    def scenes(self, scenes: Iterable[Scene]) -> dict[uuid.UUID, list[Scene]]:
        """Scenes by the set they play in, in their order."""
        found: dict[uuid.UUID, list[Scene]] = defaultdict(list)
        for scene in scenes:
            place = self.of(scene)
            if place is not None:
                found[place.pk].append(scene)
        return found


def place_of(scene: Scene) -> Set | None:
    """The set one scene plays in, with its pick; one query."""
    return Places(scene.project_id).of(scene)


def scenes_by_set(project: Project) -> dict[uuid.UUID, list[Scene]]:
    """The scenes of a production that are not cut, by set; two queries."""
    scenes = list(project.scenes.filter(omitted=False))
    for scene in scenes:
        scene.project = project
    return Places(project.pk).scenes(scenes)


def side_of(place: Set, scenes: Iterable[Scene]) -> str:
    """Where a set is played, in words; an I/E heading plays a room and what lies before it."""
    if place.interior and any(scene.kind == "I/E" for scene in scenes):
        return "Interior and exterior"
    return place.side


def scenes_of(place: Set) -> list[Scene]:
    """The scenes that play in one set, in story order; none in a set that is part of another one."""
    return scenes_by_set(place.project).get(place.pk, [])
