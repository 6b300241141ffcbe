"""The composer that every sheet's page shows: a compiled prompt, its sources, and Generate."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from previs.generation import catalogue
from previs.generation.forms import BriefForm
from previs.generation.history import seconds_per_frame
from previs.generation.models import Job, Sheet
from previs.generation.services import Brief, GenerationRefused, batch_key_of, compose, generate
from previs.generation.sources import SourceRef
from previs.projects.models import EDITING_ROLES, URGENT_ROLES

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(frozen=True, slots=True)
class Compiled:
    """A prompt put together from the production's own records.

    portrait: a standing figure, 9:16.  blockout: the scene description its frames follow, as
    `FrameRequest.blockout`; None leaves the room to the model.
    """

    prompt: str
    sources: tuple[SourceRef, ...] = ()
    portrait: bool = False
    blockout: dict[str, Any] | None = None

    @property
    def digest(self) -> str:
        text = self.prompt + "".join(f"{source.kind}{source.ref}{source.digest}" for source in self.sources)
        if self.blockout is not None:
            text += json.dumps(self.blockout, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def composer_context(
    sheet: Sheet,
    compiled: Compiled,
    user: User,
    *,
    action: str,
    form: BriefForm | None = None,
    heading: str = "",
) -> dict[str, Any]:
    """Everything `generation/_brief.html` shows."""
    role = sheet.project.role_of(user)
    if form is None:
        models = catalogue.installed()
        form = BriefForm(initial={"prompt": compiled.prompt, "takes": 4, "model": next(iter(models), "")})
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


def submit(data: QueryDict, sheet: Sheet, compiled: Compiled, *, by: User) -> tuple[BriefForm, list[Job]]:
    """Bind the form and queue its takes. Without jobs, the form says why in words and keeps what was typed."""
    form = BriefForm(data)
    if not form.is_valid():
        return form, []
    brief = Brief(
        portrait=compiled.portrait,
        sources=compiled.sources,
        blockout=compiled.blockout,
        **form.cleaned_data,
    )
    try:
        return form, generate(sheet, brief, by=by)
    except GenerationRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return form, []


def _estimate(sheet: Sheet, compiled: Compiled) -> float | None:
    """Seconds of one take with the model's own settings, from measured history; None before three samples."""
    try:
        request = compose(sheet.project, Brief(prompt=compiled.prompt or "-", portrait=compiled.portrait))
    except GenerationRefused:
        return None
    return seconds_per_frame(batch_key_of(request))
