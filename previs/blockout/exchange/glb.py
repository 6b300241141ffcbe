"""The .glb container and the checked reading of its JSON: glTF 2.0, binary form.

Nothing in a file from outside is believed: every index, count and number is checked before it is used, and
whatever is refused is refused in words for the person who chose the file.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, NoReturn

MAGIC, JSON_CHUNK, BINARY_CHUNK = b"glTF", b"JSON", b"BIN\0"
MOST_BYTES = 20 * 1024 * 1024
MOST_JSON_BYTES = (
    4 * 1024 * 1024
)  # 200 nodes need a hundredth of it; a larger one is hostile or full of animation
HONOURED = frozenset(("KHR_mesh_quantization", "KHR_lights_punctual", "KHR_texture_transform",
                      "KHR_texture_basisu", "EXT_texture_webp", "KHR_xmp_json_ld"))  # fmt: skip
LISTS = ("accessors", "buffers", "bufferViews", "materials", "meshes", "nodes", "scenes")

Document = dict[str, Any]


class MeshRefused(ValueError):  # noqa: N818 - an answer, not a fault
    """A mesh file that is not taken in; the text says why and what to do about it."""


def pack(document: Document, binary: bytes) -> bytes:
    """Return a .glb of the JSON document and its one buffer."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    length = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join((
        struct.pack("<4sII", MAGIC, 2, length),
        struct.pack("<I4s", len(text), JSON_CHUNK), text,
        struct.pack("<I4s", len(binary), BINARY_CHUNK), binary,
    ))  # fmt: skip


def unpack(data: bytes) -> tuple[Document, bytes]:
    """Return the JSON document and the bytes of its one buffer.

    Raises MeshRefused where the file is too large, cut off, of another kind or version, needs an extension that
    is not honoured, or points outside itself.
    """
    if len(data) > MOST_BYTES:
        raise MeshRefused(
            f"The file is {len(data) / 1048576:.1f} MB; at most {MOST_BYTES // 1048576} MB are taken. "
            "Export it without textures or with fewer details."
        )
    if data[:1] in (b"{", b"[") or data[:4] == b"\xef\xbb\xbf{":
        raise MeshRefused("This is the text form of glTF. Export it as one binary file (.glb).")
    if len(data) < 20 or data[:4] != MAGIC:
        raise MeshRefused("This is not a .glb file. Export the model as glTF 2.0, binary (.glb).")
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise MeshRefused(
            f"The file is glTF version {version}; only version 2 is read. Export it as glTF 2.0."
        )
    if length != len(data):
        raise MeshRefused(
            f"The file says it has {length} bytes but has {len(data)}. It was cut off or damaged: export it again."
        )
    text, binary = _chunks(data)
    document = _parse(text)
    _check_version(document)
    _check_extensions(document)
    for listed in LISTS:
        entries(document, listed)
    _check_references(document)
    return document, binary


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    """Return the JSON chunk and the binary chunk, empty where there is none; other chunks are passed over."""
    found: list[tuple[bytes, bytes]] = []
    at = 12
    while at < len(data):
        if at + 8 > len(data):
            raise MeshRefused("The file ends in the middle of a chunk. It was cut off: export it again.")
        size, kind = struct.unpack_from("<I4s", data, at)
        if at + 8 + size > len(data):
            raise MeshRefused("A chunk is longer than the file. It was cut off or damaged: export it again.")
        found.append((kind, data[at + 8 : at + 8 + size]))
        at += 8 + size
        if len(found) > 64:
            raise MeshRefused("The file has more than 64 chunks; a model has two. Export it again.")
    if found[0][0] != JSON_CHUNK:
        raise MeshRefused(
            "The file does not begin with its JSON chunk. Export it again as glTF 2.0, binary (.glb)."
        )
    binary = found[1][1] if len(found) > 1 and found[1][0] == BINARY_CHUNK else b""
    return found[0][1], binary


def _parse(text: bytes) -> Document:
    if len(text) > MOST_JSON_BYTES:
        raise MeshRefused("The description inside the file is larger than 4 MB. Export it without animation.")
    try:
        document = json.loads(text.decode(), parse_constant=_refuse_constant)
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        if isinstance(error, MeshRefused):
            raise
        raise MeshRefused("The description inside the file is not valid JSON. Export it again.") from error
    if not isinstance(document, dict):
        raise MeshRefused("The description inside the file is not an object. Export it again.")
    return document


def _refuse_constant(word: str) -> NoReturn:
    raise MeshRefused(f"The file holds {word} where a number belongs. Repair the model and export it again.")


def _check_version(document: Document) -> None:
    asset = document.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    if not isinstance(version, str) or not version.startswith("2."):
        raise MeshRefused("The file does not say that it is glTF 2. Export it as glTF 2.0.")
    needed = asset.get("minVersion", "2.0") if isinstance(asset, dict) else "2.0"
    if needed != "2.0":
        raise MeshRefused(f"The file asks for glTF {str(needed)[:12]}; 2.0 is read. Export it as glTF 2.0.")


def _check_extensions(document: Document) -> None:
    """Refuse what the file cannot do without and this reader cannot do; materials never change a shape."""
    required = document.get("extensionsRequired", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        raise MeshRefused("The file's list of required extensions is damaged. Export it again.")
    unknown = sorted(
        name for name in required if name not in HONOURED and not name.startswith("KHR_materials_")
    )
    if any("draco" in name or "meshopt" in name for name in unknown):
        raise MeshRefused(
            "The shapes in the file are compressed. Export it with mesh compression switched off."
        )
    if unknown:
        named = ", ".join(name[:40] for name in unknown[:3])
        raise MeshRefused(f"The file needs {named}, which is not read here. Export it without.")


def _check_references(document: Document) -> None:
    """Refuse every reference out of the file, wherever it stands; also in extensions nobody knows."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(entry for entry in value if isinstance(entry, dict | list))
        elif isinstance(value, dict):
            address = value.get("uri")
            if isinstance(address, str) and not address.startswith("data:"):
                raise MeshRefused(
                    f"The file points to another file ({address[:60]}). Export it as one .glb with everything inside."
                )
            waiting.extend(entry for entry in value.values() if isinstance(entry, dict | list))
    for number, buffer in enumerate(document.get("buffers", [])):
        if number > 0 or "uri" in buffer:
            raise MeshRefused(
                "The shapes are not in the file's binary chunk. Export it as glTF 2.0, binary (.glb), in one file."
            )


def entries(owner: Document, key: str) -> list[Document]:
    """Return the list of objects under `key`, empty where there is none."""
    found = owner.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise MeshRefused(f"The file's list of {key} is damaged. Export it again.")
    return found


def entry(document: Document, key: str, number: Any, what: str) -> Document:
    """Return one object of a top-level list (checked by `unpack`) by an index that the file names."""
    listed: list[Document] = document.get(key, [])
    return listed[whole(number, f"The number of {what}", below=len(listed))]


def whole(value: Any, what: str, *, below: int) -> int:
    """Return a whole number of 0 to below - 1."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < below:
        raise MeshRefused(f"{what} is {str(value)[:20]}, which is out of range. Export the model again.")
    return value


def numbers(value: Any, count: int, what: str, *, most: float = 1e6) -> Sequence[float]:
    """Return `count` finite numbers no larger than `most`."""
    if not isinstance(value, list) or len(value) != count:
        raise MeshRefused(f"{what} should be {count} numbers. Export the model again.")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise MeshRefused(f"{what} should be {count} numbers. Export the model again.")
        if not -most <= number <= most:  # also catches what is no number and whole numbers of any length
            raise MeshRefused(f"{what} holds a number without bounds. Repair the model and export it again.")
    return [float(number) for number in value]
