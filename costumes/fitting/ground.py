"""The photo made ready: what must not change, the old clothing, and the folds of light on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from costumes.fitting.body import Body, check_person
from costumes.fitting.colour import apart, lab_of
from costumes.fitting.filters import Bools, Floats, Uint8, blur, grown
from costumes.fitting.front import bare_arms, hands_alone, long_hair
from costumes.fitting.trouble import FittingError
from previs.engine.eyes import Pose

Region = Literal["upper", "lower", "whole"]
# Shadows and lights between a thread and a body: finer is weave, broader is the lamp. px at 1024 px of height.
FINE, BROAD = 2.5, 90.0
DARKEST, LIGHTEST = 0.6, 1.35
# Lab distance within which a pixel still belongs to the old garment's dominant colour.
SAME_CLOTH = 26.0
# Two garments nearer to each other than this are not told apart by which is nearer.
TOLD_APART = 8.0


@dataclass(frozen=True, slots=True)
class Old:
    """The clothing that the photo shows in one region.

    cloth: (h, w) bool.  shade: (h, w) float32, log of the light on it against its own middle; 0 elsewhere.
    """

    cloth: Bools
    shade: Floats


@dataclass(frozen=True, slots=True)
class Ground:
    """What every layer of an outfit starts from; costly, so it is made once a photo and kept.

    photo: (h, w, 3) uint8.  person: (h, w) float32.  protected: (h, w) bool, pixels that no step may change.
    arms: (h, w) bool, bare skin that only sleeves may cover.
    """

    photo: Uint8
    body: Body
    person: Floats
    protected: Bools
    arms: Bools
    digest: str
    _old: dict[Region, Old] = field(default_factory=dict, repr=False, compare=False)

    def old(self, region: Region) -> Old:
        if region not in self._old:
            self._old[region] = self._all_old() if region == "whole" else _old_clothing(self, region)
        return self._old[region]

    def _all_old(self) -> Old:
        # What hangs from the shoulders hides the legs and the gap between them, so it takes no light from there.
        upper = self.old("upper")
        return Old(upper.cloth | self.old("lower").cloth, upper.shade)

    @property
    def size(self) -> tuple[int, int]:
        """Width, height, px."""
        return self.photo.shape[1], self.photo.shape[0]


def prepare(
    photo: Uint8, pose: Pose, *, protect: Bools | None = None, release: Bools | None = None
) -> Ground:
    """Check the photo and mark what must stay.

    protect, release: (h, w) bool, a person's own brush: pixels to keep beside the head and the hands that are found,
    and pixels of those to give free.
    Raises FittingError in words if the photo cannot be fitted on.
    """
    height, width = photo.shape[:2]
    for mask in (pose.mask, protect, release):
        if mask is not None and mask.shape != (height, width):
            raise FittingError("A mask does not belong to this photo: their sizes differ. Draw it again.")
    body = check_person(pose.points, pose.people, (width, height))
    head = _head(body, pose.mask) & (pose.mask > 0.3)
    hands = _hands(body, pose.mask, photo)
    protected = head | hands | long_hair(photo, body, pose.mask, head)
    if protect is not None:
        protected = protected | protect
    arms = bare_arms(photo, body, pose.mask)
    if release is not None:
        protected, arms = protected & ~release, arms & ~release
    summary = hashlib.sha256(np.ascontiguousarray(photo).tobytes())
    for part in (np.round(pose.points, 2), np.round(pose.mask * 255).astype(np.uint8), protected, arms):
        summary.update(np.ascontiguousarray(part).tobytes())
    return Ground(photo, body, pose.mask, protected, arms, summary.hexdigest())


def _head(body: Body, person: Floats) -> Bools:
    """Face and hair: the person within a circle round the head, and down to the collar bones only inside the jaw."""
    height, width = person.shape
    nose = body.at("nose")
    shoulders = (body.at("left_shoulder") + body.at("right_shoulder")) / 2
    neck = float(np.linalg.norm(shoulders - nose))
    ears = float(np.linalg.norm(body.at("left_ear") - body.at("right_ear")))
    radius = max(0.62 * neck, 0.85 * ears)
    up = (nose - shoulders) / max(neck, 1.0)
    y, x = np.mgrid[0:height, 0:width]
    middle = nose + up * 0.25 * radius
    # The circle ends at the chin: below it hang collars, and hair that the brush may add.
    above = (x - nose[0]) * up[0] + (y - nose[1]) * up[1] > -0.62 * neck
    result: Bools = ((x - middle[0]) ** 2 + (y - middle[1]) ** 2 < (1.35 * radius) ** 2) & above
    return result


def _hands(body: Body, person: Floats, photo: Uint8) -> Bools:
    """Circles from wrists to fingers, and of them the skin; each hand by itself, for what lies between is costly."""
    height, width = person.shape
    found = np.zeros(person.shape, np.bool_)
    radius = 0.15 * body.shoulders
    for side in ("left", "right"):
        if not body.seen(f"{side}_wrist"):
            continue
        picture = Image.new("L", (width, height))
        draw = ImageDraw.Draw(picture)
        wrist = body.at(f"{side}_wrist")
        fingers = (body.at(f"{side}_index") + body.at(f"{side}_pinky")) / 2
        for share in (0.55, 0.8, 1.05, 1.3):  # cuffs end at the wrist, so the hand begins just after it
            x, y = wrist + (fingers - wrist) * share
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        found |= hands_alone(photo, body, (np.asarray(picture) > 0) & (person > 0.3))
    return found


def _old_clothing(ground: Ground, region: Region) -> Old:
    width, height = ground.size
    area = _region(ground.body, region, (width, height)) & (ground.person > 0.5) & ~ground.protected
    old, shade = np.zeros_like(area), np.zeros(area.shape, np.float32)
    if not area.any():
        return Old(old, shade)
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    reach = round(0.01 * height) + 2
    place = (
        slice(max(0, int(rows[0]) - reach), int(rows[-1]) + reach),
        slice(max(0, int(columns[0]) - reach), int(columns[-1]) + reach),
    )
    lab = lab_of(ground.photo[place])
    other = _median_at(ground, "lower" if region == "upper" else "upper")
    cloth = _same_cloth(lab, area[place], 0.04 * ground.body.shoulders, other)
    free = (ground.person[place] > 0.2) & ~ground.protected[place]
    old[place] = grown(cloth, 0.006 * height) & free
    shade[place] = _folds(lab[..., 0], cloth.astype(np.float32), height / 1024)
    return Old(old, shade)


def _median_at(ground: Ground, region: Region) -> Floats | None:
    """The colour of what is worn on the chest or on a thigh, Lab, (3,); None where that is out of the picture."""
    body, away = ground.body, 0.45
    ends = ("left_shoulder", "right_hip") if region == "upper" else ("left_hip", "left_knee")
    if not all(body.seen(name) for name in ends):
        return None
    x, y = (body.at(ends[0]) * (1 - away) + body.at(ends[1]) * away).astype(int)
    reach = max(3, int(0.06 * body.shoulders))
    place = (slice(max(0, y - reach), max(0, y + reach)), slice(max(0, x - reach), max(0, x + reach)))
    worn = (ground.person[place] > 0.5) & ~ground.protected[place] & ~ground.arms[place]
    return np.median(lab_of(ground.photo[place])[worn], axis=0) if worn.sum() > 9 else None


def _same_cloth(lab: Floats, area: Bools, rim: float, other: Floats | None) -> Bools:
    """The pixels of an area that have its dominant colour, in light or in shadow.

    rim: px that the middle leaves out.  other: colour of the clothing that this one meets, which is not taken for it.
    """
    if area.sum() < 400:
        return area
    core = grown(area, -rim)
    dominant = np.median(lab[core if core.sum() > 400 else area], axis=0)
    same = area & (apart(lab, dominant) < SAME_CLOTH)
    if other is not None and float(apart(other, dominant)) > TOLD_APART:
        same &= apart(lab, dominant) < apart(lab, other)
    return same


def _folds(lightness: Floats, weight: Floats, k: float) -> Floats:
    """Log of the light between weave and lamp, each mean taken over cloth only; (h, w). k: height against 1024 px."""
    light = np.log(np.maximum(lightness, 2.0) / 100)
    near = blur(weight, FINE * k)
    fine = blur(light * weight, FINE * k) / np.maximum(near, 1e-3)
    broad = blur(light * weight, BROAD * k) / np.maximum(blur(weight, BROAD * k), 1e-3)
    shade: Floats = np.clip(fine - broad, np.log(DARKEST), np.log(LIGHTEST)) * near
    return shade


def _region(body: Body, region: Region, size: tuple[int, int]) -> Bools:
    """Torso with arms, or hips with legs, as generous shapes that the person mask then trims."""
    picture = Image.new("L", size)
    draw = ImageDraw.Draw(picture)
    wide = body.shoulders
    shoulders = body.at("left_shoulder"), body.at("right_shoulder")
    hips = body.at("left_hip"), body.at("right_hip")
    down = (hips[0] + hips[1] - shoulders[0] - shoulders[1]) / 2
    if region == "upper":
        out = (shoulders[0] - shoulders[1]) * 0.14
        low = [hips[0] + out * 1.2 + down * 0.08, hips[1] - out * 1.2 + down * 0.08]
        corners = [shoulders[0] + out - down * 0.1, shoulders[1] - out - down * 0.1, low[1], low[0]]
        chains = [("shoulder", "elbow", "wrist")]
        thick = 0.36 * wide
    else:
        out = (hips[0] - hips[1]) * 0.45
        corners = [
            hips[0] + out - down * 0.1,
            hips[1] - out - down * 0.1,
            hips[1] - out + down * 0.3,
            hips[0] + out + down * 0.3,
        ]
        chains = [("hip", "knee", "ankle")]
        thick = 0.5 * wide
    draw.polygon([(float(x), float(y)) for x, y in corners], fill=255)
    for chain in chains:
        for side in ("left", "right"):
            line = [body.at(f"{side}_{joint}") for joint in chain if body.seen(f"{side}_{joint}")]
            for one, other in pairwise(line):
                draw.line([tuple(map(float, one)), tuple(map(float, other))], fill=255, width=round(thick))
    return np.asarray(picture) > 0
