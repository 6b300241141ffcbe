// The anchors of a garment: drag a number, or give it the focus and use the arrow keys; the two fields in the side
// column say the same in px of the photo, and are what is saved.
//   svg#anchors[data-width][data-height] > g.anchor[data-name][data-number][data-words] at translate(x y) scale(unit)
//   li[data-anchor=name] > input x, input y        button[data-ground]        #anchors-moved[data-none]

const sheet = document.getElementById("anchors");
const stage = sheet.closest("[data-ground]");
const [WIDTH, HEIGHT] = [Number(sheet.dataset.width), Number(sheet.dataset.height)];
const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const clamp = (value, most) => Math.round(Math.min(most, Math.max(0, value)) * 10) / 10;

const lineOf = (name) => document.querySelector(`[data-anchor="${name}"]`);
const fieldsOf = (name) => [...lineOf(name).querySelectorAll("input")];

function placeOf(anchor) {
  return fieldsOf(anchor.dataset.name).map((field) => Number(field.value));
}

// Rings and numbers keep their size on the screen, whatever the photo's.
function draw(anchor) {
  const [x, y] = placeOf(anchor);
  const unit = 1 / (sheet.getScreenCTM()?.a || 1);
  anchor.setAttribute("transform", `translate(${x} ${y}) scale(${unit})`);
  const { number, words } = anchor.dataset;
  anchor.setAttribute("aria-label", `${number} ${words}, ${Math.round(x)} px across, ${Math.round(y)} px down`);
}

function move(anchor, x, y) {
  const [across, down] = fieldsOf(anchor.dataset.name);
  across.value = clamp(x, WIDTH);
  down.value = clamp(y, HEIGHT);
  draw(anchor);
  count();
}

function count() {
  const moved = [...sheet.querySelectorAll(".anchor")].filter((anchor) =>
    fieldsOf(anchor.dataset.name).some((field) => Number(field.value) !== Number(field.defaultValue)),
  );
  for (const anchor of sheet.querySelectorAll(".anchor")) anchor.classList.toggle("moved", moved.includes(anchor));
  const words = document.getElementById("anchors-moved");
  words.textContent = moved.length ? `${moved.length} moved, not saved.` : words.dataset.none;
}

function choose(name) {
  for (const anchor of sheet.querySelectorAll(".anchor")) anchor.classList.toggle("on", anchor.dataset.name === name);
  for (const line of document.querySelectorAll("[data-anchor]")) line.classList.toggle("on", line.dataset.anchor === name);
}

// Where the pointer is, in px of the photo.
function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
  return [point.x, point.y];
}

sheet.addEventListener("pointerdown", (event) => {
  const anchor = event.target.closest(".anchor");
  if (!anchor || event.button) return;
  event.preventDefault();
  anchor.focus({ preventScroll: true });
  anchor.setPointerCapture(event.pointerId);
  // Taken by its number, an anchor does not jump under the pointer.
  const [startX, startY] = at(event);
  const [x, y] = placeOf(anchor);
  const drag = (moved) => {
    const [nowX, nowY] = at(moved);
    move(anchor, x + nowX - startX, y + nowY - startY);
  };
  anchor.addEventListener("pointermove", drag);
  anchor.addEventListener("lostpointercapture", () => anchor.removeEventListener("pointermove", drag), { once: true });
});

sheet.addEventListener("keydown", (event) => {
  const anchor = event.target.closest?.(".anchor");
  const way = ways[event.key];
  if (!anchor || !way || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const step = event.shiftKey ? 10 : 1;
  const [x, y] = placeOf(anchor);
  move(anchor, x + way[0] * step, y + way[1] * step);
});

sheet.addEventListener("focusin", (event) => choose(event.target.closest(".anchor")?.dataset.name));

document.addEventListener("input", (event) => {
  const line = event.target.closest("[data-anchor]");
  if (!line) return;
  draw(sheet.querySelector(`.anchor[data-name="${line.dataset.anchor}"]`));
  count();
});
document.addEventListener("focusin", (event) => {
  const line = event.target.closest?.("[data-anchor]");
  if (line) choose(line.dataset.anchor);
});
document.addEventListener("pointerover", (event) => {
  const line = event.target.closest?.("[data-anchor]");
  for (const anchor of sheet.querySelectorAll(".anchor")) anchor.classList.toggle("near", anchor.dataset.name === line?.dataset.anchor);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ground]");
  if (!button) return;
  stage.dataset.ground = button.dataset.ground;
  for (const one of document.querySelectorAll("button[data-ground]")) one.setAttribute("aria-pressed", String(one === button));
});

new ResizeObserver(() => sheet.querySelectorAll(".anchor").forEach(draw)).observe(sheet);
