"""Pictures that come in, whatever for: looked at for faces, kept with who attested them, on record when refused."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.generation import store
from previs.generation.imaging import thumbnail
from previs.projects.models import Project
from previs.rights import services
from previs.rights.models import Person, ReferenceAsset
from previs.rights.phash import phash
from previs.rights.pictures import encoded, faces_on, opened
from previs.rights.services import AssetRefused, Taken

if TYPE_CHECKING:
    from previs.accounts.models import User


def take_in(
    project: Project,
    data: bytes,
    *,
    by: User,
    kind: str,
    title: str,
    rights: str,
    statement: str,
    persons: Collection[Person] = (),
    not_a_person: str = "",
) -> ReferenceAsset:
    """Keep an uploaded picture, in quarantine while a face on it is nobody's.

    Raises PictureError for a file that is no picture, AssetRefused for one without rights or that was withdrawn, and
    StoreError when the disk cannot keep it; nothing is stored then.
    """
    picture = opened(data)
    kept, likeness = encoded(picture), phash(picture)
    sha256 = hashlib.sha256(kept).hexdigest()
    try:
        services.refuse_unattested(kind, rights, statement)
        services.refuse_withdrawn(project, sha256, likeness)
    except AssetRefused as refused:
        _note(project, refused, by=by)
        raise
    taken = Taken(
        sha256=store.put(kept),
        thumb_sha256=store.put(thumbnail(picture)),
        phash=likeness,
        width=picture.width,
        height=picture.height,
        faces=faces_on(picture),
    )
    return services.keep_asset(
        project,
        taken,
        by=by,
        kind=kind,
        title=title,
        rights=rights,
        statement=statement,
        persons=persons,
        not_a_person=not_a_person,
    )


@transaction.atomic
def _note(project: Project, refused: AssetRefused, *, by: User) -> None:
    record("refuse_upload", project, by=by, project_id=project.pk, code=refused.code)
