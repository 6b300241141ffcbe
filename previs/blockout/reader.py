"""The prompt reader: free text, English or French, to a scene description.

Pure Python without numpy, so that the web process can show while somebody types what the blockout will draw.
Nothing is guessed silently: every substitution and every word left out is reported.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from previs.blockout import words
from previs.blockout.cast import Cast
from previs.blockout.description import Figure, Garment, SceneDescription
from previs.blockout.lexicon import NEGATIONS, NUMBERS, STOP
from previs.blockout.lexicon_fr import NUMBERS_FR
from previs.blockout.wordbook import Entry, Token, fold, lexicon, respell, singular, tokens_of

MOST_CHARACTERS = 8000  # a scene's worth; the rest of a longer text is reported as ignored
LONGEST_PHRASE = 5  # words
REACH_OF_NO = 4  # words after a negation that it can deny
# An exterior of a place that only exists as a room, and the other way round.
OUTSIDE_OF = {
    "church": "cemetery", "factory": "yard", "cannery": "yard", "workshop": "yard", "train": "station", "kitchen": "garden", "living room": "garden",
    "bedroom": "garden", "attic": "rooftop", "cellar": "alley", "stairs": "square",
}  # fmt: skip
INSIDE_OF = {
    "station": "corridor", "yard": "factory", "garden": "living room", "orchard": "workshop", "field": "workshop", "harbour": "factory", "cemetery": "church",
    "rooftop": "attic", "car": "train", "mountain": "cellar", "desert": "cellar", "forest": "workshop", "beach": "living room", "road": "living room",
    "river": "living room", "street": "shop", "square": "shop", "alley": "corridor",
}  # fmt: skip
# Runs of blanks are bounded: an unbounded one makes the search quadratic on a page of empty lines.
SLUG = re.compile(
    r"(?i)(?:^|[.!?\n])[ \t]{0,8}(?P<side>INT\.?[ ]?/[ ]?EXT|EXT\.?[ ]?/[ ]?INT|I[ ]?/[ ]?E|INT[EÉ]RIEUR|EXT[EÉ]RIEUR|INT|EXT)"
    r"[.:, \t][.: \t]{0,4}(?P<rest>[^\n.]{1,120})"
)
LENS = re.compile(r"(?<![\w.])(\d{1,3})\s?mm\b", re.IGNORECASE)
CODES = {"ELS": "EWS", "EWS": "EWS", "EST": "EWS", "WS": "WS", "LS": "WS", "FS": "FS", "MWS": "MWS", "MLS": "MWS", "MS": "MS", "MCU": "MCU", "CU": "CU",
         "BCU": "ECU", "ECU": "ECU", "XCU": "ECU", "INS": "INS"}  # fmt: skip
SAID = {"time": "time_of_day", "weather": "weather", "damage": "damage", "look": "look"}
PRONOUNS = frozenset(("she", "her", "elle", "he", "his", "him", "il"))


@dataclass(frozen=True)
class Reading:
    """What became of a text.

    used: words and phrases understood, in order. mapped: words drawn as something else, or corrected, and
    as what. ignored: words not understood, each once. said: which of the description's time_of_day, weather, damage and
    look the text speaks of; the others are as they usually are.
    """

    description: SceneDescription
    used: list[str] = field(default_factory=list)
    mapped: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    said: frozenset[str] = frozenset()


def read(text: str, *, domain: str | None = None) -> Reading:
    """Read a text of any length and content.

    domain: "scene", "croquis" or "garment" where the page knows it; otherwise the text decides. Raises
    ValueError only for an unknown domain, never for a text.
    """
    if domain is not None and domain not in words.DOMAINS:
        raise ValueError(f"domain is {domain!r}; use one of: {', '.join(words.DOMAINS)}")
    return _Reader(text, domain).reading()


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str, domain: str | None) -> None:
        clean = "".join(
            c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text[:MOST_CHARACTERS]
        )
        self.cut = len(text) > MOST_CHARACTERS
        self.text = unicodedata.normalize("NFC", clean)
        self.domain = domain
        self.used: list[str] = []
        self.mapped: dict[str, str] = {}
        self.ignored: list[str] = []
        self.first: dict[str, str] = {}
        self.props: list[str] = []
        self.cast = Cast()
        self.side: str | None = None
        self.slug_place: str | None = None
        self.place_exact = False
        self.stage_key = ""

    # --- the three steps ------------------------------------------------------------------------------
    def reading(self) -> Reading:
        """Read the slugline, then the lens, then every word."""
        body = self._slugline(self.text)
        lens = LENS.search(body)
        millimetres = float(lens.group(1)) if lens and 8 <= int(lens.group(1)) <= 600 else None
        if lens:
            self._use(lens.group())
            body = body[: lens.start()] + " " + body[lens.end() :]
        self._words(tokens_of(body), in_slug=False)
        if self.cut:
            self.ignored.append(f"everything after {MOST_CHARACTERS} characters")
        said = frozenset(name for kind, name in SAID.items() if kind in self.first)
        return Reading(self._describe(millimetres), self.used, self.mapped, self.ignored, said)

    def _slugline(self, text: str) -> str:
        match = SLUG.search(text)
        if match is None:
            return text
        side = fold(match.group("side"))
        self.side = "ext" if side.startswith("ext") and "/" not in side else "int"
        self._use(match.group("side"))
        rest = match.group("rest")
        place = re.split(r"\s+[-–—]+\s+|,", rest)[0].strip()
        self.stage_key = " ".join(token.key for token in tokens_of(place))
        self._words(tokens_of(rest), in_slug=True)
        if "place" in self.first:
            self.slug_place = self.first["place"]
        return text[: match.start()] + "\n" + text[match.end() :]

    def _words(self, tokens: list[Token], *, in_slug: bool) -> None:
        """Look every word up, the longest phrase first."""
        shouting = in_slug or not any(c.islower() for token in tokens for c in token.text)
        denied, denied_until = False, -1
        start_of_sentence = True
        count: int | None = None
        last_name = -1
        i = 0
        while i < len(tokens):
            token = tokens[i]
            if token.is_mark:
                start_of_sentence = start_of_sentence or token.text != ","
                denied = False
                if token.text != ",":
                    self.cast.end_of_sentence()
                    count = None
                self.cast.pause()
                i += 1
                continue
            if i > denied_until:
                denied = False
            entry, length, note = self._match(tokens, i, name_like=not shouting and token.text[0].isupper())
            spoken = " ".join(t.text for t in tokens[i : i + length])
            if token.key in NEGATIONS and entry is None:
                denied, denied_until = True, i + REACH_OF_NO
                self._use(token.text)
            elif entry is not None:
                if not self._take(entry, spoken, note, tokens, i, length, denied, count, in_slug):
                    self._ignore(spoken)
                count = None if entry.kind not in ("colour", "pattern", "look", "damage") else count
            elif (number := self._number(token.key)) is not None:
                count = number
            elif token.key in PRONOUNS:
                self.cast.pronoun(token.key)
            elif self._is_name(tokens, i, start_of_sentence, shouting):
                self.cast.name(token.text, continues=i > 0 and i - 1 == last_name)
                last_name = i
                self._use(token.text)
            elif token.key not in STOP and not (token.key.isdigit()):
                self.cast.pause()
                self._ignore(token.text)
            start_of_sentence = False
            i += length

    def _match(self, tokens: list[Token], i: int, *, name_like: bool) -> tuple[Entry | None, int, str | None]:
        """Return the entry at a position, its length in words, and the correction made, if any."""
        table = lexicon()
        if tokens[i].text in CODES:
            return Entry("size", CODES[tokens[i].text], True), 1, None
        if tokens[i].text == "OTS":
            return Entry("angle", "ots", True), 1, None
        keys: list[str] = []
        for token in tokens[i : i + LONGEST_PHRASE]:
            if token.is_mark:
                break
            keys.append(token.key)
        for length in range(len(keys), 0, -1):
            phrase = tuple(keys[:length])
            if phrase in table:
                return table[phrase], length, None
            for form in singular(phrase[-1]):
                if (*phrase[:-1], form) in table:
                    return table[(*phrase[:-1], form)], length, None
        word = keys[0]
        if word in STOP or word in NEGATIONS or name_like or self._number(word) is not None:
            return None, 1, None
        for form in (word, *singular(word)):
            near = respell(form)
            if near is not None:
                return table[(near,)], 1, near
        return None, 1, None

    def _number(self, key: str) -> int | None:
        if key.isdigit() and len(key) < 3:
            return min(int(key), words.MOST_PEOPLE)
        return NUMBERS.get(key) or NUMBERS_FR.get(key)

    def _is_name(self, tokens: list[Token], i: int, start: bool, shouting: bool) -> bool:
        """Say whether an unknown capitalised word is somebody who acts."""
        token = tokens[i]
        if (
            shouting
            or not token.text[0].isupper()
            or len(token.text) < 2
            or token.key in STOP
            or any(c.isdigit() for c in token.text)
        ):
            return False
        if self.cast.knows(token.text):
            return True
        before = next((t.key for t in reversed(tokens[:i]) if not t.is_mark), "") if not start else ""
        if before in ("in", "near", "from", "of", "en", "a", "du", "de", "la", "le", "the", "an"):
            return False
        if not start:
            return True
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if after is None or after.is_mark:
            return after is not None and after.text == ","
        verb = after.key.endswith(("s", "ed", "t", "e")) and after.text.islower()
        return verb or after.key in ("and", "et", "is", "in", "has", "with") or after.text[0].isupper()

    # --- what one entry does --------------------------------------------------------------------------
    def _take(
        self,
        entry: Entry,
        spoken: str,
        note: str | None,
        tokens: list[Token],
        i: int,
        length: int,
        denied: bool,
        count: int | None,
        in_slug: bool,
    ) -> bool:
        """Apply one entry; return False if this domain has no use for it."""
        kind, value = entry.kind, entry.value
        after = tokens[i + length] if i + length < len(tokens) else None
        if kind == "look" and value == "noir" and spoken.lower() == "noir" and self.cast.just_dressed:
            kind, value = "colour", "black"
        if kind == "nobody" and spoken.lower() == "empty" and after is not None and not after.is_mark:
            following, _, _ = self._match(tokens, i + length, name_like=False)
            if following is None or following.kind != "place":
                return True
        if denied:
            self._deny(kind, value)
        elif kind in ("time", "weather", "size", "angle", "damage", "look", "domain", "stage"):
            if kind == "stage" and not self._costume():
                return False
            self.first.setdefault(kind, value)
        elif kind == "place":
            self._go_to(value, exact=entry.same, in_slug=in_slug)
        elif kind == "prop":
            self._prop(value)
        elif kind in ("person", "crowd"):
            self.cast.person(value if kind == "person" else "person", count if kind == "person" else 6)
        elif kind == "nobody":
            self.cast.clear()
        elif kind == "garment":
            self.cast.garment(value)
        elif kind == "colour":
            follows = (
                after is not None
                and not after.is_mark
                and (m := self._match(tokens, i + length, name_like=False)[0]) is not None
                and m.kind in ("garment", "pattern", "colour")
            )
            self.cast.colour(value, garment_follows=follows)
            if not follows and not self.cast.colour_bound:
                return self._later_garment(tokens, i + length)
        elif kind == "pattern":
            self.cast.pattern(value)
        else:
            self.cast.set(kind, value)
        if note is not None:
            self.mapped[spoken] = note if entry.same else value
        elif not entry.same:
            self.mapped[spoken] = words.SHOT_SIZES.get(value, value)
        self._use(spoken)
        return True

    def _go_to(self, place: str, *, exact: bool, in_slug: bool) -> None:
        """Choose the place: the first one named, but a likeness gives way to a place that is really drawn."""
        known = self.first.get("place")
        if known is None or (exact and not self.place_exact):
            self.mapped = {said: drawn for said, drawn in self.mapped.items() if drawn != known}
            self.first["place"], self.place_exact = place, exact
        elif place in words.PROPS and not in_slug:
            self._prop(place)
        elif known in words.PROPS and not self.stage_key:  # a car in a street
            self._prop(known)
            self.first["place"] = place

    def _later_garment(self, tokens: list[Token], i: int) -> bool:
        """Say whether a garment follows within two words, as in "a red woollen coat"."""
        for j in range(i, min(i + 2, len(tokens))):
            if tokens[j].is_mark:
                return False
            entry, _, _ = self._match(tokens, j, name_like=False)
            if entry is not None:
                return entry.kind == "garment"
        return False

    def _prop(self, value: str) -> None:
        self.cast.pause()
        if value not in self.props and len(self.props) < 6:
            self.props.append(value)

    def _deny(self, kind: str, value: str) -> None:
        if kind in ("person", "crowd"):
            self.cast.clear()
        elif kind == "prop" and value in self.props:
            self.props.remove(value)
        elif kind == "weather":
            if self.first.get("weather") == value:
                del self.first["weather"]
        elif kind == "damage":
            self.first.setdefault("damage", "intact")
        elif kind == "garment":
            self.cast.take_off(value)

    def _costume(self) -> bool:
        return (self.domain or self.first.get("domain", "scene")) != "scene"

    def _use(self, spoken: str) -> None:
        if spoken not in self.used:
            self.used.append(spoken)

    def _ignore(self, spoken: str) -> None:
        if spoken not in self.ignored and spoken not in self.used:
            self.ignored.append(spoken)

    # --- the answer -----------------------------------------------------------------------------------
    def _describe(self, lens: float | None) -> SceneDescription:
        domain = self.domain or self.first.get("domain", "scene")
        people = self.cast.figures()
        look, stage = self.first.get("look", "neutral"), self.first.get("stage", "clean")
        if domain == "garment":
            worn = self.cast.all_garments()
            return SceneDescription(
                domain=domain, garment=worn[0] if worn else Garment("coat"), look=look, stage=stage
            )
        if domain == "croquis":
            figure = people[0] if people else Figure("person", tuple(self.cast.all_garments()[:6]))
            return SceneDescription(
                domain=domain, people=(Figure(figure.build, figure.garments),), look=look, stage=stage
            )
        place, angle = self._place(), self.first.get("angle", "eye")
        return SceneDescription(
            place=place,
            interior=place in words.INTERIORS,
            time_of_day=self.first.get("time", "day"),
            weather=self.first.get("weather", "clear"),
            shot_size=self.first.get("size", "MS" if angle in ("ots", "profile") else "WS"),
            angle=angle,
            people=people,
            props=tuple(self.props),
            damage=self.first.get("damage", "intact"),
            look=look,
            lens_mm=lens,
            stage_key=self.stage_key,
        )

    def _place(self) -> str:
        """Return the place, moved inside or outside where the slugline says so."""
        place = self.slug_place or self.first.get("place")
        if place is None:
            if self.stage_key:
                self.mapped[self.stage_key] = "living room" if self.side == "int" else "street"
            return "living room" if self.side == "int" else "street"
        moved = place
        if self.side == "ext" and place in words.INTERIORS:
            moved = OUTSIDE_OF.get(place, "street")
        elif self.side == "int" and place in words.EXTERIORS:
            moved = place if place == "car" else INSIDE_OF[place]
        if moved != place:
            self.mapped[f"{self.side} {place}"] = moved
        return moved
