// What a camera of the plan has before it in a frame: walls that stand in its way are wild, as on a sound stage.

const GAP = 0.06; // metres between the lens and a wall that was moved out of its way, WILD_GAP of the server
const SHIFTED = 0.02; // metres; the server draws no window in a wall that was moved further
const rounded = (value) => Math.round(value * 1000) / 1000;

/** Whether a point lies inside a polygon. */
function contains(polygon, [x, z]) {
  let inside = false;
  polygon.forEach(([ax, az], index) => {
    const [bx, bz] = polygon[(index + 1) % polygon.length];
    if (az > z !== bz > z && x < ax + ((z - az) * (bx - ax)) / (bz - az)) inside = !inside;
  });
  return inside;
}

/** The centre of gravity of a polygon. */
function centre(polygon) {
  let [size, x, z] = [0, 0, 0];
  polygon.forEach(([ax, az], index) => {
    const [bx, bz] = polygon[(index + 1) % polygon.length];
    const part = ax * bz - bx * az;
    [size, x, z] = [size + part, x + (ax + bx) * part, z + (az + bz) * part];
  });
  if (Math.abs(size) < 2e-6) return [0, 1].map((axis) => polygon.reduce((sum, point) => sum + point[axis], 0) / polygon.length);
  return [x / (3 * size), z / (3 * size)];
}

/** Where the scene plays; action_of of previs.blockout.plan.floor, for a plan with an outline. */
function actionOf({ figures, outline }) {
  if (!figures.length) return centre(outline);
  return ["x", "z"].map((axis) => figures.reduce((sum, figure) => sum + figure[axis], 0) / figures.length);
}

/** The edge of a rectangle that a wall closes: {axis, end, face} or undefined; _side of previs.blockout.plan.floor. */
function sideOf({ a, b, thickness }, edges) {
  for (const axis of [0, 1]) {
    if (Math.abs(a[axis] - b[axis]) > 0.005) continue;
    const [low, high] = [Math.min(a[1 - axis], b[1 - axis]), Math.max(a[1 - axis], b[1 - axis])];
    if (low > edges[1 - axis][0] + 0.05 || high < edges[1 - axis][1] - 0.05) continue;
    for (const end of [0, 1]) {
      const face = a[axis] + ((1 - 2 * end) * thickness) / 2;
      const edge = edges[axis][end];
      if (Math.abs(face - edge) < 0.03 || Math.abs(a[axis] - edge) < 0.03) return { axis, end, face };
    }
  }
  return undefined;
}

/** The one rectangular room: {faces: [[x0, x1], [z0, z1]], sides: wall id -> side} or null; room_of, at the same place. */
function roomOf({ interior, ceiling, outline, walls }) {
  if (!interior || ceiling === null || outline.length !== 4) return null;
  const edges = [0, 1].map((axis) => [...new Set(outline.map((point) => rounded(point[axis])))].sort((one, other) => one - other));
  if (edges.some((pair) => pair.length !== 2)) return null;
  const faces = [[], []];
  const sides = new Map();
  for (const wall of walls) {
    const side = sideOf(wall, edges);
    if (!side) continue;
    if (faces[side.axis][side.end] !== undefined || wall.height < ceiling - 0.01) return null;
    if (wall.openings.some((opening) => opening.kind === "arch")) return null;
    faces[side.axis][side.end] = side.face;
    sides.set(wall.id, side);
  }
  return sides.size === 4 ? { faces, sides } : null;
}

/** A wall of the room, moved and made longer so that it closes the wider room. */
function moved(wall, { axis, end }, grown, height) {
  const away = grown[axis][end];
  const stretch = grown[1 - axis];
  const lowFirst = wall.a[1 - axis] < wall.b[1 - axis];
  const shifted = (point, by) => point.map((value, k) => value + (k === axis ? away : by));
  const [first, last] = lowFirst ? stretch : [stretch[1], stretch[0]];
  const openings = Math.abs(away) < SHIFTED ? wall.openings.map((one) => ({ ...one, at: one.at + Math.abs(first) })) : [];
  return { ...wall, a: shifted(wall.a, first), b: shifted(wall.b, last), height: Math.max(wall.height, height), openings };
}

/** The room made as wide as its camera needs; _enter_room of previs.blockout.plan.staged. */
function widened(plan, { faces, sides }, camera) {
  const [xs, zs] = [[camera.x, faces[0]], [camera.z, faces[1]]].map(([at, [low, high]]) => [Math.min(low, at - GAP), Math.max(high, at + GAP)]);
  const grown = [xs, zs].map((ends, axis) => ends.map((value, end) => value - faces[axis][end]));
  const ceiling = Math.max(plan.ceiling, camera.y + GAP);
  if (ceiling === plan.ceiling && !grown.flat().some(Boolean)) return plan;
  const walls = plan.walls.map((wall) => (sides.has(wall.id) ? moved(wall, sides.get(wall.id), grown, ceiling) : wall));
  const outline = [[xs[0], zs[0]], [xs[1], zs[0]], [xs[1], zs[1]], [xs[0], zs[1]]];
  return { ...plan, walls, outline, ceiling };
}

/** Whether a wall stands between a camera outside an interior and its room; _wild of previs.blockout.plan.staged. */
function inTheWay(wall, action, camera) {
  const [x, z] = wall.a.map((value, axis) => (value + wall.b[axis]) / 2);
  const [nx, nz] = [wall.b[1] - wall.a[1], wall.a[0] - wall.b[0]];
  const inside = (action[0] - x) * nx + (action[1] - z) * nz;
  return inside * ((camera.x - x) * nx + (camera.z - z) * nz) < 0;
}

/** {plan, roof}: the plan as the server sets it up before a camera; stage_plan of previs.blockout.plan.staged, undamaged. */
export function stagedFor(plan, camera) {
  const room = roomOf(plan);
  if (room) return { plan: widened(plan, room, camera), roof: true };
  const roof = plan.ceiling !== null && camera.y < plan.ceiling;
  if (!plan.interior || !plan.outline.length || contains(plan.outline, [camera.x, camera.z])) return { plan, roof };
  const action = actionOf(plan);
  return { plan: { ...plan, walls: plan.walls.filter((wall) => !inTheWay(wall, action, camera)) }, roof };
}
