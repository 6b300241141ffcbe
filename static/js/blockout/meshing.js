// Solids as triangles in world coordinates. Software rendering pays a whole draw for every instance of an instanced
// mesh, so everything becomes one merged mesh; the triangles of an item are made once and kept.
//
// Per vertex: position (3 floats), normal (3 signed bytes), tone (3 bytes), mark (4 signed bytes: two coordinates
// across a box's face, 127 on round shapes, 127 when selected).

const TAU = 2 * Math.PI;
// Sides of a round shape by its radius in metres: nobody counts those of a bottle.
const SIDES = { fine: [[0, 96]], usual: [[1.2, 28], [0.4, 20], [0.15, 12], [0.05, 7], [0, 5]], coarse: [[1.2, 14], [0.4, 9], [0.15, 7], [0.05, 5], [0, 4]] };
const STRAIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** A template: flat lists of unit points, normals, face coordinates and triangle corners. */
function template() {
  return { points: [], normals: [], faces: [], corners: [] };
}

function boxTemplate() {
  const made = template();
  for (let axis = 0; axis < 3; axis += 1) {
    for (const sign of [-1, 1]) {
      const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
      const base = made.points.length;
      for (const [a, b] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
        const point = [0, 0, 0];
        const normal = [0, 0, 0];
        [point[axis], point[u], point[v], normal[axis]] = [sign, a, b, sign];
        made.points.push(point);
        made.normals.push(normal);
        made.faces.push([a, b]);
      }
      made.corners.push(...(sign > 0 ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2]).map((corner) => base + corner));
    }
  }
  return made;
}

/** y up, radius 1 below and `taper` above. */
function coneTemplate(sides, taper) {
  const made = template();
  const slope = (1 - taper) / 2;
  for (let k = 0; k <= sides; k += 1) {
    const [x, z] = [Math.cos((k * TAU) / sides), Math.sin((k * TAU) / sides)];
    made.points.push([x, -1, z], [x * taper, 1, z * taper]);
    made.normals.push([x, slope, z], [x, slope, z]);
    if (k < sides) made.corners.push(2 * k, 2 * k + 1, 2 * k + 2, 2 * k + 1, 2 * k + 3, 2 * k + 2);
  }
  for (const [y, radius] of [[-1, 1], [1, taper]]) {
    if (radius < 1e-4) continue;
    const base = made.points.length;
    for (let k = 0; k < sides; k += 1) {
      made.points.push([Math.cos((k * TAU) / sides) * radius, y, Math.sin((k * TAU) / sides) * radius]);
      made.normals.push([0, y, 0]);
      if (k > 1) made.corners.push(base, ...(y > 0 ? [base + k, base + k - 1] : [base + k - 1, base + k]));
    }
  }
  return made;
}

function ballTemplate(sides) {
  const made = template();
  const rings = Math.max(4, Math.ceil(sides * 0.55));
  for (let ring = 0; ring <= rings; ring += 1) {
    const [y, radius] = [Math.cos((ring * Math.PI) / rings), Math.sin((ring * Math.PI) / rings)];
    for (let k = 0; k <= sides; k += 1) {
      const point = [Math.cos((k * TAU) / sides) * radius, y, Math.sin((k * TAU) / sides) * radius];
      made.points.push(point);
      made.normals.push(point);
      if (ring === rings || k === sides) continue;
      const [here, below] = [ring * (sides + 1) + k, (ring + 1) * (sides + 1) + k];
      made.corners.push(here, here + 1, below, below, here + 1, below + 1);
    }
  }
  return made;
}

const templates = new Map();

function templateOf({ shape, half, taper }, detail) {
  if (shape === "box") {
    if (!templates.has("box")) templates.set("box", boxTemplate());
    return templates.get("box");
  }
  const radius = Math.max(half[0], half[2], shape === "ellipsoid" ? half[1] : 0);
  const sides = SIDES[detail].find(([least]) => radius > least)[1];
  const name = `${shape}${sides}/${shape === "cone" ? taper : 1}`;
  if (!templates.has(name)) templates.set(name, shape === "cone" ? coneTemplate(sides, taper) : ballTemplate(sides));
  return templates.get(name);
}

/**
 * The triangles of one item in a detail ("fine", "usual", "coarse"): {position, normal, tone, mark, index} as typed arrays, index counting from 0, and
 * solids: [{size (its largest half, metres), from, to (of its triangles in index)}].
 */
export function meshOf({ place, solids }, detail) {
  const chosen = solids.map((solid) => templateOf(solid, detail));
  const count = chosen.reduce((sum, one) => sum + one.points.length, 0);
  const corners = chosen.reduce((sum, one) => sum + one.corners.length, 0);
  const made = { position: new Float32Array(count * 3), normal: new Int8Array(count * 3), tone: new Uint8Array(count * 3), mark: new Int8Array(count * 4), index: new Uint32Array(corners), solids: [] };
  const [sin, cos] = [Math.sin(place.yaw), Math.cos(place.yaw)];
  let [vertex, corner] = [0, 0];
  solids.forEach((solid, which) => {
    const { points, normals, faces, corners: triangles } = chosen[which];
    const t = solid.turn ?? STRAIGHT;
    const half = solid.half.map((value) => Math.max(value, 1e-4));
    const tone = solid.colour.map((channel) => Math.round(Math.min(Math.max(channel, 0), 1) * 255));
    made.solids.push({ size: Math.max(...half), from: corner, to: corner + triangles.length });
    for (const offset of triangles) made.index[corner++] = vertex + offset;
    points.forEach((point, k) => {
      const p = [point[0] * half[0], point[1] * half[1], point[2] * half[2]];
      const n = [normals[k][0] / half[0], normals[k][1] / half[1], normals[k][2] / half[2]];
      const [x, y, z] = [0, 3, 6].map((row, axis) => solid.centre[axis] + t[row] * p[0] + t[row + 1] * p[1] + t[row + 2] * p[2]);
      const [nx, ny, nz] = [0, 3, 6].map((row) => t[row] * n[0] + t[row + 1] * n[1] + t[row + 2] * n[2]);
      const long = 127 / (Math.hypot(nx, ny, nz) || 1);
      made.position.set([place.at[0] + cos * x + sin * z, place.at[1] + y, place.at[2] - sin * x + cos * z], vertex * 3);
      made.normal.set([(cos * nx + sin * nz) * long, ny * long, (-sin * nx + cos * nz) * long], vertex * 3);
      made.tone.set(tone, vertex * 3);
      const face = faces[k];
      made.mark.set(face ? [face[0] * 127, face[1] * 127, 0, 0] : [0, 0, 127, 0], vertex * 4);
      vertex += 1;
    });
  });
  return made;
}

/**
 * The triangles of an imported model at its place, flat-shaded, in the form of `meshOf`.
 * shape: {unit, parts: [{colour, positions, indices}]}, positions in whole steps of `unit` metres.
 */
export function modelMesh({ unit, parts }, { scale }, place) {
  const count = parts.reduce((sum, part) => sum + part.indices.length, 0);
  const made = { position: new Float32Array(count * 3), normal: new Int8Array(count * 3), tone: new Uint8Array(count * 3), mark: new Int8Array(count * 4), index: new Uint32Array(count), solids: [{ size: Infinity, from: 0, to: count }] };
  const [sin, cos] = [Math.sin(place.yaw), Math.cos(place.yaw)];
  let vertex = 0;
  for (const { colour, positions, indices } of parts) {
    const tone = colour.map((channel) => Math.round(Math.min(Math.max(channel, 0), 1) * 255));
    const corner = (index) => {
      const [x, y, z] = [0, 1, 2].map((axis) => positions[index * 3 + axis] * unit * scale);
      return [place.at[0] + cos * x + sin * z, place.at[1] + y, place.at[2] - sin * x + cos * z];
    };
    for (let at = 0; at < indices.length; at += 3) {
      const [a, b, c] = [corner(indices[at]), corner(indices[at + 1]), corner(indices[at + 2])];
      const [u, v] = [b, c].map((point) => point.map((value, axis) => value - a[axis]));
      const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
      const long = 127 / (Math.hypot(...normal) || 1);
      for (const point of [a, b, c]) {
        made.position.set(point, vertex * 3);
        made.normal.set(normal.map((value) => value * long), vertex * 3);
        made.tone.set(tone, vertex * 3);
        made.index[vertex] = vertex;
        vertex += 1;
      }
    }
  }
  return made;
}
