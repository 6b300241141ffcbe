// Lenses and directions, as the server's renderer counts them.

// Width and height of the exposed area in millimetres.
export const SENSORS = {
  super35: { label: "Super 35", size: [24.89, 18.66] },
  fullframe: { label: "Full frame", size: [36.0, 24.0] },
  "16mm": { label: "16 mm", size: [10.26, 7.49] },
  super16: { label: "Super 16", size: [12.52, 7.41] },
};
export const LENSES = [14, 18, 21, 25, 28, 32, 35, 40, 50, 65, 75, 85, 100, 135];
const RADIANS = Math.PI / 180;

/** {horizontal, vertical} in degrees. The width of the sensor is used whole; the height follows the frame's ratio. */
export function fieldOfView({ sensor, focal_mm: focal }, ratio) {
  const half = (SENSORS[sensor] ?? SENSORS.super35).size[0] / 2 / focal;
  return { horizontal: (2 * Math.atan(half)) / RADIANS, vertical: (2 * Math.atan(half / ratio)) / RADIANS };
}

/** Tangent of half the horizontal angle. */
export const wideOf = ({ sensor, focal_mm: focal }) => (SENSORS[sensor] ?? SENSORS.super35).size[0] / 2 / focal;

/** Unit vectors of a camera. pan 0 looks along -z and grows to the left, tilt upwards, roll leans the horizon clockwise. */
export function axesOf({ pan, tilt, roll }) {
  const [sp, cp, st, ct, sr, cr] = [pan, tilt, roll].flatMap((angle) => [Math.sin(angle * RADIANS), Math.cos(angle * RADIANS)]);
  const forward = [-sp * ct, st, -cp * ct];
  const level = [cp, 0, -sp];
  const up = [sp * st, ct, cp * st];
  const mixed = (a, b, x, y) => a.map((value, axis) => value * x + b[axis] * y);
  return { forward, right: mixed(level, up, cr, sr), up: mixed(up, level, cr, -sr) };
}

/** pan and tilt of a look from one point to another. */
export function aimedAt([x, y, z], [tx, ty, tz]) {
  const [dx, dy, dz] = [tx - x, ty - y, tz - z];
  return { pan: Math.atan2(-dx, -dz) / RADIANS, tilt: Math.atan2(dy, Math.hypot(dx, dz)) / RADIANS };
}
