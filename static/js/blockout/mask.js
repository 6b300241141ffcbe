// What lies over the view through a camera: the production's frame, its safe areas, and the lens in words.

import { SENSORS } from "./lens.js";
import { make } from "./plan2d.js";

const ACTION_SAFE = 0.93;
const TITLE_SAFE = 0.9;

export class Mask {
  constructor(svg, words, view, { ratio, safeBox }) {
    Object.assign(this, { svg, words, view, ratio, safeBox });
    this.safe = safeBox.querySelector("input");
    this.safe.addEventListener("change", () => this.draw());
    view.host.addEventListener("view", () => this.draw());
    view.store.addEventListener("plan", () => this.draw());
    this.draw();
  }

  draw() {
    const lens = this.view.lens;
    this.safeBox.hidden = !lens;
    this.words.textContent = lens ? this.#inWords(lens) : "";
    if (!lens) return this.svg.replaceChildren();
    const { width, height } = this.view.size;
    const box = this.view.frameBox();
    const rect = (share) => {
      const [w, h] = [box.width * share, box.height * share];
      return { x: box.x + (box.width - w) / 2, y: box.y + (box.height - h) / 2, width: w, height: h };
    };
    const { x, y } = box;
    const outside = `M0 0H${width}V${height}H0ZM${x} ${y}V${y + box.height}H${x + box.width}V${y}Z`;
    const parts = [make("path", { class: "dark", d: outside }), make("rect", { class: "frame", ...rect(1) })];
    if (this.safe.checked) {
      const [cx, cy] = [x + box.width / 2, y + box.height / 2];
      parts.push(make("rect", { class: "safe", ...rect(ACTION_SAFE) }), make("rect", { class: "safe", ...rect(TITLE_SAFE) }));
      parts.push(make("path", { class: "safe", d: `M${cx - 9} ${cy}H${cx + 9}M${cx} ${cy - 9}V${cy + 9}` }));
    }
    return this.svg.replaceChildren(...parts);
  }

  #inWords(lens) {
    const { horizontal, vertical } = this.view.angles;
    return `Camera ${lens.id} · ${SENSORS[lens.sensor].label} · ${lens.focal_mm} mm · ${horizontal.toFixed(1)}° × ${vertical.toFixed(1)}° · ${this.ratio}:1 · lens at ${lens.y.toFixed(2)} m`;
  }
}
