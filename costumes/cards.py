"""The card of one costume change, for its page, the list and the socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from costumes.models import Change
from previs.generation.models import Sheet
from previs.generation.subjects import subject_cards

if TYPE_CHECKING:
    from previs.accounts.models import User


def card_html(sheet: Sheet, user: User) -> str:
    change = (
        Change.objects.select_related("sheet__pick", "sheet__project", "character__project")
        .filter(sheet=sheet)
        .first()
    )
    if change is None:
        return ""
    return render_to_string("costumes/_change_card.html", {"card": subject_cards([change], user)[0]})
