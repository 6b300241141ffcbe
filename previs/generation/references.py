"""Reference pictures of a brief: looked at for faces before a model may have them."""

from __future__ import annotations

import uuid

from PIL import Image, ImageOps

from previs.engine.request import MAX_SIDE
from previs.generation import imaging, store
from previs.generation.controls import PICTURE_FORMATS, ControlRefused, Token, decoded
from previs.rights.gather import asset_facts
from previs.rights.pictures import faces_on
from previs.rights.policy import may_use_reference
from previs.rights.recognise import recognise


def keep_reference(data: bytes, name: str, *, project_id: uuid.UUID) -> Token:
    """Store a reference picture upright, in RGB, without what its file says beside it (place, camera, person).

    A picture that the production has taken in under Rights is known again, with who is on it, however it was saved.
    Raises ControlRefused for any other with a face on it (R09), and for one that was withdrawn (R08).
    """
    picture = ImageOps.exif_transpose(decoded(data, PICTURE_FORMATS, "picture")).convert("RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    known = recognise(project_id, picture)
    if known is not None:
        verdict = may_use_reference(asset_facts(known))
        if not verdict.allowed:
            raise ControlRefused(verdict.sentence)
        return Token(known.sha256, name=name[:80])
    if faces_on(picture) != 0:
        raise ControlRefused(
            "There is a face on this picture, or nothing could look for one. Add it under Rights with the person it "
            "shows, or with why it is nobody real, then choose it here again."
        )
    return Token(store.put(imaging.png(picture)), name=name[:80])
