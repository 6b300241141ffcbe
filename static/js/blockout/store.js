// What the editor knows: the plan, what is selected, and the steps that can be taken back.

import * as plans from "./plan.js";

const MOST_STEPS = 200;

/** Fires "plan" when the document changed, "selection" when what is selected did, "saved" after a save. */
export class PlanStore extends EventTarget {
  constructor(plan, { number, editable }) {
    super();
    this.plan = plan;
    this.number = number; // of the revision that `saved` is
    this.saved = plan;
    this.editable = editable;
    this.selection = new Set();
    this.past = [];
    this.future = [];
    this.before = null; // the plan at the start of a drag
    this.words = "";
  }

  get dirty() {
    return this.plan !== this.saved;
  }

  get keys() {
    return [...this.selection];
  }

  /** The one selected key, or "" when there is none or several. */
  get single() {
    return this.selection.size === 1 ? this.keys[0] : "";
  }

  /** One step that undo takes back. verb: plan -> plan. */
  change(words, verb) {
    if (!this.editable) return;
    const next = verb(this.plan);
    if (next === this.plan) return;
    this.#remember(words, this.plan);
    this.#show(next);
  }

  /** During a drag: the plan at its start is changed again and again; `commit` makes one step of it. */
  preview(words, verb) {
    if (!this.editable) return;
    this.before ??= this.plan;
    this.words = words;
    this.#show(verb(this.before));
  }

  commit() {
    const before = this.before;
    this.before = null;
    if (before && before !== this.plan) this.#remember(this.words, before);
    if (before) this.#tell("plan");
  }

  cancel() {
    const before = this.before;
    this.before = null;
    if (before) this.#show(before);
  }

  undo() {
    const step = this.past.pop();
    if (!step) return "";
    this.future.push({ words: step.words, plan: this.plan });
    this.#show(step.plan);
    return step.words;
  }

  redo() {
    const step = this.future.pop();
    if (!step) return "";
    this.past.push({ words: step.words, plan: this.plan });
    this.#show(step.plan);
    return step.words;
  }

  select(keys, { toggle = false } = {}) {
    const next = toggle ? new Set(this.selection) : new Set();
    for (const key of keys) {
      if (toggle && next.has(key)) next.delete(key);
      else next.add(key);
    }
    if (next.size === this.selection.size && [...next].every((key) => this.selection.has(key))) return;
    this.selection = next;
    this.#tell("selection");
  }

  /** The server has stored this plan as revision `number`. */
  storedAs(number, plan) {
    this.number = number;
    this.saved = plan;
    this.#tell("saved");
  }

  /** Another revision takes the place of this one; the steps so far can still be taken back. */
  replace(plan, number) {
    this.#remember("load another revision", this.plan);
    this.number = number;
    this.saved = plan;
    this.#show(plan);
    this.#tell("saved");
  }

  #remember(words, plan) {
    this.past.push({ words, plan });
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
  }

  #show(plan) {
    this.plan = plan;
    const gone = this.keys.filter((key) => !plans.find(plan, key));
    for (const key of gone) this.selection.delete(key);
    this.#tell("plan");
    if (gone.length) this.#tell("selection");
  }

  #tell(kind) {
    this.dispatchEvent(new Event(kind));
  }
}
