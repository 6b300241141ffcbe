"""Where a person stands with what they have signed, in words, an icon and a tone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from previs.rights import gather, policy
from previs.rights.models import Person, Release, ReleaseState


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands: words, icon and tone of the strongest release."""

    words: str
    icon: str
    tone: str


def standing_of(person: Person, release: Release | None) -> Standing:
    if release is None:
        return Standing("Not signed", "circle-dashed", "t3")
    ended = f"{release.ended_at:%-d %b}" if release.ended_at else ""
    if release.status != ReleaseState.ACTIVE:
        icons = {ReleaseState.DRAFT: "circle-dashed", ReleaseState.SUSPENDED: "triangle-alert"}
        tone = "t3" if release.status == ReleaseState.DRAFT else "bad"
        words = f"{release.get_status_display()} {ended}".strip()
        return Standing(words, icons.get(ReleaseState(release.status), "shield-x"), tone)
    if release.valid_from > timezone.now():
        return Standing(f"Begins {release.valid_from:%-d %b}", "clock", "t3")
    if release.valid_until is not None and release.valid_until < timezone.now():
        return Standing("Ended", "shield-x", "bad")
    facts = gather.person_facts([person])[0]
    verdict = policy.consent(facts, moment=timezone.now(), scopes=())
    if not verdict.allowed:
        return Standing("Guardian or estate missing", "triangle-alert", "bad")
    days = (release.valid_until - timezone.now()).days if release.valid_until else 0
    if days < policy.WARNING_DAYS[0]:
        return Standing(f"Ends in {days} day{'' if days == 1 else 's'}", "triangle-alert", "bad")
    return Standing("Valid" if not person.minor else "Guardian signed", "shield-check", "ok")


def nearest(releases: Iterable[Release]) -> Release | None:
    """The release that says most about a person: one in force, else the newest."""
    return max(releases, key=lambda release: (release.is_in_force, release.valid_from), default=None)


def allowing(person: Person, *, scopes: Collection[str], character: str) -> Release | None:
    """The release by which a use of somebody is allowed now, the one that lasts longest; else the nearest.

    character: in capitals.
    """
    releases = list(person.releases.all())
    facts, now = gather.person_facts([person])[0], timezone.now()
    by_it = [
        release
        for release, alone in zip(releases, facts.releases, strict=True)
        if policy.consent(
            replace(facts, releases=(alone,)), moment=now, scopes=scopes, character=character
        ).allowed
    ]
    return max(by_it, key=lambda release: release.valid_until or now, default=None) or nearest(releases)
