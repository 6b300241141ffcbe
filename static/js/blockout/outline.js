// The list of everything in the set: what the plan shows to the eye, this gives to the keyboard.

import * as plans from "./plan.js";

const TITLES = { cameras: "Cameras", figures: "Figures", lights: "Lights", walls: "Walls", stairs: "Stairs", pieces: "Pieces", meshes: "Models" };
const ORDER = ["cameras", "figures", "lights", "walls", "stairs", "pieces", "meshes"];

export class Outline {
  constructor(host, count, store, library) {
    Object.assign(this, { host, count, store, library });
    this.shown = "";
    host.setAttribute("role", "listbox");
    host.setAttribute("aria-multiselectable", "true");
    host.setAttribute("aria-label", "Objects of the set");
    host.addEventListener("click", (event) => this.#press(event));
    host.addEventListener("keydown", (event) => this.#walk(event));
    store.addEventListener("plan", () => this.render());
    store.addEventListener("selection", () => this.mark());
    this.render();
  }

  #rows(plan) {
    return ORDER.flatMap((kind) =>
      plan[kind].flatMap((item) => {
        const key = plans.keyOf(kind, item.id);
        const openings = kind === "walls" ? item.openings.map((one) => `openings:${item.id}/${one.id}`) : [];
        return [key, ...openings].map((one) => ({ kind, key: one, label: plans.labelOf(plan, one, this.library), note: this.#note(plan, one) }));
      }),
    );
  }

  #note(plan, key) {
    const { kind, wall } = plans.parse(key);
    const item = plans.find(plan, key);
    if (kind === "cameras") return `${item.focal_mm} mm`;
    if (kind === "walls") return `${plans.wallLength(item).toFixed(2)} m`;
    if (kind === "openings") return `in wall ${wall.replace(/^w/, "")}`;
    return kind === "figures" ? item.pose : "";
  }

  render() {
    const rows = this.#rows(this.store.plan);
    const signature = rows.map(({ key, label, note }) => `${key}|${label}|${note}`).join();
    if (signature === this.shown) return;
    this.shown = signature;
    const focused = document.activeElement?.closest("[data-row]")?.dataset.row;
    const parts = [];
    let kind = "";
    for (const row of rows) {
      if (row.kind !== kind) {
        kind = row.kind;
        const title = document.createElement("h3");
        title.textContent = `${TITLES[kind]} ${this.store.plan[kind].length}`;
        parts.push(title);
      }
      const button = document.createElement("button");
      Object.assign(button, { type: "button", tabIndex: -1 });
      button.dataset.row = row.key;
      button.setAttribute("role", "option");
      for (const words of [row.label, row.note].filter(Boolean)) {
        const span = document.createElement("span");
        span.textContent = words;
        span.className = "ell";
        button.append(span);
      }
      parts.push(button);
    }
    this.host.replaceChildren(...parts);
    this.count.textContent = rows.length;
    this.mark();
    if (focused) this.host.querySelector(`[data-row="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  mark() {
    const buttons = [...this.host.querySelectorAll("[data-row]")];
    for (const button of buttons) {
      const selected = this.store.selection.has(button.dataset.row);
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = -1;
    }
    const entry = buttons.find((button) => button.getAttribute("aria-selected") === "true") ?? buttons[0];
    if (entry) entry.tabIndex = 0;
    if (this.store.single) entry?.scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    const key = event.target.closest("[data-row]")?.dataset.row;
    if (key) this.store.select([key], { toggle: event.shiftKey || event.ctrlKey || event.metaKey });
  }

  /** Up and down go through the list and select; arrows here do not move things. */
  #walk(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const buttons = [...this.host.querySelectorAll("[data-row]")];
    const at = buttons.indexOf(document.activeElement);
    const next = buttons[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
    this.store.select([next.dataset.row], { toggle: event.shiftKey });
  }
}
