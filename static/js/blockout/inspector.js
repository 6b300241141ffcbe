// The docked numbers of what is selected. A value that cannot stand is marked and not taken over.

import { FIELDS, SET_FIELDS, fault } from "./fields.js";
import { aimedAt, fieldOfView } from "./lens.js";
import * as plans from "./plan.js";

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (attribute in made && typeof value !== "string") made[attribute] = value;
    else made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

const shown = (value) => (typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value);

/** desk: {library, ratio, lookThrough(label)}. */
export class Inspector {
  constructor(host, store, desk) {
    Object.assign(this, { host, store, desk });
    this.inputs = [];
    store.addEventListener("selection", () => this.render());
    store.addEventListener("plan", () => this.refresh());
    this.render();
  }

  get context() {
    return { library: this.desk.library, store: this.store };
  }

  get subject() {
    const { plan, single } = this.store;
    return single ? plans.find(plan, single) : plan;
  }

  render() {
    const { plan, selection, single } = this.store;
    this.inputs = [];
    this.drawn = single;
    if (selection.size > 1) {
      const words = `${selection.size} things selected`;
      this.host.replaceChildren(element("h2", { class: "hd" }, words), element("p", {}, "They move, turn, double and go together."));
      return;
    }
    const kind = single ? plans.parse(single).kind : "";
    const title = single ? plans.labelOf(plan, single, this.desk.library) : "The set";
    const head = element("h2", { class: "hd" }, title, element("span", { class: "sp" }));
    const fields = element("div", { class: "blk-fields" }, ...(single ? FIELDS[kind] : SET_FIELDS).map((field) => this.#field(field)));
    this.host.replaceChildren(head, fields);
    if (kind === "cameras") this.#cameraParts(head);
    if (!single) this.#setParts();
    this.refresh();
  }

  #field(field) {
    const input = field.type === "select" ? element("select") : element("input", { type: field.type });
    if (field.type === "number") {
      Object.assign(input, { min: field.low, max: field.high, step: "any", inputMode: "decimal", required: !field.optional });
      input.addEventListener("keydown", (event) => this.#step(event, field, input));
    }
    if (field.type === "text") input.maxLength = 60;
    input.disabled = !this.store.editable;
    input.addEventListener("change", () => this.#take(field, input));
    const error = element("span", { class: "err", id: `blk-error-${this.inputs.length}`, role: "alert", hidden: true });
    this.inputs.push({ field, input, error });
    const cell = field.unit ? element("span", { class: "blk-unit" }, input, element("i", {}, field.unit)) : input;
    const wide = field.wide ? "wide" : field.span ? "two" : "";
    if (field.type === "checkbox") return element("div", { class: wide }, element("label", { class: "check" }, input, element("span", {}, field.label)), error);
    return element("div", { class: wide }, element("label", {}, element("span", {}, field.label), cell), error);
  }

  /** Arrow keys count by the field's step: a tenth of a metre, a degree; ten times that with Shift. */
  #step(event, field, input) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const by = (field.step ?? 0.1) * (event.shiftKey ? 10 : 1) * (event.key === "ArrowUp" ? 1 : -1);
    input.value = shown(Number(input.value || 0) + by);
    this.#take(field, input);
  }

  #take(field, input) {
    let value = field.type === "checkbox" ? input.checked : input.value;
    if (field.type === "number" && !(field.optional && value === "")) {
      value = Number(input.value.replace(",", "."));
      if (input.value === "" || !Number.isFinite(value)) return this.#refuse(input, `${field.label}: write a number.`);
      if (value < field.low || value > field.high) return this.#refuse(input, `${field.label}: use ${field.low} to ${field.high}${field.unit ? ` ${field.unit}` : ""}.`);
    }
    const key = this.store.single;
    const next = field.set(this.store.plan, key, value, this.context);
    const wrong = key ? fault(next, key) : "";
    if (wrong) return this.#refuse(input, wrong);
    this.#accept(input);
    return this.store.change(`change ${field.label.toLowerCase()}`, () => next);
  }

  /** The words stand under their field until it is corrected or its value changes otherwise. */
  #refuse(input, words) {
    const { field, error } = this.inputs.find((one) => one.input === input);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", error.id);
    input.refusedAt = field.get(this.subject, this.context);
    error.textContent = words;
    error.hidden = false;
  }

  #accept(input) {
    const { error } = this.inputs.find((one) => one.input === input);
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    error.hidden = true;
  }

  /** New values into the fields that nobody is typing in. */
  refresh() {
    const item = this.subject;
    // A change that also selects tells of the change first: the fields are still those of the item before.
    if (!item || this.store.selection.size > 1 || this.drawn !== this.store.single) return;
    for (const { field, input } of this.inputs) {
      if (field.type === "select") this.#choices(field, input, item);
      const value = field.get(item, this.context);
      if (input.getAttribute("aria-invalid")) {
        if (value === input.refusedAt) continue;
        this.#accept(input);
      }
      if (field.type === "checkbox") input.checked = value;
      else if (input.value !== String(shown(value))) input.value = shown(value);
    }
    if (this.angle) this.#showAngle();
  }

  #choices(field, select, item) {
    const options = typeof field.options === "function" ? field.options(item, this.context) : field.options;
    const signature = options.join("|");
    if (select.dataset.signature === signature) return;
    select.dataset.signature = signature;
    select.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
  }

  #cameraParts(head) {
    const label = plans.parse(this.store.single).id;
    const look = element("button", { class: "btn s", type: "button" }, "Look through");
    look.addEventListener("click", () => this.desk.lookThrough(label));
    head.append(look);
    this.angle = element("p", { class: "blk-angle", "data-field-of-view": "" });
    const targets = element("select", { "aria-label": "Aim the camera at", disabled: !this.store.editable });
    const keys = plans.allKeys(this.store.plan).filter((key) => ["figures", "pieces", "meshes"].includes(plans.parse(key).kind));
    targets.append(new Option("Aim at …", ""), ...keys.map((key) => new Option(plans.labelOf(this.store.plan, key, this.desk.library), key)));
    targets.addEventListener("change", () => this.#aim(targets));
    this.host.append(this.angle, element("div", { class: "blk-fields" }, element("label", { class: "wide" }, targets)));
  }

  #aim(targets) {
    const { plan, single } = this.store;
    const lens = plans.find(plan, single);
    const target = plans.find(plan, targets.value);
    if (!target) return;
    const height = plans.parse(targets.value).kind === "figures" ? (target.pose === "sit" || target.pose === "kneel" ? 1.2 : 1.55) : plans.sizeOf(target, this.desk.library)[1] / 2;
    const { pan, tilt } = aimedAt([lens.x, lens.y, lens.z], [target.x, (target.y ?? 0) + height, target.z]);
    this.store.change("aim a camera", (now) => plans.patch(now, single, { pan: plans.normalised(pan), tilt: Math.round(tilt * 10) / 10 }));
    targets.value = "";
  }

  #showAngle() {
    const lens = this.subject;
    if (!lens?.focal_mm) return;
    const { horizontal, vertical } = fieldOfView(lens, this.desk.ratio);
    this.angle.replaceChildren("Field of view ", element("b", {}, `${horizontal.toFixed(1)}°`), ` wide, ${vertical.toFixed(1)}° high at ${this.desk.ratio}:1`);
  }

  #setParts() {
    this.angle = null;
    const { plan } = this.store;
    const floor = element("button", { class: "btn o s", type: "button", disabled: !this.store.editable || !plan.walls.length }, "Floor follows the walls");
    floor.addEventListener("click", () => this.store.change("fit the floor", (now) => ({ ...now, outline: plans.floorOfWalls(now.walls) })));
    this.host.append(element("div", { class: "row wrap" }, floor), element("p", { class: "help" }, `Nothing is selected. Click a thing on the plan or in the list below${this.store.editable ? ", or draw with a tool" : ""}.`));
  }
}
