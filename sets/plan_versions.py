"""Saved revisions of a set's plan: what an open editor is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from sets.models import Set

if TYPE_CHECKING:
    from previs.accounts.models import User

VERSIONS_SHOWN = 40  # revisions of a plan that are listed at once


@dataclass(frozen=True, slots=True)
class NewestPlan:
    """What open editors are told of the newest revision. words: who saved it, as told to one person."""

    place: Set
    number: int
    words: str


def newest_plan(place: Set, user: User) -> NewestPlan | None:
    """The newest revision of a set as an open editor is told of it; None while it has no blockout."""
    plan = place.plans.defer("document").select_related("saved_by").order_by("-number").first()
    if plan is None:
        return None
    words = (
        f"You saved plan {plan.number} in another window."
        if plan.saved_by_id == user.pk
        else f"{plan.saved_by} saved plan {plan.number}."
    )
    return NewestPlan(place, plan.number, words)


def newest_html(place: Set, user: User) -> list[str]:
    """The fragment by which an open editor hears that somebody saved."""
    newest = newest_plan(place, user)
    return [render_to_string("sets/_newest_plan.html", {"newest": newest})] if newest else []


def versions_context(place: Set, *, before: int | None = None) -> dict[str, Any]:
    """The newest revisions with who saved them and when, those before one where it is given; their plans stay stored.

    earlier: the revision before which there are more, 0 when these are all.
    """
    plans = place.plans.defer("document").select_related("saved_by").order_by("-number")
    found = list((plans if before is None else plans.filter(number__lt=before))[: VERSIONS_SHOWN + 1])
    listed = found[:VERSIONS_SHOWN]
    more = len(found) > VERSIONS_SHOWN
    return {"place": place, "plans": listed, "earlier": listed[-1].number if more else 0}
