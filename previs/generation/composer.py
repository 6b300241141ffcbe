"""The composer that every sheet's page shows: a compiled prompt, its sources, and Generate."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from previs.engine.request import InputImage
from previs.generation import catalogue, controls
from previs.generation.compiled import Compiled, Controls
from previs.generation.controls import ControlRefused
from previs.generation.desks import has_desk
from previs.generation.forms import EXTEND, USUAL, USUAL_STRENGTH, BriefForm
from previs.generation.history import seconds_per_frame
from previs.generation.likeness import Likeness
from previs.generation.models import HIDDEN, Frame, Job, Provenance, Sheet
from previs.generation.refusal import note_refusal
from previs.generation.rewriting import blockout_of, room_of
from previs.generation.services import MAX_TAKES, Brief, GenerationRefused, batch_key_of, compose, generate
from previs.generation.sources import SourceRef
from previs.projects.models import EDITING_ROLES, URGENT_ROLES

if TYPE_CHECKING:
    from previs.accounts.models import User


def composer_context(
    sheet: Sheet,
    compiled: Compiled,
    user: User,
    *,
    action: str,
    form: BriefForm | None = None,
    heading: str = "",
    afresh: bool = False,
) -> dict[str, Any]:
    """Everything `generation/_brief.html` shows.

    afresh: with the compiled prompt, also where somebody wrote another one in its place.
    """
    role = sheet.project.role_of(user)
    if form is None:
        own = {"prompt": sheet.own_words} if sheet.own_words and not afresh else {}
        form = BriefForm(initial=first_values(compiled) | _last_takes(sheet) | own)
    # On the form, because pages pass the composer's parts on by name.
    form.controls = _controls(form, sheet, compiled, action)
    if role not in EDITING_ROLES:
        form.close()
    return {
        "sheet": sheet,
        "compiled": compiled,
        "form": form,
        "action": action,
        "heading": heading or sheet.title,
        "can_edit": role in EDITING_ROLES,
        "may_hurry": role in URGENT_ROLES,
        "eta": _estimate(sheet, compiled),
    }


def first_values(compiled: Compiled) -> dict[str, Any]:
    """What an untouched composer holds."""
    models = catalogue.installed()
    return {
        "prompt": compiled.prompt,
        "takes": 4,
        "model": next(iter(models), ""),
        "way": "text",
        "strength": USUAL_STRENGTH["refine"],
        **USUAL,
    }


def _last_takes(sheet: Sheet) -> dict[str, int]:
    """How many takes were asked for last on this sheet; {} before the first, and after a grid or a fitting."""
    last = sheet.jobs.order_by("-created_at").only("brief", "model").first()
    if last is None or last.model not in catalogue.installed():
        return {}
    takes = sheet.jobs.filter(brief=last.brief).count()
    return {"takes": takes} if takes <= MAX_TAKES else {}


def submit(data: QueryDict, sheet: Sheet, compiled: Compiled, *, by: User) -> tuple[BriefForm, list[Job]]:
    """Bind the form and queue its takes. Without jobs, the form says why in words and keeps what was typed."""
    form = BriefForm(data)
    if not form.is_valid():
        return form, []
    try:
        with transaction.atomic():
            jobs = generate(sheet, brief_of(form, sheet, compiled), by=by)
            _keep_words(sheet, form.cleaned_data["prompt"].strip(), compiled)
        return form, jobs
    except ControlRefused as refused:
        form.add_error(None, str(refused))
    except GenerationRefused as refused:
        note_refusal(sheet, refused, by=by)
        for reason in refused.reasons:
            form.add_error(None, reason)
    return form, []


def _keep_words(sheet: Sheet, prompt: str, compiled: Compiled) -> None:
    """What was written in place of the compiled prompt is there again when the page is opened again."""
    own = "" if prompt == compiled.prompt.strip() else prompt
    if own != sheet.own_words:
        sheet.own_words = own
        sheet.save(update_fields=["own_words"])


def brief_of(form: BriefForm, sheet: Sheet, compiled: Compiled) -> Brief:
    """The brief that a valid form asks for. Raises ControlRefused when a picture it starts from cannot be used."""
    values, shares = form.cleaned_data, form.shares()
    way = values["way"]
    base = None
    if way != "text":
        base = controls.frame_of(sheet, values["base"]) if values["base"] else _newest(sheet)
    start = controls.start_of(
        sheet,
        way,
        base,
        mask=values["mask"],
        extend={name.removeprefix("extend_"): values[name] or 0 for name in EXTEND},
        size=_refined_size(form, base),
    )
    reference, followed = _reference(form, sheet), _followed(form, sheet)
    if way == "text":
        blockout = blockout_of(compiled, followed, values["prompt"])
    else:
        # A frame is refined over the room it shows, and a wider canvas shows another one.
        blockout = room_of(base, values["prompt"], contents=False) if base and way != "extend" else None
    return Brief(
        prompt=values["prompt"],
        negative_prompt=values["negative_prompt"],
        model=values["model"],
        takes=values["takes"],
        seed=values["seed"],
        steps=values["steps"],
        guidance=values["guidance"],
        urgent=values["urgent"],
        portrait=compiled.portrait,
        likeness=Likeness(character=compiled.character.upper()),
        ability=start.ability,
        strength=shares["strength"],
        inputs=(*start.inputs, *reference),
        size=start.size,
        sources=_sources(compiled, base, followed),
        blockout=blockout if shares["control_strength"] or _varies_control(form) else None,
        control_strength=shares["control_strength"],
        control_start=shares["control_start"],
        control_end=shares["control_end"],
        axes=values["axes"],
    )


def _varies_control(form: BriefForm) -> bool:
    return any(axis.field == "control_strength" for axis in form.cleaned_data["axes"])


def _refined_size(form: BriefForm, base: Frame | None) -> tuple[int, int] | None:
    card = form.cards.get(form.cleaned_data["model"])
    return catalogue.size_like(card, base.width, base.height) if card and base else None


def _reference(form: BriefForm, sheet: Sheet) -> tuple[InputImage, ...]:
    if not form.cleaned_data["reference"]:
        return ()
    token = controls.token_of(form.cleaned_data["reference"], sheet)
    return (InputImage("reference", token.sha256, form.shares()["reference_strength"]),)


def _followed(form: BriefForm, sheet: Sheet) -> Frame | None:
    """The frame whose blockout is followed instead of the compiled one."""
    if not form.cleaned_data["blockout_of"]:
        return None
    frame = controls.frame_of(sheet, form.cleaned_data["blockout_of"])
    if controls.blockout_of(frame) is None:
        raise ControlRefused(f"{frame} followed no blockout. Take it out of the Control section.")
    return frame


def _sources(compiled: Compiled, base: Frame | None, followed: Frame | None) -> tuple[SourceRef, ...]:
    """What the frames are made from: the records, the frame they start from, the plan their blockout came from.

    A blockout taken over from another frame brings the plan of that frame's time, so it goes stale as that one does.
    """
    found = {(source.kind, source.ref): source for source in compiled.sources}
    room = followed or base
    if room is not None:
        found = {key: source for key, source in found.items() if source.kind != "plan"}
        if room.job and controls.blockout_of(room) is not None:
            for old in room.job.sources.filter(kind="plan"):
                found[old.kind, old.ref] = SourceRef(old.kind, old.ref, old.digest, old.label)
    for frame in (base, followed):
        if frame is not None:
            source = controls.source_of(frame)
            found[source.kind, source.ref] = source
    return tuple(found.values())


def _controls(form: BriefForm, sheet: Sheet, compiled: Compiled, action: str) -> Controls:
    base = _frame(sheet, form["base"].value()) or _newest(sheet)
    followed = _frame(sheet, form["blockout_of"].value())
    mask, reference = (_token(form[name].value(), sheet) for name in ("mask", "reference"))
    if followed is not None:
        blockout = f"as in {followed}"
    else:
        blockout = "compiled" if compiled.blockout is not None else ""
    return Controls(
        base=base,
        mask_share=round(mask.share * 100) if mask and base and mask.frame == str(base.pk) else 0,
        reference=controls.thumbnail_of(reference) if reference else "",
        reference_name=reference.name if reference else "",
        blockout=blockout,
        abilities={card.id: sorted(card.abilities) for card in form.cards.values()},
        maps_url=_desk_url("control_maps", sheet, action),
        compile_url=_desk_url("compile_brief", sheet, action),
        misread=_misread(base),
    )


def _misread(frame: Frame | None) -> list[str]:
    """Drawings and photos have no provenance, and so nothing that a model passed over."""
    provenance = getattr(frame, "provenance", None)
    return provenance.ignored_words if isinstance(provenance, Provenance) else []


def _desk_url(name: str, sheet: Sheet, action: str) -> str:
    """Where the composer posts to names what its desk needs to know, for instance the camera."""
    if not has_desk(sheet):
        return ""
    _, mark, query = action.partition("?")
    return reverse(name, args=[sheet.pk]) + mark + query


def _frame(sheet: Sheet, frame_id: Any) -> Frame | None:
    """The frame a field names; what is no id at all is refused by the form, in words."""
    try:
        return controls.frame_of(sheet, uuid.UUID(str(frame_id))) if frame_id else None
    except (ControlRefused, ValueError):
        return None


def _token(text: Any, sheet: Sheet) -> controls.Token | None:
    try:
        return controls.token_of(str(text), sheet) if text else None
    except ControlRefused:
        return None


def _newest(sheet: Sheet) -> Frame | None:
    """The frame to start from where nobody chose one: the pick, or else the newest."""
    if sheet.pick is not None and sheet.pick.state not in HIDDEN:
        sheet.pick.sheet = sheet
        return sheet.pick
    shown = sheet.frames.exclude(state__in=HIDDEN).select_related("sheet__project")
    return shown.order_by("-number").first()


def _estimate(sheet: Sheet, compiled: Compiled) -> float | None:
    """Seconds of one take with the model's own settings, from measured history; None before three samples."""
    try:
        brief = Brief(compiled.prompt or "-", portrait=compiled.portrait, blockout=compiled.blockout)
        request = compose(sheet.project, brief)
    except GenerationRefused:
        return None
    return seconds_per_frame(batch_key_of(request), like=request)
