"""What fittings keep of somebody's photo beside their frames, for when all of it has to go."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from costumes.models import Garment
from costumes.models_fitting import Fitting, FittingLayer, FittingResult

# Columns that hold addresses, beside the garments' own.
OF_A_FITTING = ("person_sha256", "protected_sha256", "protect_sha256", "release_sha256")
OF_A_LAYER = ("mask_sha256", "thumb_sha256", "step_sha256")


def made_of_photos(frames: Collection[uuid.UUID], assets: Collection[uuid.UUID]) -> set[str]:
    """Masks, brushes and saved steps of the fittings on some photos, and what was measured on some frames."""
    fittings = Fitting.objects.filter(photo__in=assets)
    found: set[str] = set()
    for row in fittings.values_list(*OF_A_FITTING):
        found |= set(row)
    layers = FittingLayer.objects.filter(fitting__in=fittings)
    for row in layers.values_list(*OF_A_LAYER):
        found |= set(row)
    found |= set(FittingResult.objects.filter(frame__in=frames).values_list("mask_sha256", flat=True))
    return found - {""}


def shown_by_garments(files: set[str], assets: Collection[uuid.UUID]) -> set[str]:
    """Of some addresses, the cut-outs of garments, and what fittings on other photos keep."""
    kept = set(Garment.objects.filter(cut_sha256__in=files).values_list("cut_sha256", flat=True))
    fittings = Fitting.objects.exclude(photo__in=assets)
    layers = FittingLayer.objects.exclude(fitting__photo__in=assets)
    results = FittingResult.objects.exclude(fitting__photo__in=assets)
    for field in OF_A_FITTING:
        kept |= set(fittings.filter(**{f"{field}__in": files}).values_list(field, flat=True))
    for field in ("cut_sha256", *OF_A_LAYER):
        kept |= set(layers.filter(**{f"{field}__in": files}).values_list(field, flat=True))
    kept |= set(results.filter(mask_sha256__in=files).values_list("mask_sha256", flat=True))
    return kept
