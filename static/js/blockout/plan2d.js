// The floor plan as SVG, in metres: x to the right, z downwards. Items whose object did not change keep their
// element. Strokes keep their width while zooming (vector-effect), signs keep their size (the variable --px).

import { fieldOfView } from "./lens.js";
import { fitNames } from "./names.js";
import * as plans from "./plan.js";
import { bodyOf, footprints, wallPlace } from "./solids.js";

const SVG = "http://www.w3.org/2000/svg";
const LAYERS = ["floor", "pieces", "meshes", "stairs", "walls", "lights", "figures", "cameras"];
const LETTER = 5.8; // pixels
const WEDGE = 2.2; // metres of a camera's view that are drawn
const DEGREES = 180 / Math.PI;
const STEPS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20];

export function make(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

const metres = (value) => Number(value.toFixed(3));
const path = (points) => `M${points.map(([x, z]) => `${metres(x)} ${metres(z)}`).join("L")}Z`;
const rect = (x0, z0, x1, z1, name) => make("path", { class: name, d: path([[x0, z0], [x1, z0], [x1, z1], [x0, z1]]) });

function drawWall(wall) {
  const half = wall.thickness / 2;
  const parts = [];
  let at = 0;
  for (const one of [...wall.openings].sort((a, b) => a.at - b.at)) {
    if (one.at > at) parts.push(rect(at, -half, one.at, half, "solid"));
    parts.push(drawOpening(wall, one, half));
    at = one.at + one.width;
  }
  const length = plans.wallLength(wall);
  if (length > at) parts.push(rect(at, -half, length, half, "solid"));
  return parts;
}

function drawOpening(wall, { id, kind, at, width }, half) {
  const group = make("g", { class: `opening ${kind}`, "data-key": `openings:${wall.id}/${id}` });
  group.append(rect(at, -half, at + width, half, "gap"));
  if (kind === "door") {
    group.append(make("path", { class: "line", d: `M${at} ${half}V${metres(half + width)}A${width} ${width} 0 0 0 ${metres(at + width)} ${half}` }));
  } else if (kind === "window") {
    group.append(make("path", { class: "line", d: `M${at} 0H${metres(at + width)}M${at} ${-half}H${metres(at + width)}M${at} ${half}H${metres(at + width)}` }));
  } else {
    group.append(make("path", { class: "line dashed", d: `M${at} ${-half}H${metres(at + width)}M${at} ${half}H${metres(at + width)}` }));
  }
  return group;
}

function drawStairs({ width, run, steps }) {
  const half = width / 2;
  const treads = Array.from({ length: steps - 1 }, (_, k) => `M${-half} ${metres((-(k + 1) * run) / steps)}H${half}`).join("");
  return [
    rect(-half, -run, half, 0, "body"),
    make("path", { class: "line", d: treads }),
    make("path", { class: "line strong", d: `M0 -0.1V${metres(-run + 0.15)}M-0.15 ${metres(-run + 0.35)}L0 ${metres(-run + 0.15)}L0.15 ${metres(-run + 0.35)}` }),
  ];
}

function drawFigure({ pose }) {
  return [
    make("ellipse", { class: "body", rx: 0.24, ry: pose === "lie" ? 0.8 : 0.14 }),
    make("path", { class: "body", d: "M-0.09 0.2L0 0.38L0.09 0.2Z" }),
    make("circle", { class: "head", r: 0.12 }),
  ];
}

function drawCamera(camera, ratio) {
  const half = fieldOfView(camera, ratio).horizontal / 2 / DEGREES;
  const [x, z] = [Math.sin(half) * WEDGE, -Math.cos(half) * WEDGE];
  return [make("path", { class: "wedge", d: `M0 0L${metres(-x)} ${metres(z)}A${WEDGE} ${WEDGE} 0 0 1 ${metres(x)} ${metres(z)}Z` })];
}

const sign = (...children) => make("g", { class: "px" }, ...children);
const words = (text, attributes = {}) => {
  const label = make("text", { class: "name", ...attributes });
  label.textContent = text;
  return label;
};

function draw(kind, item, library, ratio) {
  if (kind === "walls") return drawWall(item);
  if (kind === "stairs") return drawStairs(item);
  if (kind === "figures") return drawFigure(item);
  if (kind === "cameras") return drawCamera(item, ratio);
  if (kind === "lights") return [sign(make("circle", { class: "lamp", r: 7 }), make("path", { class: "rays", d: "M-4-4L4 4M-4 4L4-4" }))];
  const { solids } = bodyOf(kind, item, library);
  const outlines = footprints(solids);
  // A piece of hundreds of solids is drawn by its largest ones only.
  return [make("path", { class: "body", d: outlines.slice(0, 160).map(path).join("") })];
}

/** How an item lies on the plan, as an SVG transform. */
function placeOf(kind, item) {
  if (kind === "walls") {
    const { at, yaw } = wallPlace(item);
    return `translate(${at[0]} ${at[2]}) rotate(${-yaw * DEGREES})`;
  }
  const turn = kind === "cameras" ? item.pan : (item.yaw ?? 0);
  return `translate(${item.x} ${item.z}) rotate(${-turn})`;
}

export class Plan2D {
  constructor(svg, store, { library, ratio }) {
    Object.assign(this, { svg, store, library, ratio });
    this.scale = 60; // pixels a metre
    this.offset = [0, 0]; // pixels from the upper left corner to the origin of the set
    this.drawn = new Map();
    this.pointed = ""; // key of what the mouse is over
    this.grid = make("path", { class: "grid" });
    this.axes = make("path", { class: "axes" });
    this.world = make("g", { class: "world" });
    this.layers = Object.fromEntries(LAYERS.map((name) => [name, make("g", { class: `layer ${name}` })]));
    this.names = make("g", { class: "names" });
    this.guides = make("g", { class: "guides" });
    this.handles = make("g", { class: "handles" });
    this.world.append(...LAYERS.map((name) => this.layers[name]), this.names, this.handles, this.guides);
    svg.append(this.grid, this.axes, this.world);
    store.addEventListener("plan", () => this.update());
    store.addEventListener("selection", () => this.update());
    svg.addEventListener("pointerover", ({ target }) => this.#fitNames(target.closest("[data-key]")?.dataset.key ?? ""));
    svg.addEventListener("pointerleave", () => this.#fitNames(""));
    new ResizeObserver(() => this.#resized()).observe(svg);
  }

  #resized() {
    const before = this.size;
    this.size = { width: this.svg.clientWidth, height: this.svg.clientHeight };
    if (!this.size.width) return;
    if (before?.width) this.offset = [0, 1].map((axis) => this.offset[axis] + ([this.size.width, this.size.height][axis] - [before.width, before.height][axis]) / 2);
    else this.fit();
    this.update();
    this.#pose();
  }

  /** Show the whole set. */
  fit() {
    const { plan } = this.store;
    const reach = (item, half) => [[item.x - half, item.z - half], [item.x + half, item.z + half]];
    const points = plans.allKeys(plan).map((key) => plans.positionOf(plan, key)).concat(
      plan.outline,
      plan.walls.flatMap((wall) => [wall.a, wall.b]),
      plan.pieces.flatMap((piece) => reach(piece, Math.max(...plans.sizeOf(piece, this.library).filter((_, axis) => axis !== 1)) / 2)),
      plan.meshes.flatMap((mesh) => reach(mesh, (Math.max(...plans.extentOf(mesh.boxes)) * mesh.scale) / 2)),
    );
    const [xs, zs] = [0, 1].map((axis) => (points.length ? points.map((point) => point[axis]) : [-4, 4]));
    const [x0, x1, z0, z1] = [Math.min(...xs), Math.max(...xs), Math.min(...zs), Math.max(...zs)];
    const { width, height } = this.size;
    this.scale = Math.min(Math.max(Math.min((width - 90) / (x1 - x0 || 6), (height - 60) / (z1 - z0 || 6)), 4), 160);
    this.offset = [width / 2 - ((x0 + x1) / 2) * this.scale, height / 2 - ((z0 + z1) / 2) * this.scale];
    this.#pose();
  }

  zoom(factor, at = [this.size.width / 2, this.size.height / 2]) {
    const next = Math.min(Math.max(this.scale * factor, 3), 600);
    this.offset = this.offset.map((value, axis) => at[axis] - ((at[axis] - value) * next) / this.scale);
    this.scale = next;
    this.#pose();
  }

  pan(dx, dy) {
    this.offset = [this.offset[0] + dx, this.offset[1] + dy];
    this.#pose();
  }

  /** [x, z] in metres under a pointer. */
  at(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left - this.offset[0]) / this.scale, (event.clientY - box.top - this.offset[1]) / this.scale];
  }

  #pose() {
    const { width, height } = this.size;
    this.world.setAttribute("transform", `translate(${this.offset}) scale(${this.scale})`);
    // Through the object model, which the content security policy allows.
    this.svg.style.setProperty("--px", 1 / this.scale);
    const step = STEPS.find((one) => one * this.scale >= 14) ?? 50;
    const lines = (axis, length) => {
      const first = Math.ceil(-this.offset[axis] / this.scale / step) * step;
      const places = [];
      for (let at = first; at * this.scale + this.offset[axis] < length; at += step) places.push(Math.round(at * this.scale + this.offset[axis]) + 0.5);
      return places;
    };
    this.grid.setAttribute("d", lines(0, width).map((x) => `M${x} 0V${height}`).join("") + lines(1, height).map((y) => `M0 ${y}H${width}`).join(""));
    this.axes.setAttribute("d", `M${Math.round(this.offset[0]) + 0.5} 0V${height}M0 ${Math.round(this.offset[1]) + 0.5}H${width}`);
    this.#fitNames();
    this.svg.dispatchEvent(new CustomEvent("scale", { detail: step }));
  }

  update() {
    if (!this.size?.width) return;
    const { plan, selection } = this.store;
    if (plan.outline !== this.outline) {
      this.outline = plan.outline;
      this.layers.floor.replaceChildren(...(plan.outline.length > 2 ? [make("path", { class: "ground", d: path(plan.outline) })] : []));
    }
    const present = new Set();
    for (const kind of plans.KINDS) {
      for (const item of plan[kind]) {
        const key = plans.keyOf(kind, item.id);
        present.add(key);
        const known = this.drawn.get(key);
        if (known?.item !== item) this.#redraw(key, kind, item, known);
        const { element } = this.drawn.get(key);
        element.classList.toggle("sel", selection.has(key));
        if (kind === "walls") for (const part of element.querySelectorAll("[data-key]")) part.classList.toggle("sel", selection.has(part.dataset.key));
      }
    }
    for (const [key, { element, name }] of this.drawn) {
      if (present.has(key)) continue;
      element.remove();
      name?.remove();
      this.drawn.delete(key);
    }
    this.#drawHandles();
  }

  #redraw(key, kind, item, known) {
    const element = known?.element ?? make("g", { class: `it ${kind}`, "data-key": key });
    const title = make("title");
    title.textContent = plans.labelOf(this.store.plan, key, this.library);
    element.setAttribute("transform", placeOf(kind, item));
    element.classList.toggle("off", kind === "lights" && !item.on);
    element.replaceChildren(title, ...draw(kind, item, this.library, this.ratio));
    if (!known) this.layers[kind].append(element);
    known?.name?.remove();
    this.drawn.set(key, { item, element, name: this.#nameOf(key, kind, item) });
  }

  #nameOf(key, kind, item) {
    let label = null;
    const at = `translate(${item.x} ${item.z})`;
    if (kind === "cameras") {
      label = make("g", { class: "badge", transform: at, "data-key": key }, sign(make("circle", { r: 9 }), words(item.id, { dy: 4 })));
      label.takes = { at: [item.x, item.z], down: 0, size: [18, 18] };
    } else if (kind === "figures" || kind === "pieces" || kind === "meshes") {
      const text = plans.labelOf(this.store.plan, key, this.library);
      const down = kind === "figures" ? 24 : 0;
      label = make("g", { transform: at }, sign(words(text, { dy: down + 4 })));
      label.takes = { at: [item.x, item.z], down, size: [text.length * LETTER, 12] };
      // A name is written where it fits into its piece.
      label.needs = kind === "figures" ? 0 : (text.length * LETTER) / Math.max(...this.#spanOf(kind, item));
    }
    if (label) this.names.append(label);
    return label;
  }

  #spanOf(kind, item) {
    if (kind === "pieces") return [plans.sizeOf(item, this.library)[0], 0.05];
    return [plans.extentOf(item.boxes)[0] * item.scale, 0.05];
  }

  #drawHandles() {
    const { plan, single, editable } = this.store;
    this.#fitNames();
    for (const [key, { name }] of this.drawn) name?.classList.toggle("sel", this.store.selection.has(key));
    if (!single || !editable) return this.handles.replaceChildren();
    const { kind, wall } = plans.parse(single);
    const item = plans.find(plan, single);
    const knob = (name, [x, z]) => make("g", { transform: `translate(${metres(x)} ${metres(z)})`, class: `handle ${name}`, "data-handle": name }, sign(make("circle", { r: 10, class: "target" }), make("circle", { r: 5 })));
    let knobs = [];
    if (kind === "walls") knobs = [knob("a", item.a), knob("b", item.b)];
    else if (kind === "openings") {
      const owner = plans.find(plan, plans.keyOf("walls", wall));
      const along = (at) => [0, 1].map((axis) => owner.a[axis] + ((owner.b[axis] - owner.a[axis]) * at) / plans.wallLength(owner));
      knobs = [knob("left", along(item.at)), knob("right", along(item.at + item.width))];
    } else if (kind !== "lights") {
      const reach = kind === "cameras" ? WEDGE : kind === "figures" ? 0.75 : this.#depthOf(kind, item) + 24 / this.scale;
      const front = kind === "cameras" ? -reach : reach;
      knobs = [knob("turn", plans.turned([item.x, item.z + front], [item.x, item.z], kind === "cameras" ? item.pan : item.yaw))];
    }
    return this.handles.replaceChildren(...knobs);
  }

  #depthOf(kind, item) {
    if (kind === "pieces") return plans.sizeOf(item, this.library)[2] / 2;
    return kind === "stairs" ? 0 : 0.6;
  }

  #fitNames(pointed = this.pointed) {
    this.pointed = pointed;
    fitNames(this.drawn, { scale: this.scale, selection: this.store.selection, pointed });
  }

  /** Draw what a tool is about to do: elements in metres; none clears. */
  guide(...elements) {
    this.guides.replaceChildren(...elements);
  }

  /** A measured line for a guide: its length in words beside it. */
  measure(a, b, text) {
    const middle = make("g", { transform: `translate(${(a[0] + b[0]) / 2} ${(a[1] + b[1]) / 2})` }, sign(words(text, { class: "length", dy: -8 })));
    return [make("path", { class: "rule", d: `M${a}L${b}` }), middle];
  }
}
