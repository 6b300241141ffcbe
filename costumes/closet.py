"""The closet: garments with their photos, and which of them a change is put together from."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from PIL import Image, ImageFilter

from costumes.models import Category, Change, Garment, GarmentLayer, PhotoKind, Slot, Wardrobe
from previs.audit.record import record
from previs.consent.uploads import take_in
from previs.events import PlotChanged, SheetChanged, publish
from previs.generation import palette, store
from previs.projects.models import Project
from previs.rights.models import AssetKind, ReferenceAsset
from previs.script.models import Character

if TYPE_CHECKING:
    from previs.accounts.models import User

MOST_GARMENTS = 2000
MOST_LAYERS = 20
# A garment photo is mostly its ground, which is the colour of the picture's border.
SWATCHES = 6
GROUND = 0.06  # of the shorter side, the border whose mean is taken for the ground
NEAR_GROUND = 0.09  # OKLab distance within which a colour is the ground's
NEAR_EACH_OTHER = 0.06  # and within which two are shades of one
SIDE = 200  # px, of what is measured
OUTLINE = 3  # of those, that the outline takes; odd
LEAST_CLOTH, LEAST_SHARE = (
    0.005,
    0.02,
)  # of the picture that must be garment; of the garment that a colour must be
SLOT_OF = {
    Category.TOP: Slot.MID,
    Category.BOTTOM: Slot.MID,
    Category.DRESS: Slot.MID,
    Category.COAT: Slot.OUTER,
    Category.SHOES: Slot.SHOES,
    Category.HEADWEAR: Slot.ACCESSORY,
    Category.ACCESSORY: Slot.ACCESSORY,
}
RANK = {slot: place for place, slot in enumerate(Slot)}


class ClosetError(Exception):
    """What was asked cannot be done; the message says why and what to do."""


def keep_garment(
    project: Project,
    *,
    by: User,
    garment: Garment | None = None,
    name: str,
    category: str,
    kind: str = PhotoKind.FLAT,
    character: Character | None = None,
    quantity: int = 1,
    multiples: str = "",
    wear_note: str = "",
    source: str = "",
    picture: bytes = b"",
    rights: str = "",
    statement: str = "",
) -> Garment:
    """Hang a garment in the closet, or change one that hangs there. picture: of it, b"" leaves the photo as it is.

    Raises ClosetError in words, PictureError, AssetRefused (no rights, or withdrawn) or StoreError; nothing is kept
    then.
    """
    if garment is None and project.garments.count() >= MOST_GARMENTS:
        raise ClosetError(f"The closet holds {MOST_GARMENTS} garments already. Remove some first.")
    photo = None
    if picture:
        photo = take_in(
            project, picture, by=by, kind=AssetKind.GARMENT, title=name, rights=rights, statement=statement
        )
    with transaction.atomic():
        kept = garment or Garment(project=project, added_by=by)
        if photo is not None or category != kept.category:
            kept.forget_cut()
        kept.name, kept.category, kept.kind, kept.character = name.strip()[:120], category, kind, character
        kept.quantity, kept.multiples = quantity, multiples.strip()[:120]
        kept.wear_note, kept.source = wear_note.strip()[:300], source.strip()[:300]
        if photo is not None:
            kept.photo, kept.swatches = photo, swatches_of(photo)
        kept.save()
        record(
            "keep_garment", kept, by=by, project_id=project.pk, new=garment is None, photo=photo is not None
        )
        _tell([layer.change for layer in kept.layers.select_related("change__character")])
    return kept


@transaction.atomic
def remove_garment(garment: Garment, *, by: User) -> None:
    """Take a garment out of the closet. Raises ClosetError while a change is put together from it."""
    worn = [str(layer.change) for layer in garment.layers.select_related("change__character")]
    if worn:
        raise ClosetError(f"{garment.name} is worn in {', '.join(worn)}. Take it off there first.")
    record("remove_garment", garment, by=by, project_id=garment.project_id, name=garment.name)
    try:
        garment.delete()
    except ProtectedError as error:
        raise ClosetError(f"{garment.name} was put on by somebody just now.") from error


@transaction.atomic
def put_on(change: Change, garment: Garment, *, slot: str = "", by: User) -> GarmentLayer:
    """Put a garment on: outside everything of its slot, inside the slots further out.

    slot: "" is where its category belongs. Raises ClosetError for a garment of another production, one that is on
    already, or too many.
    """
    layers = _layers(change)
    if garment.project_id != change.character.project_id:
        raise ClosetError("This garment hangs in another production.")
    if any(layer.garment_id == garment.pk for layer in layers):
        raise ClosetError(f"{garment.name} is on already.")
    if len(layers) >= MOST_LAYERS:
        raise ClosetError(f"{MOST_LAYERS} layers are on already. Take one off first.")
    place = Slot(slot) if slot in Slot.values else SLOT_OF[Category(garment.category)]
    layer = GarmentLayer(change=change, garment=garment, slot=place, order=0)
    inside = sum(RANK[Slot(other.slot)] <= RANK[place] for other in layers)
    _keep([*layers[:inside], layer, *layers[inside:]])
    _done("put_on", change, by=by, garment=str(garment.pk), slot=str(place))
    return layer


@transaction.atomic
def take_off(layer: GarmentLayer, *, by: User) -> None:
    change, garment = layer.change, layer.garment_id
    _layers(change)
    layer.delete()
    _keep(_layers(change))
    _done("take_off", change, by=by, garment=str(garment))


@transaction.atomic
def move_layer(layer: GarmentLayer, *, outwards: bool, by: User) -> None:
    """One place further out, or in. At the end of the row nothing changes."""
    layers = _layers(layer.change)
    place = next(index for index, other in enumerate(layers) if other.pk == layer.pk)
    other = place + (1 if outwards else -1)
    if not 0 <= other < len(layers):
        return
    layers[place], layers[other] = layers[other], layers[place]
    _keep(layers)
    _done("move_layer", layer.change, by=by, garment=str(layer.garment_id), outwards=outwards)


@transaction.atomic
def set_era(project: Project, *, era: str, by: User) -> Wardrobe:
    wardrobe, _ = Wardrobe.objects.update_or_create(project=project, defaults={"era": era.strip()[:120]})
    record("set_era", wardrobe, by=by, project_id=project.pk)
    return wardrobe


def swatches_of(photo: ReferenceAsset) -> list[dict[str, Any]]:
    """The colours of a garment, the largest first, without those of the ground it lies on. share: of the garment."""
    import numpy as np

    picture = Image.open(io.BytesIO(store.read(photo.thumb_sha256))).convert("RGB")
    picture.thumbnail((SIDE, SIDE), Image.Resampling.NEAREST)
    pixels = np.asarray(picture, dtype=np.float64) / 255
    edge = max(1, round(GROUND * min(picture.size)))
    border = np.concatenate(
        [part.reshape(-1, 3) for part in (pixels[:edge], pixels[-edge:], pixels[:, :edge], pixels[:, -edge:])]
    )
    ground = palette.to_oklab(np.median(border, axis=0)[None, :])[0]
    lab = palette.to_oklab(pixels.reshape(-1, 3)).reshape(pixels.shape)
    off = Image.fromarray((np.linalg.norm(lab - ground, axis=2) > NEAR_GROUND).astype(np.uint8) * 255)
    # On its outline a garment has colours between its own and the ground's, which are nobody's.
    inside = np.asarray(off.filter(ImageFilter.MinFilter(OUTLINE))) > 0
    cloth = np.asarray(picture)[inside]
    # A white shirt on white paper has no colour but that of its ground.
    if len(cloth) < LEAST_CLOTH * inside.size:
        return [asdict(swatch) for swatch in palette.measure(picture, SWATCHES)[:1]]
    sample = cloth[np.linspace(0, len(cloth) - 1, palette.SIDE**2).astype(int)]
    measured = palette.measure(Image.fromarray(sample.reshape(palette.SIDE, palette.SIDE, 3)), SWATCHES)
    kept: list[tuple[palette.Swatch, Any]] = []
    for swatch in measured:
        colour = palette.to_oklab(np.array([[int(swatch.hex[at : at + 2], 16) for at in (1, 3, 5)]]) / 255)[0]
        # Folds and the grain of a compressed picture are shades of one colour.
        if all(float(np.linalg.norm(colour - other)) > NEAR_EACH_OTHER for _, other in kept):
            kept.append((swatch, colour))
    return [asdict(swatch) for swatch, _ in kept if swatch.share >= LEAST_SHARE or swatch is kept[0][0]]


def _layers(change: Change) -> list[GarmentLayer]:
    """From the skin outwards; two who dress one change take turns."""
    Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    return list(change.layers.order_by("order", "pk"))


def _keep(layers: list[GarmentLayer]) -> None:
    for order, layer in enumerate(layers, start=1):
        if layer.order != order:
            layer.order = order
            layer.save()


def _done(verb: str, change: Change, *, by: User, **what: Any) -> None:
    record(verb, change, by=by, project_id=change.character.project_id, **what)
    _tell([change])


def _tell(changes: list[Change]) -> None:
    for change in changes:
        project = str(change.character.project_id)
        publish(PlotChanged(project, str(change.character_id)), SheetChanged(project, str(change.sheet_id)))
