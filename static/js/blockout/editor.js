// The blockout editor: puts plan, views, tools and saving together, and gives the keyboard its words.

import { gestures2d } from "./gestures2d.js";
import { gestures3d } from "./gestures3d.js";
import { Inspector } from "./inspector.js";
import { LibraryPanel } from "./library.js";
import { Mask } from "./mask.js";
import { Outline } from "./outline.js";
import { Plan2D } from "./plan2d.js";
import * as plans from "./plan.js";
import { Saving } from "./saving.js";
import { snapping } from "./snapping.js";
import { PlanStore } from "./store.js";
import { versions } from "./versions.js";
import { View3D } from "./view3d.js";

const $ = (selector) => document.querySelector(selector);
const $$ = (selector) => [...document.querySelectorAll(selector)];
const TYPING = "input:not([type=checkbox]), textarea, select";
const NUDGES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const say = (text, level = "info") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));

/** Which tool is held. Fires "tool". */
class Desk extends EventTarget {
  tool = "select";
  piece = "table";
  panning = false; // while Space is down

  say = say;

  useTool(tool) {
    this.tool = tool;
    for (const button of $$("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    $("[data-sheet]").classList.toggle("pen", !["select", "rotate"].includes(tool));
    this.dispatchEvent(new Event("tool"));
  }

  takePiece(kind) {
    this.piece = kind;
    this.useTool("piece");
  }
}

const notice = {
  show(words, level = "info", actions = []) {
    const bar = $("[data-notice]");
    bar.hidden = false;
    bar.classList.toggle("bad", level === "bad");
    bar.querySelector("p").textContent = words;
    const buttons = (actions.length ? actions : [["Close", () => notice.hide()]]).map(([label, verb]) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn s", textContent: label });
      button.addEventListener("click", verb);
      return button;
    });
    bar.querySelector("[data-notice-actions]").replaceChildren(...buttons);
  },
  hide() {
    $("[data-notice]").hidden = true;
  },
};

function makeView(store, options) {
  try {
    return new View3D($("[data-stage]"), store, options);
  } catch {
    const words = document.createElement("p");
    words.className = "blk-none";
    words.textContent = "This browser draws no 3D (WebGL is off). The floor plan works, and the pictures on the set's page come from the server.";
    $("[data-stage]").replaceChildren(words);
    return null;
  }
}

/** Buttons "3D, A, B, C" over the view. */
function eyes(view, store) {
  const host = $("[data-eyes]");
  const render = () => {
    const labels = ["", ...store.plan.cameras.map((camera) => camera.id)];
    const signature = labels.join() + view.through;
    if (host.dataset.signature === signature) return;
    host.dataset.signature = signature;
    host.replaceChildren(
      ...labels.map((label) => {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", textContent: label || "Free" });
        if (label) button.setAttribute("aria-label", `Look through camera ${label}`);
        button.setAttribute("aria-pressed", String(view.through === label));
        button.addEventListener("click", () => {
          view.lookThrough(label);
          if (label) store.select([plans.keyOf("cameras", label)]);
        });
        return button;
      }),
    );
  };
  store.addEventListener("plan", render);
  view.host.addEventListener("view", render);
  render();
}

function verbs({ store, sheet, view, saving, desk, library }) {
  const keys = () => store.keys;
  return {
    save: () => saving.save(),
    undo: () => store.undo(),
    redo: () => store.redo(),
    turn: () => store.change("rotate", (plan) => plans.rotateBy(plan, keys(), snapping.angle || 15)),
    "turn-back": () => store.change("rotate", (plan) => plans.rotateBy(plan, keys(), -(snapping.angle || 15))),
    duplicate() {
      let copies = [];
      store.change("duplicate", (plan) => {
        const [next, made] = plans.duplicate(plan, keys(), Math.max(snapping.step, 0.5));
        copies = made;
        return made.length ? next : plan;
      });
      if (copies.length) store.select(copies);
      else if (store.selection.size) say("There is no room for another one.");
    },
    delete: () => store.change("delete", (plan) => plans.remove(plan, keys())),
    "zoom-in": () => sheet.zoom(1.25),
    "zoom-out": () => sheet.zoom(0.8),
    fit() {
      sheet.fit();
      view?.frame(keys());
    },
    import: () => $("[data-import-file]").click(),
    async imported(file) {
      const form = new FormData();
      form.append("file", file);
      const answer = await fetch(desk.urls.import, { method: "POST", headers: JSON.parse(document.body.getAttribute("hx-headers")), body: form });
      const told = await answer.json().catch(() => ({}));
      notice.hide();
      if (!answer.ok) return notice.show(told.error ?? `The model could not be read: the server answered ${answer.status}.`, "bad");
      library.models[told.mesh.sha256] = told.shape;
      let key = "";
      store.change(`import ${told.mesh.name}`, (plan) => {
        const [next, made] = plans.add(plan, "meshes", told.mesh);
        key = made;
        return made ? next : plan;
      });
      return key && store.select([key]);
    },
  };
}

function keyboard({ store, desk, gestures }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.closest?.(TYPING) || $("dialog[open]")) return;
    if (event.key === "Escape") {
      if (gestures.busy()) gestures.stop();
      else if (desk.tool !== "select") desk.useTool("select");
      else store.select([]);
    } else if (event.key === " " && !event.target.closest?.("a, button, summary")) {
      event.preventDefault();
      desk.panning = true;
      $("[data-sheet]").classList.add("hand");
    } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      store.select(plans.allKeys(store.plan));
    } else if (event.key === "Backspace") {
      store.change("delete", (plan) => plans.remove(plan, store.keys));
    } else if (NUDGES[event.key] && store.selection.size && !event.ctrlKey && !event.metaKey && !event.target.closest?.("[data-rove]")) {
      event.preventDefault();
      const [dx, dz] = NUDGES[event.key].map((direction) => direction * snapping.nudge(event));
      store.change("nudge", (plan) => plans.moveBy(plan, store.keys, dx, dz));
    } else if ((event.key === "PageUp" || event.key === "PageDown") && store.selection.size) {
      event.preventDefault();
      const rise = snapping.nudge(event) * (event.key === "PageUp" ? 1 : -1);
      store.change("raise", (plan) => plans.moveBy(plan, store.keys, 0, 0, rise));
    }
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== " ") return;
    desk.panning = false;
    $("[data-sheet]").classList.remove("hand");
  });
}

function wire({ store, view, sheet, desk, verb }) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-tool], [data-layout], [data-mode]");
    if (!button) return;
    const { do: name, tool, layout, mode } = button.dataset;
    if (name) verb[name]();
    if (tool) desk.useTool(tool);
    if (layout) $("[data-views]").dataset.views = layout;
    if (mode) view?.setMode(mode);
    if (layout || mode) for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
  });
  for (const select of $$("[data-snap]")) {
    select.addEventListener("change", () => {
      snapping[select.dataset.snap] = Number(select.value);
    });
  }
  $("[data-import-file]")?.addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) await verb.imported(file);
    event.target.value = "";
  });
  const scale = $("[data-scale]");
  sheet.svg.addEventListener("scale", (event) => {
    scale.textContent = `Grid ${event.detail} m`;
  });
  const where = $("[data-coordinates]");
  sheet.svg.addEventListener("pointermove", (event) => {
    const [x, z] = sheet.at(event);
    where.hidden = false;
    where.textContent = `x ${x.toFixed(2)}  z ${z.toFixed(2)}`;
  });
  const needs = { undo: () => store.past.length, redo: () => store.future.length };
  const enable = () => {
    for (const [name, test] of Object.entries(needs)) $(`[data-do=${name}]`)?.toggleAttribute("disabled", !test());
    for (const name of ["turn", "duplicate", "delete"]) $(`[data-do=${name}]`)?.toggleAttribute("disabled", !store.selection.size);
  };
  store.addEventListener("plan", enable);
  store.addEventListener("selection", enable);
  enable();
}

async function open() {
  const given = JSON.parse($("#blockout-desk").textContent);
  const library = await (await fetch(given.urls.library)).json();
  library.models = given.urls.models ? await (await fetch(given.urls.models)).json() : {};
  const store = new PlanStore(given.document, { number: given.number, editable: given.editable });
  const desk = Object.assign(new Desk(), { urls: given.urls });
  const options = { library, ratio: given.ratio };
  const sheet = new Plan2D($("[data-sheet]"), store, options);
  const view = makeView(store, options);
  const saving = new Saving(store, given, {
    notice, state: $("[data-plan-state]"), number: $("[data-plan-number]"), exported: $("[data-exported]"), dialog: $("#blockout-conflict"), button: $("[data-do=save]"),
  });
  versions($("[data-versions]"), $("[data-newest-plan] > *"), saving);
  const gestures = gestures2d(sheet, store, desk);
  if (view) {
    gestures3d(view, store, snapping);
    eyes(view, store);
    new Mask($("[data-mask]"), $("[data-lens]"), view, { ratio: given.ratio, safeBox: $("[data-safe-box]") });
    view.frame();
  }
  new Inspector($("[data-inspector]"), store, { library, ratio: given.ratio, lookThrough: (label) => view?.lookThrough(label) });
  new Outline($("[data-objects]"), $("[data-object-count]"), store, library);
  if ($("[data-library]")) new LibraryPanel($("[data-library]"), library, desk);
  const verb = verbs({ store, sheet, view, saving, desk, library });
  wire({ store, view, sheet, desk, verb });
  keyboard({ store, desk, gestures });
  // For tests, and for whoever looks into the page with the browser's tools.
  const edges = async (label, width) => (await import("./edges.js")).edgePixels(view, label, width);
  $(".blk-desk").blockout = { store, view, sheet, library, edges };
  if (given.camera && plans.find(store.plan, plans.keyOf("cameras", given.camera))) $(`[data-eyes] [aria-label$="camera ${given.camera}"]`)?.click();
  $(".blk-desk").dataset.ready = "";
}

open().catch((error) => {
  notice.show("The editor could not start. Reload the page; your draft is kept in this browser.", "bad");
  throw error;
});
