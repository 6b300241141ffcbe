"""What a picture shall show, as data: the contract between prompt reader, renderer and pocket model."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from previs.blockout import words
from previs.blockout.words import COLOURS, GARMENTS, PLACES, PROPS

if TYPE_CHECKING:
    from previs.blockout.plan.document import SetPlan
    from previs.blockout.plan.parts import CameraPosition

MOST_CROWD, MOST_VEHICLES = 400, 60

__all__ = ["COLOURS", "GARMENTS", "PLACES", "PROPS", "VOCABULARY", "Figure", "Garment", "SceneDescription"]


def _one_of(what: str, value: object, allowed: Iterable[str]) -> None:
    if value not in tuple(allowed):
        raise ValueError(
            f"{what} is {value!r}; use one of: {', '.join(name or '(empty)' for name in allowed)}"
        )


@dataclass(frozen=True)
class Garment:
    """One thing a figure wears."""

    kind: str
    colour: str = "grey"
    pattern: str = "plain"

    def __post_init__(self) -> None:
        _one_of("garment kind", self.kind, words.GARMENTS)
        _one_of("garment colour", self.colour, words.COLOURS)
        _one_of("garment pattern", self.pattern, words.PATTERNS)

    def words(self) -> list[str]:
        """Return the caption words of this garment."""
        pattern = [] if self.pattern == "plain" else [self.pattern]
        return [*pattern, self.colour, self.kind]


@dataclass(frozen=True)
class Figure:
    """One person in the frame. Empty `position` and `facing` leave the choice to the stager."""

    build: str = "person"
    garments: tuple[Garment, ...] = ()
    pose: str = "stand"
    position: str = ""
    facing: str = ""

    def __post_init__(self) -> None:
        _one_of("build", self.build, words.BUILDS)
        _one_of("pose", self.pose, words.POSES)
        _one_of("position", self.position, words.POSITIONS)
        _one_of("facing", self.facing, words.FACINGS)
        if len(self.garments) > 6:
            raise ValueError(f"a figure wears {len(self.garments)} garments; 6 are the most that are drawn")


@dataclass(frozen=True)
class SceneDescription:
    """A picture in the renderer's own words.

    `stage_key` names the set: the same place and key give the same room, whatever the time, weather, people
    and camera. plan: a floor plan's document, see `plan.document`; then the scene is staged as planned, before
    `camera` (a plan's camera entry), or else the plan's camera A or its first. crowd: extras, 0 to 400, and
    vehicles, 0 to 60, in addition to the plan; both need one. In the domains croquis and garment only people (croquis), `garment`, `stage` and `look` are
    drawn; there the size, angle, place and weather are ignored.
    """

    domain: str = "scene"
    place: str = "street"
    interior: bool = False
    time_of_day: str = "day"
    weather: str = "clear"
    shot_size: str = "WS"
    angle: str = "eye"
    people: tuple[Figure, ...] = ()
    props: tuple[str, ...] = ()
    damage: str = "intact"
    look: str = "neutral"
    lens_mm: float | None = None
    stage_key: str = ""
    garment: Garment | None = None
    stage: str = "clean"
    plan: dict[str, Any] | None = None
    camera: dict[str, Any] | None = None
    crowd: int = 0
    vehicles: int = 0

    def __post_init__(self) -> None:
        _one_of("domain", self.domain, words.DOMAINS)
        _one_of("place", self.place, words.PLACES)
        _one_of("time of day", self.time_of_day, words.TIMES)
        _one_of("weather", self.weather, words.WEATHERS)
        _one_of("shot size", self.shot_size, words.SHOT_SIZES)
        _one_of("angle", self.angle, words.ANGLES)
        _one_of("damage", self.damage, words.DAMAGES)
        _one_of("look", self.look, words.LOOKS)
        _one_of("stage", self.stage, words.STAGES)
        for prop in self.props:
            _one_of("prop", prop, words.PROPS)
        if len(self.people) > words.MOST_PEOPLE:
            raise ValueError(f"{len(self.people)} people; at most {words.MOST_PEOPLE} can be staged")
        if len(self.props) > 6:
            raise ValueError(f"{len(self.props)} props; at most 6 can be staged")
        if self.lens_mm is not None and not 8 <= self.lens_mm <= 600:
            raise ValueError(f"the lens is {self.lens_mm} mm; use 8 to 600")
        if self.domain == "garment" and self.garment is None:
            raise ValueError("a garment flat needs the garment it shows")
        if self.domain == "croquis" and not self.people:
            raise ValueError("a croquis needs the figure that wears the costume")
        self._check_plan()

    def _check_plan(self) -> None:
        for what, number, most in (
            ("crowd", self.crowd, MOST_CROWD),
            ("vehicles", self.vehicles, MOST_VEHICLES),
        ):
            if not 0 <= number <= most:
                raise ValueError(f"{what} is {number}; use 0 to {most}")
        if self.plan is None and (self.camera is not None or self.crowd or self.vehicles):
            raise ValueError("a camera position, a crowd and vehicles need the plan of the set they stand in")
        if self.plan is not None and self.domain != "scene":
            raise ValueError("only a scene can be staged in a set's plan")
        if self.floor_plan is not None:
            _ = self.position

    @cached_property
    def floor_plan(self) -> SetPlan | None:
        """The plan, read and checked."""
        if self.plan is None:
            return None
        from previs.blockout.plan.document import SetPlan

        return SetPlan.from_json(self.plan)

    @cached_property
    def position(self) -> CameraPosition | None:
        """The camera, read and checked."""
        if self.camera is None:
            return None
        from previs.blockout.plan.parts import CameraPosition

        return CameraPosition.from_json(self.camera)

    def caption(self) -> str:
        """Return the canonical words of this picture, at most 42 of them, all out of VOCABULARY."""
        if self.domain == "garment":
            assert self.garment is not None
            return " ".join(
                ["garment", "flat", *self.garment.words(), *self._stage_words(), *self._look_words()]
            )
        if self.domain == "croquis":
            wearer = self.people[0]
            clothes = [word for garment in wearer.garments[:5] for word in garment.words()]
            return " ".join(
                ["costume", "croquis", wearer.build, *clothes, *self._stage_words(), *self._look_words()]
            )
        size, angle, people = self._framed()
        parts = ["int" if self.interior else "ext", self.place, self.time_of_day, self.weather]
        parts += [words.SHOT_SIZES[size], words.ANGLES[angle]]
        count = len(people)
        parts.append(words.COUNT_WORDS[5 if self.crowd else min(count, 5)])
        for index, person in enumerate(people[:3] if count <= 3 else people[:1]):
            parts += [person.build, words.POSE_WORDS[person.pose]]
            for garment in person.garments[: 2 if index < 2 and count < 3 else 1]:
                parts += garment.words()
            if person.position:
                parts.append(person.position)
            if person.facing == "away":
                parts.append("away")
        if self.props:
            parts += ["with", *self.props[:3]]
        if self.damage != "intact":
            parts.append(self.damage)
        return " ".join([*parts, *self._look_words()])

    def _framed(self) -> tuple[str, str, tuple[Figure, ...]]:
        """Return shot size, angle and people: as described, or as the plan's camera sees them."""
        plan = self.floor_plan
        camera = None if plan is None else self.position or plan.camera()
        if plan is None or camera is None:
            return self.shot_size, self.angle, self.people
        from previs.blockout.plan import framing

        people = self.people
        if plan.figures:
            lent = dict(zip((figure.id for figure in plan.figures), people, strict=False))
            nobody = Figure()
            people = tuple(
                Figure(figure.build, figure.garments or lent.get(figure.id, nobody).garments, figure.pose)
                for figure, _ in framing.seen(plan, camera)
            )
            size = framing.size_of_shot(plan, camera)
        else:
            size = self.shot_size if people else framing.size_of_shot(plan, camera)
        angle = framing.angle_of_shot(camera)
        return size, self.angle if angle == "eye" and self.angle in ("ots", "profile") else angle, people

    def _stage_words(self) -> list[str]:
        return [] if self.stage == "clean" else [self.stage]

    def _look_words(self) -> list[str]:
        return [] if self.look == "neutral" else [self.look]

    def to_json(self) -> str:
        """Return this description as JSON text with sorted keys."""
        values = asdict(self)
        for name in _OF_A_PLAN:  # a description without a plan reads as it did before there were plans
            if not values[name]:
                del values[name]
        return json.dumps(values, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> SceneDescription:
        """Rebuild a description from `to_json` text.

        Raises ValueError, naming the fault, if the text is no JSON object, has an unknown field, a value of
        the wrong type or a word outside the lists.
        """
        try:
            raw = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ValueError(f"this is not a scene description: {error}") from error
        values = _checked(cls, raw)
        values["people"] = tuple(_figure(entry) for entry in values.get("people", ()))
        if values.get("garment") is not None:
            values["garment"] = Garment(**_checked(Garment, values["garment"]))
        return cls(**values)


_OF_A_PLAN = ("plan", "camera", "crowd", "vehicles")
_KINDS: dict[str, tuple[type, ...]] = {
    "plan": (dict, type(None)),
    "camera": (dict, type(None)),
    "crowd": (int,),
    "vehicles": (int,),
    "interior": (bool,),
    "people": (list,),
    "props": (list,),
    "garments": (list,),
    "lens_mm": (int, float, type(None)),
}


def _checked(owner: type, raw: Any) -> dict[str, Any]:
    """Return raw as keyword arguments of `owner`, sequences of words as tuples."""
    if not isinstance(raw, dict):
        raise ValueError(f"expected a JSON object for {owner.__name__}, got {type(raw).__name__}")
    known = {entry.name for entry in fields(owner)}
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"{owner.__name__} has no field {unknown[0]!r}")
    if owner is Garment and "kind" not in raw:
        raise ValueError("a garment needs its kind")
    values: dict[str, Any] = dict(raw)
    for name, value in values.items():
        kinds = _KINDS.get(name, (str,))
        if name == "garment":
            kinds = (dict, type(None))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(f"{owner.__name__}.{name} may not be {value!r}")
        if name == "props":
            values[name] = tuple(raw[name])
    return values


def _figure(raw: Any) -> Figure:
    values = _checked(Figure, raw)
    values["garments"] = tuple(Garment(**_checked(Garment, entry)) for entry in values.get("garments", ()))
    return Figure(**values)


def _vocabulary() -> tuple[str, ...]:
    phrases: list[str] = ["int ext with away garment flat costume croquis"]
    phrases += [
        *words.PLACES,
        *words.TIMES,
        *words.WEATHERS,
        *words.SHOT_SIZES.values(),
        *words.ANGLES.values(),
    ]
    phrases += [*words.BUILDS, *words.POSE_WORDS.values(), *words.POSITIONS, *words.COLOURS, *words.GARMENTS]
    phrases += [
        *words.PATTERNS,
        *words.STAGES,
        *words.PROPS,
        *words.DAMAGES,
        *words.LOOKS,
        *words.COUNT_WORDS,
    ]
    return tuple(sorted({word for phrase in phrases for word in phrase.split()}))


#: Every word a caption can hold, sorted; the tokenizer of the pocket model is built from it.
VOCABULARY: tuple[str, ...] = _vocabulary()
