"""Ray kernels: what each pixel sees, and how much light reaches it.

One module on purpose, although it is long: see `compiled.kernel`. Column numbers are those of
`geometry.Column`. Directions through pixels are not normalised, their component along the camera axis is 1,
so a ray parameter is a depth in metres.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from previs.blockout.compiled import kernel

SKY, ROOM, GROUND = -1, -2, -3  # values of the id buffer; 0 and above are rows of the solids table
NEAR, FAR = 0.05, 1e9
ALIKE = 0.12  # lights that differ by less of the brighter one
BINS = 12  # places where a node of the tree may be split
LEAF, CASTING_LEAF = 4, 2  # solids of a leaf; a ray asks fewer, but dearer questions than a sphere


@kernel
def hit(shape: Any, taper: Any, a: Any, b: Any, c: Any, u: Any, v: Any, w: Any, low: Any, high: Any) -> Any:
    """Return the first t in (low, high) where (a, b, c) + t (u, v, w) enters the unit solid, else -1."""
    if shape == 0:
        if abs(u) < 1e-9:
            u = 1e-9
        if abs(v) < 1e-9:
            v = 1e-9
        if abs(w) < 1e-9:
            w = 1e-9
        iu, iv, iw = 1 / u, 1 / v, 1 / w
        enter = max(-a * iu - abs(iu), max(-b * iv - abs(iv), -c * iw - abs(iw)))
        leave = min(-a * iu + abs(iu), min(-b * iv + abs(iv), -c * iw + abs(iw)))
        if enter < leave and enter > low and enter < high:
            return enter
        return -1.0
    if shape == 1:
        qa = u * u + v * v + w * w
        qb = a * u + b * v + c * w
        disc = qb * qb - qa * (a * a + b * b + c * c - 1)
        if disc > 0:
            t = (-qb - math.sqrt(disc)) / qa
            if t > low and t < high:
                return t
        return -1.0
    slope = (taper - 1) * 0.5
    r0 = 1 + slope * (b + 1)
    dr = slope * v
    qa = u * u + w * w - dr * dr
    qb = a * u + c * w - r0 * dr
    disc = qb * qb - qa * (a * a + c * c - r0 * r0)
    best = -1.0
    if abs(qa) < 1e-9:
        qa = 1e-9
    if disc > 0:
        root = math.sqrt(disc)
        for sign in range(2):
            t = (-qb - root) / qa if sign == 0 else (-qb + root) / qa
            if t > low and t < high:
                y = b + v * t
                if (
                    y > -1
                    and y < 1
                    and (a + u * t) * u + (c + w * t) * w - slope * (1 + slope * (y + 1)) * v < 0
                ):
                    best = t
                    high = t
    if abs(v) > 1e-9:
        t = ((1.0 if v < 0 else -1.0) - b) / v
        if t > low and t < high:
            x, z = a + u * t, c + w * t
            cap = taper if v < 0 else 1.0
            if x * x + z * z < cap * cap:
                best = t
    return best


@kernel
def build_tree(solids: Any, order: Any, bounds: Any, ranges: Any, most: Any) -> Any:
    """Fill a bounding-volume tree in depth-first order and return its number of nodes.

    order: (n,) row numbers, sorted in place. most: solids of a leaf. bounds: (2n, 6). ranges: (2n, 3): first, last, next node to
    visit when this one is missed, so a walk needs no stack.
    """
    n = len(solids)
    box = np.empty((n, 6))
    for i in range(n):
        order[i] = i
        det = 0.0
        for axis in range(3):
            reach = 0.0
            for k in range(3):
                # inverse row k is (axis k) / half k, so column `axis` times half squared is the forward matrix
                size = solids[i, 13 + k]
                if solids[i, 0] == 2 and k != 1:
                    size = size * max(1.0, solids[i, 20])
                part = solids[i, 4 + 3 * k + axis] * solids[i, 13 + k] * size
                reach += part * part if solids[i, 0] == 1 else abs(part)
            if solids[i, 0] == 1:
                reach = math.sqrt(reach)
            det += reach
            box[i, axis] = solids[i, 1 + axis] - reach
            box[i, 3 + axis] = solids[i, 1 + axis] + reach
    bins, grown, costs = np.empty((BINS, 7)), np.empty(7), np.empty(BINS)
    stack = np.empty((64, 2), np.int64)
    stack[0, 0] = 0
    stack[0, 1] = n
    top, count = 1, 0
    while top > 0:
        top -= 1
        first, last = stack[top, 0], stack[top, 1]
        for k in range(3):
            low, high = FAR, -FAR
            for i in range(first, last):
                low = min(low, box[order[i], k])
                high = max(high, box[order[i], 3 + k])
            bounds[count, k] = low
            bounds[count, 3 + k] = high
        ranges[count, 0] = first
        ranges[count, 1] = last
        ranges[count, 2] = 0
        if last - first > most and top < 62:
            best, axis, at = FAR, -1, 0.0
            for k in range(3):
                low, high = FAR, -FAR
                for i in range(first, last):
                    middle = box[order[i], k] + box[order[i], 3 + k]
                    low, high = min(low, middle), max(high, middle)
                if high - low < 1e-9:
                    continue
                bins[:, :3], bins[:, 3:6], bins[:, 6] = FAR, -FAR, 0.0
                for i in range(first, last):
                    row = order[i]
                    slot = min(int((box[row, k] + box[row, 3 + k] - low) / (high - low) * BINS), BINS - 1)
                    bins[slot, 6] += 1
                    for j in range(3):
                        bins[slot, j] = min(bins[slot, j], box[row, j])
                        bins[slot, 3 + j] = max(bins[slot, 3 + j], box[row, 3 + j])
                # cost of a split: what each half holds, times how many rays meet it, which its surface tells
                grown[:3], grown[3:6], grown[6] = FAR, -FAR, 0.0
                for slot in range(BINS - 1):
                    for j in range(3):
                        grown[j] = min(grown[j], bins[slot, j])
                        grown[3 + j] = max(grown[3 + j], bins[slot, 3 + j])
                    grown[6] += bins[slot, 6]
                    x, y, z = grown[3] - grown[0], grown[4] - grown[1], grown[5] - grown[2]
                    costs[slot] = grown[6] * (x * y + y * z + z * x) if grown[6] > 0 else FAR
                grown[:3], grown[3:6], grown[6] = FAR, -FAR, 0.0
                for slot in range(BINS - 1, 0, -1):
                    for j in range(3):
                        grown[j] = min(grown[j], bins[slot, j])
                        grown[3 + j] = max(grown[3 + j], bins[slot, 3 + j])
                    grown[6] += bins[slot, 6]
                    x, y, z = grown[3] - grown[0], grown[4] - grown[1], grown[5] - grown[2]
                    cost = costs[slot - 1] + (grown[6] * (x * y + y * z + z * x) if grown[6] > 0 else FAR)
                    if cost < best:
                        best, axis, at = cost, k, low + (high - low) * slot / BINS
            split = first
            if axis >= 0:
                for i in range(first, last):
                    if box[order[i], axis] + box[order[i], 3 + axis] < at:
                        order[i], order[split] = order[split], order[i]
                        split += 1
            if split in (first, last):
                split = (first + last) // 2
            ranges[count, 2] = 1  # inner node
            stack[top, 0] = split
            stack[top, 1] = last
            stack[top + 1, 0] = first
            stack[top + 1, 1] = split
            top += 2
        count += 1
    inner = ranges[:, 2].copy()
    for i in range(count - 1, -1, -1):
        j = i + 1
        while j < count and ranges[j, 0] < ranges[i, 1]:
            j = ranges[j, 2]
        ranges[i, 2] = j
    for i in range(count):
        if inner[i] == 1:
            ranges[i, 0] = -1  # the walk tests solids only in leaves
    return count


@kernel
def meets(p: Any, ox: Any, oy: Any, oz: Any, dx: Any, dy: Any, dz: Any, far: Any) -> Any:
    """Say whether one solid stands between a point and `far` along a direction."""
    rx, ry, rz = ox - p[1], oy - p[2], oz - p[3]
    return hit(p[0], p[20],
               p[4] * rx + p[5] * ry + p[6] * rz, p[7] * rx + p[8] * ry + p[9] * rz,
               p[10] * rx + p[11] * ry + p[12] * rz, p[4] * dx + p[5] * dy + p[6] * dz,
               p[7] * dx + p[8] * dy + p[9] * dz, p[10] * dx + p[11] * dy + p[12] * dz,
               1e-3, far) > 0  # fmt: skip


@kernel
def occluder(packed: Any, bounds: Any, ranges: Any, nodes: Any,
             ox: Any, oy: Any, oz: Any, dx: Any, dy: Any, dz: Any, far: Any) -> Any:  # fmt: skip
    """Return a solid that stands between a point and `far` along a direction, or -1 if the way is free."""
    ix = 1 / dx if abs(dx) > 1e-9 else 1e9
    iy = 1 / dy if abs(dy) > 1e-9 else 1e9
    iz = 1 / dz if abs(dz) > 1e-9 else 1e9
    i = 0
    while i < nodes:
        x0, x1 = (bounds[i, 0] - ox) * ix, (bounds[i, 3] - ox) * ix
        y0, y1 = (bounds[i, 1] - oy) * iy, (bounds[i, 4] - oy) * iy
        z0, z1 = (bounds[i, 2] - oz) * iz, (bounds[i, 5] - oz) * iz
        enter = max(max(min(x0, x1), min(y0, y1)), max(min(z0, z1), 0.0))
        leave = min(min(max(x0, x1), max(y0, y1)), min(max(z0, z1), far))
        if enter > leave:
            i = ranges[i, 2]
            continue
        if ranges[i, 0] >= 0:
            for k in range(ranges[i, 0], ranges[i, 1]):
                if meets(packed[k], ox, oy, oz, dx, dy, dz, far):
                    return k
        i += 1
    return -1


@kernel
def clearance(packed: Any, bounds: Any, ranges: Any, nodes: Any,
              x: Any, y: Any, z: Any, reach: Any) -> Any:  # fmt: skip
    """Return the distance from a point to the nearest solid over `reach`, at most 1."""
    nearest = reach
    i = 0
    while i < nodes:
        if (x < bounds[i, 0] - nearest or x > bounds[i, 3] + nearest or y < bounds[i, 1] - nearest
                or y > bounds[i, 4] + nearest or z < bounds[i, 2] - nearest or z > bounds[i, 5] + nearest):  # fmt: skip
            i = ranges[i, 2]
            continue
        if ranges[i, 0] >= 0:
            for k in range(ranges[i, 0], ranges[i, 1]):
                p = packed[k]
                rx, ry, rz = x - p[1], y - p[2], z - p[3]
                far = p[22] + nearest
                if rx * rx + ry * ry + rz * rz > far * far:
                    continue
                a = p[4] * rx + p[5] * ry + p[6] * rz
                b = p[7] * rx + p[8] * ry + p[9] * rz
                c = p[10] * rx + p[11] * ry + p[12] * rz
                if p[0] == 0:
                    qx = max((abs(a) - 1) * p[13], 0.0)
                    qy = max((abs(b) - 1) * p[14], 0.0)
                    qz = max((abs(c) - 1) * p[15], 0.0)
                    d = math.sqrt(qx * qx + qy * qy + qz * qz)
                elif p[0] == 1:
                    d = (math.sqrt(a * a + b * b + c * c) - 1) * min(p[13], p[14], p[15])
                else:
                    radius = 1 + (p[20] - 1) * 0.5 * (min(max(b, -1.0), 1.0) + 1)
                    qx = max((math.sqrt(a * a + c * c) - radius) * p[13], 0.0)
                    qy = max((abs(b) - 1) * p[14], 0.0)
                    d = math.sqrt(qx * qx + qy * qy)
                if d < nearest:
                    nearest = d
        i += 1
    return max(nearest, 0.0) / reach


@kernel
def see(
    solids: Any, camera: Any, room: Any, ids: Any, normals: Any, depth: Any, top: Any, bottom: Any
) -> None:
    """Find the nearest surface for the pixel rows top..bottom.

    camera: (14,) position, right, up, forward, tangents of the half angles. room: (7,) flag and the two
    corners of a box seen from inside. Writes ids (h, w) int32, normals (h, w, 3) and depth (h, w) float32.
    """
    height, width = ids.shape
    ox, oy, oz = camera[0], camera[1], camera[2]
    tx, ty = camera[12], camera[13]
    if room[0] > 0:  # how much of the way to each wall one metre along an axis is
        left_wall, floor, back_wall = 1 / (room[1] - ox), 1 / (room[2] - oy), 1 / (room[3] - oz)
        right_wall, ceiling, front_wall = 1 / (room[4] - ox), 1 / (room[5] - oy), 1 / (room[6] - oz)
    else:
        left_wall, floor, back_wall, right_wall, ceiling, front_wall = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for y in range(top, bottom):
        v = (1 - 2 * (y + 0.5) / height) * ty
        for x in range(width):
            u = (2 * (x + 0.5) / width - 1) * tx
            dx = camera[9] + u * camera[3] + v * camera[6]
            dy = camera[10] + u * camera[4] + v * camera[7]
            dz = camera[11] + u * camera[5] + v * camera[8]
            ids[y, x] = SKY
            depth[y, x] = FAR
            normals[y, x, 0] = normals[y, x, 1] = normals[y, x, 2] = 0.0
            if room[0] > 0:
                s0 = dx * (right_wall if dx > 0 else left_wall)
                s1 = dy * (ceiling if dy > 0 else floor)
                s2 = dz * (front_wall if dz > 0 else back_wall)
                nearest_wall = max(s0, max(s1, s2))
                depth[y, x] = 1 / nearest_wall
                ids[y, x] = ROOM
                normals[y, x, 0] = (-1.0 if dx > 0 else 1.0) if s0 == nearest_wall else 0.0
                normals[y, x, 1] = (-1.0 if dy > 0 else 1.0) if s1 == nearest_wall else 0.0
                normals[y, x, 2] = (-1.0 if dz > 0 else 1.0) if s2 == nearest_wall else 0.0
            elif dy < -1e-6 and -oy / dy < 400:
                depth[y, x] = -oy / dy
                ids[y, x] = GROUND
                normals[y, x, 0] = 0.0
                normals[y, x, 1] = 1.0
                normals[y, x, 2] = 0.0
    corner = np.empty((8, 3))
    ahead_of = np.empty(len(solids))
    for i in range(len(solids)):
        p = solids[i]
        ahead_of[i] = (p[1] - ox) * camera[9] + (p[2] - oy) * camera[10] + (p[3] - oz) * camera[11]
    for i in np.argsort(ahead_of):  # what is near is drawn first and hides the rest
        p = solids[i]
        # corners of the solid in camera axes, for a tight rectangle on the screen
        ahead = 0
        for k in range(8):
            cx, cy, cz = p[1] - ox, p[2] - oy, p[3] - oz
            for axis in range(3):
                size = p[13 + axis] * p[13 + axis]
                if p[0] == 2 and axis != 1:
                    size = size * max(1.0, p[20])
                if (k >> axis) & 1:
                    size = -size
                cx += p[4 + 3 * axis] * size
                cy += p[5 + 3 * axis] * size
                cz += p[6 + 3 * axis] * size
            corner[k, 0] = cx * camera[3] + cy * camera[4] + cz * camera[5]
            corner[k, 1] = cx * camera[6] + cy * camera[7] + cz * camera[8]
            corner[k, 2] = cx * camera[9] + cy * camera[10] + cz * camera[11]
            if corner[k, 2] > NEAR:
                ahead += 1
        if ahead == 0:
            continue
        left, right, low, high = FAR, -FAR, FAR, -FAR
        for k in range(8):
            if corner[k, 2] > NEAR:
                sx, sy = corner[k, 0] / corner[k, 2], corner[k, 1] / corner[k, 2]
                left, right, low, high = min(left, sx), max(right, sx), min(low, sy), max(high, sy)
            if ahead < 8:
                for axis in range(3):
                    j = k ^ (1 << axis)
                    if corner[k, 2] > NEAR and corner[j, 2] <= NEAR:
                        f = (corner[k, 2] - NEAR) / (corner[k, 2] - corner[j, 2])
                        sx = (corner[k, 0] + (corner[j, 0] - corner[k, 0]) * f) / NEAR
                        sy = (corner[k, 1] + (corner[j, 1] - corner[k, 1]) * f) / NEAR
                        left, right, low, high = min(left, sx), max(right, sx), min(low, sy), max(high, sy)
        if right < -tx or left > tx or high < -ty or low > ty:
            continue
        x0 = int(max(0.0, (max(left, -tx) / tx + 1) * 0.5 * width - 1))
        x1 = int(min(width * 1.0, (min(right, tx) / tx + 1) * 0.5 * width + 2))
        y0 = max(top, int(max(0.0, (1 - min(high, ty) / ty) * 0.5 * height - 1)))
        y1 = min(bottom, int(min(height * 1.0, (1 - max(low, -ty) / ty) * 0.5 * height + 2)))
        rx, ry, rz = ox - p[1], oy - p[2], oz - p[3]
        a = p[4] * rx + p[5] * ry + p[6] * rz
        b = p[7] * rx + p[8] * ry + p[9] * rz
        c = p[10] * rx + p[11] * ry + p[12] * rz
        fu = p[4] * camera[9] + p[5] * camera[10] + p[6] * camera[11]
        fv = p[7] * camera[9] + p[8] * camera[10] + p[9] * camera[11]
        fw = p[10] * camera[9] + p[11] * camera[10] + p[12] * camera[11]
        ru = p[4] * camera[3] + p[5] * camera[4] + p[6] * camera[5]
        rv = p[7] * camera[3] + p[8] * camera[4] + p[9] * camera[5]
        rw = p[10] * camera[3] + p[11] * camera[4] + p[12] * camera[5]
        uu = p[4] * camera[6] + p[5] * camera[7] + p[6] * camera[8]
        uv = p[7] * camera[6] + p[8] * camera[7] + p[9] * camera[8]
        uw = p[10] * camera[6] + p[11] * camera[7] + p[12] * camera[8]
        nearest = NEAR
        if ahead == 8:
            nearest = FAR
            for k in range(8):
                nearest = min(nearest, corner[k, 2])
            nearest -= 1e-4
        shape, taper = p[0], p[20]
        for y in range(y0, y1):
            v = (1 - 2 * (y + 0.5) / height) * ty
            for x in range(x0, x1):
                if depth[y, x] < nearest:
                    continue  # what is there hides the whole solid
                u = (2 * (x + 0.5) / width - 1) * tx
                t = hit(shape, taper, a, b, c, fu + u * ru + v * uu, fv + u * rv + v * uv, fw + u * rw + v * uw,
                        NEAR, depth[y, x])  # fmt: skip
                if t > 0:
                    depth[y, x] = t
                    ids[y, x] = i
    for y in range(top, bottom):
        v = (1 - 2 * (y + 0.5) / height) * ty
        for x in range(width):
            if ids[y, x] < 0:
                continue
            p = solids[ids[y, x]]
            u = (2 * (x + 0.5) / width - 1) * tx
            t = depth[y, x]
            rx = ox + (camera[9] + u * camera[3] + v * camera[6]) * t - p[1]
            ry = oy + (camera[10] + u * camera[4] + v * camera[7]) * t - p[2]
            rz = oz + (camera[11] + u * camera[5] + v * camera[8]) * t - p[3]
            a = p[4] * rx + p[5] * ry + p[6] * rz
            b = p[7] * rx + p[8] * ry + p[9] * rz
            c = p[10] * rx + p[11] * ry + p[12] * rz
            if p[0] == 0:
                k, side = 4, a
                if abs(b) > abs(a):
                    k, side = 7, b
                if abs(c) > abs(side):
                    k, side = 10, c
                length = (
                    p[12 + k // 3] if side > 0 else -p[12 + k // 3]
                )  # rows of the matrix are axes over halves
                normals[y, x, 0] = p[k] * length
                normals[y, x, 1] = p[k + 1] * length
                normals[y, x, 2] = p[k + 2] * length
                continue
            if p[0] == 2:
                if abs(b) > 0.9999:
                    a, c = 0.0, 0.0
                else:
                    slope = (p[20] - 1) * 0.5
                    b = -slope * (1 + slope * (b + 1))
            nx = p[4] * a + p[7] * b + p[10] * c
            ny = p[5] * a + p[8] * b + p[11] * c
            nz = p[6] * a + p[9] * b + p[12] * c
            length = 1 / math.sqrt(nx * nx + ny * ny + nz * nz + 1e-20)
            normals[y, x, 0] = nx * length
            normals[y, x, 1] = ny * length
            normals[y, x, 2] = nz * length


@kernel
def blended(ids: Any, normals: Any, shade: Any, x: Any, y: Any) -> Any:
    """Give a pixel the mean of the lit blocks around it: 0 not, 1 their occlusion, 2 their light as well.

    Occlusion changes slowly, so one block of the pixel's surface suffices for it, whatever the light, which keeps the
    unlit pass the same at every hour. Light it takes only from blocks on both sides of it that agree.
    """
    height, width = ids.shape
    left, right = ((x & ~3), (x & ~3) + 4) if x & 2 else (x & ~3, x & ~3)
    above, below = ((y & ~3), (y & ~3) + 4) if y & 2 else (y & ~3, y & ~3)
    if right >= width:
        right = left
    if below >= height:
        below = above
    i, nx, ny, nz = ids[y, x], normals[y, x, 0], normals[y, x, 1], normals[y, x, 2]
    a = ids[above, left] == i and (
        normals[above, left, 0] * nx + normals[above, left, 1] * ny + normals[above, left, 2] * nz > 0.985
    )
    b = ids[above, right] == i and (
        normals[above, right, 0] * nx + normals[above, right, 1] * ny + normals[above, right, 2] * nz > 0.985
    )
    c = ids[below, left] == i and (
        normals[below, left, 0] * nx + normals[below, left, 1] * ny + normals[below, left, 2] * nz > 0.985
    )
    d = ids[below, right] == i and (
        normals[below, right, 0] * nx + normals[below, right, 1] * ny + normals[below, right, 2] * nz > 0.985
    )
    if not (a or b or c or d):
        return 0
    # Corners of another surface give way to the one across, else to the next.
    p, q, r, s = (above, left), (above, right), (below, left), (below, right)
    if not (a and b and c and d):
        one = p if a else (q if b else (r if c else s))
        two = s if d else (r if c else (q if b else p))
        p, q, r, s = one, two, one, two
    one, two, three, four = (
        shade[p[0], p[1], 3],
        shade[q[0], q[1], 3],
        shade[r[0], r[1], 3],
        shade[s[0], s[1], 3],
    )
    shade[y, x, 3] = 0.25 * (one + two + three + four)
    if p == s:
        return 1
    for channel in range(3):
        one, two = shade[p[0], p[1], channel], shade[q[0], q[1], channel]
        three, four = shade[r[0], r[1], channel], shade[s[0], s[1], channel]
        low, high = min(min(one, two), min(three, four)), max(max(one, two), max(three, four))
        if high - low > ALIKE * high + 0.004:
            return 1
        shade[y, x, channel] = 0.25 * (one + two + three + four)
    return 2


@kernel
def light(packed: Any, bounds: Any, ranges: Any, nodes: Any, casting: Any, cast_bounds: Any,
          cast_ranges: Any, cast_nodes: Any, camera: Any, room: Any, windows: Any, sun: Any, ambient: Any, lamps: Any, ids: Any, normals: Any, depth: Any, shade: Any, top: Any,
          bottom: Any, between: Any) -> None:  # fmt: skip
    """Write into shade (h, w, 4) the light on each surface, red, green, blue, and its ambient occlusion.

    A block of two by two pixels shares one answer where it shows one smooth surface. between: 0 lights every second
    block of every second row; 1, after all of those, lights the rest: what lies between blocks of the same surface
    in the same light takes their mean. Both together cost a third of asking at each pixel.
    packed: the solids in the order of the tree, so that those of a leaf lie together in memory. casting: those
    that cast shadows, with a tree of their own. What last stood in the way of a light is asked first: shadows
    hang together.
    windows: (k, 6) axis, plane, low, high, bottom, top. sun: (6,) direction and colour. ambient: (6,) from
    above and from below. lamps: (k, 8) position, colour, falloff, casts shadows. `top` must be a multiple of four.
    """
    height, width = ids.shape
    tx, ty = camera[12], camera[13]
    sunny = sun[3] + sun[4] + sun[5] > 0.01
    last = np.full(len(lamps) + 1, -1, np.int64)
    for y in range(top, bottom):
        v = (1 - 2 * (y + 0.5) / height) * ty
        if between == 0 and y & 2:
            continue
        for x in range(width):
            if (between == 0) == ((x & 2) | (y & 2) != 0):
                continue
            i = ids[y, x]
            if i == SKY:
                shade[y, x, 3] = 1.0
                continue
            nx, ny, nz = normals[y, x, 0], normals[y, x, 1], normals[y, x, 2]
            if (x & 1) | (y & 1):
                shared = False
                for k in range((x & 1) + 2 * (y & 1)):
                    px, py = (x & ~1) + (k & 1), (y & ~1) + (k >> 1)
                    if ids[py, px] == i and (
                        normals[py, px, 0] * nx + normals[py, px, 1] * ny + normals[py, px, 2] * nz > 0.985
                    ):
                        shared = True
                        break
                if (
                    not shared and between == 1
                ):  # a corner of the block: perhaps what is beside the block goes on here
                    if (
                        x > 0
                        and x & 1 == 0
                        and ids[y, x - 1] == i
                        and (
                            normals[y, x - 1, 0] * nx + normals[y, x - 1, 1] * ny + normals[y, x - 1, 2] * nz
                            > 0.985
                        )
                    ):
                        px, py, shared = x - 1, y, True
                    elif (
                        y & 3
                        and y & 1 == 0
                        and ids[y - 1, x] == i
                        and (
                            normals[y - 1, x, 0] * nx + normals[y - 1, x, 1] * ny + normals[y - 1, x, 2] * nz
                            > 0.985
                        )
                    ):
                        px, py, shared = x, y - 1, True
                if shared:
                    for channel in range(4):
                        shade[y, x, channel] = shade[py, px, channel]
                    continue
            borrowed = blended(ids, normals, shade, x, y) if between == 1 else 0
            if borrowed == 2:
                continue
            u = (2 * (x + 0.5) / width - 1) * tx
            t = depth[y, x]
            wx = camera[0] + (camera[9] + u * camera[3] + v * camera[6]) * t
            wy = camera[1] + (camera[10] + u * camera[4] + v * camera[7]) * t
            wz = camera[2] + (camera[11] + u * camera[5] + v * camera[8]) * t
            open_ = shade[y, x, 3]
            if borrowed == 0:
                wide = clearance(
                    packed, bounds, ranges, nodes, wx + nx * 0.7, wy + ny * 0.7, wz + nz * 0.7, 0.7
                )
                near = 1.0
                if wide < 0.9999:  # the small sphere lies within the wide one
                    near = clearance(
                        packed, bounds, ranges, nodes, wx + nx * 0.2, wy + ny * 0.2, wz + nz * 0.2, 0.2
                    )
                open_ = (0.45 + 0.55 * near) * (0.6 + 0.4 * wide)
                if room[0] > 0:
                    gap_x = min(wx - room[1], room[4] - wx)
                    gap_y = min(wy - room[2], room[5] - wy)
                    gap_z = min(wz - room[3], room[6] - wz)
                    if abs(nx) < 0.5:
                        open_ *= 1 - 0.4 * math.exp(-max(gap_x, 0.0) * 2.2)
                    if abs(ny) < 0.5:
                        open_ *= 1 - 0.4 * math.exp(-max(gap_y, 0.0) * 2.2)
                    if abs(nz) < 0.5:
                        open_ *= 1 - 0.4 * math.exp(-max(gap_z, 0.0) * 2.2)
                elif i >= 0:
                    open_ *= 0.72 + 0.28 * min(1.0, wy * 1.2 + max(ny, 0.0))
                shade[y, x, 3] = open_
            up = 0.5 + 0.5 * ny
            red = (ambient[3] * (1 - up) + ambient[0] * up) * open_
            green = (ambient[4] * (1 - up) + ambient[1] * up) * open_
            blue = (ambient[5] * (1 - up) + ambient[2] * up) * open_
            ex, ey, ez = wx + nx * 3e-3, wy + ny * 3e-3, wz + nz * 3e-3
            facing = nx * sun[0] + ny * sun[1] + nz * sun[2]
            if facing > 0 and sunny:
                lit = room[0] == 0
                far = 200.0
                if not lit:
                    t0 = ((room[4] if sun[0] > 0 else room[1]) - ex) / sun[0] if abs(sun[0]) > 1e-6 else FAR
                    t2 = ((room[6] if sun[2] > 0 else room[3]) - ez) / sun[2] if abs(sun[2]) > 1e-6 else FAR
                    far = min(t0, t2)
                    hx, hy, hz = ex + sun[0] * far, ey + sun[1] * far, ez + sun[2] * far
                    axis = 0 if t0 < t2 else 2
                    for k in range(len(windows)):
                        along = hz if axis == 0 else hx
                        across = hx if axis == 0 else hz
                        if (windows[k, 0] == axis and abs(across - windows[k, 1]) < 2e-2 and along > windows[k, 2]
                                and along < windows[k, 3] and hy > windows[k, 4] and hy < windows[k, 5]):  # fmt: skip
                            lit = True
                if lit:
                    known = last[-1]
                    if known < 0 or not meets(casting[known], ex, ey, ez, sun[0], sun[1], sun[2], far - 0.05):
                        known = occluder(casting, cast_bounds, cast_ranges, cast_nodes, ex, ey, ez,
                                         sun[0], sun[1], sun[2], far - 0.05)  # fmt: skip
                    if known < 0:
                        red += facing * sun[3]
                        green += facing * sun[4]
                        blue += facing * sun[5]
                    else:
                        last[-1] = known
            for k in range(len(lamps)):
                lx, ly, lz = lamps[k, 0] - wx, lamps[k, 1] - wy, lamps[k, 2] - wz
                square = lx * lx + ly * ly + lz * lz
                distance = math.sqrt(square) + 1e-6
                lx, ly, lz = lx / distance, ly / distance, lz / distance
                facing = nx * lx + ny * ly + nz * lz
                if facing > 0:
                    strength = facing / (1 + square * lamps[k, 6])
                    if strength * max(lamps[k, 3], lamps[k, 5]) > 0.02:
                        known = -1
                        if lamps[k, 7] != 0:
                            known = last[k]
                            if known < 0 or not meets(casting[known], ex, ey, ez, lx, ly, lz, distance - 0.2):
                                known = occluder(casting, cast_bounds, cast_ranges, cast_nodes, ex, ey, ez,
                                                 lx, ly, lz, distance - 0.2)  # fmt: skip
                        if known < 0:
                            red += strength * lamps[k, 3]
                            green += strength * lamps[k, 4]
                            blue += strength * lamps[k, 5]
                        else:
                            last[k] = known
            shade[y, x, 0] = red
            shade[y, x, 1] = green
            shade[y, x, 2] = blue
