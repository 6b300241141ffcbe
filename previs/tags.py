"""Template tags every page may use; settings register this library as a builtin.

Tags:    {% icon "star" %}  {% icon "star" "s" %}   inline SVG, hidden from screen readers
         {% dom_id panel "card" %}                  "panel-<pk>-card", the id that a live fragment swaps
Filters: eighths total_eighths grow seconds percent short_hash
         initials person_name person_colour role_label shown around_hour
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from previs import names
from previs.script import headings

register = template.Library()
register.filter("around_hour", headings.around_hour)
register.filter("shown", names.shown, is_safe=True)

ICON_FOLDER = Path(__file__).resolve().parent.parent / "static" / "icons"
ICON_CLASSES = {"": "i", "s": "i s", "l": "i l"}

ROLE_LABELS = {
    "owner": "Owner",
    "producer": "Producer",
    "director": "Director",
    "art": "Production design",
    "costume": "Costume design",
    "viewer": "Viewer",
}

#: People are told apart by four ring and pin colours, and always by their initials as well.
PERSON_COLOURS = 4

#: The widest strip segment that strip.css knows, in page eighths (ten pages).
WIDEST_SCENE = 80


@lru_cache(maxsize=256)
def _icon_shapes(name: str) -> SafeString:
    """The shapes inside one icon file, on one line, without its outer <svg>."""
    file = ICON_FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.is_file():
        raise template.TemplateSyntaxError(f"There is no icon called {name!r} in static/icons.")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
    if inside is None:
        raise template.TemplateSyntaxError(f"The icon file {file.name} holds no <svg> element.")
    shapes = re.sub(r"\s*\n\s*", "", inside[1])
    return mark_safe(shapes)  # noqa: S308 - the icon files are part of this repository


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon beside a word, or inside a control that has its own aria-label.

    size: "" is 16 px, "s" 13 px, "l" 20 px.
    Raises TemplateSyntaxError for a name or a size that does not exist.
    """
    if size not in ICON_CLASSES:
        raise template.TemplateSyntaxError(f"Icon sizes are '', 's' and 'l'; got {size!r}.")
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        ICON_CLASSES[size],
        _icon_shapes(name),
    )


@register.simple_tag
def icon_symbol(name: str) -> SafeString:
    """An icon to be drawn many times on a page: once inside a hidden <svg>, then `<use href="#icon-name"/>`."""
    return format_html('<symbol id="icon-{}" viewBox="0 0 24 24">{}</symbol>', name, _icon_shapes(name))


@register.simple_tag
def dom_id(thing: object, part: str = "") -> str:
    """The one id of a fragment: `<model>-<pk>` or `<model>-<pk>-<part>`.

    Page, view and socket build the id here, so that a swap always finds its element.
    """
    meta = getattr(thing, "_meta", None)
    model = getattr(meta, "model_name", None) or type(thing).__name__.lower()
    stem = f"{model}-{getattr(thing, 'pk')}"  # noqa: B009 - any row with a pk, Django model or not
    return f"{stem}-{part}" if part else stem


@register.filter
def eighths(length: int | None) -> str:
    """Page eighths as a script supervisor writes them: 19 is "2 3/8"."""
    from previs.script.headings import display_eighths

    return "" if length is None else display_eighths(int(length))


@register.filter
def total_eighths(scenes: Iterable[Any]) -> int:
    """The length of several scenes together, in page eighths."""
    return sum(int(scene.eighths or 0) for scene in scenes)


@register.filter
def seconds(duration: float | None) -> str:
    """A waiting time in words: "less than 1 s", "9 s", "1 min 20 s", "2 h 5 min"."""
    if duration is None:
        return ""
    whole = round(max(duration, 0.0))
    if whole < 1:
        return "less than 1 s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{rest} s"


@register.filter
def about_seconds(duration: float | None) -> str:
    """An estimate in words: "about 9 s", but "less than 1 s"."""
    words = seconds(duration)
    return f"about {words}" if words and not words.startswith("less") else words


@register.filter
def percent(share: float | None) -> str:
    """A share between 0 and 1 as "62 %". It says 100 % only when nothing is left."""
    if share is None:
        return ""
    bounded = min(max(share, 0.0), 1.0)
    return f"{100 if bounded == 1.0 else min(round(bounded * 100), 99)} %"


@register.filter
def short_hash(digest: str | None) -> str:
    """The first eight digits in two groups, as people read them aloud: "9f3c 41ab"."""
    return f"{digest[:4]} {digest[4:8]}".strip() if digest else ""


def _name_of(person: object) -> str:
    full_name = getattr(person, "get_full_name", None)
    return str(full_name() if callable(full_name) else "") or str(person)


@register.filter
def initials(person: object) -> str:
    """Two letters for an avatar: "Tove Adair" is TA, "ines@studio.example" is IN."""
    words: list[str] = re.findall(r"[^\W\d_]+", _name_of(person).split("@")[0])
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


@register.filter
def person_name(person: object) -> str:
    """The full name of a person, or what they sign in with when they gave none."""
    return _name_of(person)


@register.filter
def role_label(role: str | None) -> str:
    """A membership role in words; an unknown role is shown as it is stored."""
    return ROLE_LABELS.get(role, str(role).replace("_", " ").capitalize()) if role else ""


@register.filter
def person_colour(person: object) -> str:
    """The colour class of a person, p1 to p4: the same on every page and after every restart."""
    key = str(getattr(person, "pk", None) or _name_of(person))
    return f"p{zlib.crc32(key.encode()) % PERSON_COLOURS + 1}"


@register.filter
def grow(length: int | None) -> str:
    """The width class of a strip segment, g1 to g80, for a scene length in page eighths."""
    return f"g{min(max(int(length or 1), 1), WIDEST_SCENE)}"
