"""The surface kernel: colours and patterns of what each pixel shows, lit and unlit.

Column numbers are those of `geometry.Column`, pattern numbers those of `geometry.Texture`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from previs.blockout.compiled import kernel

SKY, ROOM, GROUND = -1, -2, -3


@kernel
def scatter(x: Any, y: Any, z: Any) -> Any:
    """Return a number in 0..1 that looks random but depends only on x and y, whole numbers, and z."""
    h = np.int64(x) * 374761393 + np.int64(y) * 668265263 + np.int64(z * 1024.0) * 1103515245
    h = (h ^ (h >> 13)) * 1274126177
    h = h ^ (h >> 16)
    return (h & 0xFFFFFF) / 16777216.0


@kernel
def grain(x: Any, y: Any) -> Any:
    """Return smooth value noise in 0..1 with cells of size 1."""
    ix, iy = math.floor(x), math.floor(y)
    fx, fy = x - ix, y - iy
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    low = scatter(ix, iy, 0.0) * (1 - fx) + scatter(ix + 1, iy, 0.0) * fx
    high = scatter(ix, iy + 1, 0.0) * (1 - fx) + scatter(ix + 1, iy + 1, 0.0) * fx
    return low * (1 - fy) + high * fy


@kernel
def pattern(texture: Any, x: Any, y: Any, z: Any, nx: Any, ny: Any, nz: Any, seed: Any) -> Any:
    """Return the factor by which a pattern darkens or lightens its surface at a world position."""
    side = x if abs(nz) > abs(nx) else z
    if texture == 1:  # tiles, half a metre
        fx, fz = x * 2 - math.floor(x * 2), (z if abs(ny) > 0.5 else y) * 2
        fz -= math.floor(fz)
        joint = 0.82 if fx < 0.05 or fz < 0.05 else 1.0
        odd = int(math.floor(x * 2) + math.floor((z if abs(ny) > 0.5 else y) * 2)) & 1
        return joint * (0.86 if odd == 1 else 1.0)
    if texture == 2:  # planks
        q = (x if abs(ny) > 0.5 else side) * 4.0
        shade = 0.88 + 0.2 * scatter(math.floor(q), 7.0, seed)
        return shade * 0.75 if q - math.floor(q) < 0.07 else shade
    if texture == 3:  # brick
        row = math.floor(y * 5)
        f = side * 2.2 + 0.5 * (row % 2)
        shade = 0.94 + 0.12 * scatter(math.floor(f), row, seed)
        return 0.82 if f - math.floor(f) < 0.06 or y * 5 - row < 0.12 else shade
    if texture == 5:  # earth, grass, plaster: soft blotches
        return 0.8 + 0.4 * (0.6 * grain(x * 0.7 + seed, z * 0.7) + 0.4 * grain(x * 3, z * 3 + seed))
    if texture == 7:  # dunes
        return 0.92 + 0.14 * math.sin(z * 1.3 + 1.6 * grain(x * 0.3, z * 0.3 + seed) * 6)
    if texture == 10:  # stripes of cloth, level
        return 0.55 if y * 13 - math.floor(y * 13) < 0.42 else 1.0
    if texture == 11:  # checks of cloth
        a, b = (x + z) * 9, y * 9
        return (0.66 if a - math.floor(a) < 0.4 else 1.0) * (0.66 if b - math.floor(b) < 0.4 else 1.0)
    if texture == 12:  # dots of cloth
        a, b = (x + z) * 13, y * 13
        a, b = a - math.floor(a) - 0.5, b - math.floor(b) - 0.5
        return 1.7 if a * a + b * b < 0.07 else 1.0
    if texture == 13:  # water
        return 0.84 + 0.32 * grain(x * 0.9 + seed, z * 2.6)
    if texture == 14:  # cracked plaster
        q = grain(side * 1.1 + seed, y * 1.1 + z * 0.3) - 0.5
        return 0.45 if abs(q) < 0.018 else 0.78 + 0.25 * grain(side * 0.8, y * 0.8 + seed)
    if texture == 15:  # furrows of a field
        return 0.82 + 0.18 * math.sin(x * 5.0)
    if texture == 16:  # paving slabs
        a, b = x * 0.8, z * 0.8
        joint = 0.8 if a - math.floor(a) < 0.04 or b - math.floor(b) < 0.04 else 1.0
        return joint * (0.94 + 0.12 * scatter(math.floor(a), math.floor(b), seed))
    if texture == 17:  # stained cloth
        return 0.5 if grain(x * 9 + z * 5 + seed, y * 9) > 0.62 else 1.0
    return 1.0


@kernel
def paint(solids: Any, camera: Any, room: Any, windows: Any, ground: Any, air: Any, sun: Any, ids: Any,
          normals: Any, depth: Any, shade: Any, lit: Any, plain: Any, own: Any, classes: Any, objects: Any,
          top: Any, bottom: Any) -> None:  # fmt: skip
    """Combine colour and light for the pixel rows top..bottom.

    room: (20,) flag, two corners, wall, floor and ceiling colour, wall and floor texture, grime, grime
    of walls that are solids. windows:
    (k, 8) axis, plane, low, high, bottom, top, bars across, bars up. ground: (4,) colour and texture. air:
    (16,) zenith, horizon, fog density per metre, fog colour, snow, night, wet, lamps on, pattern seed, sun
    disc. Writes lit and plain (h, w, 3) float32, own (h, w) float32, the share of lit that is the surface's own
    light (a lamp, a lit window, a star), classes (h, w) uint8 and objects (h, w) int32.
    """
    height, width = ids.shape
    tx, ty = camera[12], camera[13]
    snow, night, wet, lamps, seed = air[10], air[11], air[12], air[13], air[14]
    # Blocks of two by two whose first pixel shows a surface of one colour.
    even = np.zeros(width // 2 + 1, np.bool_)
    for y in range(top, bottom):
        v = (1 - 2 * (y + 0.5) / height) * ty
        for x in range(width):
            if (x & 1) | (y & 1) and even[x >> 1]:
                px, py = x & ~1, y & ~1
                if ids[y, x] == ids[py, px] and (
                    normals[y, x, 0] * normals[py, px, 0]
                    + normals[y, x, 1] * normals[py, px, 1]
                    + normals[y, x, 2] * normals[py, px, 2]
                    > 0.985
                ):
                    for channel in range(3):
                        lit[y, x, channel] = lit[py, px, channel]
                        plain[y, x, channel] = plain[py, px, channel]
                    own[y, x] = own[py, px]
                    classes[y, x] = classes[py, px]
                    objects[y, x] = objects[py, px]
                    continue
            first = (x & 1) | (y & 1) == 0
            if first:
                even[x >> 1] = False
            u = (2 * (x + 0.5) / width - 1) * tx
            dx = camera[9] + u * camera[3] + v * camera[6]
            dy = camera[10] + u * camera[4] + v * camera[7]
            dz = camera[11] + u * camera[5] + v * camera[8]
            length = math.sqrt(dx * dx + dy * dy + dz * dz)
            i = ids[y, x]
            own[y, x] = 0.0
            if i == SKY:
                rise = min(max(dy / length * 1.6, 0.0), 1.0) ** 0.6
                red = air[3] * (1 - rise) + air[0] * rise
                green = air[4] * (1 - rise) + air[1] * rise
                blue = air[5] * (1 - rise) + air[2] * rise
                toward = (dx * sun[0] + dy * sun[1] + dz * sun[2]) / length
                if toward > 0 and air[15] > 0:
                    glow = (toward**24 * 0.3 + (1.0 if toward > 0.9985 else 0.0)) * air[15]
                    red += glow * sun[3]
                    green += glow * sun[4]
                    blue += glow * sun[5]
                if night > 0 and air[15] > 0 and dy > 0.02:
                    sx, sy, sz = dx / length * 90, dy / length * 90, dz / length * 90
                    star = scatter(math.floor(sx), math.floor(sy), math.floor(sz) + seed)
                    if star > 0.994:
                        red, green, blue = red + 0.35, green + 0.35, blue + 0.38
                        # The cell is a square; drawn over a frame, a star is round and some are fainter.
                        away = (
                            (sx - math.floor(sx) - 0.5) ** 2
                            + (sy - math.floor(sy) - 0.5) ** 2
                            + (sz - math.floor(sz) - 0.5) ** 2
                        )
                        own[y, x] = max(0.0, 1 - away / 0.2)
                lit[y, x, 0], lit[y, x, 1], lit[y, x, 2] = red, green, blue
                plain[y, x, 0], plain[y, x, 1], plain[y, x, 2] = 0.60, 0.66, 0.70
                classes[y, x] = 0
                objects[y, x] = 0
                continue
            t = depth[y, x]
            px, py, pz = camera[0] + dx * t, camera[1] + dy * t, camera[2] + dz * t
            nx, ny, nz = normals[y, x, 0], normals[y, x, 1], normals[y, x, 2]
            glow, texture = 0.0, 0
            gr, gg, gb = 0.0, 0.0, 0.0
            if i == ROOM:
                k = 7
                if ny > 0.5:
                    k = 10
                    classes[y, x] = 1
                    texture = int(room[17])
                elif ny < -0.5:
                    k = 13
                    classes[y, x] = 2
                else:
                    classes[y, x] = 2
                    texture = int(room[16])
                cr, cg, cb = room[k], room[k + 1], room[k + 2]
                objects[y, x] = -10 - int(nx * 1.5) - int(ny * 1.5) * 3 - int(nz * 1.5) * 9
                if abs(ny) < 0.5:
                    for w in range(len(windows)):
                        across, along = (px, pz) if windows[w, 0] == 0 else (pz, px)
                        if abs(across - windows[w, 1]) > 2e-2 or abs(nx if windows[w, 0] == 0 else nz) < 0.5:
                            continue
                        lo, hi, base, roof = windows[w, 2], windows[w, 3], windows[w, 4], windows[w, 5]
                        if along > lo and along < hi and py > base and py < roof:
                            a = (along - lo) / (hi - lo) * windows[w, 6]
                            b = (py - base) / (roof - base) * windows[w, 7]
                            a, b = a - math.floor(a), b - math.floor(b)
                            aw = 0.03 * windows[w, 6] / (hi - lo)
                            bw = 0.03 * windows[w, 7] / (roof - base)
                            texture = 0
                            if a < aw or a > 1 - aw or b < bw or b > 1 - bw:
                                cr, cg, cb = 0.30, 0.28, 0.26
                            else:
                                cr, cg, cb = 0.52, 0.62, 0.68
                                rise = min(max(dy / length * 1.6 + 0.12, 0.0), 1.0)
                                glow = 1.0
                                gr = (air[3] * (1 - rise) + air[0] * rise) * 1.12
                                gg = (air[4] * (1 - rise) + air[1] * rise) * 1.12
                                gb = (air[5] * (1 - rise) + air[2] * rise) * 1.12
                                if dy < -0.02 * length:
                                    gr, gg, gb = gr * 0.6, gg * 0.6, gb * 0.6
                                classes[y, x] = 8
                            objects[y, x] = -100 - w
                        elif (
                            along > lo - 0.08 and along < hi + 0.08 and py > base - 0.08 and py < roof + 0.08
                        ):
                            cr, cg, cb = 0.58, 0.55, 0.52
                            texture = 0
                            objects[y, x] = -100 - w
                if room[18] > 0 and glow == 0.0:
                    k2 = grain(px * 0.9 + pz * 0.9 + seed, py * 0.9 + pz * 0.5)
                    if k2 < room[18] and abs(ny) < 0.5:
                        cr, cg, cb = 0.42, 0.26, 0.20  # plaster fallen off the brick
                        texture = 3
                    elif abs(ny) > 0.5:
                        stain = 1 - room[18] * 0.7 * grain(px * 1.3, pz * 1.3 + seed)
                        cr, cg, cb = cr * stain, cg * stain, cb * stain
            elif i == GROUND:
                cr, cg, cb = ground[0], ground[1], ground[2]
                texture = int(ground[3])
                classes[y, x] = 7 if texture == 13 else 1
                objects[y, x] = -1
            else:
                cr, cg, cb = solids[i, 16], solids[i, 17], solids[i, 18]
                glow = solids[i, 19]
                if solids[i, 26] > 0:
                    glow *= lamps
                gr, gg, gb = cr, cg, cb
                own[y, x] = glow
                texture = int(solids[i, 21])
                classes[y, x] = int(solids[i, 24])
                objects[y, x] = int(solids[i, 25])
                worn = room[19] > 0 and classes[y, x] == 2 and abs(ny) < 0.5 and texture != 4
                if worn and grain(px * 0.9 + pz * 0.9 + seed, py * 0.9 + pz * 0.5) < room[19]:
                    cr, cg, cb = 0.42, 0.26, 0.20  # plaster off the brick, as on the walls of a room
                    texture = 3
            if first and texture == 0:
                patchy = room[18] > 0 or (abs(ny) < 0.5 and len(windows) > 0)
                even[x >> 1] = i == GROUND or (
                    not patchy if i == ROOM else room[19] == 0 or classes[y, x] != 2
                )
            if texture == 4:
                if abs(ny) < 0.5:
                    a, b = (px if abs(nz) > abs(nx) else pz) / 1.7, py / 1.9
                    fa, fb = a - math.floor(a), b - math.floor(b)
                    if fa > 0.28 and fa < 0.72 and fb > 0.25 and fb < 0.72 and py > 0.8:
                        chance = scatter(math.floor(a), math.floor(b), seed + i * 3.1)
                        cr, cg, cb = cr * 0.3 + 0.12, cg * 0.3 + 0.14, cb * 0.3 + 0.17
                        if chance < (0.4 if night > 0 else 0.04 * lamps):
                            glow, gr, gg, gb = 0.9, 0.85, 0.62, 0.30
                            own[y, x] = glow
                        elif night == 0.0:
                            glow, gr, gg, gb = 0.35, air[3], air[4], air[5]
            elif texture == 6:
                if abs(px) < 0.09 and pz * 0.25 - math.floor(pz * 0.25) < 0.5:
                    cr, cg, cb = 0.75, 0.73, 0.6
                factor = pattern(5, px * 1.5, py, pz * 1.5, nx, ny, nz, seed) * 0.3 + 0.7
                cr, cg, cb = cr * factor, cg * factor, cb * factor
            elif texture == 18:  # a window pane: the sky behind it shines through
                rise = min(max(dy / length * 1.6 + 0.12, 0.0), 1.0)
                glow = 1.0
                gr = (air[3] * (1 - rise) + air[0] * rise) * 1.12
                gg = (air[4] * (1 - rise) + air[1] * rise) * 1.12
                gb = (air[5] * (1 - rise) + air[2] * rise) * 1.12
                if dy < -0.02 * length:
                    gr, gg, gb = gr * 0.6, gg * 0.6, gb * 0.6
            elif texture > 0:
                factor = pattern(texture, px, py, pz, nx, ny, nz, seed)
                cr, cg, cb = min(cr * factor, 1.0), min(cg * factor, 1.0), min(cb * factor, 1.0)
            open_ = shade[y, x, 3] * (0.82 + 0.18 * ny)
            plain[y, x, 0], plain[y, x, 1], plain[y, x, 2] = cr * open_, cg * open_, cb * open_
            if snow > 0 and ny > 0.35 and texture != 9 and (texture != 13 or i >= 0):
                cover = snow * min(1.0, (ny - 0.35) * 2.5)
                cr = cr * (1 - cover) + 0.92 * cover
                cg = cg * (1 - cover) + 0.94 * cover
                cb = cb * (1 - cover) + 0.98 * cover
            red, green, blue = cr * shade[y, x, 0], cg * shade[y, x, 1], cb * shade[y, x, 2]
            if ny > 0.7 and (wet > 0 or texture == 13):
                graze = (1 + dy / length) ** 4 * (0.75 if texture == 13 else 0.5 * wet)
                keep = 1 - graze if texture == 13 else (1 - graze) * (1 - 0.3 * wet)
                red, green, blue = (
                    red * keep + graze * air[3],
                    green * keep + graze * air[4],
                    blue * keep + graze * air[5],
                )
            red = red * (1 - glow) + gr * glow
            green = green * (1 - glow) + gg * glow
            blue = blue * (1 - glow) + gb * glow
            haze = 1 - math.exp(-air[6] * t * length)
            own[y, x] *= 1 - haze
            lit[y, x, 0] = red * (1 - haze) + air[7] * haze
            lit[y, x, 1] = green * (1 - haze) + air[8] * haze
            lit[y, x, 2] = blue * (1 - haze) + air[9] * haze
