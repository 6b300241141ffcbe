"""The content-addressed store: bytes in, SHA-256 out; what has an address never changes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class StoreError(Exception):
    """The bytes could not be kept; the message says why and what to do."""


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(data: bytes) -> str:
    """Keep `data` and return its SHA-256 hex digest. When this returns, the bytes survive a power cut.

    Putting the same bytes again costs nothing. Raises StoreError when the disk is full or cannot be written.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    name = path_of(sha256)
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:
        # Object stores write whole objects or nothing, so no temporary name is needed.
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(data))
        return sha256
    try:
        _write_whole(target, data)
    except OSError as error:
        raise StoreError(_in_words(error)) from error
    return sha256


def read(sha256: str) -> bytes:
    """The bytes at an address. Raises KeyError when they are not stored."""
    try:
        with default_storage.open(path_of(sha256)) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        raise KeyError(sha256) from None
    return data


def delete(sha256: str) -> None:
    """Forget the bytes at an address for good; nothing happens where there are none."""
    default_storage.delete(path_of(sha256))


def exists(sha256: str) -> bool:
    return bool(sha256) and default_storage.exists(path_of(sha256))


def _write_whole(target: Path, data: bytes) -> None:
    """Write beside the target, sync, rename: readers see all of it or nothing, a crash leaves no half file."""
    if target.exists() and target.stat().st_size == len(data):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _in_words(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full, so the frame could not be saved. Free some space, then press Retry."
    return f"The media folder cannot be written ({error.strerror}). Ask whoever runs this server, then press Retry."
