// The 3D view: seen from anywhere, or through one of the cameras. Draws only when something changed.

import { PerspectiveCamera, Raycaster, Vector2, Vector3, WebGLRenderer } from "../../vendor/three/three.module.min.js";
import { fieldOfView, wideOf } from "./lens.js";
import * as plans from "./plan.js";
import { SetScene } from "./scene3d.js";
import { MODES } from "./shading.js";
import { stagedFor } from "./wild.js";

const RADIANS = Math.PI / 180;
const REST = 220; // milliseconds
const LONG_REST = 1600; // where the processor draws: the smooth picture may take a second, and nobody should wait behind it
// Milliseconds a picture while something moves: above SLOW less is drawn, below FAST more.
const SLOW = 28;
const FAST = 19;
const PAUSE = 500;
const FEWER_PIXELS = 0.65;
const MARGIN = 0.06; // of the view that is shown around the frame of a camera

/** Places three's camera as a camera of the plan, for a picture whose frame is `share` of the view's width. */
export function aim(camera, lens, { width, height, frameWidth }) {
  const wide = (wideOf(lens) * width) / frameWidth;
  camera.position.set(lens.x, lens.y, lens.z);
  camera.rotation.set(lens.tilt * RADIANS, lens.pan * RADIANS, lens.roll * RADIANS, "YXZ");
  camera.near = 0.05;
  camera.far = 600;
  camera.aspect = width / height;
  camera.fov = (2 * Math.atan((wide * height) / width)) / RADIANS;
  camera.updateProjectionMatrix();
  camera.updateMatrixWorld();
}

/** Whether the processor draws, because there is no graphics card or the browser does not use it. */
function drawsInSoftware(gl) {
  const named = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}

export class View3D {
  constructor(host, store, { library, ratio }) {
    Object.assign(this, { host, store, ratio });
    this.set = new SetScene(library);
    this.renderer = new WebGLRenderer({ antialias: false, powerPreference: "low-power" });
    this.restAfter = drawsInSoftware(this.renderer.getContext()) ? LONG_REST : REST;
    this.rest = 0;
    Object.assign(this, { pace: 0, last: 0, triangles: Infinity }); // milliseconds a picture takes, and what follows from it
    host.prepend(this.renderer.domElement);
    this.camera = new PerspectiveCamera();
    this.through = ""; // label of the camera that is looked through
    this.orbit = { target: new Vector3(0, 1, 0), distance: 12, azimuth: 0.6, height: 0.75 };
    this.cut = "";
    this.asked = 0;
    this.stale = true;
    this.raycaster = new Raycaster();
    store.addEventListener("plan", () => this.invalidate(true));
    store.addEventListener("selection", () => this.invalidate(true));
    new ResizeObserver(() => this.#resize()).observe(host);
    this.#resize();
  }

  /** The lens looked through, or undefined in the free view. */
  get lens() {
    return this.through ? this.store.plan.cameras.find((one) => one.id === this.through) : undefined;
  }

  lookThrough(label) {
    this.through = label;
    this.host.classList.toggle("through", Boolean(label));
    this.invalidate(true);
    this.host.dispatchEvent(new CustomEvent("view"));
  }

  setMode(mode) {
    this.set.uniforms.mode.value = MODES[mode];
    this.invalidate();
  }

  /** Show the whole set, or what is selected. */
  frame(keys = []) {
    const { plan } = this.store;
    const wanted = keys.length ? keys : plans.allKeys(plan);
    const points = wanted.map((key) => plans.positionOf(plan, key)).concat(keys.length ? [] : plan.outline);
    if (!points.length) return;
    const [xs, zs] = [points.map((point) => point[0]), points.map((point) => point[1])];
    const [x0, x1, z0, z1] = [Math.min(...xs), Math.max(...xs), Math.min(...zs), Math.max(...zs)];
    this.orbit.target.set((x0 + x1) / 2, 0.4, (z0 + z1) / 2);
    this.orbit.distance = Math.min(Math.max(Math.hypot(x1 - x0, z1 - z0) * 1.32, keys.length ? 4 : 6), 160);
    if (this.through) this.lookThrough("");
    this.invalidate(true);
  }

  /** Ask for one drawing. rebuild: the plan or the selection is another one. */
  invalidate(rebuild = false) {
    this.stale ||= rebuild;
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.#drawMoving();
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.#drawResting(), this.restAfter);
    });
  }

  /** While things move: no smooth edges, and where that is slow fewer pixels and only as many solids as come in time. */
  #drawMoving() {
    const now = performance.now();
    // A pause between two pictures says nothing about how long one takes.
    if (now - this.last < PAUSE) this.#keepPace(now - this.last);
    this.last = now;
    this.renderer.setPixelRatio(this.triangles < Infinity ? FEWER_PIXELS : 1);
    this.draw(this.triangles);
  }

  /** Choose how many triangles are drawn while things move, after a picture that took so many milliseconds. */
  #keepPace(took) {
    const { triangles: all, least } = this.set;
    this.pace += (took - this.pace) * 0.3;
    const within = Math.min(this.triangles, all);
    if (this.pace > SLOW) this.triangles = Math.max(within * 0.85, least);
    else if (this.pace < FAST) this.triangles = within < all ? within * 1.1 : Infinity;
  }

  /** Smooth edges cost four times the pixels: they come when nothing has moved for a moment. */
  #drawResting() {
    this.renderer.setPixelRatio(2);
    this.draw();
  }

  /** triangles: about how many of the solids' are drawn. */
  draw(triangles = Infinity) {
    const { width, height } = this.size;
    if (!width || !height) return;
    if (this.through && !this.lens) this.lookThrough("");
    const lens = this.lens;
    if (lens) aim(this.camera, lens, { width, height, frameWidth: this.frameBox().width });
    else this.#aimFree(width, height);
    const cut = lens ? new Set() : this.#inTheWay();
    const signature = [...cut].join();
    if (this.stale || signature !== this.cut) {
      this.cut = signature;
      this.stale = false;
      const { plan, roof } = lens ? stagedFor(this.store.plan, lens) : { plan: this.store.plan, roof: false };
      this.set.update(plan, { selection: this.store.selection, cut, gizmos: !lens, roof, ratio: this.ratio });
    }
    this.set.spend(triangles);
    this.renderer.render(this.set.scene, this.camera);
  }

  #aimFree(width, height) {
    const { target, distance, azimuth, height: rise } = this.orbit;
    const level = Math.cos(rise) * distance;
    this.camera.position.set(target.x + Math.sin(azimuth) * level, Math.max(target.y + Math.sin(rise) * distance, 0.2), target.z + Math.cos(azimuth) * level);
    this.camera.near = 0.05;
    this.camera.far = 800;
    this.camera.fov = 42;
    this.camera.aspect = width / height;
    this.camera.lookAt(target);
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
  }

  /** Walls between the free eye and the room; they are drawn as a sill, as in a doll's house. */
  #inTheWay() {
    const { plan } = this.store;
    const hidden = new Set();
    if (plan.outline.length < 3) return hidden;
    const [cx, cz] = [0, 1].map((axis) => plan.outline.reduce((sum, point) => sum + point[axis], 0) / plan.outline.length);
    const eye = this.camera.position;
    for (const wall of plan.walls) {
      const [nx, nz] = [wall.b[1] - wall.a[1], wall.a[0] - wall.b[0]];
      const side = (x, z) => (x - wall.a[0]) * nx + (z - wall.a[1]) * nz;
      const length = Math.hypot(nx, nz) || 1;
      // Only walls that bound the room on the side of the eye: the room lies behind them.
      if (Math.abs(side(cx, cz)) / length > 0.3 && side(cx, cz) * side(eye.x, eye.z) < 0) hidden.add(plans.keyOf("walls", wall.id));
    }
    return hidden;
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.host;
    this.size = { width, height };
    if (!width || !height) return;
    this.renderer.setSize(width, height);
    this.invalidate();
    this.host.dispatchEvent(new CustomEvent("view"));
  }

  /** Where the frame of the production lies in the view, in pixels. */
  frameBox() {
    const { width, height } = this.size;
    const across = Math.min(width * (1 - 2 * MARGIN), height * (1 - 2 * MARGIN) * this.ratio);
    return { x: (width - across) / 2, y: (height - across / this.ratio) / 2, width: across, height: across / this.ratio };
  }

  /** Horizontal and vertical degrees of the lens looked through. */
  get angles() {
    return this.lens ? fieldOfView(this.lens, this.ratio) : null;
  }

  #ray(event) {
    const box = this.host.getBoundingClientRect();
    const at = new Vector2(((event.clientX - box.left) / box.width) * 2 - 1, 1 - ((event.clientY - box.top) / box.height) * 2);
    this.raycaster.setFromCamera(at, this.camera);
    return this.raycaster;
  }

  /** What is under the pointer: {key, point} or null. */
  hit(event) {
    return this.set.hit(this.#ray(event));
  }

  /** Where the pointer's ray meets the level at height y: [x, z] or null. */
  onLevel(event, y) {
    const { origin, direction } = this.#ray(event).ray;
    const way = (y - origin.y) / direction.y;
    return Number.isFinite(way) && way > 0 && way < 500 ? [origin.x + direction.x * way, origin.z + direction.z * way] : null;
  }

  /** Draw `count` pictures one after the other while the view turns; resolves with pictures a second. */
  async measure(count) {
    clearTimeout(this.rest);
    const start = performance.now();
    for (let index = 0; index < count; index += 1) {
      this.orbit.azimuth += (2 * Math.PI) / count;
      this.#drawMoving();
      // Reading a pixel waits until the picture is really drawn.
      const gl = this.renderer.getContext();
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    }
    return (count * 1000) / (performance.now() - start);
  }
}
