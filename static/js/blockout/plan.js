// The plan document and the few verbs that change it. Every verb returns a new document and leaves the old one
// as it was: items that did not change stay the same objects, so drawings redraw only what is new.
//
// A key names an item: "pieces:p1", "cameras:A"; an opening is "openings:w1/o2" because its wall owns it.
// Metres and degrees; x right, y up, z towards the bottom of the plan. Turns are counter-clockwise from above.

const PREFIX = { walls: "w", stairs: "s", pieces: "p", figures: "f", lights: "l", meshes: "m", openings: "o" };
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const KINDS = ["walls", "stairs", "pieces", "meshes", "figures", "lights", "cameras"];
export const LIMITS = { walls: 200, stairs: 20, pieces: 600, meshes: 60, figures: 60, lights: 60, cameras: 26 };

const RADIANS = Math.PI / 180;
const rounded = (value, digits = 3) => Math.round(value * 10 ** digits) / 10 ** digits;

/** Degrees in (-180, 180]. */
export function normalised(degrees) {
  const turn = ((degrees % 360) + 360) % 360;
  return rounded(turn > 180 ? turn - 360 : turn, 2);
}

export const keyOf = (kind, id) => `${kind}:${id}`;

export function parse(key) {
  const [kind, id] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)];
  if (kind !== "openings") return { kind, id };
  const cut = id.lastIndexOf("/");
  return { kind, id: id.slice(cut + 1), wall: id.slice(0, cut) };
}

/** The item behind a key, or undefined. */
export function find(plan, key) {
  const { kind, id, wall } = parse(key);
  if (kind === "openings") return find(plan, keyOf("walls", wall))?.openings.find((one) => one.id === id);
  return plan[kind]?.find((one) => one.id === id);
}

export function allKeys(plan) {
  const keys = [];
  for (const kind of KINDS) for (const item of plan[kind]) keys.push(keyOf(kind, item.id));
  return keys;
}

/** Replace fields of one item. */
export function patch(plan, key, fields) {
  const { kind, id, wall } = parse(key);
  if (kind === "openings") {
    const owner = find(plan, keyOf("walls", wall));
    const openings = owner.openings.map((one) => (one.id === id ? { ...one, ...fields } : one));
    return patch(plan, keyOf("walls", wall), { openings });
  }
  return { ...plan, [kind]: plan[kind].map((one) => (one.id === id ? { ...one, ...fields } : one)) };
}

export function freshId(plan, kind, wall) {
  const taken = new Set((kind === "openings" ? wall.openings : plan[kind]).map((one) => one.id));
  if (kind === "cameras") return [...LETTERS].find((letter) => !taken.has(letter)) ?? "";
  for (let number = 1; ; number += 1) if (!taken.has(PREFIX[kind] + number)) return PREFIX[kind] + number;
}

/** Add an item; returns [plan, key]. The key is "" when the limit of its kind is reached. */
export function add(plan, kind, item) {
  if (plan[kind].length >= LIMITS[kind]) return [plan, ""];
  const id = freshId(plan, kind);
  return [{ ...plan, [kind]: [...plan[kind], { id, ...item }] }, keyOf(kind, id)];
}

/** "Vat" beside "Vat" and "Vat 2" becomes "Vat 3". */
function freeName(items, name) {
  const taken = new Set(items.map((item) => item.name));
  const stem = name.replace(/ \d+$/, "");
  let number = 2;
  while (taken.has(`${stem} ${number}`)) number += 1;
  return `${stem} ${number}`.slice(0, 60);
}

export function addOpening(plan, wallKey, opening) {
  const wall = find(plan, wallKey);
  const id = freshId(plan, "openings", wall);
  const openings = [...wall.openings, { id, ...opening }].sort((a, b) => a.at - b.at);
  return [patch(plan, wallKey, { openings }), `openings:${wall.id}/${id}`];
}

export function remove(plan, keys) {
  let next = plan;
  for (const key of keys) {
    const { kind, id, wall } = parse(key);
    if (kind === "openings") {
      const owner = find(next, keyOf("walls", wall));
      if (owner) next = patch(next, owner && keyOf("walls", wall), { openings: owner.openings.filter((one) => one.id !== id) });
    } else {
      next = { ...next, [kind]: next[kind].filter((one) => one.id !== id) };
      // Whoever looked at a figure that left looks straight ahead again.
      if (kind === "figures") next = { ...next, figures: next.figures.map((one) => (one.looks_at === id ? { ...one, looks_at: "" } : one)) };
    }
  }
  return next;
}

export const wallLength = (wall) => Math.hypot(wall.b[0] - wall.a[0], wall.b[1] - wall.a[1]);

/** [x, z] of the middle of an item. */
export function positionOf(plan, key) {
  const { kind, wall } = parse(key);
  const item = find(plan, key);
  if (kind === "walls") return [(item.a[0] + item.b[0]) / 2, (item.a[1] + item.b[1]) / 2];
  if (kind === "openings") {
    const owner = find(plan, keyOf("walls", wall));
    const share = (item.at + item.width / 2) / (wallLength(owner) || 1);
    return [owner.a[0] + (owner.b[0] - owner.a[0]) * share, owner.a[1] + (owner.b[1] - owner.a[1]) * share];
  }
  return [item.x, item.z];
}

export function moveBy(plan, keys, dx, dz, dy = 0) {
  let next = plan;
  for (const key of keys) {
    const { kind, wall } = parse(key);
    const item = find(next, key);
    if (!item) continue;
    if (kind === "walls") {
      next = patch(next, key, { a: [rounded(item.a[0] + dx), rounded(item.a[1] + dz)], b: [rounded(item.b[0] + dx), rounded(item.b[1] + dz)] });
    } else if (kind === "openings") {
      // An opening travels inside its wall, as far as the wall goes.
      if (keys.includes(keyOf("walls", wall))) continue;
      const owner = find(next, keyOf("walls", wall));
      const length = wallLength(owner) || 1;
      const along = ((owner.b[0] - owner.a[0]) * dx + (owner.b[1] - owner.a[1]) * dz) / length;
      const at = Math.min(Math.max(item.at + along, 0), Math.max(length - item.width, 0));
      next = patch(next, key, { at: rounded(at) });
    } else {
      next = patch(next, key, { x: rounded(item.x + dx), z: rounded(item.z + dz), ...(dy ? { y: rounded((item.y ?? 0) + dy) } : {}) });
    }
  }
  return next;
}

/** The point (x, z) turned about (cx, cz), counter-clockwise from above. */
export function turned([x, z], [cx, cz], degrees) {
  const sin = Math.sin(degrees * RADIANS);
  const cos = Math.cos(degrees * RADIANS);
  return [rounded(cx + cos * (x - cx) + sin * (z - cz)), rounded(cz - sin * (x - cx) + cos * (z - cz))];
}

export function centreOf(plan, keys) {
  const points = keys.map((key) => positionOf(plan, key));
  const low = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
  const high = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis])));
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
}

/** Turn items together about their common middle; one item turns about itself. */
export function rotateBy(plan, keys, degrees) {
  const movable = keys.filter((key) => find(plan, key) && parse(key).kind !== "openings");
  if (!movable.length) return plan;
  const centre = centreOf(plan, movable);
  let next = plan;
  for (const key of movable) {
    const { kind } = parse(key);
    const item = find(next, key);
    if (kind === "walls") {
      next = patch(next, key, { a: turned(item.a, centre, degrees), b: turned(item.b, centre, degrees) });
      continue;
    }
    const [x, z] = movable.length > 1 ? turned([item.x, item.z], centre, degrees) : [item.x, item.z];
    const direction = kind === "cameras" ? { pan: normalised(item.pan + degrees) } : kind === "lights" ? {} : { yaw: normalised(item.yaw + degrees) };
    next = patch(next, key, { x, z, ...direction });
  }
  return next;
}

/** Copies beside their originals; returns [plan, keys of the copies]. */
export function duplicate(plan, keys, offset) {
  let next = plan;
  const copies = [];
  for (const key of keys) {
    const { kind, wall } = parse(key);
    const { id: _, ...item } = find(next, key);
    let copy = "";
    if (kind === "openings") {
      const owner = find(next, keyOf("walls", wall));
      const at = item.at + item.width + 0.3;
      if (at + item.width > wallLength(owner)) continue;
      [next, copy] = addOpening(next, keyOf("walls", wall), { ...item, at: rounded(at) });
    } else {
      [next, copy] = add(next, kind, item.name ? { ...item, name: freeName(next[kind], item.name) } : item);
      if (copy) next = moveBy(next, [copy], offset, offset);
    }
    if (copy) copies.push(copy);
  }
  return [next, copies];
}

/** How long it is across, deep and high: what a piece occupies before it is turned. */
export function sizeOf(piece, library) {
  if (piece.size) return piece.size;
  if (piece.solids?.length) return extentOf(piece.solids);
  return library.pieces[piece.kind]?.size ?? [1, 1, 1];
}

const STRAIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Width, height and depth around the solids of a piece, in its own axes. */
export function extentOf(solids) {
  const [low, high] = [[Infinity, Infinity, Infinity], [-Infinity, -Infinity, -Infinity]];
  for (const { shape, centre, half, turn, taper } of solids) {
    const widest = shape === "cone" ? Math.max(1, taper) : 1;
    const radii = [half[0] * widest, half[1], half[2] * widest];
    for (let axis = 0; axis < 3; axis += 1) {
      const parts = radii.map((radius, k) => Math.abs((turn ?? STRAIGHT)[axis * 3 + k]) * radius);
      const reach = shape === "ellipsoid" ? Math.hypot(...parts) : parts[0] + parts[1] + parts[2];
      low[axis] = Math.min(low[axis], centre[axis] - reach);
      high[axis] = Math.max(high[axis], centre[axis] + reach);
    }
  }
  return low[0] > high[0] ? [0, 0, 0] : [0, 1, 2].map((axis) => rounded(high[axis] - low[axis], 4));
}

const OPENING_WORDS = { door: "Door", window: "Window", arch: "Arch" };
const LIGHT_WORDS = { lamp: "Lamp", sun: "Sun", window: "Window light" };

/** What an item is called on screen. */
export function labelOf(plan, key, library) {
  const { kind, id } = parse(key);
  const item = find(plan, key);
  if (!item) return "";
  if (kind === "cameras") return `Camera ${id}`;
  if (kind === "walls") return `Wall ${id.replace(/^w/, "")}`;
  if (kind === "openings") return OPENING_WORDS[item.kind];
  if (kind === "stairs") return `Stairs ${id.replace(/^s/, "")}`;
  if (kind === "lights") return `${LIGHT_WORDS[item.kind] ?? "Light"} ${id.replace(/^l/, "")}`;
  const words = item.name || library?.pieces[item.kind]?.label || item.kind || item.build || id;
  return words.charAt(0).toUpperCase() + words.slice(1).replaceAll("_", " ");
}

/** The floor that the walls enclose: their closed chain, else the rectangle around them. */
export function floorOfWalls(walls) {
  if (!walls.length) return [];
  const near = (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]) < 0.05;
  const rest = walls.slice(1);
  const chain = [walls[0].a, walls[0].b];
  for (;;) {
    const end = chain[chain.length - 1];
    const index = rest.findIndex((wall) => near(wall.a, end) || near(wall.b, end));
    if (index < 0) break;
    const [wall] = rest.splice(index, 1);
    chain.push(near(wall.a, end) ? wall.b : wall.a);
  }
  if (chain.length > 3 && near(chain[0], chain[chain.length - 1])) return chain.slice(0, -1);
  const ends = walls.flatMap((wall) => [wall.a, wall.b]);
  const [xs, zs] = [ends.map((end) => end[0]), ends.map((end) => end[1])];
  const [x0, x1, z0, z1] = [Math.min(...xs), Math.max(...xs), Math.min(...zs), Math.max(...zs)];
  return [[x0, z0], [x1, z0], [x1, z1], [x0, z1]];
}
