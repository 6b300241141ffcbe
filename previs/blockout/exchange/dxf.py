"""The floor plan as DXF for CAD programs: metres, one layer a trade, real dimensions."""

from __future__ import annotations

import io
from typing import Any

from ezdxf import units
from ezdxf.document import Drawing as DxfDocument
from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new

from previs.blockout.exchange.floorplan import bounds_of, draw, fitting_scale
from previs.blockout.exchange.marks import INK, Arc, Dimension, Drawing, Layer, Mark, Text
from previs.blockout.exchange.svg import SHEET_MM
from previs.blockout.plan.document import SetPlan

APPLICATION = "PREVIS"  # under it every entity tells the id of the thing it shows
INKS = {
    Layer.FLOOR: 9, Layer.VIEWS: 30, Layer.STAIRS: 8, Layer.PIECES: 8, Layer.WALLS: 7, Layer.OPENINGS: 7,
    Layer.OVERHEAD: 9, Layer.LIGHTS: 40, Layer.FIGURES: 5, Layer.CAMERAS: 30, Layer.DIMENSIONS: 8, Layer.TEXT: 7,
}  # fmt: skip  # AutoCAD colour numbers
ANCHORS = {
    "start": TextEntityAlignment.MIDDLE_LEFT,
    "middle": TextEntityAlignment.MIDDLE_CENTER,
    "end": TextEntityAlignment.MIDDLE_RIGHT,
}
WEIGHTS = (13, 18, 25, 30, 35, 50)  # hundredths of a millimetre that DXF knows, near ours
STYLE = "PREVIS"


def to_dxf(plan: SetPlan, *, scale: int | None = None) -> bytes:
    """Return the plan as a DXF file (AutoCAD 2010), one drawing unit a metre, x and y as on the floor plan.

    y is minus the z of the set. scale: 1 to so many, only for the height of letters and symbols; without it the
    largest round one at which the set fits an A3 sheet. Layers are named as in `marks.Layer`.
    """
    bounds = bounds_of(plan)
    drawing = draw(plan, scale or fitting_scale(bounds, *SHEET_MM), bounds)
    document = new("R2010", setup=True)
    document.units = units.M
    document.header["$LTSCALE"] = drawing.metres(4.0)
    document.appids.add(APPLICATION)
    document.styles.add(STYLE, font="Arial.ttf")
    for layer, ink in INKS.items():
        document.layers.add(layer.value, color=ink)
    _dimension_style(document, drawing)
    for mark in drawing.marks:
        _add(document.modelspace(), drawing, mark)
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue().encode(document.output_encoding, errors="dxfreplace")


def _dimension_style(document: DxfDocument, drawing: Drawing) -> None:
    """Letters, ticks and gaps of a dimension, metres at the drawing's scale."""
    style = document.dimstyles.duplicate_entry("EZDXF", STYLE)
    style.dxf.dimtxt = drawing.metres(2.5)
    style.dxf.dimtsz = drawing.metres(1.3)
    style.dxf.dimexe = drawing.metres(1.2)
    style.dxf.dimexo = drawing.metres(1.0)
    style.dxf.dimgap = drawing.metres(0.7)
    style.dxf.dimdec = 2
    style.dxf.dimlfac = 1.0
    style.dxf.dimzin = 0
    style.dxf.dimtad = 1
    style.dxf.dimtxsty = STYLE
    style.dxf.dimclrd = style.dxf.dimclre = style.dxf.dimclrt = 256  # as the layer


def _add(space: Any, drawing: Drawing, mark: Mark) -> None:
    """Add one mark to the model space."""
    if isinstance(mark, Dimension):
        a, b, away = mark.a, mark.b, mark.offset
        if (b[0], b[1]) < (a[0], a[1]):  # CAD writes the number along the way from a to b
            a, b, away = b, a, -away
        made = space.add_aligned_dim(
            a, b, distance=drawing.metres(away), dimstyle=STYLE, dxfattribs={"layer": Layer.DIMENSIONS.value}
        )
        made.render()
        return
    look: dict[str, Any] = {"layer": mark.layer.value}
    if isinstance(mark, Text):
        height = drawing.metres(mark.size * 0.73)  # CAD measures capitals, ours is the size of the type
        made = space.add_text(
            mark.text, height=height, rotation=mark.angle, dxfattribs={**look, "style": STYLE}
        )
        made.set_placement(mark.at, align=ANCHORS[mark.anchor])
    elif isinstance(mark, Arc):
        look["lineweight"] = _weight(mark.pen)
        if mark.full:
            made = space.add_circle(mark.centre, mark.radius, dxfattribs=look)
        else:
            made = space.add_arc(mark.centre, mark.radius, mark.start, mark.end, dxfattribs=look)
    else:
        look["lineweight"] = _weight(mark.pen)
        if mark.dash:
            look["linetype"] = "DASHED"
        made = space.add_lwpolyline(mark.points, close=mark.closed, dxfattribs=look)
        if mark.layer is Layer.WALLS and mark.fill:
            hatch = space.add_hatch(
                color=256 if mark.fill == INK else 9, dxfattribs={"layer": mark.layer.value}
            )
            hatch.paths.add_polyline_path(mark.points, is_closed=True)
    if mark.ref:
        made.set_xdata(APPLICATION, [(1000, mark.ref)])


def _weight(pen: float) -> int:
    return min(WEIGHTS, key=lambda weight: abs(weight - pen * 100))
