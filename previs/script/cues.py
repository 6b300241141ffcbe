"""The line that says who speaks: `MARA (V.O.) (CONT'D) ^`."""

from __future__ import annotations

import re

LONGEST_CUE = 120
# Uppercase lines with these are shouts, captions or sounds rather than names.
_NO_NAME = re.compile(r'[!?:;"=<>|{}\[\]*\u201c\u201d\u2026]|\.\.')
_EXTENSION = re.compile(r"\(([^()]*)\)?")


def no_name(name: str) -> bool:
    """Whether an uppercase line is a shout, a caption or a sound rather than somebody's name."""
    return _NO_NAME.search(name) is not None


def cue_parts(text: str) -> tuple[str, tuple[str, ...], bool]:
    """Part `MARA (V.O.) (CONT'D) ^` into the name, its extensions and whether it is spoken beside the one before."""
    bare = text.rstrip("^ ")
    name, bracket, rest = bare.partition("(")
    extensions = tuple(
        " ".join(found.split()) for found in _EXTENSION.findall(bracket + rest) if found.strip()
    )
    return " ".join(name.split()), extensions, "^" in text[len(bare) :]


def opens_something_else(text: str) -> bool:
    """Whether the line under a name is marked as no speech."""
    return text[0] in "#=>!@" or (text[0] == "." and text[1:2].isalpha())
