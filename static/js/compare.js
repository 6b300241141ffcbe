// Frames beside and over each other. Zoom and pan are one for all of them: shares of the picture, so that
// frames of different sizes show the same part. Everything visible follows from custom properties on the
// stage (compare.css), because inline style attributes are refused.
//   [data-compare][data-mode=side|wipe|overlay|flicker|difference]     the stage
//   [data-mode] on buttons    [data-near=in|out|fit]    input[data-set=wipe|mix|gain]    [data-flick]
// The mode stays in the address as its fragment, so that it survives a reload and an exchanged version.

const stage = document.querySelector("[data-compare]");
const NEAREST = 16;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
// Two and a half changes a second: no surface may change its brightness more than three times a second.
const FLICKER_MS = 400;
const TYPED = "input:not([type=range]), textarea, select, dialog";

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const image = (side) => stage.querySelector(`[data-side="${side}"] img`);
const pair = stage?.dataset.count === "2";

// --- zoom and pan: the same for every frame ----------------------------------------------------------

const view = { zoom: 1, x: 0, y: 0 };

function look() {
  view.zoom = clamp(view.zoom, 1, NEAREST);
  view.x = clamp(view.x, 1 - view.zoom, 0);
  view.y = clamp(view.y, 1 - view.zoom, 0);
  stage.style.setProperty("--zoom", view.zoom);
  stage.style.setProperty("--pan-x", view.x);
  stage.style.setProperty("--pan-y", view.y);
  stage.classList.toggle("near-in", view.zoom > 1);
  const shown = image("a").closest(".cp-clip").clientWidth * view.zoom;
  const percent = Math.round((100 * shown) / Number(image("a").getAttribute("width")));
  stage.classList.toggle("pixels", percent > 300);
  document.querySelector("[data-near-words]").textContent = view.zoom === 1 ? "Fit" : `${percent} %`;
}

// The point of the picture under (x, y), both shares of its box, stays where it is.
function zoomTo(zoom, x = 0.5, y = 0.5) {
  const next = clamp(zoom, 1, NEAREST);
  view.x = x - ((x - view.x) * next) / view.zoom;
  view.y = y - ((y - view.y) * next) / view.zoom;
  view.zoom = next;
  look();
}

function at(event) {
  const box = event.target.closest(".cp-pic").getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, box];
}

// --- the modes of two ------------------------------------------------------------------------------------

const mode = () => stage.dataset.mode;

function setMode(name) {
  if (!pair || !document.querySelector(`button[data-mode="${name}"]`)) return;
  stage.dataset.mode = name;
  showB(false);
  for (const button of document.querySelectorAll("button[data-mode]")) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === name));
  }
  for (const controls of document.querySelectorAll("[data-for]")) controls.hidden = controls.dataset.for !== name;
  const canvas = stage.querySelector("[data-difference]");
  canvas.hidden = name !== "difference";
  history.replaceState(null, "", name === "side" ? location.pathname + location.search : `#${name}`);
  for (const link of document.querySelectorAll("a[data-keep-mode]")) link.hash = name === "side" ? "" : name;
  look();
}

const SAYS = {
  wipe: (value) => `${value} % A`,
  mix: (value) => `${value} %`,
  gain: (value) => `${value} time${value === "1" ? "" : "s"}`,
};

function set(range) {
  const name = range.dataset.set;
  stage.style.setProperty(`--${name}`, name === "gain" ? range.value : Number(range.value) / 100);
  range.setAttribute("aria-valuetext", SAYS[name](range.value));
  const output = document.querySelector(`[data-says="${name}"]`);
  if (output) output.textContent = SAYS[name](range.value);
}

const wipe = () => document.querySelector('[data-set="wipe"]');

function wipeTo(percent) {
  wipe().value = clamp(percent, 0, 100);
  set(wipe());
}

// --- flicker: held it alternates, with reduced motion a press changes over --------------------------

let beat = null;

function showB(on) {
  stage.classList.toggle("shows-b", on);
  document.querySelector("[data-flick]")?.setAttribute("aria-pressed", String(on));
  const words = document.querySelector("[data-flick-shows]");
  if (words) words.textContent = on ? "B is shown" : "A is shown";
}

function press() {
  if (mode() !== "flicker") setMode("flicker");
  showB(!stage.classList.contains("shows-b"));
  if (calm.matches || beat) return;
  beat = setInterval(() => showB(!stage.classList.contains("shows-b")), FLICKER_MS);
}

function release() {
  if (!beat) return;
  clearInterval(beat);
  beat = null;
  showB(false);
}

// --- difference: how far each channel of each pixel is apart ----------------------------------------

// A pixel counts as another one when some channel differs by more than this, of 255.
const APART = 8;

function pixelsOf(picture, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const scale = Math.min(width / picture.naturalWidth, height / picture.naturalHeight);
  const [w, h] = [picture.naturalWidth * scale, picture.naturalHeight * scale];
  context.drawImage(picture, (width - w) / 2, (height - h) / 2, w, h);
  return context.getImageData(0, 0, width, height);
}

function difference() {
  const [a, b] = [image("a"), image("b")];
  const [width, height] = [a.naturalWidth, a.naturalHeight];
  const one = pixelsOf(a, width, height);
  const other = pixelsOf(b, width, height).data;
  let apart = 0;
  for (let i = 0; i < other.length; i += 4) {
    let most = 0;
    for (let c = i; c < i + 3; c += 1) {
      one.data[c] = Math.abs(one.data[c] - other[c]);
      most = Math.max(most, one.data[c]);
    }
    one.data[i + 3] = 255;
    if (most > APART) apart += 1;
  }
  const canvas = stage.querySelector("[data-difference]");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(one, 0, 0);
  const share = (100 * apart) / (width * height);
  const percent = share > 0 && share < 1 ? "less than 1" : Math.floor(share);
  const words = document.querySelector("[data-differs]");
  words.textContent = apart ? `The pictures differ in ${percent} % of their pixels` : "The pictures do not differ";
  words.title = `By more than ${APART} of 255 in some channel`;
}

// --- hands ----------------------------------------------------------------------------------------------

function listen() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-mode], button[data-near]");
    if (!button) return;
    if (button.dataset.mode) setMode(button.dataset.mode);
    else if (button.dataset.near === "fit") zoomTo(1);
    else zoomTo(view.zoom * (button.dataset.near === "in" ? 1.5 : 1 / 1.5));
  });

  document.addEventListener("input", (event) => {
    if (event.target.dataset.set) set(event.target);
  });

  stage.addEventListener(
    "wheel",
    (event) => {
      if (!event.target.closest(".cp-pic")) return;
      event.preventDefault();
      const [x, y] = at(event);
      zoomTo(view.zoom * Math.exp(-event.deltaY / 400), x, y);
    },
    { passive: false },
  );

  // One drag moves the wipe while the whole picture is seen, or when it began on the line; else it pans.
  stage.addEventListener("pointerdown", (event) => {
    const pic = event.target.closest(".cp-pic");
    if (!pic || event.button) return;
    const wiping = mode() === "wipe" && (view.zoom === 1 || event.target.closest("[data-wipe-bar]"));
    if (!wiping && view.zoom === 1) return;
    event.preventDefault();
    pic.focus({ preventScroll: true });
    pic.setPointerCapture(event.pointerId);
    const [x, y, box] = at(event);
    const from = { x: view.x - x, y: view.y - y };
    const move = (moved) => {
      const [nowX, nowY] = [(moved.clientX - box.left) / box.width, (moved.clientY - box.top) / box.height];
      if (wiping) wipeTo(Math.round(nowX * 100));
      else {
        [view.x, view.y] = [from.x + nowX, from.y + nowY];
        look();
      }
    };
    const end = () => {
      stage.classList.remove("panning");
      pic.removeEventListener("pointermove", move);
    };
    stage.classList.toggle("panning", !wiping);
    if (wiping) move(event);
    pic.addEventListener("pointermove", move);
    pic.addEventListener("lostpointercapture", end, { once: true });
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.(TYPED)) return;
    if (event.key.toLowerCase() === "f" && pair) {
      event.preventDefault();
      if (!event.repeat) press();
      return;
    }
    if (event.key === "=" && !event.shiftKey) zoomTo(view.zoom * 1.5);
    const step = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step || event.target.closest?.("input, summary, .pop, .cp-scroll, .film")) return;
    if (view.zoom > 1 && event.target.closest?.(".cp-pic")) {
      [view.x, view.y] = [view.x + step[0] / 10, view.y + step[1] / 10];
      look();
    } else if (mode() === "wipe" && step[0]) wipeTo(Number(wipe().value) - step[0] * (event.shiftKey ? 10 : 1));
    else return;
    event.preventDefault();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key.toLowerCase() === "f") release();
  });
  window.addEventListener("blur", release);
  window.addEventListener("resize", look);

  const flick = document.querySelector("[data-flick]");
  if (!flick) return;
  flick.addEventListener("pointerdown", press);
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) flick.addEventListener(name, release);
  // Space and Enter on the button: a click without a pointer. It changes over and stays.
  flick.addEventListener("click", (event) => {
    if (event.detail === 0) showB(!stage.classList.contains("shows-b"));
  });
  const say = () => {
    document.querySelector("[data-flick-words]").textContent = calm.matches ? "Change over" : "Hold to flicker";
  };
  calm.addEventListener("change", say);
  say();
}

if (stage) {
  listen();
  look();
  if (pair) {
    document.querySelectorAll("[data-set]").forEach(set);
    setMode(location.hash.slice(1));
    window.addEventListener("hashchange", () => setMode(location.hash.slice(1) || "side"));
    // Only so that both pictures are there; a picture that cannot be read leaves the words out.
    Promise.all([image("a").decode(), image("b").decode()]).then(difference, () => {});
  }
}
