"""Somebody real for tests: drawn, linked and released, without anybody's photograph."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from previs.generation import imaging, store
from previs.rights import services
from previs.rights.models import Person, ReferenceAsset, Release
from previs.rights.phash import phash

SIGNED = "Virtual fittings and storyboards with the oilskin coat for scene 12, to choose the costume."


def drawing(seed: int = 1, size: tuple[int, int] = (512, 512)) -> Image.Image:
    """A figure of rectangles; another seed looks like another picture."""
    picture = Image.new("RGB", size, (200, 200, 190))
    draw = ImageDraw.Draw(picture)
    for index in range(6):
        left = (seed * 97 + index * 61) % 380
        top = (seed * 53 + index * 89) % 380
        tone = ((seed * 31 + index * 40) % 200, (index * 37) % 180, 60)
        draw.rectangle((left, top, left + 110, top + 120), fill=tone)
    return picture


def taken(picture: Image.Image, *, faces: int | None = 1) -> services.Taken:
    return services.Taken(
        sha256=store.put(imaging.png(picture)),
        thumb_sha256=store.put(imaging.thumbnail(picture)),
        phash=phash(picture),
        width=picture.width,
        height=picture.height,
        faces=faces,
    )


def new_person(production: Any, by: Any, **values: Any) -> Person:
    return services.add_person(production, by=by, **{"union": "none", **values})


def new_release(person: Person, by: Any, *, active: bool = True, **values: Any) -> Release:
    now = timezone.now()
    fields = {
        "kind": "employment",
        "scopes": ["tryon", "storyboard_likeness", "concept_likeness"],
        "valid_from": now - timedelta(days=30),
        "valid_until": now + timedelta(days=90),
        "specific_description": SIGNED,
        "separate_signature": True,
        "document_sha256": "c" * 64,
        "signed_by": "the performer",
    } | values
    release = services.keep_release(person, by=by, **fields)
    return services.move_release(release, to="active", by=by) if active else release


def new_photo(person: Person, by: Any, *, seed: int = 1) -> ReferenceAsset:
    return services.keep_asset(
        person.project,
        taken(drawing(seed)),
        by=by,
        kind="person",
        title=f"{person.alias}, front",
        rights="own",
        statement="Taken at the fitting, by us",
        persons=[person],
    )


def jpeg(picture: Image.Image, quality: int = 80) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
