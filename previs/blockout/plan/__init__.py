"""The floor plan of a set and what is made from it.

Here are the document and its parts, which load neither numpy nor the compiler. What builds or draws lives in
modules of its own: `plan.piecebook`, `plan.solids`, `plan.first`, `plan.moves`, `plan.lens`.
"""

from previs.blockout.plan.document import GROUNDS, SetPlan
from previs.blockout.plan.lens import SENSORS, field_of_view
from previs.blockout.plan.parts import (
    CameraPosition,
    Mesh,
    Opening,
    Piece,
    PlanFigure,
    PlanLight,
    PlanSolid,
    Stairs,
    Wall,
)

__all__ = [
    "GROUNDS",
    "SENSORS",
    "CameraPosition",
    "Mesh",
    "Opening",
    "Piece",
    "PlanFigure",
    "PlanLight",
    "PlanSolid",
    "SetPlan",
    "Stairs",
    "Wall",
    "field_of_view",
]
