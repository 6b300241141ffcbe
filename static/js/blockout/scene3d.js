// The plan as a three.js scene: one merged mesh, in which an item that changed is written over in its place.

import {
  BufferAttribute, BufferGeometry, Color, LineBasicMaterial, LineSegments, Mesh, PlaneGeometry, Scene, Shape, ShapeGeometry, Sphere, Vector3,
} from "../../vendor/three/three.module.min.js";
import { axesOf, wideOf } from "./lens.js";
import { meshOf, modelMesh } from "./meshing.js";
import { KINDS, keyOf } from "./plan.js";
import { floorMaterial, sharedUniforms, solidMaterial } from "./shading.js";
import { bodyOf, wallPlace, wallSolids } from "./solids.js";

const BACKGROUND = 0x181818;
const FLOOR = [0.36, 0.36, 0.36];
const GROUND = [0.22, 0.22, 0.22];
const CEILING = [0.36, 0.36, 0.36];
const CROWDED = 200; // pieces
const CUT = 0.12; // metres that are left of a wall which stands in the way

/** Whether one item's vertices may be written over another's without a new order of triangles. */
function sameTriangles(one, other) {
  if (one === other) return true;
  if (one.position.length !== other.position.length || one.index.length !== other.index.length) return false;
  return one.index.every((corner, at) => corner === other.index[at]);
}

export class SetScene {
  /** fine: round shapes with many sides, for a picture that is compared with the server's. */
  constructor(library, { fine = false } = {}) {
    Object.assign(this, { library, fine, detail: fine ? "fine" : "usual" });
    this.uniforms = sharedUniforms();
    this.scene = new Scene();
    this.scene.background = new Color(BACKGROUND);
    this.meshes = new WeakMap(); // item -> its triangles
    this.sills = new WeakMap(); // wall -> the triangles of what is left of it when it stands in the way
    this.parts = []; // {key, picked, mesh, vertex}: whose vertices begin where in the merged mesh
    this.ends = []; // where the triangles of each solid end, in the order in which they are drawn
    this.least = 0; // triangles of the largest solid of every item: fewer are never drawn
    this.body = new Mesh(new BufferGeometry(), solidMaterial(this.uniforms));
    this.body.frustumCulled = false;
    this.floor = null;
    this.ceiling = null;
    this.floorOf = null;
    this.lines = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ vertexColors: true }));
    this.lines.frustumCulled = false;
    this.scene.add(this.body, this.lines);
  }

  #mesh(kind, item, cut) {
    const cache = cut ? this.sills : this.meshes;
    let mesh = cache.get(item);
    if (!mesh) {
      const body = cut ? { place: wallPlace(item), solids: wallSolids(item, CUT) } : bodyOf(kind, item, this.library);
      // The editor shows an imported model itself; in the server's pictures its boxes stand for it.
      const shape = kind === "meshes" && !this.fine ? this.library.models[item.sha256] : null;
      mesh = shape ? modelMesh(shape, item, body.place) : meshOf(body, this.detail);
      cache.set(item, mesh);
    }
    return mesh;
  }

  /** Take over a plan. cut: keys of walls drawn only as a low sill; gizmos: whether cameras and lights are drawn. */
  update(plan, { selection = new Set(), cut = new Set(), gizmos = true, roof = false, ratio = 1.78 } = {}) {
    this.#chooseDetail(plan);
    const parts = [];
    for (const kind of KINDS) {
      for (const item of plan[kind]) {
        const key = keyOf(kind, item.id);
        const picked = selection.has(key) || (kind === "walls" && item.openings.some((one) => selection.has(`openings:${item.id}/${one.id}`)));
        parts.push({ key, picked, mesh: this.#mesh(kind, item, cut.has(key)) });
      }
    }
    const alike = parts.length === this.parts.length && parts.every((part, at) => sameTriangles(part.mesh, this.parts[at].mesh));
    if (alike) this.#mend(parts);
    else this.#merge(parts);
    this.#ground(plan, roof);
    this.#gizmos(plan, gizmos ? selection : null, ratio);
  }

  /** A crowded set is drawn with rounder corners left out, so that it still turns smoothly. */
  #chooseDetail(plan) {
    if (this.fine) return;
    const detail = plan.pieces.length + plan.figures.length * 2 > CROWDED ? "coarse" : "usual";
    if (detail === this.detail) return;
    this.detail = detail;
    this.meshes = new WeakMap();
  }

  #merge(parts) {
    let [vertices, corners] = [0, 0];
    for (const part of parts) {
      part.vertex = vertices;
      vertices += part.mesh.position.length / 3;
      corners += part.mesh.index.length;
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(new Float32Array(vertices * 3), 3));
    geometry.setAttribute("normal", new BufferAttribute(new Int8Array(vertices * 3), 3, true));
    geometry.setAttribute("tone", new BufferAttribute(new Uint8Array(vertices * 3), 3, true));
    geometry.setAttribute("mark", new BufferAttribute(new Int8Array(vertices * 4), 4, true));
    geometry.setIndex(new BufferAttribute(this.#ordered(parts, corners), 1));
    if (this.fine) geometry.setAttribute("who", this.#owners(parts, vertices));
    geometry.boundingSphere = new Sphere(new Vector3(), Infinity);
    this.body.geometry.dispose();
    this.body.geometry = geometry;
    this.body.visible = corners > 0;
    this.parts = [];
    this.#mend(parts);
    // A new buffer is sent whole.
    for (const attribute of Object.values(geometry.attributes)) attribute.clearUpdateRanges();
  }

  /** The triangles of all solids: first the largest solid of every item, then the second of each, and so on. */
  #ordered(parts, corners) {
    const index = new Uint32Array(corners);
    const bySize = (one, other) => other.size - one.size;
    const all = parts.flatMap((part) => part.mesh.solids.toSorted(bySize).map((solid, rank) => ({ part, rank, ...solid })));
    all.sort((one, other) => one.rank - other.rank || bySize(one, other));
    let at = 0;
    this.least = 0;
    this.ends = all.map(({ part, rank, from, to }) => {
      for (let corner = from; corner < to; corner += 1) index[at++] = part.vertex + part.mesh.index[corner];
      if (!rank) this.least = at / 3;
      return at / 3;
    });
    return index;
  }

  /** Per vertex the number of its item and of its solid, both from 1. */
  #owners(parts, vertices) {
    const who = new Float32Array(vertices * 2);
    let solids = 0;
    parts.forEach((part, at) => {
      for (const { from, to } of part.mesh.solids) {
        solids += 1;
        for (let corner = from; corner < to; corner += 1) who.set([at + 1, solids], (part.vertex + part.mesh.index[corner]) * 2);
      }
    });
    return new BufferAttribute(who, 2);
  }

  /** How many triangles there are. */
  get triangles() {
    return this.ends.at(-1) ?? 0;
  }

  /** Draw whole solids up to about so many triangles, and of every item at least the largest. */
  spend(triangles) {
    const within = Math.max(triangles, this.least);
    this.body.geometry.setDrawRange(0, 3 * (this.ends.findLast((end) => end <= within) ?? 0));
  }

  /** Write what changed over its own stretch of the merged mesh. */
  #mend(parts) {
    const { attributes } = this.body.geometry;
    parts.forEach((part, at) => {
      const before = this.parts[at];
      if (before) part.vertex = before.vertex;
      if (before?.mesh === part.mesh && before.picked === part.picked) return;
      const { position, normal, tone, mark } = part.mesh;
      attributes.position.array.set(position, part.vertex * 3);
      attributes.normal.array.set(normal, part.vertex * 3);
      attributes.tone.array.set(tone, part.vertex * 3);
      attributes.mark.array.set(mark, part.vertex * 4);
      if (part.picked) for (let k = 3; k < mark.length; k += 4) attributes.mark.array[part.vertex * 4 + k] = 127;
      for (const name of ["position", "normal", "tone", "mark"]) {
        attributes[name].addUpdateRange(part.vertex * attributes[name].itemSize, (position.length / 3) * attributes[name].itemSize);
        attributes[name].needsUpdate = true;
      }
    });
    this.parts = parts;
  }

  #ground(plan, roof) {
    const signature = JSON.stringify([plan.outline, plan.ceiling]);
    if (signature !== this.floorOf) {
      for (const mesh of [this.floor, this.ceiling]) if (mesh) this.scene.remove(mesh);
      this.floorOf = signature;
      this.floor = this.ceiling = null;
      if (plan.outline.length > 2) {
        // A shape lies in x and y; turned onto the floor its y becomes z.
        const flat = new ShapeGeometry(new Shape(plan.outline.map(([x, z]) => ({ x, y: z }))));
        flat.rotateX(Math.PI / 2);
        this.floor = new Mesh(flat, floorMaterial(this.uniforms, FLOOR, 1));
        if (plan.ceiling) {
          this.ceiling = new Mesh(flat, floorMaterial(this.uniforms, CEILING, 0));
          this.ceiling.position.y = plan.ceiling;
          this.scene.add(this.ceiling);
        }
      } else {
        const plane = new PlaneGeometry(240, 240);
        plane.rotateX(-Math.PI / 2);
        this.floor = new Mesh(plane, floorMaterial(this.uniforms, GROUND, 1));
      }
      // Last, so that nothing is drawn where something stands on it.
      this.floor.renderOrder = 1;
      this.scene.add(this.floor);
    }
    if (this.ceiling) this.ceiling.visible = roof;
  }

  #gizmos(plan, selection, ratio) {
    const points = [];
    const colours = [];
    const segment = (a, b, colour) => {
      points.push(...a, ...b);
      colours.push(...colour, ...colour);
    };
    for (const camera of selection ? plan.cameras : []) {
      const colour = selection.has(keyOf("cameras", camera.id)) ? [0.94, 0.65, 0.23] : [0.92, 0.92, 0.92];
      const { forward, right, up } = axesOf(camera);
      const [wide, reach] = [wideOf(camera), 0.9];
      const eye = [camera.x, camera.y, camera.z];
      const corner = (u, v) => eye.map((value, axis) => value + reach * (forward[axis] + right[axis] * wide * u + (up[axis] * wide * v) / ratio));
      const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
      corners.forEach((point, index) => {
        segment(eye, point, colour);
        segment(point, corners[(index + 1) % 4], colour);
      });
      segment(corner(-0.3, 1), corner(0, 1.35), colour);
      segment(corner(0, 1.35), corner(0.3, 1), colour);
      segment(eye, [camera.x, 0, camera.z], [0.4, 0.4, 0.4]);
    }
    for (const light of selection ? plan.lights : []) {
      const colour = selection.has(keyOf("lights", light.id)) ? [0.94, 0.65, 0.23] : light.on ? [1, 0.86, 0.5] : [0.45, 0.45, 0.45];
      const at = [light.x, light.y, light.z];
      const star = (dx, dy, dz) => segment(at.map((v, k) => v - [dx, dy, dz][k]), at.map((v, k) => v + [dx, dy, dz][k]), colour);
      [[0.18, 0, 0], [0, 0.18, 0], [0, 0, 0.18], [0.11, 0.11, 0], [-0.11, 0.11, 0], [0, 0.11, 0.11], [0, -0.11, 0.11]].forEach((arm) => star(...arm));
      segment(at, [light.x, 0, light.z], [0.35, 0.32, 0.24]);
    }
    this.lines.geometry.dispose();
    this.lines.geometry = new BufferGeometry();
    this.lines.geometry.setAttribute("position", new BufferAttribute(new Float32Array(points), 3));
    this.lines.geometry.setAttribute("color", new BufferAttribute(new Float32Array(colours), 3));
    this.lines.visible = points.length > 0;
  }

  /** The first item that a ray meets: {key, point} or null. */
  hit(raycaster) {
    if (!this.body.visible) return null;
    const [first] = raycaster.intersectObject(this.body, false);
    if (!first) return null;
    const part = this.parts.findLast((one) => one.vertex <= first.face.a);
    return { key: part.key, point: first.point };
  }
}
