"""What leaves a blockout as a file for other programs, and the models that come in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.utils.text import slugify

from previs.audit.record import record
from previs.generation import store
from previs.names import shown
from sets.models import Plan, Set

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from previs.accounts.models import User
    from previs.blockout.plan import SetPlan

EXPORTS = {
    "glb": "glTF model (.glb)",
    "dxf": "CAD drawing (.dxf)",
    "svg": "Floor plan (.svg)",
    "pdf": "Floor plan (.pdf)",
}
MEDIA_TYPES = {
    "glb": "model/gltf-binary",
    "dxf": "image/vnd.dxf",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
MOST_BYTES = 20_000_000  # of an imported model
MOST_TRIANGLES = 8_000  # that the editor draws of one model


class NoSuchExport(Exception):  # noqa: N818 - an answer, not a fault
    """Previs does not write that kind of file."""


class ModelRefused(Exception):  # noqa: N818 - an answer, not a fault
    """A model that cannot stand in a set; the message says why and what to do."""


@dataclass(frozen=True)
class ExportedFile:
    name: str
    media_type: str
    content: bytes


def export(place: Set, plan: Plan, *, form: str) -> ExportedFile:
    """A plan as a file; form: a key of EXPORTS. Raises NoSuchExport."""
    from previs.blockout.plan import SetPlan

    if form not in EXPORTS:
        raise NoSuchExport(f"A plan can be exported as {', '.join(EXPORTS)}, not as {form}.")
    content = _write(
        SetPlan.from_json(plan.document),
        form,
        title=f"{place.project.title}, {shown(place.name)}",
        revision=f"Plan {plan.number}",
        ratio=float(place.project.aspect_ratio),
    )
    return ExportedFile(
        f"{slugify(place.name) or 'set'}-plan-{plan.number}.{form}", MEDIA_TYPES[form], content
    )


def _write(plan: SetPlan, form: str, *, title: str, revision: str, ratio: float) -> bytes:
    # Each writer loads libraries of its own; nobody should wait for the others'.
    if form == "glb":
        from previs.blockout.exchange.export_glb import to_glb

        return to_glb(plan, ratio=ratio)
    if form == "dxf":
        from previs.blockout.exchange.dxf import to_dxf

        return to_dxf(plan)
    if form == "svg":
        from previs.blockout.exchange.svg import to_svg

        return to_svg(plan, title=f"{title}, {revision}").encode()
    from previs.blockout.exchange.pdf import to_pdf

    return to_pdf(plan, title=title, revision=revision)


@transaction.atomic
def import_model(place: Set, upload: UploadedFile[bytes] | None, *, by: User) -> dict[str, Any]:
    """Keep a .glb and return the mesh of a plan that stands for it, without an id and at the middle of the set,
    and under "shape" the triangles that the editor draws of it.

    Nothing of the plan changes: the editor puts the mesh in and saves. Raises ModelRefused.
    """
    from previs.blockout.exchange.glb import MeshRefused
    from previs.blockout.exchange.import_glb import from_glb

    if upload is None:
        raise ModelRefused("Choose a .glb file first.")
    if (upload.size or 0) > MOST_BYTES:
        raise ModelRefused(
            f"The file has {(upload.size or 0) / 1e6:.0f} MB; {MOST_BYTES / 1e6:.0f} MB are the most. Export it with "
            "fewer details or smaller textures."
        )
    data = upload.read()
    try:
        mesh = from_glb(data, PurePath(upload.name or "model").stem)
    except MeshRefused as error:
        raise ModelRefused(str(error)) from error
    try:
        store.put(data)
    except store.StoreError as error:
        raise ModelRefused(str(error)) from error
    record("import_model", place, by=by, project_id=place.project_id, name=mesh.name, sha256=mesh.sha256)
    entry = {
        "name": mesh.name,
        "sha256": mesh.sha256,
        **{"x": 0.0, "y": 0.0, "z": 0.0, "yaw": 0.0, "scale": 1.0},
        "boxes": [solid.to_json() for solid in mesh.boxes],
    }
    return {"mesh": entry, "shape": _shape(mesh.sha256, data)}


def model_shapes(plan: Plan) -> dict[str, Any]:
    """The triangles of the models in a plan, by digest; see `import_glb.mesh_geometry`.

    A model whose file is gone is left out: its boxes stand for it.
    """
    found = {}
    for sha256 in {entry["sha256"] for entry in plan.document["meshes"]}:
        shape = cache.get(f"model-shape:{sha256}")
        if shape is None:
            try:
                shape = _shape(sha256, store.read(sha256))
            except (KeyError, ValueError):
                continue
        found[sha256] = shape
    return found


def _shape(sha256: str, data: bytes) -> dict[str, Any]:
    from previs.blockout.exchange.import_glb import mesh_geometry

    shape = mesh_geometry(data, most_triangles=MOST_TRIANGLES)
    cache.set(f"model-shape:{sha256}", shape, 24 * 3600)
    return shape
