// From the plan to the solids it is made of: boxes, ellipsoids and cones, as the server's renderer stages them.
// A solid is {shape, centre, half, turn (9 numbers, row by row, or null), colour, taper, class}, in the axes of its
// item; the place of the item says where that stands.

import { figureSolids } from "./figures.js";
import { extentOf, wallLength } from "./plan.js";

// Surface classes of previs.blockout.geometry.
export const SURFACE = { architecture: 2, prop: 3, figure: 4, window: 8 };
const WALL = [0.62, 0.61, 0.58];
const GLASS = [0.55, 0.62, 0.68];
const STONE = [0.5, 0.49, 0.47];
const DEGREES = Math.PI / 180;
const STRAIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

const box = (x0, x1, y0, y1, z0, z1, colour, surface) => ({
  shape: "box",
  centre: [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2],
  half: [(x1 - x0) / 2, (y1 - y0) / 2, (z1 - z0) / 2],
  turn: null,
  colour,
  taper: 1,
  glow: 0,
  class: surface,
});

/** Boxes of a wall around its openings, x from a to b, z across; `low` cuts it off at that height. */
export function wallSolids(wall, low = Infinity) {
  const length = wallLength(wall);
  const height = Math.min(wall.height, low);
  const side = wall.thickness / 2;
  const colour = wall.colour ?? WALL;
  const pieces = [];
  const piece = (x0, x1, y0, y1) => {
    if (x1 - x0 > 1e-6 && y1 - y0 > 1e-6) pieces.push(box(x0, x1, y0, y1, -side, side, colour, SURFACE.architecture));
  };
  let at = 0;
  for (const opening of [...wall.openings].sort((one, other) => one.at - other.at)) {
    const [x0, x1] = [opening.at, opening.at + opening.width];
    piece(at, x0, 0, height);
    piece(x0, x1, 0, Math.min(opening.bottom, height));
    piece(x0, x1, opening.bottom + opening.height, height);
    at = Math.max(at, x1);
  }
  piece(at, length, 0, height);
  return pieces;
}

/** A thin pane in each window, drawn only where it helps to read the picture. */
export function paneSolids(wall) {
  return wall.openings
    .filter((opening) => opening.kind === "window")
    .map((one) => box(one.at, one.at + one.width, one.bottom, one.bottom + one.height, -0.01, 0.01, GLASS, SURFACE.window));
}

/** A straight flight; the origin is the middle of the front edge of its lowest step, it climbs along -z. */
export function stairSolids({ width, rise, run, steps }) {
  const solids = [];
  for (let step = 0; step < steps; step += 1) {
    const front = -(step * run) / steps;
    solids.push(box(-width / 2, width / 2, 0, ((step + 1) * rise) / steps, front - run / steps, front, STONE, SURFACE.architecture));
  }
  return solids;
}

/** Solids grown along the axes of their piece; a turned solid keeps its turn, as the server does it. */
function stretched(solids, [sx, sy, sz]) {
  if (sx === 1 && sy === 1 && sz === 1) return solids;
  return solids.map((solid) => {
    const t = solid.turn ?? STRAIGHT;
    const half = solid.half.map((value, k) => value * Math.hypot(t[k] * sx, t[3 + k] * sy, t[6 + k] * sz));
    return { ...solid, half, centre: [solid.centre[0] * sx, solid.centre[1] * sy, solid.centre[2] * sz] };
  });
}

const luminance = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** Solids in another colour, each as light against the first as it was; what shines keeps its own. */
function tinted(solids, colour) {
  if (!colour || !solids.length) return solids;
  const first = Math.max(luminance(solids[0].colour), 0.02);
  return solids.map((solid) => {
    const share = Math.min(Math.max(luminance(solid.colour) / first, 0.3), 1.4);
    return solid.glow > 0 ? solid : { ...solid, colour: colour.map((channel) => Math.min(1, channel * share)) };
  });
}

function pieceSolids(piece, library) {
  const own = piece.solids ?? library.pieces[piece.kind]?.solids ?? [box(-0.5, 0.5, 0, 1, -0.5, 0.5, STONE, SURFACE.prop)];
  if (!piece.size) return tinted(own, piece.colour);
  const natural = extentOf(own);
  return stretched(tinted(own, piece.colour), piece.size.map((metres, axis) => metres / Math.max(natural[axis], 1e-3)));
}

/** Where an item stands: {at: [x, y, z], yaw in radians}. */
const standing = (item) => ({ at: [item.x, item.y ?? 0, item.z], yaw: (item.yaw ?? 0) * DEGREES });

export function wallPlace(wall) {
  return { at: [wall.a[0], 0, wall.a[1]], yaw: -Math.atan2(wall.b[1] - wall.a[1], wall.b[0] - wall.a[0]) };
}

/** What one item is made of: {place, solids}. Lights and cameras have no body. */
export function bodyOf(kind, item, library) {
  if (kind === "walls") return { place: wallPlace(item), solids: wallSolids(item) };
  if (kind === "stairs") return { place: standing(item), solids: stairSolids(item) };
  if (kind === "figures") return { place: standing(item), solids: figureSolids(item, library) };
  if (kind === "meshes") return { place: standing(item), solids: stretched(item.boxes, [item.scale, item.scale, item.scale]) };
  if (kind === "pieces") return { place: standing(item), solids: pieceSolids(item, library) };
  return { place: standing(item), solids: [] };
}

/** The outlines of a body seen from above, as closed paths of [x, z] in the item's own axes. */
export function footprints(solids) {
  return solids.map(({ shape, centre, half, turn }) => {
    const t = turn ?? STRAIGHT;
    const corner = (u, v) => [centre[0] + t[0] * half[0] * u + t[2] * half[2] * v, centre[2] + t[6] * half[0] * u + t[8] * half[2] * v];
    const upright = Math.abs(t[4]) > 0.99;
    if (upright && shape === "box") return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    if (upright || shape === "ellipsoid") {
      return Array.from({ length: 12 }, (_, k) => corner(Math.cos((k * Math.PI) / 6), Math.sin((k * Math.PI) / 6)));
    }
    // A lying bar or a slanted board: the rectangle around it.
    const [rx, rz] = [0, 6].map((row) => [0, 1, 2].reduce((sum, k) => sum + Math.abs(t[row + k]) * half[k], 0));
    const [x, z] = [centre[0], centre[2]];
    return [[x - rx, z - rz], [x + rx, z - rz], [x + rx, z + rz], [x - rx, z + rz]];
  });
}
