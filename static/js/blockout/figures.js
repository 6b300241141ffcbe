// People as jointed grey figures. Where a pose puts hands, knees and feet comes from the server's own table, so
// that a figure sits here as it sits in a frame; clothes, hair and faces are drawn only there.

const SKIN = [0.62, 0.47, 0.38];
const CLOTH = [0.42, 0.42, 0.44];
const SHOES = [0.16, 0.15, 0.15];
const FIGURE = 4;
const TALL = 1.72; // metres of the body that the table of poses describes

/** A round bar from one point to another, as a cone with its axes turned along it. */
function limb(start, end, r0, r1, colour) {
  const along = end.map((value, axis) => value - start[axis]);
  const length = Math.hypot(...along) || 1e-6;
  const d = along.map((value) => value / length);
  const help = Math.abs(d[0]) < 0.9 ? [1, 0, 0] : [0, 0, 1];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const side = cross(d, help);
  const norm = Math.hypot(...side);
  const s = side.map((value) => value / norm);
  const f = cross(s, d);
  return {
    shape: "cone",
    centre: start.map((value, axis) => (value + end[axis]) / 2),
    half: [r0, length / 2, r0],
    turn: [s[0], d[0], f[0], s[1], d[1], f[1], s[2], d[2], f[2]],
    taper: r1 / r0,
    colour,
    glow: 0,
    class: FIGURE,
  };
}

const lump = (centre, half, colour) => ({ shape: "ellipsoid", centre, half, turn: null, taper: 1, colour, glow: 0, class: FIGURE });

/** The solids of a figure; it stands on its origin and its chest points to +z. */
export function figureSolids({ pose, build }, library) {
  const joints = library.poses[pose] ?? library.poses.stand;
  const scale = (library.heights[build] ?? TALL) / TALL;
  const lying = pose === "lie";
  const drop = joints.drop;
  const at = ([x, y, z]) => {
    const lean = z + joints.lean * Math.max(0, y - 0.86);
    const [high, deep] = lying ? [0.16 + lean * 0.9, 0.86 - y] : [y, lean];
    return [x * scale, high * scale, deep * scale];
  };
  const bar = (a, b, r0, r1, colour) => limb(at(a), at(b), r0 * scale, r1 * scale, colour);
  const ball = (centre, [rx, ry, rz], colour) => lump(at(centre), (lying ? [rx, rz, ry] : [rx, ry, rz]).map((radius) => radius * scale), colour);
  // The arms of a seated or kneeling body come down with its hips.
  const lower = ([x, y, z]) => [x, y - (drop > 0.1 ? drop : 0), z];
  const solids = [
    bar([0, 0.88 - drop, 0], [0, 1.04 - drop, 0], 0.17, 0.16, CLOTH),
    bar([0, 1.0 - drop, 0], [0, 1.38 - drop, 0], 0.155, 0.18, CLOTH),
    ball([0, 1.38 - drop, 0], [0.21, 0.085, 0.115], CLOTH),
    bar([0, 1.38 - drop, 0], [0, 1.53 - drop, 0.012], 0.058, 0.052, SKIN),
    ball([0, 1.615 - drop, 0.012], [0.085, 0.115, 0.1], SKIN),
    ball([0, 1.6 - drop, 0.11], [0.014, 0.028, 0.022], SKIN),
  ];
  for (const side of [0, 1]) {
    const sign = side ? 1 : -1;
    const [knee, foot] = [joints.knees[side], joints.feet[side]];
    const [elbow, hand] = [lower(joints.elbows[side]), lower(joints.hands[side])];
    solids.push(
      bar([sign * 0.1, 0.9 - drop, 0], knee, 0.095, 0.07, CLOTH),
      ball(knee, [0.07, 0.07, 0.07], CLOTH),
      bar(knee, foot, 0.07, 0.052, CLOTH),
      ball([foot[0], foot[1] - 0.04, foot[2] + 0.07], [0.06, 0.055, 0.14], SHOES),
      bar([sign * 0.21, 1.36 - drop, 0], elbow, 0.078, 0.062, CLOTH),
      bar(elbow, hand, 0.062, 0.052, CLOTH),
      ball(hand, [0.045, 0.06, 0.05], SKIN),
    );
  }
  return solids;
}
