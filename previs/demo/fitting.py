"""The demo's fitting: what Nora wears on the first night, tried on her photo. Asked for like any other; a worker makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from costumes.cutting import shapes_of
from costumes.fittings import LayerPlan, start_fitting
from costumes.models import Change
from previs.generation.models import Job
from previs.projects.models import Project
from previs.rights.models import AssetKind, AssetState, ReferenceAsset

if TYPE_CHECKING:
    from previs.accounts.models import User

ROLE = "NORA"
# The take is the same on every machine.
SEED = 7


def ask_for_fitting(project: Project, *, by: User) -> int:
    """Queue the fitting; returns how many frames it will give, 0 where the demo was changed so that none can be made.

    Raises GenerationRefused when the photo or the release does not allow it.
    """
    changes = Change.objects.select_related("sheet__project", "character__project")
    change = changes.filter(character__project=project, character__name__istartswith=ROLE, number=1).first()
    photo = ReferenceAsset.objects.filter(
        project=project,
        kind=AssetKind.PERSON,
        state=AssetState.OK,
        persons__castings__character__name__istartswith=ROLE,
    ).first()
    if change is None or photo is None:
        return 0
    layers = change.layers.select_related("garment__photo").order_by("order")
    plans = [LayerPlan(layer.garment, seed=SEED) for layer in layers if shapes_of(layer.garment)]
    fitting = start_fitting(change, photo, plans, by=by)
    return Job.objects.filter(brief=fitting.pk).count()
