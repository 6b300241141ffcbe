// The mask brush: paints over a frame what the model shall repaint. Markup contract:
//   button[data-mask-open][data-frame][data-src][data-width][data-height][data-post]   opens the dialog of its composer
//     [data-field][data-share]          which field takes the token, and what happens to what is painted
//   dialog[data-mask]                     .mask-stage > img + canvas + .mask-cursor, and the tools:
//     [data-mask-tool="brush|erase"]      pressed is the tool in hand
//     input[data-mask-set="size|hardness|feather|grow"]   with output[data-mask-of]
//     [data-mask-do="invert|undo|redo|clear|fill|use|close"]
// Painted is what people drew; the mask is made of it: grown, feathered, inverted. White is repainted, black is kept to
// the pixel, grey blends. Masks stay here until the page is left, so that a mask can be taken up again.

const MOST_UNDO = 40;
const UNDO_BYTES = 80e6;
const TINT = [240, 128, 58];
const kept = new Map();

class Mask {
  constructor(width, height) {
    Object.assign(this, { width, height, size: Math.round(Math.min(width, height) / 6), hardness: 70, feather: 8, grow: 0, inverted: false });
    this.painted = new Uint8ClampedArray(width * height);
    this.undone = [];
    this.done = [];
  }

  remember() {
    this.done.push({ painted: this.painted.slice(), inverted: this.inverted });
    this.undone = [];
    while (this.done.length > MOST_UNDO || (this.done.length > 1 && this.done.length * this.painted.length > UNDO_BYTES)) this.done.shift();
  }

  swap(from, to) {
    const state = from.pop();
    if (!state) return;
    to.push({ painted: this.painted, inverted: this.inverted });
    Object.assign(this, state);
  }

  // One touch of the brush at (x, y) in pixels; hardness is the share of the radius that is covered wholly.
  dab(x, y, erase) {
    const radius = Math.max(0.5, this.size / 2);
    const core = (radius * this.hardness) / 100;
    const [left, right] = [Math.max(0, Math.floor(x - radius)), Math.min(this.width - 1, Math.ceil(x + radius))];
    const [top, bottom] = [Math.max(0, Math.floor(y - radius)), Math.min(this.height - 1, Math.ceil(y + radius))];
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        const distance = Math.hypot(column - x, row - y);
        if (distance > radius) continue;
        const cover = distance <= core ? 1 : 0.5 + 0.5 * Math.cos((Math.PI * (distance - core)) / (radius - core));
        const at = row * this.width + column;
        if (erase) this.painted[at] = Math.min(this.painted[at], 255 * (1 - cover));
        else this.painted[at] = Math.max(this.painted[at], 255 * cover);
      }
    }
  }

  line(from, to, erase) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const count = Math.max(1, Math.ceil(length / Math.max(1, this.size / 8)));
    for (let index = 1; index <= count; index += 1) {
      this.dab(from.x + ((to.x - from.x) * index) / count, from.y + ((to.y - from.y) * index) / count, erase);
    }
  }

  // What is sent: painted, grown or shrunk by `grow` pixels, feathered, and inverted if asked for.
  finished() {
    let mask = this.painted;
    if (this.grow) mask = grown(mask, this.width, this.height, this.grow);
    if (this.feather) mask = feathered(mask, this.width, this.height, this.feather);
    return this.inverted ? mask.map((level) => 255 - level) : mask;
  }
}

function paint(data, at, red, green, blue, alpha) {
  data[at] = red;
  data[at + 1] = green;
  data[at + 2] = blue;
  data[at + 3] = alpha;
}

// Chamfer distance (3 for a side, 4 for a diagonal) to the nearest pixel that is set; round enough, and linear in time.
function distances(set, width, height) {
  const far = 1e9;
  const found = new Float32Array(set.length);
  for (let at = 0; at < set.length; at += 1) found[at] = set[at] ? 0 : far;
  const nearer = (at, other, step) => {
    if (found[other] + step < found[at]) found[at] = found[other] + step;
  };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      if (x) nearer(at, at - 1, 3);
      if (y) nearer(at, at - width, 3);
      if (x && y) nearer(at, at - width - 1, 4);
      if (y && x < width - 1) nearer(at, at - width + 1, 4);
    }
  }
  for (let y = height - 1; y >= 0; y -= 1) {
    for (let x = width - 1; x >= 0; x -= 1) {
      const at = y * width + x;
      if (x < width - 1) nearer(at, at + 1, 3);
      if (y < height - 1) nearer(at, at + width, 3);
      if (x < width - 1 && y < height - 1) nearer(at, at + width + 1, 4);
      if (x && y < height - 1) nearer(at, at + width - 1, 4);
    }
  }
  return found.map((distance) => distance / 3);
}

function grown(mask, width, height, pixels) {
  const outward = pixels > 0;
  const far = distances(Array.from(mask, (level) => (outward ? level >= 128 : level < 128)), width, height);
  const reach = Math.abs(pixels);
  return mask.map((level, at) => {
    if (outward) return far[at] <= reach ? 255 : level;
    return far[at] <= reach ? 0 : level;
  });
}

// Three box blurs are a bell curve; together they reach `pixels` far and no farther, so what is beyond stays exact.
function feathered(mask, width, height, pixels) {
  const radius = Math.max(1, Math.round(pixels / 3));
  let from = Float32Array.from(mask);
  let to = new Float32Array(mask.length);
  const blur = (count, length, start, stride) => {
    for (let lane = 0; lane < count; lane += 1) {
      const first = start(lane);
      const edge = (index) => from[first + Math.min(length - 1, Math.max(0, index)) * stride];
      let sum = 0;
      for (let index = -radius; index <= radius; index += 1) sum += edge(index);
      for (let index = 0; index < length; index += 1) {
        to[first + index * stride] = sum / (2 * radius + 1);
        sum += edge(index + radius + 1) - edge(index - radius);
      }
    }
    [from, to] = [to, from];
  };
  for (let pass = 0; pass < 3; pass += 1) {
    blur(height, width, (lane) => lane * width, 1);
    blur(width, height, (lane) => lane, width);
  }
  return Uint8ClampedArray.from(from, (level) => Math.round(level));
}

// --- the dialog ------------------------------------------------------------------------------------

class Brush {
  constructor(dialog, opener) {
    this.dialog = dialog;
    this.opener = opener;
    this.canvas = dialog.querySelector("canvas");
    this.cursor = dialog.querySelector(".mask-cursor");
    const [width, height] = [Number(opener.dataset.width), Number(opener.dataset.height)];
    if (!kept.has(opener.dataset.frame)) kept.set(opener.dataset.frame, new Mask(width, height));
    this.mask = kept.get(opener.dataset.frame);
    Object.assign(this.canvas, { width, height });
    dialog.querySelector("img").src = opener.dataset.src;
    dialog.querySelector("[data-mask-title]").textContent = opener.dataset.title;
    this.say("");
    this.erase = false;
    this.at = { x: width / 2, y: height / 2 };
    this.fit();
    for (const range of dialog.querySelectorAll("[data-mask-set]")) range.value = this.mask[range.dataset.maskSet];
    this.show();
  }

  // As large as the window lets it be, in the frame's own ratio: the brush counts in pixels of the frame.
  fit() {
    const stage = this.canvas.parentElement;
    const scale = Math.min(stage.clientWidth / this.mask.width, (innerHeight - 210) / this.mask.height);
    for (const layer of [this.canvas, stage.querySelector("img")]) layer.style.width = `${this.mask.width * scale}px`;
    this.point();
  }

  say(words) {
    const error = this.dialog.querySelector("[data-mask-error]");
    error.hidden = !words;
    error.querySelector("span").textContent = words;
  }

  show() {
    const { width, height } = this.mask;
    const mask = this.stroke ? this.mask.painted : this.mask.finished();
    const picture = new ImageData(width, height);
    let sum = 0;
    for (let at = 0; at < mask.length; at += 1) {
      const level = this.stroke && this.mask.inverted ? 255 - mask[at] : mask[at];
      sum += level;
      paint(picture.data, at * 4, TINT[0], TINT[1], TINT[2], level * 0.62);
    }
    this.canvas.getContext("2d").putImageData(picture, 0, 0);
    const percent = Math.round((100 * sum) / (255 * mask.length));
    this.dialog.querySelector("[data-mask-share]").textContent = `${percent} % ${this.opener.dataset.share ?? "is repainted"}`;
    for (const output of this.dialog.querySelectorAll("[data-mask-of]")) output.textContent = `${this.mask[output.dataset.maskOf]}${output.dataset.unit}`;
    for (const tool of this.dialog.querySelectorAll("[data-mask-tool]")) tool.setAttribute("aria-pressed", String((tool.dataset.maskTool === "erase") === this.erase));
    this.dialog.querySelector('[data-mask-do="invert"]').setAttribute("aria-pressed", String(this.mask.inverted));
    this.dialog.querySelector('[data-mask-do="undo"]').disabled = !this.mask.done.length;
    this.dialog.querySelector('[data-mask-do="redo"]').disabled = !this.mask.undone.length;
    this.point();
  }

  // The ring that shows where and how large the brush is.
  point() {
    const scale = this.canvas.clientWidth / this.mask.width;
    this.cursor.style.width = this.cursor.style.height = `${Math.max(3, this.mask.size * scale)}px`;
    this.cursor.style.left = `${this.canvas.offsetLeft + this.at.x * scale}px`;
    this.cursor.style.top = `${this.canvas.offsetTop + this.at.y * scale}px`;
  }

  where(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * this.mask.width) / box.width, y: ((event.clientY - box.top) * this.mask.height) / box.height };
  }

  begin(at, erase) {
    this.mask.remember();
    this.stroke = { erase };
    // While the mask is inverted, the brush still adds to what is repainted.
    this.mask.dab(at.x, at.y, erase !== this.mask.inverted);
    this.at = at;
    this.soon();
  }

  move(at) {
    if (this.stroke) {
      this.mask.line(this.at, at, this.stroke.erase !== this.mask.inverted);
      this.soon();
    }
    this.at = at;
    this.point();
  }

  end() {
    if (!this.stroke) return;
    this.stroke = null;
    this.show();
  }

  soon() {
    this.due ??= requestAnimationFrame(() => {
      this.due = undefined;
      this.show();
    });
  }

  set(name, value) {
    const range = this.dialog.querySelector(`[data-mask-set="${name}"]`);
    range.value = value;
    this.mask[name] = Number(range.value);
    this.show();
  }

  do(what) {
    const { mask } = this;
    if (what === "close") return this.dialog.close();
    if (what === "use") return this.send();
    if (what === "undo") mask.swap(mask.done, mask.undone);
    if (what === "redo") mask.swap(mask.undone, mask.done);
    if (["invert", "clear", "fill"].includes(what)) mask.remember();
    if (what === "invert") mask.inverted = !mask.inverted;
    if (what === "clear") Object.assign(mask, { painted: new Uint8ClampedArray(mask.painted.length), inverted: false });
    if (what === "fill") Object.assign(mask, { painted: new Uint8ClampedArray(mask.painted.length).fill(255), inverted: false });
    return this.show();
  }

  key(event) {
    const step = event.shiftKey ? 1 : Math.max(2, this.mask.size / 4);
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onRange = event.target.matches("input");
    if ((event.ctrlKey || event.metaKey) && key === "z") this.do(event.shiftKey ? "redo" : "undo");
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (ways[key] && event.target === this.canvas) {
      const [x, y] = ways[key];
      this.move({ x: Math.min(this.mask.width, Math.max(0, this.at.x + x)), y: Math.min(this.mask.height, Math.max(0, this.at.y + y)) });
    } else if (key === " " && event.target === this.canvas) {
      if (!this.stroke) this.begin(this.at, this.erase);
    } else if (onRange) return;
    else if (key === "[" || key === "]") this.set("size", this.mask.size * (key === "[" ? 1 / 1.2 : 1.2) + (key === "[" ? -1 : 1));
    else if (key === "{" || key === "}") this.set("hardness", this.mask.hardness + (key === "{" ? -10 : 10));
    else if (key === "b" || key === "e") {
      this.erase = key === "e";
      this.show();
    } else if (key === "i") this.do("invert");
    else if (key === "Delete") this.do("clear");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // White, grey and black as they are, in a picture of the frame's size; the server judges it and keeps it.
  async send() {
    const { width, height } = this.mask;
    const mask = this.mask.finished();
    if (!mask.some((level) => level >= 128)) return this.say(this.dialog.dataset.empty ?? "The mask is empty. Brush over what should change.");
    const picture = new ImageData(width, height);
    for (let at = 0; at < mask.length; at += 1) paint(picture.data, at * 4, mask[at], mask[at], mask[at], 255);
    const sheet = Object.assign(document.createElement("canvas"), { width, height });
    sheet.getContext("2d").putImageData(picture, 0, 0);
    const blob = await new Promise((done) => sheet.toBlob(done, "image/png"));
    const body = new FormData();
    body.append("mask", blob, "mask.png");
    const composer = this.dialog.closest("form");
    const button = this.dialog.querySelector('[data-mask-do="use"]');
    button.disabled = true;
    try {
      const answer = await fetch(this.opener.dataset.post, { method: "POST", body, headers: { "X-CSRFToken": composer.querySelector("[name=csrfmiddlewaretoken]").value } });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) return this.say(told.error ?? "The mask could not be kept. Your strokes are still here; try again.");
      const { field, share } = this.opener.dataset;
      composer.querySelector(`[name="${field ?? "mask"}"]`).value = told.token;
      composer.querySelector(field ? `[data-mask-words="${field}"]` : "[data-mask-words]").textContent = `${told.percent} % of the ${field ? "photo" : "frame"} ${share ?? "is repainted"}`;
      composer.dispatchEvent(new Event("change", { bubbles: true }));
      return this.dialog.close();
    } catch {
      return this.say("The server cannot be reached. Your strokes are still here; try again.");
    } finally {
      button.disabled = false;
    }
  }
}

let brush = null;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-mask-open]");
  if (opener) {
    const dialog = opener.closest("form").querySelector("dialog[data-mask]");
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
    brush = new Brush(dialog, opener);
    dialog.querySelector("canvas").focus();
    return;
  }
  if (!brush?.dialog.open) return;
  const tool = event.target.closest("[data-mask-tool]");
  if (tool) {
    brush.erase = tool.dataset.maskTool === "erase";
    brush.show();
  }
  const action = event.target.closest("[data-mask-do]");
  if (action) brush.do(action.dataset.maskDo);
});

const onCanvas = (event) => brush?.dialog.open && event.target === brush.canvas;

document.addEventListener("pointerdown", (event) => {
  if (!onCanvas(event) || event.button > 0) return;
  brush.canvas.setPointerCapture(event.pointerId);
  brush.canvas.focus();
  brush.begin(brush.where(event), brush.erase);
  event.preventDefault();
});
document.addEventListener("pointermove", (event) => onCanvas(event) && brush.move(brush.where(event)));
document.addEventListener("pointerup", () => brush?.end());
document.addEventListener("pointercancel", () => brush?.end());
document.addEventListener("keydown", (event) => brush?.dialog.open && brush.key(event), true);
document.addEventListener("keyup", (event) => event.key === " " && brush?.end());
document.addEventListener("input", (event) => {
  const range = event.target.closest?.("[data-mask-set]");
  if (range && brush) brush.set(range.dataset.maskSet, range.value);
  if (range) event.stopPropagation();
}, true);
window.addEventListener("resize", () => brush?.dialog.open && brush.fit());
