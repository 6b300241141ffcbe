"""Reference pictures of a brief: attested, and looked at for faces, before a model may have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from previs.generation.controls import ControlRefused, Token
from previs.generation.intake import take_in
from previs.generation.models import Sheet
from previs.generation.store import StoreError
from previs.rights.gather import asset_facts
from previs.rights.models import AssetKind, ReferenceAsset
from previs.rights.pictures import PictureError, opened
from previs.rights.policy import may_use_reference
from previs.rights.recognise import recognise
from previs.rights.services import AssetRefused, note_opening

if TYPE_CHECKING:
    from previs.accounts.models import User


def keep_reference(
    sheet: Sheet, data: bytes, name: str, *, by: User, rights: str = "", statement: str = ""
) -> Token:
    """The token of a reference picture that a brief of the sheet may carry.

    A picture that the production has taken in before is known again, with who is on it, however it was saved; any
    other comes in on the word of who adds it (R07), and waits under Rights while a face on it is nobody's (R09).
    Raises ControlRefused in words.
    """
    try:
        asset = recognise(sheet.project_id, opened(data)) or take_in(
            sheet.project,
            data,
            by=by,
            kind=AssetKind.GARMENT if sheet.kind == "change" else AssetKind.SET,
            title=name,
            rights=rights,
            statement=statement,
        )
    except (PictureError, AssetRefused, StoreError) as refused:
        raise ControlRefused(str(refused)) from None
    verdict = may_use_reference(asset_facts(asset))
    if not verdict.allowed:
        raise ControlRefused(f"{verdict.sentence} That is done under Rights; then choose it here again.")
    _note_face(asset, by=by)
    return Token(asset.sha256, name=name[:80])


def _note_face(asset: ReferenceAsset, *, by: User) -> None:
    """The composer shows a small picture of it, which is an opening like any other (R33)."""
    if asset.persons.exists():
        note_opening(asset, by=by, how="composer")
