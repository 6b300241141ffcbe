// The Control section of the composer, and taking earlier frames back to it. Markup contract:
//   .chip[data-chip="name"] [data-chip-words]   says what acts; its popover is [data-pop="name"]
//   [data-shows="refine inpaint"]               shown for these ways to start only
//   output[data-of="id"][data-unit]             repeats the value of a slider
//   [data-clear="id"]                           empties a field
//   form[data-abilities]                        model -> what it can; what it cannot is said before anybody presses Generate
//   a[data-use="how"] in [data-sheet][data-frame]   takes a frame over; #use/how/sheet/frame does so after a page was opened
//   a[data-opens-composer]                      leads to the page's composer where it is not there yet
// The server judges everything again; this only says it earlier.

const WAYS = { text: "New frame", refine: "Refine", inpaint: "Repaint", extend: "Extend" };
const NEEDS = { text: null, refine: "refine", inpaint: "inpaint", extend: "inpaint" };
const WORDS = { refine: "refine a frame", inpaint: "repaint part of a frame", depth: "follow a blockout", reference: "follow a reference picture" };

const form = (element) => element.closest("form[data-composer]");
const field = (composer, name) => composer.querySelector(`[name="${name}"]`);
const value = (composer, name) => field(composer, name)?.value.trim() ?? "";

function wayOf(composer) {
  return composer.querySelector('[name="way"]:checked')?.value || "text";
}

function chip(composer, name) {
  return composer.querySelector(`[data-chip="${name}"]`);
}

function say(composer, name, words, on) {
  const button = chip(composer, name);
  if (!button) return;
  button.querySelector("[data-chip-words]").textContent = words;
  button.classList.toggle("on", on);
}

function gridWords(composer) {
  const axes = [1, 2, 3].map((number) => field(composer, `axis_${number}`)).filter((axis) => axis?.value);
  return axes.map((axis) => axis.selectedOptions[0].textContent.toLowerCase()).join(" × ");
}

function cannot(composer) {
  const able = JSON.parse(composer.dataset.abilities || "{}")[value(composer, "model")];
  if (!able) return "";
  const way = wayOf(composer);
  const wanted = [NEEDS[way]];
  if (value(composer, "reference")) wanted.push("reference");
  const lacking = wanted.find((ability) => ability && !able.includes(ability));
  return lacking ? `This model cannot ${WORDS[lacking]}. Choose another one, or start differently.` : "";
}

function refresh(composer) {
  const way = wayOf(composer);
  for (const part of composer.querySelectorAll("[data-shows]")) {
    part.hidden = !part.dataset.shows.split(" ").includes(way);
  }
  for (const output of composer.querySelectorAll("output[data-of]")) {
    output.textContent = (document.getElementById(output.dataset.of)?.value ?? "") + (output.dataset.unit ?? "");
  }
  const start = chip(composer, "start");
  if (start) {
    start.querySelector("[data-chip-name]").textContent = WAYS[way];
    const number = composer.querySelector(".start-from b")?.textContent.match(/v\d+$/)?.[0] ?? "";
    const marked = composer.querySelector("[data-mask-words]")?.textContent.match(/^\d+ %/)?.[0] ?? "no mask";
    const amount = { refine: ` ${value(composer, "strength")} %`, inpaint: ` ${marked}` }[way] ?? "";
    say(composer, "start", way === "text" ? "" : number + amount, way !== "text");
  }
  const blockout = chip(composer, "blockout");
  if (blockout && field(composer, "control_strength")) {
    blockout.dataset.usual ??= blockout.querySelector("[data-chip-words]").textContent;
    const strength = Number(value(composer, "control_strength"));
    say(composer, "blockout", strength === 0 ? "off" : strength < 100 || !/words/.test(blockout.dataset.usual) ? `${strength} %` : blockout.dataset.usual, false);
  }
  const reference = value(composer, "reference");
  say(composer, "reference", reference ? `${value(composer, "reference_strength")} %` : "off", Boolean(reference));
  const grid = gridWords(composer);
  say(composer, "grid", grid || "off", Boolean(grid));
  const more = [value(composer, "steps") && `${value(composer, "steps")} steps`, value(composer, "guidance") && `guidance ${value(composer, "guidance")}`].filter(Boolean);
  say(composer, "more", more.join(", "), more.length > 0);
  const warning = composer.querySelector("[data-cannot]");
  if (warning) {
    warning.textContent = cannot(composer);
    warning.hidden = !warning.textContent;
  }
}

document.addEventListener("input", (event) => {
  const composer = event.target.closest?.("form[data-composer]");
  if (!composer) return;
  if (event.target.name === "strength") event.target.dataset.touched = "true";
  if (event.target.name === "way") {
    if (startFromNewest(composer, event.target.value)) return;
    const strength = field(composer, "strength");
    const usual = JSON.parse(composer.dataset.usual || "{}")[event.target.value];
    if (strength && usual && !strength.dataset.touched) strength.value = usual;
  }
  refresh(composer);
});
document.addEventListener("change", (event) => {
  const composer = event.target.closest?.("form[data-composer]");
  if (composer) refresh(composer);
});

document.addEventListener("click", (event) => {
  const clear = event.target.closest("[data-clear]");
  if (clear) {
    document.getElementById(clear.dataset.clear).value = "";
    const composer = form(clear);
    clear.previousElementSibling?.matches("input") && clear.remove();
    refresh(composer);
  }
  const drop = event.target.closest("[data-drop-reference]");
  if (drop) {
    const composer = form(drop);
    field(composer, "reference").value = "";
    drop.closest(".start-from").remove();
    refresh(composer);
  }
});

// --- popovers stand above their chip, inside the window -------------------------------------------

document.addEventListener(
  "toggle",
  (event) => {
    const pop = event.target;
    if (event.newState !== "open" || !pop.matches?.("[data-pop]")) return;
    const opener = document.querySelector(`[popovertarget="${CSS.escape(pop.id)}"]`);
    if (!opener) return;
    const box = opener.getBoundingClientRect();
    const above = box.top - 14;
    const below = innerHeight - box.bottom - 14;
    const upwards = above > below;
    pop.style.left = `${Math.max(8, Math.min(box.left, innerWidth - pop.offsetWidth - 8))}px`;
    pop.style.maxHeight = `${Math.max(above, below)}px`;
    pop.style.top = upwards ? "auto" : `${box.bottom + 6}px`;
    pop.style.bottom = upwards ? `${innerHeight - box.top + 6}px` : "auto";
  },
  true,
);

// --- taking a frame over ---------------------------------------------------------------------------

// A composer that was opened before the first frame came knows none to start from; the tray does.
function startFromNewest(composer, way) {
  const how = { refine: "start", inpaint: "repaint", extend: "extend" }[way];
  const menu = document.querySelector(`.takes .use-pop[data-sheet="${CSS.escape(composer.dataset.sheet)}"]`);
  if (!how || !menu || composer.querySelector("[data-pop=start] .start-from")) return false;
  const pop = composer.querySelector("[data-pop=start]").id;
  use(how, menu.dataset.sheet, menu.dataset.frame)?.then(() => document.querySelector("dialog[data-mask][open]") ?? document.getElementById(pop)?.showPopover());
  return true;
}

// Fills the composer of a sheet from a frame; undefined where the page shows no such composer.
function use(how, sheet, frame) {
  const composer = document.querySelector(`form[data-composer][data-sheet="${CSS.escape(sheet)}"]`);
  if (!composer) return undefined;
  const values = Object.fromEntries([...new FormData(composer)].filter(([, found]) => typeof found === "string"));
  return htmx
    .ajax("POST", `/frame/${frame}/use/${how}/${new URL(composer.action).search}`, { source: composer, target: composer, swap: "outerHTML", values })
    .then(() => {
      const filled = document.querySelector(`form[data-composer][data-sheet="${CSS.escape(sheet)}"]`);
      filled?.querySelector("textarea")?.focus();
      if (how === "repaint") takeTheBrush(filled);
    });
}

// Who repaints paints next; a model that cannot says so first.
function takeTheBrush(composer) {
  if (composer && wayOf(composer) === "inpaint" && !cannot(composer)) composer.querySelector("[data-mask-open]:not(:disabled)")?.click();
}

// With the mouse only: arrow keys pass Repaint on their way to Extend, and find the brush's button below.
document.addEventListener("click", (event) => {
  const composer = event.detail && event.target.matches('[name="way"][value="inpaint"]') && form(event.target);
  // The choice itself follows this click.
  if (composer) setTimeout(() => takeTheBrush(composer));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-use]");
  if (!link || event.ctrlKey || event.metaKey) return;
  const menu = link.closest("[data-sheet]");
  if (!use(link.dataset.use, menu.dataset.sheet, menu.dataset.frame)) return;
  event.preventDefault();
  menu.hidePopover?.();
});

function useFromAddress() {
  const found = location.hash.match(/^#use\/([a-z]+)\/([0-9a-f-]{36})\/([0-9a-f-]{36})$/);
  if (!found) return;
  if (use(found[1], found[2], found[3])) {
    history.replaceState(history.state, "", location.pathname + location.search);
    return;
  }
  // Pages that show their composer only when asked have a link that opens it.
  const door = document.querySelector("a[data-opens-composer]");
  if (door) location.assign(new URL(door.href, location.href).href + location.hash);
}

function prepare(root) {
  const composers = root.matches?.("form[data-composer]") ? [root] : (root.querySelectorAll?.("form[data-composer]") ?? []);
  for (const composer of composers) if (composer.dataset.abilities) refresh(composer);
  const around = root.closest?.("form[data-composer][data-abilities]");
  if (around) refresh(around);
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
window.addEventListener("hashchange", useFromAddress);
if (document.readyState === "complete") useFromAddress();
else window.addEventListener("load", useFromAddress);
