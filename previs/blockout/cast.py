"""Who is in the frame and what they wear, gathered while a text is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from previs.blockout import words
from previs.blockout.description import Figure, Garment


@dataclass
class _Someone:
    build: str = "person"
    garments: dict[str, Garment] = field(default_factory=dict)
    pose: str = "stand"
    position: str = ""
    facing: str = ""
    count: int = 1
    name: str = ""


class Cast:
    """People in order of mention; words about clothes go to the one mentioned last."""

    def __init__(self) -> None:
        self._people: list[_Someone] = []
        self._names: dict[str, _Someone] = {}
        self._now: _Someone | None = None
        self._colour: str | None = None
        self._pattern: str | None = None
        self._last_kind: str | None = None
        self._apposition = False
        self._cleared = False
        self.colour_bound = False

    @property
    def just_dressed(self) -> bool:
        """Say whether the word before was a garment."""
        return self._last_kind is not None

    def knows(self, name: str) -> bool:
        """Say whether this name was met before."""
        return name.lower() in self._names

    def person(self, build: str, count: int | None) -> None:
        """Meet a person; after a name ("Mara, a woman ...") it is the same one."""
        if self._apposition and self._now is not None and count in (None, 1):
            if build != "person":
                self._now.build = build
            self._apposition = False
            return
        self._meet(_Someone(build, count=count or 1))

    def name(self, name: str, *, continues: bool) -> None:
        """Meet somebody by name, or come back to them; `continues` when the word before was a name too."""
        known = self._names.get(name.lower())
        if known is None:
            if continues and self._now is not None:
                self._names[name.lower()] = self._now  # a second word of the same name
                return
            known = _Someone(name=name)
            self._names[name.lower()] = known
            self._meet(known)
        self._now = known
        self._apposition = True
        self._drop_loose()

    def pronoun(self, key: str) -> None:
        """Learn the build from a pronoun, where it is not known."""
        if self._now is not None and self._now.build == "person" and self._now.count == 1:
            self._now.build = "woman" if key in ("she", "her", "elle") else "man"

    def garment(self, kind: str) -> None:
        """Dress the current person."""
        self._apposition = False
        colour, pattern = self._colour, self._pattern
        wearer = self._wearer()
        if len(wearer.garments) < 6 or kind in wearer.garments:
            wearer.garments[kind] = Garment(kind, colour or "grey", pattern or "plain")
        self._last_kind = kind if colour is None and kind in wearer.garments else None
        self._colour = self._pattern = None

    def colour(self, value: str, *, garment_follows: bool) -> None:
        """Keep a colour for the garment that follows, or give it to the one just named."""
        self.colour_bound = False
        if self._last_kind is not None and not garment_follows:
            wearer = self._wearer()
            worn = wearer.garments[self._last_kind]
            wearer.garments[self._last_kind] = Garment(worn.kind, value, worn.pattern)
            self._last_kind = None
            self.colour_bound = True
            return
        self._colour, self._last_kind = value, None

    def pattern(self, value: str) -> None:
        """Keep a pattern for the garment that follows, or give it to the one just named."""
        if self._last_kind is not None:
            wearer = self._wearer()
            worn = wearer.garments[self._last_kind]
            wearer.garments[self._last_kind] = Garment(worn.kind, worn.colour, value)
        else:
            self._pattern = value

    def set(self, kind: str, value: str) -> None:
        """Set the pose, position or facing of the current person, if there is one."""
        self._apposition = False
        if self._now is not None:
            setattr(self._now, kind, value)

    def take_off(self, kind: str) -> None:
        """Undress the current person of one garment."""
        if self._now is not None:
            self._now.garments.pop(kind, None)

    def clear(self) -> None:
        """Send everybody away, and keep them away."""
        self._people, self._names, self._now = [], {}, None
        self._cleared = True

    def pause(self) -> None:
        """Come to a mark or a word that is not understood: nothing loose is carried across it."""
        self._last_kind = None

    def end_of_sentence(self) -> None:
        """End a sentence: the next one starts without loose colours."""
        self._apposition = False
        self._drop_loose()

    def all_garments(self) -> list[Garment]:
        """Return every garment mentioned, in order."""
        return [garment for someone in self._people for garment in someone.garments.values()]

    def figures(self) -> tuple[Figure, ...]:
        """Return everybody as figures, at most as many as can be staged."""
        found: list[Figure] = []
        for someone in self._people:
            figure = Figure(
                someone.build,
                tuple(someone.garments.values()),
                someone.pose,
                someone.position,
                someone.facing,
            )
            found += [figure] * someone.count
        return tuple(found[: words.MOST_PEOPLE])

    def _meet(self, someone: _Someone) -> None:
        if self._cleared:
            self._now = _Someone()  # still denied: what they wear is lost with them
            return
        self._people.append(someone)
        self._now = someone
        self._drop_loose()

    def _wearer(self) -> _Someone:
        if self._now is None:
            self._meet(_Someone())
        assert self._now is not None
        return self._now

    def _drop_loose(self) -> None:
        self._colour = self._pattern = self._last_kind = None
