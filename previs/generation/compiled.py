"""What a composer works with: the prompt compiled from the records, and what acts on the frames beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from previs.generation.models import Frame
from previs.generation.sources import SourceRef


@dataclass(frozen=True, slots=True)
class Compiled:
    """A prompt put together from the production's own records.

    portrait: a standing figure, 9:16.  character: the one role it is about, "" for none or several.  blockout: the scene description its frames follow, as
    `FrameRequest.blockout`; None leaves the room to the model.
    """

    prompt: str
    sources: tuple[SourceRef, ...] = ()
    portrait: bool = False
    character: str = ""
    blockout: dict[str, Any] | None = None

    @property
    def digest(self) -> str:
        text = self.prompt + "".join(f"{source.kind}{source.ref}{source.digest}" for source in self.sources)
        if self.blockout is not None:
            text += json.dumps(self.blockout, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Controls:
    """What the Control section shows beside its fields.

    base: the frame to start from.  mask_share: of it that the mask repaints, per cent.  reference: small picture,
    base64 JPEG.  blockout: what is followed, in words, "" for nothing.  abilities: model id -> what it can.
    maps_url: what answers with the maps of the blockout, "" where nobody writes briefs.
    compile_url: what answers with the composer and the prompt compiled afresh, "" there too.
    misread: words of the prompt that the model passed over in `base`.
    """

    base: Frame | None
    mask_share: int
    reference: str
    reference_name: str
    blockout: str
    abilities: dict[str, list[str]]
    maps_url: str
    compile_url: str
    misread: list[str]

    @property
    def abilities_json(self) -> str:
        return json.dumps(self.abilities)
