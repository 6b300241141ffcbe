"""A person: where, then 33 points of the body and its mask, looked at twice so that the window fits."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from previs.engine.eyes import faces
from previs.engine.eyes.networks import network, sigmoid
from previs.engine.eyes.seen import EyesError, Floats, Pose, Uint8
from previs.engine.eyes.windows import Window, anchors, best_of, rgb, whole

STRIDES = (8, 8, 16, 16, *(6 * (32,)))
SURE = 0.5
# How much larger than the circle round a body the window is that its points are read in.
MARGIN = 1.25
# The model's own two points after the 33: middle of the hips, and the edge of a circle that holds the body.
CENTRE, EDGE = 33, 34
# A face smaller than this share of the largest is somebody in the background; a less sure one is often a hand.
COMPANION, SURE_FACE = 0.5, 0.7


def find(picture: Uint8) -> Pose:
    """See `previs.engine.eyes.find_person`."""
    image = rgb(picture)
    windows = _detect(image)
    if not windows:
        raise EyesError(
            "No person is seen in the picture. Choose a photo of one person, seen from the front."
        )
    largest = max(windows, key=lambda window: window.side)
    first = _points(image, largest)
    if first is None:
        raise EyesError(
            "The person in the picture is not seen clearly. Choose a photo with more light, or closer."
        )
    better = _window(first[0][CENTRE, :2], first[0][EDGE, :2])
    second = _points(image, better) or first
    points, mask = second
    visible = points[:33, :3].astype(np.float32)
    return Pose(points=visible, mask=_mask(image, mask), people=max(len(windows), _faces(picture)))


def _detect(image: Image.Image) -> list[Window]:
    detector = network("pose_detection")
    side = detector.side
    frame = whole(image)
    outputs = detector(frame.look(image, side) * 2 - 1)
    scores = sigmoid(outputs[1][:, 0])
    likely = scores >= SURE
    boxes = outputs[12][likely] / side
    middles = anchors(side, STRIDES)[likely]
    rectangles = np.concatenate(
        [boxes[:, :2] + middles - boxes[:, 2:4] / 2, boxes[:, :2] + middles + boxes[:, 2:4] / 2], axis=1
    )
    found = []
    for index in best_of(rectangles, scores[likely], most=0.3):
        centre, edge = frame.to_picture(boxes[index, 4:8].reshape(2, 2) + middles[index])
        found.append(_window(centre, edge))
    return found


def _window(centre: Floats, edge: Floats) -> Window:
    """The upright window round a body: `edge` is straight above `centre` in a person who stands straight."""
    dx, dy = float(edge[0] - centre[0]), float(edge[1] - centre[1])
    radius = math.hypot(dx, dy)
    return Window(float(centre[0]), float(centre[1]), 2 * radius * MARGIN, math.atan2(dx, -dy))


def _points(image: Image.Image, window: Window) -> tuple[Floats, Floats] | None:
    """(39, 3) points in px with visibility, and (h, w) mask; None if the model sees no body in the window."""
    reader = network("pose_landmark_full")
    outputs = reader(window.look(image, reader.side))
    if float(outputs[1][0]) < SURE:
        return None
    raw = outputs[195].reshape(39, 5)
    places = _sharpened(raw[:, :2] / reader.side, sigmoid(outputs[-39]))
    points = np.concatenate([window.to_picture(places), sigmoid(raw[:, 3:4])], axis=1)
    return points, window.spread(sigmoid(outputs[-1][..., 0]), image.size)


def _sharpened(places: Floats, heat: Floats) -> Floats:
    """Move each point to the middle of the heat round it, where the model is sure enough.

    places: (39, 2), 0 to 1.  heat: (64, 64, 39), 0 to 1.
    """
    side, reach = heat.shape[0], 3
    moved = places.copy()
    for number, (u, v) in enumerate(places * side):
        column, row = int(u), int(v)
        if not (0 <= column < side and 0 <= row < side):
            continue
        left, top = max(0, column - reach), max(0, row - reach)
        near = heat[top : row + reach + 1, left : column + reach + 1, number]
        if near.max() < SURE:
            continue
        rows, columns = np.mgrid[top : top + near.shape[0], left : left + near.shape[1]]
        total = near.sum()
        moved[number] = (columns * near).sum() / total / side, (rows * near).sum() / total / side
    return moved


def _mask(image: Image.Image, body: Floats) -> Floats:
    """The body's own mask, with edges from the matte model, which knows hair and cloth better."""
    matter = network("selfie_segmentation")
    small = np.asarray(image.resize((matter.side, matter.side), Image.Resampling.BOX), np.float32) / 255
    matte = matter(small)[-1][..., 0]
    spread = Image.fromarray(matte).resize(image.size, Image.Resampling.BILINEAR)
    # What a person holds is in the matte but not in the body, and must stay below one half.
    mask: Floats = np.clip(0.4 * np.asarray(spread, np.float32) + 0.6 * body, 0, 1)
    return mask


def _faces(picture: Uint8) -> int:
    heights = [face.bottom - face.top for face in faces.find(picture) if face.score >= SURE_FACE]
    return sum(height >= COMPANION * max(heights) for height in heights)
