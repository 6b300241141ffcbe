"""Faces: one detector over the whole picture, and again over overlapping parts of it for the small ones."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from previs.engine.eyes.networks import network, sigmoid
from previs.engine.eyes.seen import Face, Floats, Uint8
from previs.engine.eyes.windows import Window, anchors, best_of, rgb, whole

DETECTOR = "face_detection_full_range_sparse"
STRIDES = (4,)
# A face that is missed could be used without consent; a face too many costs somebody one click. Measured: photographed
# and rendered faces of 40 px and more score 0.77 to 0.95 (dark, blurred, turned by 20 degrees: 0.88 and more), 220 drawn
# ellipses with and without shoulders at most 0.66, eleven of each 160 above 0.5.
SURE = 0.67
# px; in a window of this side the detector sees every face from about 40 px, and most from 30 px.
PART = 640.0


def find(picture: Uint8) -> list[Face]:
    """See `previs.engine.eyes.find_faces`."""
    image = rgb(picture)
    boxes = np.concatenate([_detect(image, window) for window in (whole(image), *_parts(image))])
    # Half a face at the edge of a part overlaps the whole face less than two detections of the same one do.
    kept = best_of(boxes[:, :4], boxes[:, 4], most=0.3)
    faces = [Face(*(float(value) for value in boxes[index])) for index in kept]
    return [face for face in faces if not any(_inside(face, other) for other in faces if other is not face)]


def _parts(image: Image.Image) -> list[Window]:
    """Windows that overlap by half and cover the picture; none where they would show nothing new."""
    side = max(PART, max(image.size) / 3)
    if max(image.size) <= side:
        return []
    return [Window(x, y, side) for y in _middles(image.height, side) for x in _middles(image.width, side)]


def _middles(length: int, side: float) -> list[float]:
    if length <= side:
        return [length / 2]
    count = math.ceil((length - side) / (side / 2)) + 1
    return [float(middle) for middle in np.linspace(side / 2, length - side / 2, count)]


def _detect(image: Image.Image, window: Window) -> Floats:
    """(n, 5): left, top, right, bottom px of the picture, score; best first, each face once."""
    detector = network(DETECTOR)
    side = detector.side
    outputs = detector(window.look(image, side) * 2 - 1)
    scores = sigmoid(outputs[1][:, 0])
    likely = scores >= SURE
    middles = outputs[16][likely, :2] / side + anchors(side, STRIDES)[likely]
    halves = outputs[16][likely, 2:4] / side / 2
    corners = window.to_picture(np.concatenate([middles - halves, middles + halves]))
    count = int(likely.sum())
    boxes = np.concatenate([corners[:count], corners[count:], scores[likely][:, None]], axis=1)
    return boxes[best_of(boxes[:, :4], boxes[:, 4], most=0.3)]


def _inside(face: Face, other: Face) -> bool:
    """Whether most of `face` lies in a better one."""
    width = min(face.right, other.right) - max(face.left, other.left)
    height = min(face.bottom, other.bottom) - max(face.top, other.top)
    if width <= 0 or height <= 0 or face.score > other.score:
        return False
    return width * height > 0.6 * (face.right - face.left) * (face.bottom - face.top)
