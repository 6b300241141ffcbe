"""Pictures that come in: who holds the rights in them, who is seen on them, and who may open them."""

from __future__ import annotations

from previs.rights.facts import AssetFacts
from previs.rights.policy.verdict import ALLOWED, Verdict, refused

#: Differing bits of two 64-bit perceptual hashes up to which pictures count as one (R08).
NEAR = 6


def may_take_in(*, rights: str, statement: str) -> Verdict:
    """May an upload be kept? Only with a word on who holds the rights in it (R07)."""
    if rights and statement.strip():
        return ALLOWED
    return refused(
        "reference_rights", "Say who holds the rights in the picture, and on what ground it may be here."
    )


def resembles(sha256: str, phash: str, *, withdrawn_sha256: str, withdrawn_phash: str) -> bool:
    """Whether a picture is one that was withdrawn, or so near that it shows the same (R08).

    phash, withdrawn_phash: 16 hex digits each, "" when unknown.
    """
    if sha256 == withdrawn_sha256:
        return True
    if not (phash and withdrawn_phash):
        return False
    return (int(phash, 16) ^ int(withdrawn_phash, 16)).bit_count() <= NEAR


def asset_is_free(asset: AssetFacts) -> Verdict:
    """May the picture leave quarantine? Whoever is seen on it is linked, or attested to be nobody real (R09)."""
    if asset.persons or asset.not_a_person.strip():
        return ALLOWED
    if asset.kind == "person" or asset.faces_found:
        return refused(
            "face_unlinked",
            f"{asset.title} shows a face that belongs to nobody here yet. Link the person, or say why it is nobody real.",
        )
    if asset.faces_found is None:
        return refused(
            "face_unlinked",
            f"Nothing could look for faces on {asset.title}. Link the person on it, or say that it shows nobody real.",
        )
    return ALLOWED


def may_use_reference(asset: AssetFacts) -> Verdict:
    """May the picture be given to a model? (R07, R08, R09)"""
    if asset.state == "withdrawn":
        return refused(
            "reference_withdrawn", f"{asset.title} was withdrawn from the production. Choose another."
        )
    if asset.rights == "third_party_none" or not asset.statement.strip():
        return refused(
            "reference_rights",
            f"{asset.title} is somebody else's: it may hang on a board, but no model may be given it.",
        )
    free = asset_is_free(asset)
    if not free.allowed:
        return free
    if asset.state != "ok":
        return refused("face_unlinked", f"{asset.title} is in quarantine. Link who is seen on it first.")
    return ALLOWED


def may_open_asset(*, on_crew: bool, may_edit: bool, is_of_person: bool) -> Verdict:
    """May somebody open a stored picture? Strangers are told that there is none (R33).

    The code is what a page answers with: not_found (404), never forbidden, without a place on the crew.
    """
    if not on_crew:
        return refused("not_found", "There is no such picture.")
    if is_of_person and not may_edit:
        return refused("role", "Photographs of people are open to those who work with them.")
    return ALLOWED
