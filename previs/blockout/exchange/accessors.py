"""Vertex positions and triangles of a glTF file, every offset checked against the bytes that are there."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from previs.blockout.exchange.glb import Document, MeshRefused, entry, whole

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

COMPONENTS: dict[int, str] = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
INDEX_COMPONENTS = (5121, 5123, 5125)
POINTS, LINES, LINE_LOOP, LINE_STRIP, TRIANGLES, STRIP, FAN = range(7)


def positions(document: Document, binary: bytes, number: Any, what: str) -> Floats:
    """Return the (n, 3) positions of one accessor, metres before any node turns them.

    Whole-number positions are taken as KHR_mesh_quantization describes them. Raises MeshRefused for a position
    that is no number.
    """
    accessor = entry(document, "accessors", number, f"the positions of {what}")
    if accessor.get("type") != "VEC3" or accessor.get("componentType") == 5125:
        raise MeshRefused(f"The positions of {what} are not points in space. Export the model again.")
    raw = _read(document, binary, accessor, 3, f"the positions of {what}")
    found = raw.astype(np.float64)
    if raw.dtype.kind != "f" and accessor.get("normalized") is True:
        found = np.maximum(found / float(np.iinfo(raw.dtype).max), -1.0)
    if not np.isfinite(found).all():
        raise MeshRefused(f"A corner of {what} is not a number. Repair the model and export it again.")
    return found


def count_of(document: Document, number: Any, what: str) -> int:
    """Return how many entries an accessor says it has, without reading them."""
    accessor = entry(document, "accessors", number, what)
    return whole(accessor.get("count"), f"The count of {what}", below=2**31)


def triangles(document: Document, binary: bytes, number: Any, mode: int, corners: int, what: str) -> Indices:
    """Return the (m, 3) corner numbers of a primitive's triangles.

    number: the accessor of the indices, None where the corners follow each other. mode: TRIANGLES, STRIP or FAN.
    Raises MeshRefused for an index that names a corner that is not there.
    """
    if number is None:
        order = np.arange(corners, dtype=np.int64)
    else:
        accessor = entry(document, "accessors", number, f"the triangles of {what}")
        if accessor.get("type") != "SCALAR" or accessor.get("componentType") not in INDEX_COMPONENTS:
            raise MeshRefused(
                f"The triangles of {what} are written in an unknown way. Export the model again."
            )
        order = _read(document, binary, accessor, 1, f"the triangles of {what}")[:, 0].astype(np.int64)
    if order.size and int(order.max()) >= corners:
        raise MeshRefused(
            f"A triangle of {what} names a corner that is not in the file. Export the model again."
        )
    if mode == TRIANGLES:
        return order[: order.size // 3 * 3].reshape(-1, 3)
    if order.size < 3:
        return np.empty((0, 3), dtype=np.int64)
    if mode == FAN:
        return np.stack([np.full(order.size - 2, order[0]), order[1:-1], order[2:]], axis=1)
    strip = np.stack([order[:-2], order[1:-1], order[2:]], axis=1)
    strip[1::2] = strip[1::2, ::-1]  # every second triangle of a strip runs the other way round
    return strip


def _read(document: Document, binary: bytes, accessor: Document, width: int, what: str) -> npt.NDArray[Any]:
    """Return the (count, width) numbers of an accessor; raises MeshRefused where they would lie outside the file."""
    if "sparse" in accessor:
        raise MeshRefused(
            f"{_capital(what)} are stored as corrections (sparse). Export the model without them."
        )
    given = accessor.get("componentType")
    kind = COMPONENTS.get(given) if isinstance(given, int) else None
    if kind is None:
        raise MeshRefused(f"{_capital(what)} are written in an unknown way. Export the model again.")
    item = np.dtype(kind)
    count = whole(accessor.get("count"), f"The count of {what}", below=2**31)
    view = entry(document, "bufferViews", accessor.get("bufferView"), f"the bytes of {what}")
    whole(view.get("buffer", 0), f"The buffer of {what}", below=max(len(document.get("buffers", [])), 0))
    start = whole(view.get("byteOffset", 0), f"The start of {what}", below=len(binary) + 1)
    length = whole(view.get("byteLength"), f"The length of {what}", below=len(binary) - start + 1)
    offset = whole(accessor.get("byteOffset", 0), f"The offset of {what}", below=length + 1)
    row = item.itemsize * width
    stride = row if "byteStride" not in view else whole(view["byteStride"], f"The step of {what}", below=253)
    if stride < row:
        raise MeshRefused(f"The step of {what} is shorter than one entry. Export the model again.")
    if count and offset + stride * (count - 1) + row > length:
        raise MeshRefused(
            f"{_capital(what)} reach beyond the end of the file's data. Export the model again."
        )
    return np.ndarray((count, width), item, binary, start + offset, (stride, item.itemsize)).copy()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
