"""Reference pictures: what comes in is checked before it is opened, and kept without what it says about a camera."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from django.db import transaction
from PIL import Image, ImageOps

from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.generation import store
from previs.generation.imaging import thumbnail
from sets.models import Reference, Rights, Set
from sets.services import SetError

if TYPE_CHECKING:
    from previs.accounts.models import User

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
# A file of a few kilobytes can claim billions of pixels; 60 million is a 60 megapixel camera.
MOST_PIXELS = 60_000_000
LARGEST_SIDE = 4096
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_REFERENCES = 200


def too_large(size: int) -> str:
    """size: in bytes."""
    return (
        f"This file has {size / MEGABYTE:.0f} MB; a reference may have at most {LARGEST_FILE // MEGABYTE} MB. "
        "Nothing was stored. Save it smaller and choose it again."
    )


def opened(data: bytes) -> Image.Image:
    """A reference picture as RGB, upright, at most 4096 px wide or high, with nothing of its metadata.

    Raises SetError in words for what is too large, no JPEG, PNG or WebP, or broken.
    """
    if len(data) > LARGEST_FILE:
        raise SetError(too_large(len(data)))
    if not data:
        raise SetError("This file is empty. Choose the picture again.")
    try:
        with warnings.catch_warnings():
            # The limit below is stricter than the one that Pillow warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file = Image.open(io.BytesIO(data), formats=FORMATS)
        width, height = file.size
        if width * height > MOST_PIXELS:
            raise SetError(
                f"This picture has {width} × {height} pixels; at most {MOST_PIXELS // 1_000_000} million are "
                "taken in. Save it smaller and choose it again."
            )
        # JPEGs can be decoded small; this saves most of the memory of a large one.
        file.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
        picture = ImageOps.exif_transpose(file)
        picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
        return picture.convert("RGB")
    except SetError:
        raise
    except Exception as error:
        # Broken files make Pillow raise anything from OSError to struct.error.
        raise SetError("This is no JPEG, PNG or WebP picture that can be read. Export it again.") from error


def stored(picture: Image.Image) -> tuple[str, str]:
    """Keep a picture and its thumbnail; their addresses. Both are encoded from pixels alone."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=92, method=2)
    return store.put(buffer.getvalue()), store.put(thumbnail(picture))


def add_reference(
    place: Set, *, data: bytes, title: str, source: str, rights: str, statement: str, by: User
) -> Reference:
    """Take a reference in, with who holds the rights in it.

    Raises SetError before anything is stored: without a statement (R07), for a file that is no picture, or too
    large; StoreError when the disk cannot keep it.
    """
    if rights not in Rights.values:
        raise SetError("Say who holds the rights in the picture.")
    if not statement.strip():
        raise SetError(
            "Write on what ground the picture may be here, for instance: my own photograph, May 2026."
        )
    if place.references.count() >= MOST_REFERENCES:
        raise SetError(f"{MOST_REFERENCES} references are kept already. Remove some first.")
    sha256, thumb = stored(opened(data))
    with transaction.atomic():
        reference = Reference.objects.create(
            set=place,
            title=title.strip()[:120],
            sha256=sha256,
            thumb_sha256=thumb,
            source=source.strip()[:300],
            rights=rights,
            statement=statement.strip()[:300],
            added_by=by,
        )
        record("add_reference", reference, by=by, project_id=place.project_id, sha256=sha256, rights=rights)
        publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
    return reference


@transaction.atomic
def remove_reference(reference: Reference, *, by: User) -> None:
    """Take a reference off the set; its bytes stay in the store until that is cleaned."""
    place = reference.set
    record("remove_reference", reference, by=by, project_id=place.project_id, sha256=reference.sha256)
    reference.delete()
    publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
