"""From linear light to pictures: exposure, falling weather, bloom, grade and lines."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from previs.blockout.compiled import kernel

STEPS = 4096  # of a tone curve


@kernel
def shrink(source: Any, factor: Any, out: Any, top: Any, bottom: Any) -> None:
    """Average blocks of factor x factor pixels of source (h f, w f, 3) into rows top..bottom of out (h, w, 3)."""
    width = out.shape[1]
    if factor == 1:
        for y in range(top, bottom):
            for x in range(width):
                for c in range(3):
                    out[y, x, c] = source[y, x, c] / (1 + 0.25 * source[y, x, c]) * 1.22
        return
    share, quarter, gain, one = (
        np.float32(1.0 / (factor * factor)),
        np.float32(0.25),
        np.float32(1.22),
        np.float32(1),
    )
    row = np.empty(width * factor * 3, np.float32)
    for y in range(top, bottom):
        row[:] = 0.0
        for j in range(factor):
            flat = source[y * factor + j].reshape(width * factor * 3)
            for k in range(width * factor * 3):  # one straight run, so that the divisions go side by side
                row[k] += flat[k] / (one + quarter * flat[k]) * gain
        for x in range(width):
            for c in range(3):
                total = np.float32(0)
                for i in range(factor):
                    total += row[(x * factor + i) * 3 + c]
                out[y, x, c] = total * share


@kernel
def share(source: Any, factor: Any, out: Any, top: Any, bottom: Any) -> None:
    """Average blocks of factor x factor numbers of source (h f, w f), 0 to 1, into rows top..bottom of out (h, w) uint8."""
    for y in range(top, bottom):
        for x in range(out.shape[1]):
            total = 0.0
            for j in range(factor):
                for i in range(factor):
                    total += source[y * factor + j, x * factor + i]
            out[y, x] = np.uint8(total / (factor * factor) * 255 + 0.5)


@kernel
def key_luminance(picture: Any) -> Any:
    """Return the geometric mean luminance, every third pixel each way; lamps count little in it."""
    total, count = 0.0, 0
    for y in range(0, picture.shape[0], 3):
        for x in range(0, picture.shape[1], 3):
            value = 0.3 * picture[y, x, 0] + 0.59 * picture[y, x, 1] + 0.11 * picture[y, x, 2]
            total += math.log(min(value, 1.0) + 0.012)
            count += 1
    return math.exp(total / max(count, 1)) - 0.012


@kernel
def fall(picture: Any, depth: Any, kind: Any, seed: Any, tone: Any) -> None:
    """Draw falling rain (1), snow (2) or ash (3) over picture (h, w, 3), in place.

    tone: brightness of a flake or streak. Flakes behind a near surface are hidden by `depth` (h, w).
    """
    height, width = picture.shape[0], picture.shape[1]
    scale = height / 288.0
    state = np.uint32(seed * 2654435761 + 12345)
    layers = 3
    for layer in range(layers):
        distance = (26.0, 9.0, 2.6)[layer]
        count = ((420, 200, 60)[layer] if kind == 1 else (620, 230, 40)[layer]) * width // 512
        for _ in range(count):
            state = np.uint32(state * np.uint32(1664525) + np.uint32(1013904223))
            cx = (state >> np.uint32(8)) / 16777216.0 * width
            state = np.uint32(state * np.uint32(1664525) + np.uint32(1013904223))
            cy = (state >> np.uint32(8)) / 16777216.0 * height
            state = np.uint32(state * np.uint32(1664525) + np.uint32(1013904223))
            chance = (state >> np.uint32(8)) / 16777216.0
            if kind == 1:
                length = int((9.0, 17.0, 34.0)[layer] * scale * (0.6 + 0.8 * chance))
                strength = (0.16, 0.20, 0.22)[layer]
                for j in range(length):
                    xx, yy = int(cx - j * 0.16), int(cy + j)
                    if xx >= 0 and xx < width and yy >= 0 and yy < height and depth[yy, xx] > distance * 0.5:
                        for c in range(3):
                            picture[yy, xx, c] += strength * (tone - picture[yy, xx, c] * 0.5)
            else:
                radius = (0.75, 1.25, 2.3)[layer] * scale * (0.7 + 0.6 * chance)
                strength = (0.6, 0.7, 0.55)[layer]
                x0, x1 = max(0, int(cx - radius)), min(width, int(cx + radius + 2))
                y0, y1 = max(0, int(cy - radius)), min(height, int(cy + radius + 2))
                for yy in range(y0, y1):
                    for xx in range(x0, x1):
                        if depth[yy, xx] < distance * 0.5:
                            continue
                        q = 1.25 - ((xx - cx) ** 2 + (yy - cy) ** 2) / (radius * radius)
                        a = min(max(q, 0.0), 1.0) * strength
                        for c in range(3):
                            picture[yy, xx, c] = picture[yy, xx, c] * (1 - a) + tone * a


@kernel
def highlights(picture: Any) -> Any:
    """Return what is brighter than white of picture (h, w, 3), blurred at an eighth of its size.

    Three box passes; (0, 0, 3) where there is nothing.
    """
    height, width = picture.shape[0], picture.shape[1]
    h, w = (height + 7) // 8, (width + 7) // 8
    small, other = np.zeros((h, w, 3), np.float32), np.zeros((h, w, 3), np.float32)
    any_ = False
    for y in range(height):
        for x in range(width):
            for c in range(3):
                if picture[y, x, c] > 0.6:
                    small[y // 8, x // 8, c] += (picture[y, x, c] - 0.6) / 64
                    any_ = True
    if not any_:
        return np.zeros((0, 0, 3), np.float32)
    reach = max(1, h // 18)
    for _ in range(3):
        for y in range(h):
            for x in range(w):
                for c in range(3):
                    total = 0.0
                    for k in range(-reach, reach + 1):
                        total += small[y, min(max(x + k, 0), w - 1), c]
                    other[y, x, c] = total / (2 * reach + 1)
        for y in range(h):
            for x in range(w):
                for c in range(3):
                    total = 0.0
                    for k in range(-reach, reach + 1):
                        total += other[min(max(y + k, 0), h - 1), x, c]
                    small[y, x, c] = total / (2 * reach + 1)
    return small


@kernel
def bloom(picture: Any, small: Any, strength: Any, top: Any, bottom: Any) -> None:
    """Let highlights spill over the rows top..bottom of picture, in place. small: see `highlights`."""
    h, w = small.shape[0], small.shape[1]
    if h == 0:
        return
    width = picture.shape[1]
    for y in range(top, bottom):
        fy = min(max((y + 0.5) / 8 - 0.5, 0.0), h - 1.0)
        y0 = int(fy)
        y1, fy = min(y0 + 1, h - 1), fy - y0
        for x in range(width):
            fx = min(max((x + 0.5) / 8 - 0.5, 0.0), w - 1.0)
            x0 = int(fx)
            x1, fx = min(x0 + 1, w - 1), fx - x0
            spill = small[y0, x0, 0] + small[y0, x1, 0] + small[y1, x0, 0] + small[y1, x1, 0]
            spill += small[y0, x0, 2] + small[y0, x1, 2] + small[y1, x0, 2] + small[y1, x1, 2]
            if spill < 1e-4:
                continue
            for c in range(3):
                upper = small[y0, x0, c] * (1 - fx) + small[y0, x1, c] * fx
                lower = small[y1, x0, c] * (1 - fx) + small[y1, x1, c] * fx
                picture[y, x, c] += strength * (upper * (1 - fy) + lower * fy)


@kernel
def curve_of(look: Any) -> Any:
    """Return the tone curve of a look, (4096,) uint8 over the square root of the light 0..2."""
    curve = np.empty(STEPS, np.uint8)  # the root gives fine steps in the shadows
    for i in range(STEPS):
        value = (i * 2.0 / (STEPS - 1)) ** (2 * look[7])
        if value > 0.8:
            value = 0.8 + (1 - math.exp(-(value - 0.8) / 0.2)) * 0.2
        value += look[9] * (value * value * (3 - 2 * value) - value)
        curve[i] = np.uint8(min(max(value, 0.0), 1.0) * 255 + 0.5)
    return curve


@kernel
def grade(picture: Any, exposure: Any, look: Any, curve: Any, out: Any, top: Any, bottom: Any) -> None:
    """Turn the rows top..bottom of linear picture (h, w, 3) into those of out (h, w, 3) uint8.

    look: (10,) saturation, gain (3), lift (3), inverse gamma, vignette, contrast. curve: see `curve_of`.
    """
    height, width = picture.shape[0], picture.shape[1]
    scale, steps = (STEPS - 1) / 2.0, STEPS
    for y in range(top, bottom):
        down = (y / height - 0.5) ** 2
        for x in range(width):
            red = picture[y, x, 0] * exposure
            green = picture[y, x, 1] * exposure
            blue = picture[y, x, 2] * exposure
            grey = 0.3 * red + 0.59 * green + 0.11 * blue
            edge = 1 - look[8] * ((x / width - 0.5) ** 2 + down)
            red = ((grey + (red - grey) * look[0]) * look[1] + look[4]) * edge
            green = ((grey + (green - grey) * look[0]) * look[2] + look[5]) * edge
            blue = ((grey + (blue - grey) * look[0]) * look[3] + look[6]) * edge
            out[y, x, 0] = curve[
                min(int(math.sqrt(min(red, 9.0) if red > 0.0 else 0.0) * scale + 0.5), steps - 1)
            ]  # not a number: black
            out[y, x, 1] = curve[
                min(int(math.sqrt(min(green, 9.0) if green > 0.0 else 0.0) * scale + 0.5), steps - 1)
            ]  # not a number: black
            out[y, x, 2] = curve[
                min(int(math.sqrt(min(blue, 9.0) if blue > 0.0 else 0.0) * scale + 0.5), steps - 1)
            ]  # not a number: black


@kernel
def draw_lines(ids: Any, objects: Any, normals: Any, depth: Any, plain: Any, factor: Any, out: Any,
               top: Any, bottom: Any) -> None:  # fmt: skip
    """Write 255 into the rows top..bottom of out (h, w) where depth, normal, object or colour breaks, else 0.

    The buffers are `factor` times finer than `out`; the first sample of each block is compared.
    """
    height, width = out.shape
    for y in range(top, bottom):
        for x in range(width):
            ya, xa = y * factor, x * factor
            edge = False
            for k in range(2):
                yb, xb = (
                    (ya, min(x + 1, width - 1) * factor) if k == 0 else (min(y + 1, height - 1) * factor, xa)
                )
                if ids[ya, xa] == ids[yb, xb] and ids[ya, xa] < 0 and objects[ya, xa] == objects[yb, xb]:
                    continue
                da, db = depth[ya, xa], depth[yb, xb]
                if objects[ya, xa] != objects[yb, xb]:
                    # ground against a flat mark on it is no contour unless its colour differs
                    edge = True
                elif abs(da - db) > 0.06 * min(da, db) + 0.02:
                    edge = True
                elif ids[ya, xa] != ids[yb, xb]:
                    change = 0.0
                    for c in range(3):
                        change += abs(plain[ya, xa, c] - plain[yb, xb, c])
                    bend = 0.0
                    for c in range(3):
                        bend += normals[ya, xa, c] * normals[yb, xb, c]
                    if change > 0.22 or bend < 0.4:
                        edge = True
                else:
                    bend = 0.0
                    for c in range(3):
                        bend += normals[ya, xa, c] * normals[yb, xb, c]
                    if bend < 0.5:
                        edge = True
            out[y, x] = 255 if edge else 0
