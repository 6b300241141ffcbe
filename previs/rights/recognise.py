"""Knowing a picture again that the production has taken in, or has withdrawn, however it was saved since."""

from __future__ import annotations

import uuid

from PIL import Image

from previs.rights import policy
from previs.rights.models import ReferenceAsset
from previs.rights.phash import phash


def recognise(project_id: uuid.UUID, picture: Image.Image) -> ReferenceAsset | None:
    """The asset that a picture is, saved anew, a withdrawn one before any other; None for one nobody took in."""
    found = phash(picture)
    near = [
        asset
        for asset in ReferenceAsset.objects.filter(project_id=project_id).prefetch_related("persons")
        if policy.resembles("", found, withdrawn_sha256=asset.sha256, withdrawn_phash=asset.phash)
    ]
    return min(near, key=lambda asset: asset.state != "withdrawn", default=None)
