"""Random descriptions for training data: every word of the lists turns up, usual shots more often."""

from __future__ import annotations

import random

from previs.blockout import words
from previs.blockout.description import Figure, Garment, SceneDescription

DOMAIN_SHARE = {"scene": 80, "croquis": 12, "garment": 8}
TIME_SHARE = {"dawn": 15, "day": 34, "dusk": 19, "night": 32}
WEATHER_SHARE = {"clear": 52, "rain": 12, "snow": 12, "fog": 11, "storm": 7, "ash": 6}
SIZE_SHARE = {"EWS": 5, "WS": 26, "FS": 11, "MWS": 9, "MS": 19, "MCU": 9, "CU": 12, "ECU": 4, "INS": 5}
ANGLE_SHARE = {
    "eye": 54,
    "low": 10,
    "high": 11,
    "top": 4,
    "worm": 3,
    "dutch": 5,
    "ots": 6,
    "profile": 4,
    "reverse": 3,
}
LOOK_SHARE = {"neutral": 60, "warm": 9, "cold": 9, "noir": 6, "faded": 8, "vivid": 8}
DAMAGE_SHARE = {"intact": 76, "damaged": 13, "ruined": 11}
POSE_SHARE = {"stand": 42, "walk": 18, "run": 6, "sit": 12, "reach": 8, "lie": 4, "kneel": 5, "point": 5}
COUNT_SHARE = {0: 14, 1: 42, 2: 26, 3: 9, 4: 5, 6: 4}
BUILD_SHARE = {"person": 20, "woman": 34, "man": 34, "child": 12}
PATTERN_SHARE = {"plain": 70, "striped": 11, "checked": 11, "dotted": 8}
STAGE_SHARE = {"clean": 62, "wet": 8, "dirty": 8, "torn": 8, "scorched": 6, "snowy": 8}
OUTER = ("coat", "jacket", "cloak", "robe", "dress", "suit", "uniform", "armour")
INNER = ("shirt", "sweater", "vest")
LOWER = ("trousers", "skirt", "shorts")
EXTRA = ("scarf", "hat", "cap", "hood", "helmet", "gloves", "boots", "shoes", "apron")
SETS_PER_PLACE = 4000  # keys are drawn out of so many, so that a few sets come back under another light


def sample(seed: int) -> SceneDescription:
    """Return the training description of one seed; the same seed gives the same description."""
    rng = random.Random(seed * 7919 + 17)  # noqa: S311  data, not secrets
    domain = _draw(rng, DOMAIN_SHARE)
    if domain == "croquis":
        return SceneDescription(
            domain="croquis", people=(_figure(rng, dressed=True, pose="stand"),), stage=_draw(rng, STAGE_SHARE),
            look=_draw(rng, LOOK_SHARE), stage_key=str(rng.randrange(SETS_PER_PLACE)),
        )  # fmt: skip
    if domain == "garment":
        return SceneDescription(
            domain="garment", garment=_garment(rng, rng.choice(words.GARMENTS)), stage=_draw(rng, STAGE_SHARE),
            look=_draw(rng, LOOK_SHARE), stage_key=str(rng.randrange(SETS_PER_PLACE)),
        )  # fmt: skip
    return _scene(rng)


def _draw(rng: random.Random, share: dict[str, int]) -> str:
    return rng.choices(list(share), list(share.values()))[0]


def _garment(rng: random.Random, kind: str) -> Garment:
    return Garment(kind, rng.choice(list(words.COLOURS)), _draw(rng, PATTERN_SHARE))


def _figure(rng: random.Random, *, dressed: bool, pose: str | None = None) -> Figure:
    kinds: list[str] = []
    if dressed or rng.random() < 0.7:
        if rng.random() < 0.62:
            kinds.append(rng.choice(OUTER))
        else:
            kinds += [rng.choice(INNER), rng.choice(LOWER)]
        if rng.random() < 0.55:
            kinds.append(rng.choice(EXTRA))
        if dressed and rng.random() < 0.4:
            kinds.append(rng.choice([extra for extra in EXTRA if extra not in kinds]))
    garments = tuple(_garment(rng, kind) for kind in kinds[:4])
    return Figure(_draw(rng, BUILD_SHARE), garments, pose or _draw(rng, POSE_SHARE))


def _scene(rng: random.Random) -> SceneDescription:
    place = rng.choice(words.PLACES)
    interior = place in words.INTERIORS
    size, angle = _draw(rng, SIZE_SHARE), _draw(rng, ANGLE_SHARE)
    count = rng.choices(list(COUNT_SHARE), list(COUNT_SHARE.values()))[0]
    close = size in ("MWS", "MS", "MCU", "CU", "ECU")
    if (close or angle in ("ots", "profile")) and count == 0:
        count = 1
    if size in ("CU", "ECU", "INS"):
        count = min(count, 2)
    people = []
    for _ in range(count):
        figure = _figure(rng, dressed=False)
        if size in ("MCU", "CU", "ECU") and figure.pose in ("lie", "run"):
            figure = Figure(figure.build, figure.garments, "stand")
        if rng.random() < 0.25:
            figure = Figure(figure.build, figure.garments, figure.pose, rng.choice(words.POSITIONS[1:]))
        if rng.random() < 0.1:
            figure = Figure(figure.build, figure.garments, figure.pose, figure.position, "away")
        people.append(figure)
    props: tuple[str, ...] = ()
    if size == "INS" or rng.random() < 0.45:
        props = tuple(rng.sample(words.PROPS, rng.choice((1, 1, 2, 3))))
    weather = _draw(rng, WEATHER_SHARE)
    if interior and rng.random() < 0.5:
        weather = "clear"
    return SceneDescription(
        place=place,
        interior=interior,
        time_of_day=_draw(rng, TIME_SHARE),
        weather=weather,
        shot_size=size,
        angle=angle,
        people=tuple(people),
        props=props,
        damage=_draw(rng, DAMAGE_SHARE),
        look=_draw(rng, LOOK_SHARE),
        stage_key=str(rng.randrange(SETS_PER_PLACE)),
    )
