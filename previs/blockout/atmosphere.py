"""Sun, sky, haze, exposure and grade for a time of day, weather and look."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from previs.blockout.description import SceneDescription
from previs.blockout.falling import falling_of
from previs.blockout.geometry import Array, Colour
from previs.blockout.stage import Stage


@dataclass(frozen=True)
class Hour:
    """The open sky at one time of day, linear light."""

    height: float  # sine of the sun's elevation
    sun: Colour
    zenith: Colour
    horizon: Colour
    above: Colour
    below: Colour
    key: float  # geometric mean luminance that the exposure is drawn towards


HOURS = {
    "dawn": Hour(0.22, (1.00, 0.68, 0.56), (0.42, 0.52, 0.74), (1.00, 0.76, 0.70), (0.38, 0.38, 0.48), (0.24, 0.21, 0.23), 0.26),
    "day": Hour(0.78, (1.15, 1.07, 0.94), (0.28, 0.50, 0.84), (0.74, 0.83, 0.92), (0.42, 0.47, 0.55), (0.26, 0.25, 0.22), 0.36),
    "dusk": Hour(0.17, (1.30, 0.58, 0.22), (0.24, 0.25, 0.46), (1.00, 0.54, 0.26), (0.32, 0.27, 0.34), (0.23, 0.16, 0.12), 0.19),
    "night": Hour(0.72, (0.13, 0.18, 0.32), (0.014, 0.022, 0.06), (0.05, 0.075, 0.15), (0.060, 0.085, 0.16), (0.03, 0.035, 0.05), 0.075),
}  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """What a weather does to the open sky."""

    sun: float  # share of the direct sun that is left
    grey: float  # how far the sky turns into one grey
    level: float  # brightness of that grey by day
    fog: float  # per metre
    tint: Colour = (1.0, 1.0, 1.0)


COVERS = {
    "clear": Cover(1.0, 0.0, 0.6, 0.0012),
    "rain": Cover(0.10, 0.80, 0.38, 0.013, (0.95, 1.0, 1.05)),
    "snow": Cover(0.30, 0.75, 0.70, 0.012, (0.97, 1.0, 1.04)),
    "fog": Cover(0.12, 0.75, 0.66, 0.075),
    "storm": Cover(0.05, 0.88, 0.20, 0.016, (0.86, 1.0, 1.08)),
    "ash": Cover(0.14, 0.85, 0.40, 0.035, (1.16, 0.95, 0.78)),
}
# saturation, gain, lift, vignette, contrast
LOOKS: dict[str, tuple[float, Colour, Colour, float, float]] = {
    "neutral": (1.0, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 0.45, 0.35),
    "warm": (1.05, (1.12, 1.0, 0.78), (0.012, 0.004, 0.0), 0.45, 0.35),
    "cold": (0.85, (0.80, 0.97, 1.18), (0.0, 0.006, 0.018), 0.45, 0.35),
    "noir": (0.0, (1.05, 1.05, 1.05), (-0.02, -0.02, -0.02), 0.95, 0.75),
    "faded": (0.42, (0.96, 0.96, 0.94), (0.035, 0.034, 0.03), 0.35, 0.1),
    "vivid": (1.4, (1.04, 1.02, 1.0), (-0.008, -0.008, -0.008), 0.4, 0.5),
}
AIR_LENGTH = 16


def _mix(a: Colour, b: float | Colour, share: float) -> Colour:
    other = (b, b, b) if isinstance(b, float) else b
    red, green, blue = ((1 - share) * p + share * q for p, q in zip(a, other, strict=True))
    return red, green, blue


def _times(a: Colour, b: Colour | float) -> Colour:
    other = (b, b, b) if isinstance(b, float) else b
    return a[0] * other[0], a[1] * other[1], a[2] * other[2]


@dataclass(frozen=True)
class Atmosphere:
    """Arrays for the kernels; see `rays.light`, `surface.paint` and `finish.grade` for their columns."""

    sun: Array
    ambient: Array
    air: Array
    look: Array
    lamps: Array
    key: float
    adaptation: float  # how far the exposure follows the key, 0 not at all, 1 wholly
    fall: int  # 0 nothing, 1 rain, 2 snow, 3 ash
    fall_tone: float


def atmosphere(
    description: SceneDescription, stage: Stage, *, pattern_seed: float, sun_side: float
) -> Atmosphere:
    """Light a stage. sun_side in -1..1 turns the sun around the set, the same for the same set."""
    hour, cover = HOURS[description.time_of_day], COVERS[description.weather]
    night = description.time_of_day == "night"
    inside = stage.room is not None or stage.enclosed
    azimuth = sun_side * 1.1
    flat = math.sqrt(1 - hour.height**2)
    direction = (math.sin(azimuth) * flat, hour.height, math.cos(azimuth) * flat * 0.7)
    if inside:  # let it reach the floor through the windows that the set has
        sides = [w for w in stage.windows if w.axis == 0]
        wall = -1.0 if sides and sides[0].plane < 0 else 1.0
        direction = (
            (wall * flat, hour.height * 0.75, 0.35 * flat)
            if sides
            else (0.3 * flat, hour.height * 0.75, -flat)
        )
    if stage.sun is not None:
        level = math.hypot(*stage.sun) or 1.0
        high = hour.height * (0.75 if inside else 1.0)
        direction = (stage.sun[0] / level * flat, high, stage.sun[1] / level * flat)
    norm = math.sqrt(sum(part * part for part in direction))
    grey = cover.level * (
        0.09 if night else {"dawn": 0.85, "day": 1.0, "dusk": 0.62}.get(description.time_of_day, 1.0)
    )
    sun = _times(hour.sun, cover.sun)
    zenith = _times(_mix(hour.zenith, grey * 0.92, cover.grey), cover.tint)
    horizon = _times(_mix(hour.horizon, grey * 1.12, cover.grey), cover.tint)
    strength = {"clear": 1.0, "rain": 0.78, "snow": 1.1, "fog": 1.0, "storm": 0.55, "ash": 0.75}[
        description.weather
    ]
    above, below = (
        _times(hour.above, strength * stage.sky_share),
        _times(hour.below, strength * stage.sky_share),
    )
    fog, fog_colour = cover.fog, horizon
    lamps_on = description.time_of_day != "day" or description.weather in ("storm", "ash")
    lamp_power = 1.0 if night else 0.55
    lamps = [lamp for lamp in stage.lamps if lamps_on or lamp.always]
    if inside:
        share = 0.5 if not night else 0.75
        above, below = _times(above, share), _times(below, share * 1.1)
        if not night:
            bounce = 0.20 if description.time_of_day == "day" else 0.11
            above, below = _mix(above, 1.0, bounce), _mix(below, 1.0, bounce * 0.8)
        fog = 0.0006 if description.weather != "fog" else 0.008
        fog_colour = _mix(horizon, 0.3, 0.5) if not night else (0.03, 0.035, 0.05)
    if description.damage == "ruined":
        fog = max(fog, 0.018 if inside else 0.006)
        if inside:
            fog_colour = (0.05, 0.05, 0.06) if night else _mix(horizon, (0.42, 0.38, 0.32), 0.6)
    rows: list[tuple[float, ...]] = [
        (p.x, p.y, p.z, *_times(p.colour, lamp_power), p.falloff, float(p.shadows))
        for p in lamps[: stage.most_lamps]
    ]
    if inside:
        rows += _window_fill(stage, horizon, night)
    if lamps_on:
        rows.append(_key_light(stage, night=night, inside=inside))
    saturation, gain, lift, vignette, contrast = LOOKS[description.look]
    if night and description.look != "noir":
        gain = _times(gain, (0.94, 0.98, 1.08))
    snow = 0.95 if description.weather == "snow" and not inside else 0.0
    if description.weather == "ash" and not inside:
        snow = 0.35
    wet = 1.0 if description.weather in ("rain", "storm") and not inside else 0.0
    clear = 1.0 if description.weather == "clear" else 0.0
    air = np.array(
        [*zenith, *horizon, fog, *fog_colour, snow, float(night), wet, float(lamps_on), pattern_seed, clear]
    )
    gamma = 1 / 2.1
    falling, tone = falling_of(description, inside=inside)
    return Atmosphere(
        sun=np.array([*(part / norm for part in direction), *sun]),
        ambient=np.array([*above, *below]),
        air=air,
        look=np.array([saturation, *gain, *lift, gamma, vignette, contrast]),
        lamps=np.array(rows, dtype=np.float64).reshape(-1, 8),
        key=hour.key * {"storm": 0.72, "rain": 0.86, "ash": 0.85, "snow": 1.1}.get(description.weather, 1.0),
        adaptation=0.95 if night else 0.65,  # a dark face under one lamp must not read as day
        fall=falling,
        fall_tone=tone,
    )


def _key_light(stage: Stage, *, night: bool, inside: bool) -> tuple[float, ...]:
    """Return the lamp that a crew hangs beside the camera so that the faces read after dark."""
    x, z = stage.action
    if stage.key_light is not None:
        power = (0.85 if night else 0.3) if inside else (0.42 if night else 0.12)
        tint = (1.0, 0.78, 0.52) if inside else (0.85, 0.92, 1.0)
        return (*stage.key_light, *_times(tint, power), 0.16 if inside else 0.06, float(inside))
    if inside:
        power = 0.85 if night else 0.3
        return (x + 1.2, 2.15, z + 1.9, power, power * 0.78, power * 0.52, 0.16, 1.0)
    power = 0.42 if night else 0.12
    return (x - 1.6, 2.8, z + 2.4, power * 0.85, power * 0.92, power, 0.06, 0.0)


def _window_fill(stage: Stage, horizon: Colour, night: bool) -> list[tuple[float, ...]]:
    """Return soft lights just inside the largest windows, in the colour of the sky outside."""
    rows = []
    for light in stage.sky_lights:
        power = light.area * (0.22 if not night else 0.5)
        rows.append((light.x, light.y, light.z, *(channel * power for channel in horizon), 0.12, 0.0))
    if rows:
        return rows
    windows = sorted(stage.windows, key=lambda w: -(w.high - w.low) * (w.top - w.bottom))
    for window in windows[:3]:
        area = min((window.high - window.low) * (window.top - window.bottom), 4.0)
        middle, y = (window.low + window.high) / 2, (window.bottom + window.top) / 2
        inward = 0.5 if window.plane < 0 else -0.5
        x, z = (window.plane + inward, middle) if window.axis == 0 else (middle, window.plane + inward)
        power = area * (0.22 if not night else 0.5)
        rows.append((x, y, z, *(channel * power for channel in horizon), 0.12, 0.0))
    return rows
