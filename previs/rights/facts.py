"""What the policy is told: plain frozen facts, gathered by whoever holds the rows. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Scope = Literal[
    "tryon",
    "concept_likeness",
    "storyboard_likeness",
    "age_change",
    "expression_pose",
    "motion_previs",
    "share_external",
    "final_use",
    "train_adapter",
]
#: What a release may allow, in the words of forms and refusals.
ANY_SCOPE: dict[Scope, str] = {
    "tryon": "virtual fitting",
    "concept_likeness": "likeness in concepts",
    "storyboard_likeness": "likeness in storyboards",
    "age_change": "change of age",
    "expression_pose": "new expression or pose",
    "motion_previs": "motion in previs",
    "share_external": "sharing outside the production",
    "final_use": "use in the final film",
    "train_adapter": "training a model on the person",
}
assert set(ANY_SCOPE) == set(get_args(Scope))
RELEASE_STATES = ("draft", "active", "suspended", "expired", "revoked")
#: A description of fewer characters cannot name a garment, a scene and a purpose.
SHORTEST_DESCRIPTION = 40
#: What the form shows as an example; signing the example is not consent.
TEMPLATE_DESCRIPTION = (
    "Virtual fittings of (garment) for scene (number), to choose the costume (purpose). No other use."
)


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One release. characters: names in capitals, none for all.  valid_until: None while nobody has said."""

    ref: str
    kind: str
    status: str
    scopes: frozenset[str]
    valid_from: datetime
    valid_until: datetime | None
    characters: frozenset[str] = frozenset()
    document_sha256: str = ""
    separate_signature: bool = False
    specific_description: str = ""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person whose likeness something would use, with all releases for this production.

    cast_as: the roles they play, in capitals.
    """

    alias: str
    minor: bool = False
    deceased: bool = False
    cast_as: frozenset[str] = frozenset()
    releases: tuple[ReleaseFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """A stored picture that would be used. faces_found: None when nothing could look."""

    title: str
    kind: str
    rights: str
    statement: str
    state: str
    faces_found: int | None = 0
    persons: tuple[str, ...] = ()
    not_a_person: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """A name that prompts may not contain. kind: public_figure, performer, deceased or artist."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class UseFacts:
    """One use of pictures and people: a job, a save, an approval or an export, at one moment.

    scopes: what it does with a likeness.  character: the role in capitals, "" when it is about none or unknown.
    garments: how many garment pictures it has; garment_words: what they are called.
    prompt_cleared: this prompt, by hash, was read and let pass.
    undress_found: a mask or a result shows skin where the source shows cloth.
    body_repainted: 0 to 1, how much of the person's trunk a mask gives free.
    """

    moment: datetime
    persons: tuple[PersonFacts, ...] = ()
    assets: tuple[AssetFacts, ...] = ()
    scopes: frozenset[str] = frozenset()
    character: str = ""
    prompt: str = ""
    negative_prompt: str = ""
    prompt_cleared: bool = False
    watched: tuple[Watched, ...] = ()
    garments: int = 0
    garment_words: tuple[str, ...] = ()
    undress_found: bool = False
    body_repainted: float = 0.0
