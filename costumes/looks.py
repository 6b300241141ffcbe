"""A change as its bars on the plot show it: its picture, where that stands, and the colours of its garments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from costumes.models import Change, GarmentLayer, Slot
from previs.generation.models import Frame
from previs.generation.sources import stale_reasons
from previs.review.state import Standing, states_of
from previs.rights.models import AssetState
from previs.script.models import Character

# Of a pick: class of its bars, icon, words.
STALE = ("b-stale", "history", "Stale")
NEEDS_NEW = ("b-draft b-new", "circle-alert", "Needs a new look")  # its pick was withdrawn or is held back
STANDINGS = {
    Standing.APPROVED: ("b-ok", "circle-check", "Hero approved"),
    Standing.CHANGES: ("b-draft", "corner-up-left", "Changes requested"),
    Standing.IN_REVIEW: ("b-review", "eye", "In review"),
    Standing.DRAFT: ("b-draft", "circle-dashed", "Draft"),
}
MOST_COLOURS = 4  # bands beside a figure
# Where the garment lies that stands for a change without a picture, the most telling first.
TELLING = (Slot.OUTER, Slot.MID, Slot.BASE, Slot.ACCESSORY, Slot.SHOES)


@dataclass(frozen=True, eq=False)
class Look:
    """A change as its bars show it. tone: class of the bar; icon and words: where its picture stands.

    frame: the pick, None for none or for one that may no longer be shown.
    stale: why the pick is no longer what it was made from, "".  colours: of its garments, outermost first, "#rrggbb".
    garment: address of a small photo of one of its garments that may be shown, for a change without a picture; "".
    """

    change: Change
    frame: Frame | None
    tone: str
    icon: str
    words: str
    stale: str
    colours: tuple[str, ...] = ()
    garment: str = ""

    @cached_property
    def title(self) -> str:
        """What the department calls it, or its first garment; "" for nothing yet."""
        return self.change.title or self.change.garments.partition(",")[0].strip().rstrip(".")[:40]


def looks_of(characters: Collection[Character]) -> dict[Any, list[Look]]:
    """By the key of the character: their changes in order, as bars show them. Constant queries."""
    changes = list(
        Change.objects.filter(character__in=characters)
        .select_related("sheet__pick")
        .order_by("character__number", "number")
    )
    # The caller has the cast and its production; hundreds of copies of them would be half of the time.
    cast = {character.pk: character for character in characters}
    for change in changes:
        change.character = cast[change.character_id]
        change.sheet.project = change.character.project
    picks = [pick for change in changes if (pick := _pick(change))]
    standing, stale = states_of(picks), stale_reasons(picks)
    colours, photos = _garments(characters)
    looks: dict[Any, list[Look]] = defaultdict(list)
    for change in changes:
        frame = _pick(change)
        reason = "; ".join(stale.get(frame.pk, ())) if frame else ""
        tone, icon, words = _standing(standing[frame.pk].standing if frame else None, reason)
        if frame is None and change.sheet.pick_id:
            tone, icon, words = NEEDS_NEW
        looks[change.character_id].append(
            Look(
                change, frame, tone, icon, words, reason, tuple(colours[change.pk]), photos.get(change.pk, "")
            )
        )
    return looks


def _pick(change: Change) -> Frame | None:
    """What it is to look like; a withdrawn picture says nothing of it."""
    pick = change.sheet.pick
    return pick if pick is not None and not pick.is_hidden else None


def _standing(standing: Standing | None, stale: str) -> tuple[str, str, str]:
    return STALE if stale else STANDINGS.get(standing or Standing.DRAFT, STANDINGS[Standing.DRAFT])


def _garments(characters: Collection[Character]) -> tuple[dict[Any, list[str]], dict[Any, str]]:
    """By the key of the change: the first colour of each garment that is on, outermost first; and the address of a
    photo of one of them that may be shown. One query."""
    colours: dict[Any, list[str]] = defaultdict(list)
    photos: dict[Any, tuple[int, str, Any]] = {}
    layers = GarmentLayer.objects.filter(change__character__in=characters).order_by("-order")
    for change, slug, garment, slot, swatches, state in layers.values_list(
        "change", "garment__project__slug", "garment", "slot", "garment__swatches", "garment__photo__state"
    ):
        if swatches and len(colours[change]) < MOST_COLOURS:
            colours[change].append(swatches[0]["hex"])
        place = TELLING.index(slot)
        if state == AssetState.OK and (change not in photos or place < photos[change][0]):
            photos[change] = place, slug, garment
    addresses = {
        change: reverse("garment_file", args=[slug, garment, "thumb"])
        for change, (_, slug, garment) in photos.items()
    }
    return colours, addresses
