"""The segments of the scene strip, as HTML.

Every page of a production has one for each scene; written by the template engine, those of a long film cost as much as
the rest of a page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from previs.tags import eighths, grow, percent

if TYPE_CHECKING:
    from previs.storyboard.shell import StripScene


def segments_html(strip: Iterable[StripScene], concerned: Collection[str] | None = None) -> SafeString:
    """One <li> for each scene. concerned: numbers of the scenes that the page is about; None for all."""
    return mark_safe("".join(_segment(scene, concerned) for scene in strip))  # noqa: S308 - escaped piece by piece


def _segment(scene: StripScene, concerned: Collection[str] | None) -> str:
    omitted = scene.kind == "omitted"
    number, heading = escape(scene.number), escape(scene.heading)
    dim = scene.dim or (concerned is not None and scene.number not in concerned)
    said = "" if omitted else f", {eighths(scene.eighths)} pages, {percent(scene.approved_share)} approved"
    return (
        f'<li class="seg-slot {grow(scene.eighths)}{" omitted" if omitted else ""}">'
        f'<a class="seg {scene.kind}{" cur" if scene.current else ""}{" dim" if dim else ""}" href="{escape(scene.url)}" '
        f'data-rove-item title="{number} {heading}" aria-label="Scene {number}, {heading}{said}"'
        f"{CURRENT if scene.current else ''}>{'' if omitted else number}</a>"
        f"{SHARE}{scene.approved_share:.3f}{END}"
    )


CURRENT = ' aria-current="true"'
SHARE = (
    '<svg class="share" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="track" width="1" height="1"/><rect class="level" width="'
)
END = '" height="1"/></svg></li>'
