"""Encoding finished frames, once and for all: after the hash, the bytes never change."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image, PngImagePlugin

THUMB_WIDTH = 512
PREVIEW_WIDTH = 320
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
AI_SOURCE_TYPE = "trainedAlgorithmicMedia"


def xmp(record: dict[str, Any]) -> str:
    """The IPTC statement of how this picture was made, and by which model; no prompt, no names.

    record: "source_type" where it was not made by a generative model alone.
    """
    source = str(record.get("source_type", AI_SOURCE_TYPE))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPES}{escape(source)}</Iptc4xmpExt:DigitalSourceType>"
        f"<Iptc4xmpExt:AISystemUsed>{escape(str(record.get('model', '')))}</Iptc4xmpExt:AISystemUsed>"
        f"<Iptc4xmpExt:AISystemVersionUsed>{escape(str(record.get('revision', '')))}</Iptc4xmpExt:AISystemVersionUsed>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def png(picture: Image.Image, record: dict[str, Any] | None = None) -> bytes:
    """Encode as PNG; with a record, the picture says of itself that it is AI and how it was made.

    The same picture and record give the same bytes.
    """
    info = PngImagePlugin.PngInfo()
    if record is not None:
        info.add_itxt("org.previs.record", json.dumps(record, sort_keys=True, separators=(",", ":")))
        info.add_itxt("XML:com.adobe.xmp", xmp(record))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", pnginfo=info, compress_level=4)
    return buffer.getvalue()


def thumbnail(picture: Image.Image) -> bytes:
    """A WebP at most 512 px wide, for boards and trays."""
    small = picture.convert("RGB")
    if small.width > THUMB_WIDTH:
        small = small.resize(
            (THUMB_WIDTH, max(1, round(small.height * THUMB_WIDTH / small.width))), Image.Resampling.LANCZOS
        )
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=86, method=2)
    return buffer.getvalue()


def preview(picture: Image.Image) -> str:
    """Base64 JPEG at most 320 px wide, to travel inside a socket message (about 8 KB)."""
    small = picture.convert("RGB")
    small.thumbnail((PREVIEW_WIDTH, PREVIEW_WIDTH), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=70)
    return base64.b64encode(buffer.getvalue()).decode()


def pixels_sha256(picture: Image.Image) -> str:
    """Digest of the raw RGB rows: equal for equal pixels, whatever the file around them."""
    return hashlib.sha256(picture.convert("RGB").tobytes()).hexdigest()


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def bytes_sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
