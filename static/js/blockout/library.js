// The library of pieces: groups with small drawings of what each looks like from the front and above, and a search.

import { make } from "./plan2d.js";

const SIDE = 0.38; // how much of its depth a drawing shows, up and to the right

/** The faces of one solid that are seen from the front, above and the right: lists of points on the drawing. */
function facesOf({ shape, centre, half, turn, taper }) {
  const t = turn ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const at = (u, v, w) => {
    const [x, y, z] = [0, 1, 2].map((axis) => centre[axis] + t[axis * 3] * half[0] * u + t[axis * 3 + 1] * half[1] * v + t[axis * 3 + 2] * half[2] * w);
    return [x - z * SIDE, -y + z * SIDE];
  };
  const circle = (v, r) => Array.from({ length: 12 }, (_, k) => at(Math.cos((k * Math.PI) / 6) * r, v, Math.sin((k * Math.PI) / 6) * r));
  if (shape === "ellipsoid") return [Array.from({ length: 12 }, (_, k) => at(Math.cos((k * Math.PI) / 6), Math.sin((k * Math.PI) / 6), 0))];
  if (shape === "cone") return [[...circle(-1, 1).slice(0, 7), ...circle(1, taper).slice(0, 7).reverse()], circle(1, taper)];
  return [
    [at(-1, -1, 1), at(1, -1, 1), at(1, 1, 1), at(-1, 1, 1)],
    [at(-1, 1, 1), at(1, 1, 1), at(1, 1, -1), at(-1, 1, -1)],
    [at(1, -1, 1), at(1, -1, -1), at(1, 1, -1), at(1, 1, 1)],
  ];
}

/** A small oblique drawing of a piece's solids, back to front. */
function drawing({ solids }) {
  const ordered = [...solids].sort((one, other) => one.centre[2] - other.centre[2] || one.centre[1] - other.centre[1]).slice(-80);
  const faces = ordered.map(facesOf);
  const [xs, ys] = [0, 1].map((axis) => faces.flat(2).map((point) => point[axis]));
  const [x, y, width, height] = [Math.min(...xs), Math.min(...ys), Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
  const pad = Math.max(width, height) * 0.04;
  const shape = (face) => `M${face.map((point) => point.map((value) => value.toFixed(3)).join(" ")).join("L")}Z`;
  const paths = faces.map((several) => make("path", { d: several.map(shape).join("") }));
  return make("svg", { viewBox: `${x - pad} ${y - pad} ${width + 2 * pad} ${height + 2 * pad}`, "aria-hidden": "true" }, ...paths);
}

/** editor: {piece, takePiece(kind)}. */
export class LibraryPanel {
  constructor(host, library, editor) {
    Object.assign(this, { library, editor });
    this.list = host.querySelector("[data-library-list]");
    this.search = host.querySelector("[data-library-search]");
    this.search.addEventListener("input", () => this.render());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.list.querySelector("[data-piece]")?.click();
    });
    this.list.addEventListener("click", (event) => {
      const kind = event.target.closest("[data-piece]")?.dataset.piece;
      if (kind) this.editor.takePiece(kind);
    });
    this.list.addEventListener("toggle", (event) => this.#open(event.target), true);
    editor.addEventListener("tool", () => this.mark());
    this.render();
  }

  render() {
    const words = this.search.value.trim().toLowerCase();
    const groups = this.library.groups
      .map(({ name, kinds }) => ({ name, kinds: kinds.filter((kind) => !words || kind.includes(words) || name.includes(words)) }))
      .filter(({ kinds }) => kinds.length);
    const parts = groups.map(({ name, kinds }, index) => {
      const group = document.createElement("details");
      group.dataset.group = name;
      group.dataset.kinds = JSON.stringify(kinds);
      const title = document.createElement("summary");
      const count = document.createElement("span");
      title.textContent = name.charAt(0).toUpperCase() + name.slice(1);
      count.textContent = kinds.length;
      title.append(count);
      group.append(title);
      group.open = Boolean(words) || index < 2;
      return group;
    });
    if (!parts.length) {
      const none = document.createElement("p");
      none.className = "help";
      none.textContent = `Nothing called “${this.search.value.trim()}”. Take a block from the shapes and give it exact sizes.`;
      parts.push(none);
    }
    this.list.replaceChildren(...parts);
    for (const group of parts) if (group.open) this.#open(group);
  }

  /** Drawings are made when their group is first opened. */
  #open(group) {
    if (!group.open || group.querySelector(".blk-grid")) return;
    const grid = document.createElement("div");
    grid.className = "blk-grid";
    for (const kind of JSON.parse(group.dataset.kinds)) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "blk-piece", title: `${kind}, ${this.library.pieces[kind].size.map((metres) => metres.toFixed(2)).join(" × ")} m` });
      button.dataset.piece = kind;
      const words = document.createElement("span");
      words.textContent = kind;
      button.append(drawing(this.library.pieces[kind]), words);
      grid.append(button);
    }
    group.append(grid);
    this.mark();
  }

  mark() {
    for (const button of this.list.querySelectorAll("[data-piece]")) {
      button.setAttribute("aria-pressed", String(this.editor.tool === "piece" && this.editor.piece === button.dataset.piece));
    }
  }
}
