"""Which files of a model folder are taken: data only, nothing that runs when it is opened."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from previs.engine.port import EngineError

# All of these can hold a pickle, and opening a pickle runs whatever code its author put there.
PICKLED = frozenset(
    {".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle", ".joblib", ".npy", ".npz", ".msgpack"}
)
PROGRAMS = frozenset({".py", ".pyc", ".so", ".sh", ".exe", ".dll"})
WEIGHTS = ".safetensors"
# `spiece.model` is a sentence-piece table, the rest are texts and pictures.
DATA = frozenset({WEIGHTS, ".json", ".txt", ".model", ".md", ".jinja", ".png", ".jpg", ".jpeg", ".webp", ""})
LIBRARIES = frozenset({"diffusers", "transformers", "stable_diffusion"})
CHUNK = 1 << 20
LARGEST_HEADER = 100 << 20


def files_of(folder: Path) -> list[Path]:
    """List every file below `folder`, sorted; hidden files and folders are passed over.

    Raises EngineError if a link leads out of the folder.
    """
    root = folder.resolve()
    found = []
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if not path.resolve().is_relative_to(root):
            name = path.relative_to(folder).as_posix()
            raise EngineError(
                f"{name} is a link that leads out of the model folder. Copy the folder with its links resolved "
                "(cp -rL) and use the copy.",
                permanent=True,
            )
        if path.is_file():
            found.append(path)
    return found


def inside(folder: Path, name: str) -> Path:
    """Turn a recorded file name into its path below `folder`; raises EngineError if it points elsewhere."""
    parts = PurePosixPath(name)
    if not name or parts.is_absolute() or ".." in parts.parts or "\\" in name:
        raise EngineError(
            f"The record names {name!r}, which is not a file of the model folder.", permanent=True
        )
    return folder / parts


def refuse_unsafe(path: Path, name: str) -> None:
    """Raise EngineError, naming the file, unless it is one of the plain kinds of data a model consists of."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(4096)
    zipped = head.startswith(b"PK\x03\x04") and zipfile.is_zipfile(path)
    # A safetensors file begins with the length of its header, which may look like a pickle's opening.
    pickled = suffix != WEIGHTS and head[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
    if suffix in PICKLED or zipped or pickled:
        raise EngineError(
            f"{name} is a pickle checkpoint or an archive: opening it could run a stranger's code. "
            "Only .safetensors weights are taken; convert it, or remove the file, and try again.",
            permanent=True,
        )
    if suffix in PROGRAMS:
        raise EngineError(
            f"{name} is a program. Models are data only; remove the file and try again.", permanent=True
        )
    if suffix not in DATA:
        raise EngineError(
            f"{name} is of a kind no model needs ({suffix}). Remove it and try again.", permanent=True
        )
    if suffix == WEIGHTS:
        with path.open("rb") as file:
            read_header(file, name)


def refuse_foreign_classes(folder: Path) -> None:
    """Raise EngineError if model_index.json is missing or names classes outside diffusers and transformers."""
    index = folder / "model_index.json"
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))
        components = {name: value for name, value in entries.items() if isinstance(value, list)}
    except (OSError, ValueError, AttributeError):
        raise EngineError(
            "The folder holds no readable model_index.json. Choose a folder in the diffusers layout "
            "(model_index.json beside unet or transformer, vae, text_encoder and scheduler).",
            permanent=True,
        ) from None
    for name, value in components.items():
        if len(value) != 2 or (value[0] is not None and value[0] not in LIBRARIES):
            raise EngineError(
                f"model_index.json takes {name} from {value[0]!r}, which is not a library this engine loads from.",
                permanent=True,
            )


def read_header(file: BinaryIO, name: str) -> dict[str, Any]:
    """Read the header of a safetensors file: tensor name -> {"dtype", "shape", "data_offsets"}.

    Raises EngineError if the file is cut short or is not safetensors at all.
    """
    wrong = EngineError(f"{name} is not a whole safetensors file. Copy or download it again.", permanent=True)
    length_bytes = file.read(8)
    if len(length_bytes) != 8:
        raise wrong
    (length,) = struct.unpack("<Q", length_bytes)
    if length > LARGEST_HEADER:
        raise wrong
    try:
        header = json.loads(file.read(length))
        tensors = {key: value for key, value in header.items() if key != "__metadata__"}
        end = max((value["data_offsets"][1] for value in tensors.values()), default=0)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise wrong from None
    file.seek(0, 2)
    if file.tell() != 8 + length + end:
        raise wrong
    return tensors


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
