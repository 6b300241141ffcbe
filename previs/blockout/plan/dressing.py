"""What floor, walls and air of a place are like where its plan does not say: taken from the place's builder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from previs.blockout import rooms
from previs.blockout.geometry import Colour, Texture
from previs.blockout.plan.shell import Surface
from previs.blockout.stage import Stage
from previs.blockout.staging import stable_random

#: Colour and pattern of each floor a plan can name.
FLOORS: dict[str, tuple[Colour, Texture]] = {
    "concrete": ((0.34, 0.34, 0.33), Texture.SLABS),
    "planks": ((0.44, 0.31, 0.20), Texture.PLANKS),
    "tiles": ((0.56, 0.56, 0.54), Texture.TILES),
    "slabs": ((0.45, 0.43, 0.40), Texture.SLABS),
    "carpet": ((0.36, 0.38, 0.42), Texture.PLAIN),
    "earth": ((0.30, 0.26, 0.20), Texture.EARTH),
    "grass": ((0.22, 0.33, 0.14), Texture.EARTH),
    "sand": ((0.70, 0.60, 0.42), Texture.DUNES),
    "gravel": ((0.42, 0.41, 0.39), Texture.EARTH),
    "road": ((0.28, 0.28, 0.29), Texture.ROAD),
    "snow": ((0.86, 0.88, 0.92), Texture.EARTH),
    "furrows": ((0.36, 0.27, 0.18), Texture.FURROWS),
    "water": ((0.10, 0.22, 0.27), Texture.WAVES),
}


@dataclass(frozen=True)
class Dressing:
    """Surfaces of a place. sky_share: how much of the open sky reaches the ground."""

    surface: Surface
    floor: Colour
    floor_texture: Texture
    sky_share: float = 1.0


@cache
def dressing_of(place: str, interior: bool, ground: str) -> Dressing:
    """Return the surfaces of a plan's place, with the floor that the plan names."""
    stage = Stage(stable_random("set", place, ""))
    if place:
        rooms.BUILDERS[place](stage)
    colour, texture = stage.ground, stage.ground_texture
    if interior:
        colour, texture = (stage.floor, stage.floor_texture) if stage.room else FLOORS["planks"]
    if ground:
        colour, texture = FLOORS[ground]
    walls = Surface(stage.wall, stage.wall_texture, stage.ceiling) if stage.room else Surface()
    return Dressing(walls, colour, texture, stage.sky_share)
