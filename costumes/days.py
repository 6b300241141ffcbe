"""Story days, read from headings: which scenes play on one day, whatever lies between them in the film."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from previs.script.models import Scene

# Times that say light of day: after a night they open another day.
LIGHT = {"DAY", "DAWN", "DUSK", "MORNING", "EVENING"}
LATER_DAY = re.compile(r"\b(?:NEXT|FOLLOWING) (?:DAY|MORNING|EVENING|NIGHT)\b|\bDAYS? LATER\b", re.IGNORECASE)
ASIDE = re.compile(r"\b(?:FLASH ?BACK|FLASH ?FORWARD|DREAM|MEMORY)\b", re.IGNORECASE)
LABEL = re.compile(r"([DN])(\d{1,3})|FB\d{0,2}")
LABEL_HELP = "Write a story day as D and a number, N for its night, or FB for a flashback: D2, N2, FB."


@dataclass(frozen=True, slots=True)
class StoryDay:
    """label: "D2", "N2" for its night, "FB".  words: "Day 2", "Night 2", or what the department calls it.

    key: what is worn goes on from scene to scene while this is the same; a day and its night are one.
    said: the department set it, rather than the heading.
    """

    label: str
    words: str
    said: bool = False

    @property
    def key(self) -> str:
        return self.label.removeprefix("N").removeprefix("D")


@dataclass(frozen=True, slots=True)
class Said:
    """What the department set for a scene: the label and the day's words, "" for nothing."""

    label: str = ""
    words: str = ""


def story_days(scenes: Iterable[Scene], said: Sequence[Said]) -> list[StoryDay]:
    """The day of each scene. scenes: in story order; said: one for each of them.

    A light time after a night begins a new day; a night belongs to the day before it; CONTINUOUS, LATER and no time
    stay where the scene before was; flashbacks stand aside and do not move the count. A label that was set moves it.
    """
    days: list[StoryDay] = []
    number, night = 1, False
    begun = False
    for scene, own in zip(scenes, said, strict=True):
        if own.label:
            if (found := LABEL.fullmatch(own.label)) and found[2]:
                number, night, begun = int(found[2]), found[1] == "N", True
            days.append(StoryDay(own.label, own.words or _words(own.label), said=True))
            continue
        if ASIDE.search(scene.heading):
            days.append(StoryDay("FB", "Flashback"))
            continue
        light = scene.time_of_day in LIGHT
        dark = scene.time_of_day == "NIGHT"
        if (begun and LATER_DAY.search(scene.heading)) or (light and night):
            number, night = number + 1, False
        night = dark or (night and not light)
        begun = True
        label = f"{'N' if night else 'D'}{number}"
        days.append(StoryDay(label, _words(label)))
    return days


def _words(label: str) -> str:
    if label.startswith("FB"):
        return "Flashback"
    return f"{'Night' if label.startswith('N') else 'Day'} {label[1:]}"
