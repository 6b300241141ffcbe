"""The card of one set, for its page, the list and the socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from previs.generation.models import Sheet
from previs.generation.subjects import subject_cards
from sets.models import Set

if TYPE_CHECKING:
    from previs.accounts.models import User


def card_html(sheet: Sheet, user: User) -> str:
    place = Set.objects.select_related("sheet__pick", "sheet__project", "project").filter(sheet=sheet).first()
    if place is None:
        return ""
    return render_to_string("sets/_set_card.html", {"card": subject_cards([place], user)[0]})
