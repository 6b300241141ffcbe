"""The parts of a scene heading, and the names by which scenes of one set find each other."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# A prefix ends at a dot or a space, so INTERNAL and EXTRA stay what they are.
PREFIX = re.compile(
    r"(?P<prefix>INT\.?[ ]?/[ ]?EXT|EXT\.?[ ]?/[ ]?INT|I[ ]?/[ ]?E|E[ ]?/[ ]?I|INT|EXT|EST)(?:[ ]?\.|(?=\s)|$)",
    re.IGNORECASE,
)
LONGEST_HEADING = 300
_NUMBER = re.compile(r"[\w.\-]{1,64}", re.ASCII)
_DASH = re.compile(r"(?<=\s)[-\u2010-\u2015]{1,3}(?=\s|$)|[\u2013-\u2015]|(?<=\S)--(?=\S)")
_LISTED_HOUR = re.compile(r", (?:day|dusk|night|dawn)(?=, )")
_REMARK = re.compile(r"\(([^()]*)\)")

# Light first: NIGHT - LATER is shot as night.
_LIGHT = {
    "DAY": "DAY NOON MIDDAY AFTERNOON DAYTIME DAYLIGHT JOUR TAG TAGS DÍA DIA GIORNO MIDI MITTAG",
    "NIGHT": "NIGHT MIDNIGHT NIGHTTIME NUIT NACHT NACHTS NOCHE NOTTE MINUIT MITTERNACHT",
    "DAWN": "DAWN SUNRISE DAYBREAK AUBE MORGENDÄMMERUNG ALBA AMANECER",
    "DUSK": "DUSK SUNSET TWILIGHT GLOAMING SUNDOWN CRÉPUSCULE CREPUSCULE ABENDDÄMMERUNG TRAMONTO ANOCHECER",
    "MORNING": "MORNING MATIN MORGEN MORGENS MAÑANA MATTINA",
    "EVENING": "EVENING SOIR ABEND ABENDS SERA",
}
_RELATION = {
    "CONTINUOUS": "CONTINUOUS CONTINUED CONT CONT'D CONTINU CONTINUO",
    "LATER": "LATER MOMENTS AFTER AFTERWARDS",
    "SAME": "SAME SIMULTANEOUS SIMULTANEOUSLY",
}
_WORDS = {
    word: time for table in (_LIGHT, _RELATION) for time, words in table.items() for word in words.split()
}
_PHRASES = (("MAGIC HOUR", "DUSK"), ("GOLDEN HOUR", "DUSK"), ("BLUE HOUR", "DUSK"), ("FIRST LIGHT", "DAWN"))
# Words that may stand around a time: EARLY MORNING, TWO DAYS LATER, NIGHT, RAINING.
_AROUND = set(
    """
    A AN THE THAT THIS OF AT IN TO EARLY LATE MID PRE NEXT FOLLOWING SAME FEW SEVERAL ONE TWO THREE MINUTES MINUTE
    HOURS HOUR SECONDS DAYS WEEKS MONTHS YEARS TIME OR AND WITH AM PM BEFORE RAIN RAINING RAINY SNOW SNOWING FOG
    FOGGY MIST STORM STORMY WIND OVERCAST CLOUDY BRIGHT DARK
    """.split()  # noqa: SIM905
)


class HeadingParts(NamedTuple):
    """What a heading says.

    kind: "INT", "EXT", "I/E" or "".  setting: the place, "CANNERY - BOILER ROOM".
    time_of_day: DAY, NIGHT, DAWN, DUSK, MORNING, EVENING, CONTINUOUS, LATER, SAME or "".
    time_raw: the words that said so.  remark: what follows the time or stands in brackets ("FLASHBACK").
    """

    kind: str
    setting: str
    time_of_day: str
    time_raw: str
    remark: str


def split_number(heading: str) -> tuple[str, str | None]:
    """Part `INT. HOUSE - DAY #12A#` into the heading and its number, None if it has none."""
    bare = heading.rstrip()
    if not bare.endswith("#"):
        return bare, None
    opening = bare.rfind("#", 0, -1)
    number = bare[opening + 1 : -1].strip()
    if opening < 0 or not _NUMBER.fullmatch(number):
        return bare, None
    return bare[:opening].rstrip(), number


@lru_cache(maxsize=4096)
def parse_heading(heading: str) -> HeadingParts:
    """Read a heading without its number. Never fails: what it cannot place is the setting."""
    words = " ".join(heading.split())
    prefix = PREFIX.match(words)
    kind = _kind(prefix["prefix"]) if prefix else ""
    if prefix:
        words = words[prefix.end() :].lstrip(" .")
    first = 0 if words[:1] in ("-", "\u2013", "\u2014") else 1
    words = words.lstrip(" -\u2013\u2014")
    remarks = [remark.strip() for remark in _REMARK.findall(words) if not time_of_day(remark)]
    words = _REMARK.sub(lambda found: f" - {found[1]} - " if time_of_day(found[1]) else " ", words)
    parts = [part.strip(" ,;") for part in _DASH.split(words)]
    parts = [" ".join(part.split()) for part in parts if part]
    if len(parts) == 1:
        parts = _without_dash(parts[0])
    for place in range(first, len(parts)):
        time = time_of_day(parts[place])
        if time:
            raw, rest = [parts[place]], parts[place + 1 :]
            while rest and time_of_day(rest[0]):
                raw.append(rest.pop(0))
            time = time_of_day(" ".join(raw))
            return HeadingParts(
                kind, " - ".join(parts[:place]), time, " - ".join(raw), ", ".join(rest + remarks)
            )
    return HeadingParts(kind, " - ".join(parts), "", "", ", ".join(remarks))


def around_hour(words: str) -> tuple[str, str, str]:
    """Part a heading, or the title of a set's variant, into what stands before its hour, the hour, and what follows.

    ("EXT. PIER", " - NIGHT", " - RAIN"), ("PIER", ", night", ", intact, clear"); joined they are the whole again.
    Without an hour all of it stands before.
    """
    hour = _LISTED_HOUR.search(words)
    if hour is None and (said := parse_heading(words).time_raw.split(" - ")[0]):
        named = list(re.finditer(rf"(?<!\w){re.escape(said)}(?!\w)", words))
        hour = named[-1] if named else None
    if hour is None:
        return words, "", ""
    before = words[: hour.start()].rstrip(" -,(\u2013\u2014")
    return before, words[len(before) : hour.end()], words[hour.end() :]


def lacks_place(text: str) -> bool:
    """Whether a text opens with a heading that names no place: `INT. -`, `EXT. - NIGHT. Rain.`"""
    first = next(iter(text.strip().splitlines()), "")
    prefix = PREFIX.match(first)
    if prefix is None:
        return False
    rest = first[prefix.end() :].lstrip(" .").partition(".")[0]
    return not set_key(parse_heading(f"{prefix[0]} {rest}").setting)


def time_of_day(words: str) -> str:
    """The canonical time that a part of a heading names, "" unless every word in it belongs to a time."""
    upper = " ".join(words.upper().replace("\u2019", "'").replace("-", " ").split())
    for phrase, time in _PHRASES:
        if upper == phrase:
            return time
    named = []
    for word in upper.replace(",", " ").replace(".", " ").split():
        if word in _WORDS:
            named.append(_WORDS[word])
        elif word not in _AROUND and not any(letter.isdigit() for letter in word):
            return ""
    return next((time for time in named if time in _LIGHT), named[0] if named else "")


def _without_dash(words: str) -> list[str]:
    """Part `HOUSE. NIGHT`, `HOUSE, NIGHT`, `HOUSE-NIGHT` and `HOUSE NIGHT`."""
    for separator in (". ", ", ", "-", " "):
        place, found, time = words.rpartition(separator)
        if found and place.strip() and time.strip(" .").upper() in _WORDS:
            return [place.strip(" ,."), time.strip(" .")]
    return [words]


def _kind(prefix: str) -> str:
    letters = prefix.upper().replace(".", "").replace(" ", "")
    return "I/E" if "/" in letters else "EXT" if letters == "EST" else letters


def set_key(setting: str) -> str:
    """Normalise a setting so that scenes of one set agree: `CANNERY - FLOOR` and `Cannery Floor`.

    Case, punctuation, spacing, a leading article and accents of Latin letters do not count.
    """
    letters: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFKD", setting.casefold()):
        if unicodedata.combining(letter):
            # Elsewhere a mark is part of the letter: й is not и.
            if not ("a" <= base <= "z"):
                letters.append(letter)
            continue
        base = letter
        letters.append(letter)
    joined = re.sub(r"['\u2019]", "", unicodedata.normalize("NFC", "".join(letters)))
    # Marks of Indic scripts are no word characters to `re`, yet part of the word.
    spaced = "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in joined)
    words = spaced.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def display_eighths(eighths: int) -> str:
    """Write a length as scripts do: 19 is "2 3/8", 8 is "1", 5 is "5/8". Raises ValueError below 0."""
    if eighths < 0:
        raise ValueError("A scene has no negative length.")
    pages, rest = divmod(eighths, 8)
    return " ".join(
        part for part in (str(pages) if pages or not rest else "", f"{rest}/8" if rest else "") if part
    )
