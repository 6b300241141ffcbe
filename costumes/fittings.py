"""Asking for a virtual fitting: refuse in words, or freeze what it is made of and queue it; then run it again, or stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from costumes.cutting import CuttingError
from costumes.fitting.trouble import FittingError
from costumes.fitting_plans import LayerPlan as LayerPlan
from costumes.fitting_plans import Wish as Wish
from costumes.fitting_plans import copied, frozen
from costumes.models import Change, Fitting, FittingLayer
from costumes.recipe import outfit_of, wardrobe_source
from previs.audit.record import record
from previs.engine.request import Ability, FrameRequest, InputImage
from previs.generation import catalogue, services, store
from previs.generation.likeness import Likeness
from previs.generation.makers import engine_behind
from previs.generation.models import Job
from previs.generation.orders import may_order, order
from previs.generation.refusal import GenerationRefused, note_refusal
from previs.names import shown
from previs.rights.models import AssetKind, AssetState, ReferenceAsset

if TYPE_CHECKING:
    from previs.accounts.models import User

MAKER = "fitting"
MOST_LAYERS = 8
NUDE = re.compile(r"\bnudes?\b[ ,]*", re.IGNORECASE)


def start_fitting(
    change: Change, photo: ReferenceAsset, plans: Sequence[LayerPlan], *, by: User, wish: Wish | None = None
) -> Fitting:
    """Queue a fitting of an outfit on a photo of somebody.

    change: with its sheet, character and project.  plans: lowest first.
    Raises GenerationRefused in words before anything is queued; a refusal of the policy is put on record.
    """
    draft = Fitting(change=change, photo=photo, requested_by=by)
    return _refused_on_record(
        draft, lambda: _start(draft, [frozen(plan, by) for plan in plans], wish or Wish())
    )


def rerun_from_layer(
    fitting: Fitting, number: int, plans: Sequence[LayerPlan], *, by: User, wish: Wish | None = None
) -> Fitting:
    """Queue a fitting that agrees with an earlier one below layer `number`, whose steps are taken over.

    plans: take the place of that layer and of all above it.  wish: as before where it says nothing.
    Raises GenerationRefused as `start_fitting` does.
    """
    before = list(fitting.layers.select_related("garment", "photo"))
    draft = _again(fitting, number, by)

    def start() -> Fitting:
        if not 1 <= number <= len(before) + 1:
            raise GenerationRefused(
                [f"The outfit has {len(before)} layers. Choose one of them."], code="request"
            )
        return _start(
            draft,
            [*copied(before[: number - 1]), *(frozen(plan, by) for plan in plans)],
            _kept(wish, fitting),
        )

    return _refused_on_record(draft, start)


def remove_layer(fitting: Fitting, number: int, *, by: User) -> Fitting:
    """Queue the same outfit without one layer; what lies below it is taken over, what lies above is laid anew."""
    before = list(fitting.layers.select_related("garment", "photo"))
    draft = _again(fitting, number, by)
    left = copied(row for row in before if row.number != number)
    return _refused_on_record(draft, lambda: _start(draft, left, _kept(None, fitting)))


@transaction.atomic
def cancel_fitting(fitting: Fitting, *, by: User) -> int:
    """Cancel what is still open of a fitting; returns how many candidates. A running one stops at its next step."""
    return sum(services.cancel(job, by=by) for job in Job.objects.filter(brief=fitting.pk).open())


def can_repaint(model: str = "") -> bool:
    """Whether a model that is installed here can paint over a composite. model: "" for the production's own."""
    return _way_to_paint(model) is not None


def _way_to_paint(model: str) -> Ability | None:
    """By a mask, or by an instruction with the garment as reference; as `costumes.fitting.painter` knows them."""
    card = catalogue.installed().get(model or settings.PREVIS_MODEL)
    if card is not None and "inpaint" in card.abilities:
        return "inpaint"
    return "refine" if card is not None and {"refine", "reference"} <= card.abilities else None


def _refused_on_record(draft: Fitting, start: Callable[[], Fitting]) -> Fitting:
    try:
        return start()
    except (FittingError, CuttingError) as trouble:
        raise GenerationRefused([str(trouble)], code="fitting_input") from trouble
    except GenerationRefused as refused:
        note_refusal(draft.change.sheet, refused, by=draft.requested_by)
        raise


def _start(draft: Fitting, layers: list[FittingLayer], wish: Wish) -> Fitting:
    _refuse_unfit(draft, layers)
    draft.inside = wish.inside
    if not 0 <= wish.inside <= 1:
        raise GenerationRefused(["The strength on the cloth must lie between 0 and 100 %."])
    # Nobody's body is looked for before they have agreed to it.
    size = draft.photo.width, draft.photo.height
    known, sources = _likeness(draft, layers), [wardrobe_source(draft.change, outfit_of(draft.change))]
    sheet, by = draft.change.sheet, draft.requested_by
    asked = _requests(draft, layers, wish, size)
    may_order(sheet, asked, known=known, sources=sources, by=by, urgent=wish.urgent)
    size = _look(draft, layers, wish)
    asked = [replace(request, width=size[0], height=size[1]) for request in asked]
    with transaction.atomic():
        draft.save(force_insert=True)
        for number, layer in enumerate(layers, start=1):
            layer.fitting, layer.number = draft, number
        FittingLayer.objects.bulk_create(layers)
        order(sheet, asked, brief=draft.pk, known=known, sources=sources, by=by, urgent=wish.urgent)
        record(
            "fit", draft, by=by, project_id=sheet.project_id, photo=draft.photo_id, from_layer=draft.from_layer,
            garments=[str(layer.garment_id) for layer in layers], candidates=len(asked),
        )  # fmt: skip
    return draft


def _refuse_unfit(draft: Fitting, layers: list[FittingLayer]) -> None:
    """Raises GenerationRefused for what no look at the pictures is needed to see."""
    photo, project = draft.photo, draft.change.character.project_id
    if photo.project_id != project or photo.kind != AssetKind.PERSON:
        raise GenerationRefused(["Choose a photo of a person that was taken in for this production."])
    if photo.state != AssetState.OK:
        raise GenerationRefused(
            [
                f"This photo is {photo.get_state_display().lower()}. Choose another one, or link who is seen on it."
            ],
            code="reference_" + photo.state,
        )
    if not layers:
        raise GenerationRefused(
            ["A fitting needs a garment with a photo. Choose one first."], code="garment_missing"
        )
    if len(layers) > MOST_LAYERS:
        raise GenerationRefused([f"At most {MOST_LAYERS} layers are fitted at once. Leave some out."])
    if len({layer.garment_id for layer in layers}) < len(layers):
        raise GenerationRefused(["A garment is in the outfit twice. Leave one of them out."])
    if any(layer.garment.project_id != project for layer in layers):
        raise GenerationRefused(["A garment of this outfit hangs in another production."])


def _look(draft: Fitting, layers: list[FittingLayer], wish: Wish) -> tuple[int, int]:
    """Find the body and check the garments; fills in what the row keeps of it. Returns the size of the frames, px.

    Raises FittingError in words.
    """
    from costumes import fitting_inputs as inputs

    for layer in layers:
        inputs.layer_of(layer)
    base = draft.based_on
    protect = wish.protect if wish.protect is not None else _brush(base, "protect_sha256")
    release = wish.release if wish.release is not None else _brush(base, "release_sha256")
    points = wish.points
    if points is None and base is not None:
        points = inputs.set_by_hand(base.points)
    looked = inputs.look_at(draft.photo, points=points or {}, protect=protect, release=release)
    draft.points = [[round(float(value), 3) for value in point] for point in looked.pose.points]
    draft.person_sha256 = inputs.grey(looked.pose.mask)
    draft.protected_sha256 = inputs.grey(looked.ground.protected)
    draft.protect_sha256 = store.put(protect) if protect else ""
    draft.release_sha256 = store.put(release) if release else ""
    return looked.ground.size


def _brush(base: Fitting | None, which: str) -> bytes:
    from costumes import fitting_inputs as inputs

    return inputs.read(getattr(base, which), "The brush") if base is not None else b""


def _requests(
    draft: Fitting, layers: Sequence[FittingLayer], wish: Wish, size: tuple[int, int]
) -> list[FrameRequest]:
    """The candidates: the composite, and where a model can, what it paints over it."""
    # As the name of a colour it is none of the words that the policy looks for.
    garments = " over ".join(NUDE.sub("", layer.garment.name).strip() for layer in reversed(layers))
    pictures = (
        InputImage("picture", draft.photo.sha256),
        *(InputImage("reference", layer.photo.sha256) for layer in layers),
    )
    ways: list[tuple[str, Ability, int]] = [(MAKER, "refine", len(layers) + 2)]
    if wish.realism and (way := _way_to_paint(wish.model)):
        ways.append((f"{MAKER}+{wish.model or settings.PREVIS_MODEL}", way, len(layers) + 3))
    return [
        FrameRequest(
            prompt=f"Virtual fitting. {draft.change}: {garments}.",
            model=model,
            seed=layers[-1].seed,
            width=size[0],
            height=size[1],
            ability=ability,
            steps=steps,
            guidance=0.0,
            strength=1.0,
            inputs=pictures,
        )
        for model, ability, steps in ways
    ]


def _likeness(draft: Fitting, layers: Sequence[FittingLayer]) -> Likeness:
    return Likeness(
        character=shown(draft.change.character.name),
        garments=len(layers),
        garment_words=tuple(layer.garment.name for layer in layers),
        use="tryon",
    )


def _again(fitting: Fitting, number: int, by: User) -> Fitting:
    return Fitting(
        change=fitting.change,
        photo=fitting.photo,
        based_on=fitting,
        from_layer=max(1, number),
        requested_by=by,
    )


def _kept(wish: Wish | None, fitting: Fitting) -> Wish:
    """A wish, or without one what the earlier fitting was asked for with."""
    if wish is not None:
        return wish
    models = Job.objects.filter(brief=fitting.pk).values_list("model", flat=True)
    painted = next((painter for model in models if (painter := engine_behind(model))), "")
    return Wish(inside=fitting.inside, realism=bool(painted), model=painted)
