"""Making the cells of a grid again that were made beside an earlier hero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from sets.grid import grid_of
from sets.models import Set
from sets.services import SetError
from sets.variants import fill_grid, seen_from

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.generation.models import Job


@transaction.atomic
def match_hero(place: Set, *, weather: str, by: User) -> list[Job]:
    """Ask once more for every cell of a weather that has another camera or seed than the hero; its takes are kept.

    All are queued or none.  Raises SetError when there is none, GenerationRefused when the model may not be used.
    """
    # Two people who press at once take turns here, and the second finds the cells under way.
    locked = Set.objects.select_for_update(of=("self",))
    place = locked.select_related("project", "sheet__pick", "sheet__project").get(pk=place.pk)
    again = grid_of(place, weather, by).again
    if not again:
        raise SetError(
            "No cell of this weather can be made again as the hero was; they are, or are under way."
        )
    camera = seen_from(place.sheet.pick)
    return fill_grid(place, weather=weather, camera=camera, crowd=None, vehicles=None, only=again, by=by)
