// The fitting room: the result over its photo, the outfit beside it, and its progress.
//   #fitting-stage[data-view=wipe|mask|difference|pair|plain][data-shows=composite|repainted] > .fit-pic > img.after, img.before, canvas.over
//   button[data-view]   button[data-candidate]   [data-for=candidate]   input[data-wipe]
//   #fitting-main[data-refresh]   asked for again when the socket says that the change has news
//   ol.fit-steps[data-job]        follows #job-<id>-step, which the socket draws
// Everything visible follows from data attributes and custom properties, because inline styles are refused.

const stage = () => document.getElementById("fitting-stage");
const TYPED = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, dialog";
const APART = 2; // of 255 in some channel: that much counts as another pixel
const GAIN = 4; // a difference is shown so many times as strong
const MASK_TINT = [240, 166, 58];
const KEPT_TINT = [99, 192, 143];
// What somebody was looking at, while the result is drawn again under them.
const looking = { view: null, shows: null, wipe: 50 };
const first = document.getElementById("fitting-main")?.dataset.state;

const clamp = (value) => Math.min(100, Math.max(0, value));
const shown = () => stage().querySelector(`img.after[data-candidate="${stage().dataset.shows}"]`);

// --- what is looked at -----------------------------------------------------------------------------

function wipeTo(percent) {
  looking.wipe = clamp(percent);
  const range = stage().querySelector("[data-wipe]");
  if (range) range.value = looking.wipe;
  stage().style.setProperty("--wipe", looking.wipe / 100);
  const words = stage().querySelector("[data-says-wipe]");
  if (words) words.textContent = `${Math.round(looking.wipe)} %`;
}

function setView(view) {
  if (!document.querySelector(`button[data-view="${view}"]`)) return;
  looking.view = view;
  stage().dataset.view = view;
  for (const button of document.querySelectorAll("button[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  paintOver();
}

function setCandidate(kind) {
  if (!stage().querySelector(`img.after[data-candidate="${kind}"]`)) return;
  looking.shows = kind;
  stage().dataset.shows = kind;
  for (const button of document.querySelectorAll("button[data-candidate]")) button.setAttribute("aria-pressed", String(button.dataset.candidate === kind));
  for (const piece of document.querySelectorAll("#fitting-main [data-for], #fitting-side [data-for]")) piece.hidden = piece.dataset.for !== kind;
  const button = document.querySelector(`button[data-candidate="${kind}"] b`);
  stage().querySelector("[data-says-candidate]").textContent = button?.textContent ?? "";
  paintOver();
}

// --- mask and difference ---------------------------------------------------------------------------

function pixelsOf(picture, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

async function load(address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return picture;
}

function tint(picture, mask, kept) {
  for (let at = 0; at < picture.data.length; at += 4) {
    const [colour, share] = kept.data[at] > 127 ? [KEPT_TINT, 110] : [MASK_TINT, (mask.data[at] * 140) / 255];
    for (let channel = 0; channel < 3; channel += 1) picture.data[at + channel] = colour[channel];
    picture.data[at + 3] = share;
  }
}

function differ(picture, before, after) {
  let apart = 0;
  for (let at = 0; at < picture.data.length; at += 4) {
    let most = 0;
    for (let channel = at; channel < at + 3; channel += 1) {
      const off = Math.abs(before.data[channel] - after.data[channel]);
      picture.data[channel] = Math.min(255, off * GAIN);
      most = Math.max(most, off);
    }
    picture.data[at + 3] = 255;
    if (most > APART) apart += 1;
  }
  return (100 * apart) / (picture.width * picture.height);
}

async function paintOver() {
  const here = stage();
  const canvas = here.querySelector("canvas.over");
  const words = here.querySelector("[data-says-view]");
  if (!canvas) return;
  const { view, shows } = here.dataset;
  canvas.hidden = view !== "mask" && view !== "difference";
  words.textContent = "";
  if (canvas.hidden) return;
  const after = shown();
  const [width, height] = [Number(after.getAttribute("width")), Number(after.getAttribute("height"))];
  Object.assign(canvas, { width, height });
  const picture = new ImageData(width, height);
  try {
    if (view === "mask") {
      const [mask, kept] = await Promise.all([load(after.dataset.mask), load(canvas.dataset.protected)]);
      tint(picture, pixelsOf(mask, width, height), pixelsOf(kept, width, height));
      words.textContent = "Amber may change, green is kept to the pixel";
    } else {
      await Promise.all([after.decode(), here.querySelector("img.before").decode()]);
      const share = differ(picture, pixelsOf(here.querySelector("img.before"), width, height), pixelsOf(after, width, height));
      words.textContent = `${share.toFixed(1)} % of the pixels differ from the photo, shown ${GAIN} times as strong`;
    }
  } catch {
    words.textContent = "The pictures for this view could not be read.";
    return;
  }
  // Somebody may have chosen another view while the pictures were read.
  if (here.dataset.view === view && here.dataset.shows === shows) canvas.getContext("2d").putImageData(picture, 0, 0);
}

// --- hands -----------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const view = event.target.closest("button[data-view]");
  if (view) setView(view.dataset.view);
  const candidate = event.target.closest("button[data-candidate]");
  if (candidate) setCandidate(candidate.dataset.candidate);
  const clear = event.target.closest("[data-brush-clear]");
  if (clear) {
    const name = clear.dataset.brushClear;
    const form = clear.closest("form");
    form.querySelector(`[name="${name}"]`).value = "none";
    form.querySelector(`[data-mask-words="${name}"]`).textContent = "Nothing";
    outfitChanged();
  }
});

document.addEventListener("pointerdown", (event) => {
  const pic = event.target.closest(".fit-pic");
  if (!pic || event.button || stage().dataset.view !== "wipe") return;
  event.preventDefault();
  pic.setPointerCapture(event.pointerId);
  const box = pic.getBoundingClientRect();
  const move = (moved) => wipeTo((100 * (moved.clientX - box.left)) / box.width);
  move(event);
  pic.addEventListener("pointermove", move);
  pic.addEventListener("lostpointercapture", () => pic.removeEventListener("pointermove", move), { once: true });
});

document.addEventListener("keydown", (event) => {
  if (!stage() || event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.(TYPED)) return;
  const key = event.key.toLowerCase();
  const way = { arrowleft: -1, arrowright: 1 }[key];
  if (way && stage().dataset.view === "wipe" && !event.target.closest?.("input, .film")) wipeTo(looking.wipe + way * (event.shiftKey ? 10 : 2));
  else if (key === "b") stage().classList.add("shows-before");
  else if (key === "t") {
    const others = [...document.querySelectorAll("button[data-candidate]")];
    const next = others.find((button) => button.dataset.candidate !== stage().dataset.shows);
    if (next) setCandidate(next.dataset.candidate);
  } else return;
  event.preventDefault();
});
document.addEventListener("keyup", (event) => event.key.toLowerCase() === "b" && stage()?.classList.remove("shows-before"));
window.addEventListener("blur", () => stage()?.classList.remove("shows-before"));

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-wipe]")) wipeTo(Number(event.target.value));
  const output = document.querySelector(`#outfit output[data-of="${event.target.name}"]`);
  if (output) output.textContent = `${event.target.value} %`;
});

// --- the outfit ------------------------------------------------------------------------------------

const outfit = document.getElementById("outfit");

function lineChanged(line) {
  return [...line.querySelectorAll("input")].some((field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue));
}

// What is worn otherwise, in words; and which photo the brush is for.
function outfitChanged() {
  const photo = outfit?.querySelector('[name="photo"]:checked');
  const large = document.getElementById("fit-chosen");
  if (large && photo && large.getAttribute("src") !== photo.dataset.src) large.src = photo.dataset.src;
  for (const opener of outfit?.querySelectorAll("[data-mask-open]") ?? []) {
    opener.disabled = !photo;
    if (!photo) continue;
    // A brush needs no more px than the screen has.
    const scale = Math.min(1, 1024 / Math.max(photo.dataset.width, photo.dataset.height));
    Object.assign(opener.dataset, {
      src: photo.dataset.src,
      width: Math.round(photo.dataset.width * scale),
      height: Math.round(photo.dataset.height * scale),
      frame: `${photo.value}-${opener.dataset.field}`,
    });
  }
  for (const line of outfit?.querySelectorAll("[data-layer]") ?? []) {
    const fields = [...line.querySelectorAll(".slide input")].filter((field) => Number(field.value) !== 100);
    const words = line.querySelector("[data-how]");
    if (words) words.textContent = fields.map((field) => `${field.closest("label").querySelector("span").textContent.toLowerCase()} ${field.value} %`).join(", ");
  }
  const run = outfit?.querySelector("[data-run]");
  const start = outfit?.querySelector("[data-start]");
  if (start && photo) start.disabled = false;
  if (!run) return;
  const all = [...outfit.querySelectorAll("[data-layer]")];
  const others = all.filter((line) => line.hasAttribute("data-changed") || lineChanged(line));
  const lowest = others.at(-1); // the outermost stands first
  const number = Number(lowest?.dataset.layer ?? 0);
  run.querySelector("span").textContent = !lowest
    ? "Run again with these"
    : `Run again from ${lowest.querySelector("b").textContent}${number ? `, ${number} of ${run.dataset.of}` : ""}`;
  run.classList.toggle("p", others.length > 0 && !document.querySelector("#fitting-main .btn.p, #fitting-side .btn.p"));
}

outfit?.addEventListener("input", outfitChanged);
outfit?.addEventListener("change", outfitChanged);

// --- progress --------------------------------------------------------------------------------------

function followSteps() {
  for (const list of document.querySelectorAll(".fit-steps[data-job]")) {
    const step = document.getElementById(`job-${list.dataset.job}-step`)?.textContent.match(/step (\d+) of/);
    if (!step) continue;
    for (const [index, item] of [...list.children].entries()) {
      const state = index < Number(step[1]) ? "done" : index === Number(step[1]) ? "now" : "";
      if (item.className !== state) item.className = state;
    }
  }
}

async function refresh() {
  const main = document.getElementById("fitting-main");
  if (!main?.dataset.refresh) return;
  await window.htmx.ajax("GET", main.dataset.refresh, { target: "#fitting-main", swap: "outerHTML" });
}

// The news piece is empty: that it came is the news. A job card that has come to its end is news as well.
document.addEventListener("htmx:load", (event) => {
  const piece = event.detail.elt;
  if (piece.id?.endsWith("-fittingnews")) refresh();
  if (piece.id === "fitting-main") begin();
});

new MutationObserver(followSteps).observe(document.getElementById("main"), { subtree: true, childList: true, characterData: true });

function begin() {
  // A consent that was taken back reaches further than the result: the photos beside it are asked about anew.
  if (document.getElementById("fitting-main")?.dataset.state === "withdrawn" && first !== "withdrawn") return location.reload();
  followSteps();
  outfitChanged();
  if (!stage()) return;
  if (looking.shows) setCandidate(looking.shows);
  setView(looking.view ?? stage().dataset.view);
  wipeTo(looking.wipe);
}

begin();
