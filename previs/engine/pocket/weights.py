"""The packaged weights: which files they are, and the proof that they are the ones that were trained."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from previs.engine.port import EngineError

PACKAGED = Path(__file__).parent / "weights"
EARLIER = Path(__file__).parent / "earlier"
"""Weights of former releases, each in a folder named by its revision, so that their frames can be rendered again."""
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """revision: name of this set of weights.  digests: path inside the folder -> SHA-256 hex of the file."""

    revision: str
    digests: dict[str, str]
    training: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises EngineError if the folder holds no readable manifest."""
        try:
            record = json.loads((folder / MANIFEST).read_text())
            return cls(record["revision"], dict(record["digests"]), dict(record["training"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EngineError(
                f"The pocket model in {folder.name} has no readable manifest. Restore the folder from the release.",
                permanent=True,
            ) from error

    def verify(self, folder: Path) -> None:
        """Raises EngineError, naming the file, if one is missing, changed or not listed."""
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*.safetensors")}
        if stray := sorted(present - set(self.digests)):
            raise EngineError(
                f"{stray[0]} is not part of the pocket model's manifest. Remove it or restore the folder.",
                permanent=True,
            )
        for name, digest in sorted(self.digests.items()):
            path = folder / name
            if not path.is_file():
                raise EngineError(
                    f"The pocket model's file {name} is missing. Restore the folder from the release.",
                    permanent=True,
                )
            if file_digest(path) != digest:
                raise EngineError(
                    f"The pocket model's file {name} was changed: its digest is not the one in the manifest. "
                    "Restore the folder from the release.",
                    permanent=True,
                )


def folder_of(revision: str) -> Path:
    """The weights of a revision, or the present ones when it is "" or none that we keep."""
    kept = {folder.name: folder for folder in EARLIER.iterdir()} if EARLIER.is_dir() else {}
    return kept.get(revision, PACKAGED)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write_manifest(folder: Path, *, training: dict[str, Any]) -> Manifest:
    """List every file that loading reads; the revision is a digest over their digests."""
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in {".safetensors", ".json"} and path.name != MANIFEST
    )
    digests = {name: file_digest(folder / name) for name in names}
    joined = "".join(f"{name} {digest}\n" for name, digest in digests.items())
    manifest = Manifest(hashlib.sha256(joined.encode()).hexdigest()[:12], digests, training)
    record = {"revision": manifest.revision, "digests": digests, "training": training}
    (folder / MANIFEST).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
    return manifest
