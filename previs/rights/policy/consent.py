"""Whether people have agreed: to this, here, now, and in a paper that says what."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from previs.rights.facts import (
    ANY_SCOPE,
    SHORTEST_DESCRIPTION,
    TEMPLATE_DESCRIPTION,
    PersonFacts,
    ReleaseFacts,
)
from previs.rights.policy.verdict import ALLOWED, Verdict, refused

_DAY = "%d %b %Y"
_MINOR_GARMENTS = re.compile(
    r"\b(swim\w*|bikini\w*|underwear|undergarments?|underpants|lingerie|bras?|panties|briefs|boxers"
    r"|transparente?s?|see[- ]through|sheer|translucent|maillots? de bain|sous[- ]v[eê]tements?|soutiens?[- ]gorge"
    r"|petites? culottes?|nuisettes?|translucides?)\b",
    re.IGNORECASE,
)


def consent(
    person: PersonFacts, *, moment: datetime, scopes: Collection[str], character: str = ""
) -> Verdict:
    """Has the person agreed to these scopes at this moment? (R10, R12, R26, R27)

    moment: aware; both ends of a release belong to it.  character: in capitals; "" for none in particular, where the
    roles count that the person is cast in.
    """
    living = [release for release in person.releases if _counts(release, person, moment)]
    if not living:
        return refused("consent_missing", _why_none(person, moment))
    played = frozenset({character}) if character else person.cast_as
    fitting = [
        release for release in living if not (played and release.characters) or played & release.characters
    ]
    if not fitting:
        roles = ", ".join(sorted(set().union(*(release.characters for release in living))))
        return refused(
            "consent_missing",
            f"The release of {person.alias} covers {roles} only, not {' or '.join(sorted(played))}. "
            "Ask for a release that does.",
        )
    given = set().union(*(release.scopes for release in fitting))
    lacking = [words for scope, words in ANY_SCOPE.items() if scope in scopes and scope not in given]
    if lacking:
        return refused(
            "consent_scope",
            f"The release of {person.alias} does not cover {' and '.join(lacking)}. Ask for a release that does.",
        )
    return ALLOWED


def minor(
    person: PersonFacts, *, scopes: Collection[str], words: Collection[str], prompt_cleared: bool
) -> Verdict:
    """What is never done with a minor, and what is only done once the prompt was read (R13).

    words: the prompt and whatever the garments are called.
    """
    if not person.minor:
        return ALLOWED
    if "motion_previs" in scopes or any(_MINOR_GARMENTS.search(text) for text in words):
        return refused(
            "minor_prohibited",
            f"{person.alias} is a minor: no motion, and no swimwear, underwear or transparent garments. "
            "Nobody can allow this.",
        )
    if not prompt_cleared:
        return refused(
            "minor_clearance",
            f"{person.alias} is a minor: the owner or a producer clears every prompt before it is used.",
        )
    return ALLOWED


def release_is_complete(release: ReleaseFacts, *, moment: datetime) -> Verdict:
    """May a release come into force? Everything that makes it a consent is there (R11)."""
    missing = []
    if not re.fullmatch(r"[0-9a-f]{64}", release.document_sha256):
        missing.append("the hash of the signed document")
    if not release.separate_signature:
        missing.append("a signature of its own, apart from the contract")
    if release.valid_until is None:
        missing.append("the date it ends")
    if not release.scopes:
        missing.append("what it allows")
    said = " ".join(release.specific_description.split())
    if len(said) < SHORTEST_DESCRIPTION or said.casefold() == TEMPLATE_DESCRIPTION.casefold():
        missing.append(
            f"a description of garment, scene and purpose in the signed words, {SHORTEST_DESCRIPTION} characters or more"
        )
    if missing:
        return refused("release_incomplete", f"The release lacks {', '.join(missing)}.")
    if release.valid_until is not None and release.valid_until < moment:
        return refused(
            "release_ended", "The release has ended already. Enter the one that was signed after it."
        )
    return ALLOWED


def _counts(release: ReleaseFacts, person: PersonFacts, moment: datetime) -> bool:
    if person.minor and release.kind != "guardian":
        return False
    if person.deceased and release.kind != "estate":
        return False
    return (
        release.status == "active"
        and release.valid_until is not None
        and release.valid_from <= moment <= release.valid_until
    )


def _why_none(person: PersonFacts, moment: datetime) -> str:
    """The sentence for a person without a release that counts, from the one that came nearest."""
    alias = person.alias
    signer = "guardian" if person.minor else "estate" if person.deceased else ""
    releases = [release for release in person.releases if not signer or release.kind == signer]
    if not releases:
        whose = f" of the {signer}" if signer else ""
        return f"{alias} has no release{whose} in this production. Add one under Rights."
    newest = max(releases, key=lambda release: release.valid_from)
    if newest.status == "active" and newest.valid_from > moment:
        return f"The release of {alias} begins on {newest.valid_from.strftime(_DAY)}."
    if newest.status in ("active", "expired"):
        return f"The release of {alias} has ended. Renew it under Rights."
    return {
        "draft": f"The release of {alias} is a draft. Complete it under Rights.",
        "suspended": f"The release of {alias} is suspended for now.",
    }.get(newest.status, f"The release of {alias} was revoked. Their likeness may not be used any more.")
