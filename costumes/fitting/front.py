"""What hangs or is held before a garment although it belongs to the body: long hair, and bare arms across the chest."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from costumes.fitting.body import Body
from costumes.fitting.colour import apart, lab_of
from costumes.fitting.filters import Bools, Floats, Uint8, grown
from costumes.fitting.garments import reached

# Lab distance within which a pixel is still hair, or skin; shadow moves L more than it moves a and b.
HAIR, SKIN = 13.0, 16.0
# Hair and clothing that are nearer to each other than this cannot be told apart: then the brush decides.
APART = 18.0
# Against the distance of the shoulder joints: how far down hair is looked for, how wide a forearm is at most.
REACH, FOREARM = 1.1, 0.26
# Share of the upper arm, from the elbow, that may lie before a garment too.
UPPER = 0.3
# Skin and clothing that are nearer to each other than this are not told apart by which is nearer.
TOLD_APART = 8.0
# A pixel is cloth and not skin in shadow if it is so many times nearer to the clothing.
CLOTHLIKE = 2.0
# Lab distance from the colour of skin in less light, beside skin that is sure.
DIM = 8.0
# Less of a hand than this in the colour of the face, and it is no bare hand.
LEAST_SKIN = 0.3
# More than this share of what was looked through is no hair.
MOST_HAIR = 0.45


def long_hair(photo: Uint8, body: Body, person: Floats, head: Bools) -> Bools:
    """Hair that falls over shoulders and chest, (h, w); nothing where it cannot be told from the clothing.

    head: (h, w), face and hair that are protected already.
    """
    found = np.zeros(head.shape, np.bool_)
    shoulders = (body.at("left_shoulder") + body.at("right_shoulder")) / 2
    nose, wide = body.at("nose"), body.shoulders
    inside = head & (person > 0.6)
    rows = np.flatnonzero(inside.any(axis=1))
    if len(rows) < 20:
        return found
    left, right = (int(np.clip(shoulders[0] + sign * 0.75 * wide, 0, head.shape[1])) for sign in (-1, 1))
    top, bottom = int(rows[0]), int(np.clip(shoulders[1] + REACH * wide, 0, head.shape[0]))
    place = (slice(top, bottom), slice(left, right))
    if right - left < 20 or bottom - top < 20:
        return found
    lab, known, there = lab_of(photo[place]), inside[place], person[place] > 0.5
    crown = np.zeros_like(known)
    crown[: max(4, int(0.3 * (nose[1] - top)))] = True
    if (known & crown).sum() < 60:
        return found
    hair = apart(lab, np.median(lab[known & crown], axis=0)) < HAIR
    below = there & ~known
    chest = np.zeros_like(known)
    y = int(np.clip(shoulders[1] + 0.7 * wide - top, 0, known.shape[0]))
    chest[y:] = True
    cloth = lab[below & chest]
    if len(cloth) > 200 and apart(np.median(cloth, axis=0), np.median(lab[known & crown], axis=0)) < APART:
        return found
    # Only what hangs together with the hair on the head, a thread of it at least two pixels wide.
    solid = grown(grown(hair & there, -1.5), 1.5)
    hanging = reached(solid, solid & known) & below
    if hanging.sum() < 30 or hanging.sum() > MOST_HAIR * below.sum():
        return found
    found[place] = grown(hanging, 2.0) & there
    return found


def bare_arms(photo: Uint8, body: Body, person: Floats) -> Bools:
    """Skin of forearms and elbows, (h, w): a garment's body lies behind it, its sleeves over it."""
    height, width = person.shape
    picture = Image.new("L", (width, height))
    draw = ImageDraw.Draw(picture)
    thick = round(FOREARM * body.shoulders)
    for side in ("left", "right"):
        if not (body.seen(f"{side}_elbow") and body.seen(f"{side}_wrist")):
            continue
        shoulder, elbow, wrist = (body.at(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist"))
        line = [tuple(map(float, point)) for point in (elbow + (shoulder - elbow) * UPPER, elbow, wrist)]
        draw.line(line, fill=255, width=thick, joint="curve")
    arms = (np.asarray(picture) > 0) & (person > 0.4)
    result: Bools = _skin(photo, body, arms)
    return result


def hands_alone(photo: Uint8, body: Body, hands: Bools) -> Bools:
    """The hands without the cloth round them, (h, w); as they came where too little bare skin is seen (gloves, dirt).

    hands: (h, w), generous circles.
    """
    bare = _skin(photo, body, hands)
    return bare if bare.sum() > LEAST_SKIN * hands.sum() else hands


def _skin(photo: Uint8, body: Body, area: Bools) -> Bools:
    """The pixels of an area that have the colour of the face, lit or in shadow, and not rather that of the clothing."""
    nose, chin = body.at("nose"), (body.at("mouth_left") + body.at("mouth_right")) / 2
    reach = max(4, int(0.8 * np.linalg.norm(chin - nose)))
    x, y = (int(value) for value in nose)
    face = photo[max(0, y - reach) : max(0, y + reach), max(0, x - reach) : max(0, x + reach)]
    close = np.zeros_like(area)
    if not face.size or not area.any():
        return close
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    place = (
        slice(max(0, int(rows[0]) - 8), int(rows[-1]) + 9),
        slice(max(0, int(columns[0]) - 8), int(columns[-1]) + 9),
    )
    skin = np.median(lab_of(face).reshape(-1, 3), axis=0)
    lab = lab_of(photo[place])
    near = apart(lab, skin)
    bare = area[place] & (near < SKIN)
    cloth = _chest(photo, body)
    if cloth is not None and apart(cloth, skin) > TOLD_APART:
        bare &= near < CLOTHLIKE * apart(lab, cloth)
    bare = grown(bare, -1.5)
    # Beside it, the same colour in deep shadow: Lab of one surface shrinks with the light on it.
    light = np.clip(lab @ skin / (skin @ skin), 0.3, 1.0)
    dark = np.linalg.norm(lab - light[..., None] * skin, axis=-1) < DIM
    close[place] = (grown(bare, 3.0) | dark & grown(bare, 8.0)) & area[place]
    close[place] = grown(close[place], 1.5) & area[place]
    return close


def _chest(photo: Uint8, body: Body) -> Floats | None:
    """The colour of what is worn on the chest, Lab, (3,)."""
    shoulders = (body.at("left_shoulder") + body.at("right_shoulder")) / 2
    hips = (body.at("left_hip") + body.at("right_hip")) / 2
    x, y = (shoulders + (hips - shoulders) * 0.5).astype(int)
    reach = max(3, int(0.12 * body.shoulders))
    patch = photo[max(0, y - reach) : max(0, y + reach), max(0, x - reach) : max(0, x + reach)]
    return np.median(lab_of(patch).reshape(-1, 3), axis=0) if patch.size else None
