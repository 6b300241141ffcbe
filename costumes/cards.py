"""The card of one costume change, for its page, the list and the socket; and its form, for pages that have it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from costumes.forms import saved_form
from costumes.models import Change
from costumes.services import wardrobe_digest
from previs.generation.models import Sheet
from previs.generation.subjects import subject_cards
from previs.projects.models import Project
from previs.tags import dom_id

if TYPE_CHECKING:
    from previs.accounts.models import User


def card_html(sheet: Sheet, user: User) -> str:
    """Card and fields as HTML for a socket, each with an id of its own; "" for a sheet without a change."""
    change = (
        Change.objects.select_related("sheet__pick", "sheet__project", "character__project")
        .filter(sheet=sheet)
        .first()
    )
    if change is None:
        return ""
    card = render_to_string("costumes/_change_card.html", {"card": subject_cards([change], user)[0]})
    context = {"change": change, "form": saved_form(change), "seen": wardrobe_digest(change)}
    # Empty: an open fitting room asks for what has become of its fitting.
    news = format_html('<span id="{}" hidden></span>', dom_id(change, "fittingnews"))
    return f"{card}\n{render_to_string('costumes/_worn.html', context)}\n{news}"


def plot_news(project_id: str, character_id: str) -> list[str]:
    """What makes a page that shows the plot read a character's row anew; for "" all of the plot."""
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        return []
    news = {"news_id": "plot-news", "url": reverse("plot_table", args=[project.slug]), "target": "#plot"}
    if character_id:
        news = {
            "news_id": f"character-{character_id}-plotnews",
            "url": reverse("plot_row", args=[project.slug, character_id]),
            "target": f"#character-{character_id}-plotrow",
        }
    return [render_to_string("costumes/_plot_news.html", news)]
