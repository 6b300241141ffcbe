"""The shelf of models: what is installed, adding a folder to it, and proving that nothing changed since.

A model on the shelf is a folder `<models_home>/<id>/` in the diffusers layout with a `previs-model.json`
beside it that holds the card, the revision and the digest of every file. Nothing here loads torch: web
processes read it too.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from previs.engine.cards import MODEL_ID, REVISION, ModelCard, load_cards
from previs.engine.port import EngineError
from previs.engine.request import ABILITIES
from previs.engine.safefiles import CHUNK, digest, files_of, inside, refuse_foreign_classes, refuse_unsafe

__all__ = ["ModelCard", "ShelvedModel", "Verification", "add", "available", "load_cards", "shelved", "verify"]

RECORD = "previs-model.json"
POCKET_WEIGHTS = Path(__file__).with_name("pocket") / "weights"
SCRIPTED = ModelCard(
    id="scripted",
    title="Scripted double",
    family="scripted",
    licence="Apache-2.0",
    licence_note="Draws test cards for the tests of this product; not a model.",
    commercial="yes",
    training_tier="T1",
    training_statement="Nothing was trained.",
    pipelines=dict.fromkeys(ABILITIES, "ScriptedEngine"),
    width=512,
    height=288,
    steps=4,
    guidance=3.0,
    memory_gb=0.0,
)


@dataclass(frozen=True, slots=True)
class ShelvedModel:
    """A model folder with its record. digests: file below `folder` -> SHA-256 hex. added: UTC, ISO 8601."""

    card: ModelCard
    folder: Path
    digests: Mapping[str, str]
    added: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How a model folder differs from its record. All empty: every byte is as it was added."""

    model: str
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not (self.changed or self.missing or self.additional)

    def problems(self) -> list[str]:
        named = (("changed", self.changed), ("missing", self.missing), ("not in the record", self.additional))
        return [f"{name} is {how}." for how, names in named for name in names]


def available(models_home: Path | str, *, allow_scripted: bool = False) -> dict[str, ModelCard]:
    """Model id -> card of everything that can be loaded here: the embedded model, then the shelf by id.

    A card names only the abilities whose weights are there.

    Folders without a readable record are passed over; `shelved` says what is wrong with one.
    """
    cards = {}
    if (POCKET_WEIGHTS / "manifest.json").is_file():
        cards["pocket"] = load_cards()["pocket"]
    if allow_scripted:
        cards[SCRIPTED.id] = SCRIPTED
    for record in sorted(Path(models_home).glob(f"*/{RECORD}")):
        try:
            model = shelved(models_home, record.parent.name)
        except EngineError:
            continue
        cards[model.card.id] = model.card.with_folders({name.split("/")[0] for name in model.digests})
    return cards


def shelved(models_home: Path | str, model_id: str) -> ShelvedModel:
    """Read the record of one model. Raises EngineError if there is none or it cannot be trusted."""
    unknown = EngineError(
        f"The model {model_id!r} is not installed here. Add it with `manage.py models add`.", permanent=True
    )
    if not MODEL_ID.fullmatch(model_id):
        raise unknown
    folder = Path(models_home) / model_id
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise unknown from None
    except (OSError, ValueError):
        raise EngineError(
            f"The record {RECORD} of {model_id} cannot be read. Add the model again.", permanent=True
        ) from None
    try:
        card = ModelCard.from_json(record["card"])
        digests = {str(name): str(value) for name, value in record["files"].items()}
        added = str(record["added"])
    except (KeyError, TypeError, AttributeError):
        raise EngineError(
            f"The record {RECORD} of {model_id} is incomplete. Add the model again.", permanent=True
        ) from None
    if card.id != model_id or not card.revision or not digests:
        raise EngineError(
            f"The record of {model_id} is for another model, or records no revision or no files. Add the model again.",
            permanent=True,
        )
    for name in digests:
        inside(folder, name)
    return ShelvedModel(card, folder, digests, added)


def verify(models_home: Path | str, model_id: str) -> Verification:
    """Hash every file of a shelved model again and compare it with the record. Raises EngineError if there is none."""
    model = shelved(models_home, model_id)
    present = {path.relative_to(model.folder).as_posix(): path for path in files_of(model.folder)}
    present.pop(RECORD, None)
    return Verification(
        model_id,
        changed=tuple(
            name
            for name, recorded in model.digests.items()
            if name in present and digest(present[name]) != recorded
        ),
        missing=tuple(name for name in model.digests if name not in present),
        additional=tuple(name for name in present if name not in model.digests),
    )


def refuse_changed(models_home: Path | str, model_id: str) -> ShelvedModel:
    """Return the model if every byte is as recorded; else raise EngineError naming the files."""
    found = verify(models_home, model_id)
    if not found.ok:
        raise EngineError(
            f"The files of {model_id} are not those that were added: {' '.join(found.problems())} "
            "Nothing was loaded. Restore the files or add the model again.",
            permanent=True,
        )
    return shelved(models_home, model_id)


def add(
    models_home: Path | str,
    source: Path | str,
    *,
    revision: str,
    card_id: str = "",
    card: Mapping[str, Any] | None = None,
    bound_to: str = "",
    shows: Sequence[str] = (),
) -> ShelvedModel:
    """Copy a folder in the diffusers layout onto the shelf and record its revision and digests.

    revision: 40 hex digits of the published commit the folder was taken from; it cannot be read off the
        files, so the person who adds the model vouches for it.
    card_id: a card of the catalogue; or card: the fields of a new one (see ModelCard).  bound_to, shows: of weights
        that were trained on people (see ModelCard).
    Raises EngineError in words, and leaves nothing behind, if a file is unsafe, the folder is no model, the
    card is wrong or the model is there already.
    """
    home, source = Path(models_home), Path(source)
    described = dataclasses.replace(_describe(card_id, card, revision), bound_to=bound_to, shows=tuple(shows))
    target = home / described.id
    if target.exists():
        raise EngineError(
            f"{described.id} is installed already. Verify it, or remove its folder first.", permanent=True
        )
    if not source.is_dir():
        raise EngineError(
            f"There is no folder {source}. Give the folder that holds model_index.json.", permanent=True
        )
    files = {path.relative_to(source).as_posix(): path for path in files_of(source)}
    files.pop(RECORD, None)
    for name, path in files.items():
        refuse_unsafe(path, name)
    refuse_foreign_classes(source)
    home.mkdir(parents=True, exist_ok=True)
    # The dot keeps a half-made copy out of `available`; the rename makes the model appear whole or not at all.
    draft = Path(tempfile.mkdtemp(prefix=f".{described.id}-", dir=home))
    try:
        digests = {name: _copy(path, draft / name) for name, path in files.items()}
        added = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        record = {"card": described.to_json(), "added": added, "files": digests}
        (draft / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        draft.chmod(0o755)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return ShelvedModel(described, target, digests, added)


def _describe(card_id: str, fields: Mapping[str, Any] | None, revision: str) -> ModelCard:
    if not REVISION.fullmatch(revision):
        raise EngineError(
            "Give the revision: the 40 hex digits of the commit that the folder was downloaded from.",
            permanent=True,
        )
    if fields is not None:
        described = ModelCard.from_json({**fields, "revision": revision})
    elif card_id in load_cards():
        described = dataclasses.replace(load_cards()[card_id], revision=revision)
    else:
        raise EngineError(
            f"The catalogue has no card {card_id!r}. Choose one of {', '.join(load_cards())}, or describe the model "
            "in a card of your own.",
            permanent=True,
        )
    if described.family in ("pocket", "scripted"):
        raise EngineError(f"{described.id} is part of the product and cannot be added.", permanent=True)
    return described


def _copy(source: Path, target: Path) -> str:
    """Copy one file and return the SHA-256 of the bytes written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as write:
        while chunk := read.read(CHUNK):
            sha256.update(chunk)
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
    return sha256.hexdigest()
