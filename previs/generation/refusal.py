"""Saying no: in words to the person who asked, and by code in the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.generation.models import Sheet
from previs.rights.models import Incident
from previs.rights.policy import Verdict, opens_incident

if TYPE_CHECKING:
    from previs.accounts.models import User


class GenerationRefused(Exception):  # noqa: N818 - an answer, not a fault
    """Nothing was queued. `reasons` are sentences for people; `code` is stable, for the record and tests.

    verdict: of the policy on a likeness, which is put on record; None for whatever else was wrong.
    """

    def __init__(
        self,
        reasons: Sequence[str],
        *,
        code: str = "request",
        verdict: Verdict | None = None,
        prompt_sha256: str = "",
    ) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)
        self.code = code
        self.verdict = verdict
        self.prompt_sha256 = prompt_sha256


def refuse(verdict: Verdict, *, prompt_sha256: str = "") -> None:
    """Raise GenerationRefused unless the policy allows."""
    if not verdict.allowed:
        raise GenerationRefused(
            [verdict.sentence], code=verdict.code, verdict=verdict, prompt_sha256=prompt_sha256
        )


@transaction.atomic
def note_refusal(sheet: Sheet, refused: GenerationRefused, *, by: User) -> Incident | None:
    """Put a refused likeness on record, and open an incident for what nobody may ask for (R15).

    Call it outside the transaction that the refusal has undone. The prompt is kept by hash only.
    """
    verdict = refused.verdict
    if verdict is None:
        return None
    record(
        "refuse",
        sheet,
        by=by,
        project_id=sheet.project_id,
        code=verdict.code,
        prompt_sha256=refused.prompt_sha256,
    )
    if not opens_incident(verdict):
        return None
    incident = Incident.objects.create(
        project_id=sheet.project_id, about=by, code=verdict.code, prompt_sha256=refused.prompt_sha256
    )
    record("open_incident", incident, by=by, project_id=sheet.project_id, code=verdict.code)
    return incident
