"""The lexicon as one table of phrases, and how a written word is looked up in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from previs.blockout.lexicon import LIKE, SAME
from previs.blockout.lexicon_fr import SAME_FR

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.!?;\n,]", re.UNICODE)
# Kinds whose value is itself a word that people write.
BARE = frozenset(
    (
        "place",
        "time",
        "weather",
        "garment",
        "colour",
        "prop",
        "pattern",
        "stage",
        "damage",
        "look",
        "pose",
        "domain",
    )
)


@dataclass(frozen=True)
class Entry:
    """One phrase of the lexicon. `same` is False where the value is only the nearest thing that is drawn."""

    kind: str
    value: str
    same: bool


@dataclass(frozen=True)
class Token:
    """A word as written and as looked up, or a mark of punctuation."""

    text: str
    key: str

    @property
    def is_mark(self) -> bool:
        """Say whether this is punctuation."""
        return self.text in ".!?;\n,"


def fold(text: str) -> str:
    """Return text in lower case, without accents, hyphens as spaces."""
    flat = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in flat if not unicodedata.combining(c)).lower()


@cache
def lexicon() -> dict[tuple[str, ...], Entry]:
    """Return every phrase, split into folded words; English before French, meaning before likeness."""
    found: dict[tuple[str, ...], Entry] = {}
    for table, same in ((SAME, True), (SAME_FR, True), (LIKE, False)):
        for kind, values in table.items():
            for value, phrases in values.items():
                names = [phrase.strip() for phrase in phrases.split(",") if phrase.strip()]
                if table is SAME and (kind in BARE or (kind == "person")):
                    names.insert(0, value)
                if kind == "position" and value in ("foreground", "background"):
                    names.append(value)
                for name in names:
                    found.setdefault(tuple(token.key for token in tokens_of(name)), Entry(kind, value, same))
    return found


@cache
def _near_words() -> dict[str, list[str]]:
    """Return single words of the lexicon by themselves with one letter left out, for spelling."""
    near: dict[str, list[str]] = {}
    for phrase in lexicon():
        if len(phrase) == 1 and len(phrase[0]) >= 5:
            for form in _one_letter_less(phrase[0]):
                near.setdefault(form, []).append(phrase[0])
    return near


def _one_letter_less(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def _within_one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    return (
        a[i + 1 :] == b[i + 1 :]
        or a[i:] == b[i + 1 :]
        or a[i + 1 :] == b[i:]
        or (a[i + 2 :] == b[i + 2 :] and sorted(a[i : i + 2]) == sorted(b[i : i + 2]))
    )


# Words that are right as they stand and one letter away from one of the lexicon's.
_NO_MISTAKES = (
    "window water waters words cost cast while pain paint print sprint story stem step sleep shell shall share waist "
    "taste trick block hold tale ample battle cattle settle bother work"
)
NO_MISTAKES = frozenset(_NO_MISTAKES.split())


@lru_cache(maxsize=4096)
def respell(word: str) -> str | None:
    """Return the lexicon's word that is one letter away, if it has five letters or more, else None."""
    if len(word) < 4 or len(word) > 20 or word in NO_MISTAKES or word.removesuffix("s") in NO_MISTAKES:
        return None
    near = _near_words()
    candidates = {
        hit for form in _one_letter_less(word) for hit in near.get(form, ()) if _within_one_edit(word, hit)
    }
    kept = sorted(c for c in candidates if c[0] == word[0])
    return kept[0] if kept else None


def singular(word: str) -> list[str]:
    """Return the forms a plural may come from."""
    forms = []
    if word.endswith("ies") and len(word) > 4:
        forms.append(word[:-3] + "y")
    if word.endswith("ves") and len(word) > 4:
        forms += [word[:-3] + "f", word[:-3] + "fe"]
    if word.endswith("es") and len(word) > 4:
        forms.append(word[:-2])
    if word.endswith(("s", "x")) and len(word) > 3:
        forms.append(word[:-1])
    if word.endswith("'s"):
        forms.append(word[:-2])
    return forms


def tokens_of(text: str) -> list[Token]:
    """Split text into words and marks."""
    found: list[Token] = []
    for match in WORD.finditer(text):
        word = match.group()
        if (
            word.lower().endswith(("'s", "’s"))
            and len(word) > 3
            and fold(word) not in ("bird's", "worm's", "god's")
        ):
            word = word[:-2]
        found.append(Token(word, fold(word)))
    return found
