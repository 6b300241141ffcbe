"""The invented cast of the demo: who plays whom, what each has signed, and a drawn photo that a fitting may use.

Nobody here exists. The photo is drawn by the program itself, with a face that is found like any other, so that the
demo shows consent at work and not around it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.utils import timezone

from previs.demo.cast_photo import mannequin_photo
from previs.generation.intake import take_in
from previs.projects.models import Project
from previs.rights import services
from previs.rights.casting import cast_role
from previs.rights.models import AssetKind, AssetRights, Person

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(frozen=True, slots=True)
class Signed:
    """One person of the demo. role: first word of the character.  days: that the release has left, 0 for a draft."""

    role: str
    words: str
    scopes: tuple[str, ...]
    days: int
    minor: bool = False
    sits: bool = False


CAST = (
    Signed(
        "NORA",
        "Virtual fittings of the oilskin, the jumper and the pilot coat of Nora for scenes 2 to 11, to choose what she "
        "wears; and Nora in concepts and storyboards of those scenes. Inside the production only.",
        ("tryon", "concept_likeness", "storyboard_likeness"),
        days=221,
        sits=True,
    ),
    Signed(
        "KASPAR",
        "Kaspar in concepts and storyboards of scenes 1 to 12, with greatcoat and bandages, to settle his silhouette.",
        ("concept_likeness", "storyboard_likeness"),
        days=24,
    ),
    Signed(
        "LOTTE",
        "Fittings of the red cap and the tweed jacket of Lotte for scenes 1 to 11, to choose sizes, her guardian "
        "present at each.",
        ("tryon",),
        days=160,
        minor=True,
    ),
    Signed("PETRA", "", ("tryon",), days=0),
)
STATEMENT = "Drawn by Previs: a mannequin that sits for the demo, and nobody's likeness."


def enter_cast(project: Project, *, by: User) -> None:
    """Enter the people of the demo with their releases and roles, and the photo of who sits for fittings."""
    for signed in CAST:
        character = project.characters.filter(name__istartswith=signed.role).first()
        if character is None:
            continue
        person = services.add_person(project, by=by, minor=signed.minor, union="member")
        cast_role(character, person=person, by=by)
        _release(person, signed, role=character.name, by=by)
        if signed.sits:
            take_in(
                project,
                studio_photo(),
                by=by,
                kind=AssetKind.PERSON,
                title="Front, full figure",
                rights=AssetRights.OWN,
                statement=STATEMENT,
                persons=[person],
            )


@cache
def studio_photo() -> bytes:
    """PNG, 1024 x 1365. Kept, since drawing it takes seconds."""
    return mannequin_photo(0)


def _release(person: Person, signed: Signed, *, role: str, by: User) -> None:
    now = timezone.now()
    # The paper itself would lie with casting; what is hashed here is the text that it would carry.
    paper = f"Release of {person.alias} for {role}. {signed.words}".encode() if signed.words else b""
    release = services.keep_release(
        person,
        by=by,
        kind="guardian" if signed.minor else "employment",
        signed_by="the guardian" if signed.minor else "the performer",
        scopes=list(signed.scopes),
        characters=[role.upper()],
        valid_from=now - timedelta(days=12),
        valid_until=now + timedelta(days=signed.days) if signed.days else None,
        specific_description=signed.words,
        separate_signature=bool(paper),
        document_sha256=hashlib.sha256(paper).hexdigest() if paper else "",
    )
    if signed.days:
        services.move_release(release, to="active", by=by)
