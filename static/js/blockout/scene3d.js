// The plan as a three.js scene: one instanced mesh for each of the three shapes, so that five hundred pieces are
// three draw calls. Bodies are worked out once for each item and kept until the item is another object.

import {
  BoxGeometry, BufferAttribute, BufferGeometry, Color, CylinderGeometry, InstancedBufferAttribute, InstancedMesh,
  LineBasicMaterial, LineSegments, Matrix4, Mesh, PlaneGeometry, Quaternion, Scene, Shape, ShapeGeometry, SphereGeometry, Vector3,
} from "../../vendor/three/three.module.min.js";
import { axesOf, wideOf } from "./lens.js";
import { KINDS, keyOf } from "./plan.js";
import { floorMaterial, sharedUniforms, solidMaterial } from "./shading.js";
import { bodyOf, wallPlace, wallSolids } from "./solids.js";

const BACKGROUND = 0x181818;
const FLOOR = [0.3, 0.3, 0.3];
const GROUND = [0.22, 0.22, 0.22];
const CEILING = [0.36, 0.36, 0.36];
const CUT = 0.12; // metres that are left of a wall which stands in the way
const UP = new Vector3(0, 1, 0);

function shapes(fine) {
  const round = fine ? 96 : 20;
  return {
    box: new BoxGeometry(2, 2, 2),
    cone: new CylinderGeometry(1, 1, 2, round, 1),
    ellipsoid: new SphereGeometry(1, round, fine ? 64 : 12),
  };
}

/** The world matrices of a body's solids. */
function matricesOf({ place, solids }) {
  const root = new Matrix4().compose(new Vector3(...place.at), new Quaternion().setFromAxisAngle(UP, place.yaw), new Vector3(1, 1, 1));
  return solids.map(({ centre, half, turn }) => {
    const t = turn ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const [hx, hy, hz] = half.map((value) => Math.max(value, 1e-4));
    const own = new Matrix4().set(
      t[0] * hx, t[1] * hy, t[2] * hz, centre[0],
      t[3] * hx, t[4] * hy, t[5] * hz, centre[1],
      t[6] * hx, t[7] * hy, t[8] * hz, centre[2],
      0, 0, 0, 1,
    );
    return own.premultiply(root);
  });
}

export class SetScene {
  /** fine: round shapes with many sides, for a picture that is compared with the server's. */
  constructor(library, { fine = false } = {}) {
    this.library = library;
    this.uniforms = sharedUniforms();
    this.scene = new Scene();
    this.scene.background = new Color(BACKGROUND);
    this.geometries = shapes(fine);
    this.meshes = {};
    this.owners = { box: [], cone: [], ellipsoid: [] };
    this.bodies = new WeakMap();
    this.cutBodies = new WeakMap();
    this.floor = null;
    this.ceiling = null;
    this.floorOf = null;
    this.lines = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ vertexColors: true }));
    this.lines.frustumCulled = false;
    this.scene.add(this.lines);
  }

  #body(kind, item, cut) {
    const cache = cut ? this.cutBodies : this.bodies;
    let body = cache.get(item);
    if (!body) {
      body = cut ? { place: wallPlace(item), solids: wallSolids(item, CUT) } : bodyOf(kind, item, this.library);
      body.matrices = matricesOf(body);
      cache.set(item, body);
    }
    return body;
  }

  /** Take over a plan. cut: keys of walls drawn only as a low sill; gizmos: whether cameras and lights are drawn. */
  update(plan, { selection = new Set(), cut = new Set(), gizmos = true, roof = false, ratio = 1.78, skip = "" } = {}) {
    const rows = { box: [], cone: [], ellipsoid: [] };
    for (const kind of KINDS) {
      for (const item of plan[kind]) {
        const key = keyOf(kind, item.id);
        const body = this.#body(kind, item, cut.has(key));
        const picked = selection.has(key) || (kind === "walls" && item.openings.some((one) => selection.has(`openings:${item.id}/${one.id}`)));
        body.solids.forEach((solid, index) => rows[solid.shape].push({ solid, matrix: body.matrices[index], key, picked }));
      }
    }
    for (const shape of Object.keys(rows)) this.#fill(shape, rows[shape]);
    this.#ground(plan, roof);
    this.#gizmos(plan, gizmos ? selection : null, ratio, skip);
  }

  #fill(shape, rows) {
    let mesh = this.meshes[shape];
    if (!mesh || mesh.instanceMatrix.count < rows.length) {
      if (mesh) this.scene.remove(mesh);
      mesh?.dispose();
      const room = Math.max(64, 2 ** Math.ceil(Math.log2(rows.length + 1)));
      const geometry = this.geometries[shape].clone();
      geometry.setAttribute("tone", new InstancedBufferAttribute(new Float32Array(room * 3), 3));
      geometry.setAttribute("trait", new InstancedBufferAttribute(new Float32Array(room * 2), 2));
      mesh = new InstancedMesh(geometry, solidMaterial(shape, this.uniforms), room);
      mesh.frustumCulled = false;
      mesh.userData.shape = shape;
      this.meshes[shape] = mesh;
      this.scene.add(mesh);
    }
    const { tone, trait } = mesh.geometry.attributes;
    rows.forEach(({ solid, matrix, picked }, index) => {
      matrix.toArray(mesh.instanceMatrix.array, index * 16);
      tone.array.set(solid.colour, index * 3);
      trait.array[index * 2] = solid.taper;
      trait.array[index * 2 + 1] = picked ? 1 : 0;
    });
    mesh.count = rows.length;
    mesh.visible = rows.length > 0;
    mesh.boundingSphere = null;
    for (const attribute of [mesh.instanceMatrix, tone, trait]) attribute.needsUpdate = true;
    this.owners[shape] = rows.map((row) => row.key);
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
      this.scene.add(this.floor);
    }
    if (this.ceiling) this.ceiling.visible = roof;
  }

  #gizmos(plan, selection, ratio, skip) {
    const points = [];
    const colours = [];
    const segment = (a, b, colour) => {
      points.push(...a, ...b);
      colours.push(...colour, ...colour);
    };
    for (const camera of selection ? plan.cameras : []) {
      if (camera.id === skip) continue;
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
    const meshes = Object.values(this.meshes).filter((mesh) => mesh.visible);
    const [first] = raycaster.intersectObjects(meshes, false);
    return first ? { key: this.owners[first.object.userData.shape][first.instanceId], point: first.point } : null;
  }

  dispose() {
    for (const mesh of Object.values(this.meshes)) mesh.dispose();
  }
}
