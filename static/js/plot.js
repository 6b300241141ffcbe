// The costume plot under the keyboard: arrows move, a number sets, Shift with left or right carries a change on,
// I inserts, 0 leaves open, Delete takes off, Ctrl+Z takes back. Every key has a button in the side column, and the ends of a bar can be
// dragged. What is pressed is sent in order, one at a time; the answer is the row as it is now, and others who have the
// plot open read the row anew.

const scroller = document.querySelector(".plot-scroll");
const side = document.getElementById("plot-side");
const saved = document.getElementById("plot-saved");
const editable = Boolean(document.querySelector(".foot-keys kbd + *, .foot-keys")?.textContent.includes("Set change"));
let at = null; // {character, scene}: the selected cell, by what it is about and not by where it stands
let sending = Promise.resolve();
let asking = 0;

const table = () => document.getElementById("plot");
const heads = () => [...table().tHead.rows[1].cells];
const rowOf = (character) => document.getElementById(`character-${character}-plotrow`);

function cellOf(place) {
  const row = place && rowOf(place.character);
  const column = row ? heads().findIndex((head) => head.dataset.scene === place.scene) : -1;
  return column > 0 ? row.cells[column] : null;
}

function placeOf(cell) {
  const head = heads()[cell.cellIndex];
  return { character: cell.parentElement.dataset.character, scene: head.dataset.scene, number: head.dataset.number };
}

// --- selection -----------------------------------------------------------------------------------

function mark() {
  for (const old of table().querySelectorAll(".at, .col")) old.classList.remove("at", "col");
  const cell = cellOf(at);
  if (!cell) return null;
  heads()[cell.cellIndex].classList.add("at");
  for (const row of table().tBodies[0].rows) row.cells[cell.cellIndex].classList.add("col");
  cell.classList.add("at");
  cell.setAttribute("aria-selected", "true");
  for (const old of table().querySelectorAll("td[tabindex='0']")) old.tabIndex = -1;
  cell.tabIndex = 0;
  return cell;
}

function select(cell, { focus = true, show = false } = {}) {
  at = placeOf(cell);
  mark();
  if (focus) cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  beside(show);
}

// On a phone the side column lies below the plot.
const stacked = window.matchMedia("(max-width: 767px)");

// The side column follows a moment later, so that holding an arrow key asks once.
function beside(show = false) {
  clearTimeout(asking);
  const place = at;
  asking = setTimeout(async () => {
    const url = `plot/${place.character}/cell/?scene=${encodeURIComponent(place.number)}`;
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (answer.ok && at === place && !side.contains(document.activeElement?.closest("input"))) {
      window.htmx.swap(side, await answer.text(), { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
      if (show && stacked.matches) side.scrollIntoView({ block: "start" });
    }
  }, 90);
}

/** The next cell in a direction; for a change that is carried on, the next in which the character plays. */
function next(cell, key, playing = false) {
  const row = cell.parentElement;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const other = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    return other?.cells[cell.cellIndex];
  }
  if (key === "Home") return row.cells[1];
  if (key === "End") return row.cells[row.cells.length - 1];
  const step = key === "ArrowLeft" ? -1 : 1;
  let column = cell.cellIndex + step;
  while (playing && row.cells[column] && !row.cells[column].className.includes("b-")) column += step;
  return column > 0 ? row.cells[column] : undefined;
}

// --- changes -------------------------------------------------------------------------------------

function send(verb, scenes, words = {}) {
  const { character } = at;
  const order = table().dataset.order;
  sending = sending.then(async () => {
    if (saved) saved.textContent = "Saving…";
    let done = false;
    const heard = (event) => {
      done = event.detail.successful;
    };
    table().addEventListener("htmx:afterRequest", heard, { once: true });
    const data = { scenes, order, ...words };
    await window.htmx.ajax("POST", `plot/${character}/${verb}/`, { source: table(), target: rowOf(character), swap: "outerHTML", values: data }).catch(() => {});
    if (saved) saved.textContent = done ? `Saved ${new Date().toLocaleTimeString([], { hour12: false })}` : "Not saved";
  });
}

// --- undo ----------------------------------------------------------------------------------------

let steps = []; // addresses that take back what was done here, the last at the end
const TAKES_BACK = /\/plot\/[^/]+\/undo\/\?/;

document.addEventListener("toast", (event) => {
  const { undo } = event.detail ?? {};
  if (undo && TAKES_BACK.test(undo)) steps.push(undo);
});

// An offer is good for one time, and only the last one can be taken.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { verb, path } = event.detail.requestConfig;
  if (verb !== "post" || !/\/?plot\//.test(path)) return;
  steps = steps.filter((address) => address !== path);
  for (const offer of document.querySelectorAll("#toasts [data-toast]:has(.act)")) offer.remove();
});

document.addEventListener("keydown", (event) => {
  const asked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";
  if (!asked || event.target.closest?.("input, textarea, select, dialog")) return;
  event.preventDefault();
  sending = sending.then(async () => {
    const address = steps.at(-1);
    if (address) await window.htmx.ajax("POST", address, { source: document.body, swap: "none" }).catch(() => {});
  });
});

// --- keys ----------------------------------------------------------------------------------------

let focused = null;
document.addEventListener("focusin", (event) => {
  focused = event.target;
});

/** The cell that a key is meant for; a row that is drawn anew loses the focus for a moment, and no key is lost with it. */
function meant(event) {
  const cell = event.target.closest?.("#plot td");
  if (cell || event.target !== document.body || !at) return cell;
  return focused?.matches("td") && !focused.isConnected ? cellOf(at) : null;
}

document.addEventListener("keydown", (event) => {
  const cell = meant(event);
  if (!cell || !cell.matches("tbody td") || event.ctrlKey || event.altKey || event.metaKey) return;
  const { key } = event;
  const scene = placeOf(cell).scene;
  if (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(key)) {
    const carry = event.shiftKey && editable && cell.dataset.n && (key === "ArrowLeft" || key === "ArrowRight");
    const to = next(cell, key, Boolean(carry));
    event.preventDefault();
    if (!to) return;
    select(to);
    if (carry) send("wear", [placeOf(to).scene], { number: cell.dataset.n });
    return;
  }
  if (key === "Enter") {
    event.preventDefault();
    side.querySelector(".act a")?.click();
    return;
  }
  if (!editable) return;
  if (/^[0-9]$/.test(key)) send("wear", [scene], { number: key });
  else if (key.toLowerCase() === "i" && !event.shiftKey) send("insert", [scene]);
  else if (key === "Delete" || key === "Backspace") send("leave", [scene]);
  else return;
  // Keys of the shell have the same letters.
  event.preventDefault();
});

// An arrow pressed while nothing has the focus enters the plot.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.activeElement !== document.body || !event.key.startsWith("Arrow") || event.ctrlKey) return;
  const cell = cellOf(at) ?? table()?.querySelector("tbody td");
  if (!cell) return;
  event.preventDefault();
  select(cell);
});

scroller?.addEventListener("click", (event) => {
  const cell = event.target.closest("tbody td");
  if (cell && !event.target.closest(".grip")) select(cell, { show: true });
});

// --- the ends of a bar under the pointer ------------------------------------------------------------

const NEAR = 12; // px from the end of a bar within which it can be taken hold of
const THRESHOLD = 4; // px that are a trembling hand and no drag
const grip = document.createElement("i");
let drag = null; // {cell, side, number, from, scenes, away}

function plays(cell) {
  return cell.className.includes("b-");
}

scroller?.addEventListener("pointermove", (event) => {
  if (!editable || drag) return;
  const cell = event.target.closest?.("tbody td[data-n]");
  const { left, right } = cell?.getBoundingClientRect() ?? {};
  const end = cell?.classList.contains("last") && right - event.clientX < NEAR ? "end" : cell?.classList.contains("first") && event.clientX - left < NEAR ? "start" : "";
  if (!end) {
    if (!event.target.closest?.(".grip")) grip.remove();
    return;
  }
  grip.className = `grip ${end}`;
  grip.title = "Drag to wear it in more scenes, or in fewer";
  if (grip.parentElement !== cell) cell.append(grip);
});

scroller?.addEventListener("pointerdown", (event) => {
  if (event.target !== grip || event.button) return;
  event.preventDefault();
  const cell = grip.parentElement;
  select(cell);
  drag = { cell, number: cell.dataset.n, end: grip.classList.contains("end"), from: event.clientX, scenes: [], away: false };
  scroller.setPointerCapture(event.pointerId);
  scroller.classList.add("dragging");
});

/** Scenes between the end of the bar and the pointer: outside the bar they are added, inside it they are let go. */
function reach(x) {
  const row = drag.cell.parentElement;
  const at = drag.cell.cellIndex;
  const cells = [...row.cells].slice(1);
  const to = cells.findLast((cell) => cell.getBoundingClientRect().left <= x)?.cellIndex ?? 1;
  drag.away = drag.end ? to < at : to > at;
  if (!drag.away) return cells.filter((cell) => (drag.end ? cell.cellIndex > at && cell.cellIndex <= to : cell.cellIndex < at && cell.cellIndex >= to) && plays(cell));
  const left = cells.filter((cell) => (drag.end ? cell.cellIndex <= at && cell.cellIndex > to : cell.cellIndex >= at && cell.cellIndex < to));
  return left.filter((cell) => cell.dataset.n === drag.number);
}

function unmark() {
  for (const cell of document.querySelectorAll("#plot .to, #plot .off")) cell.classList.remove("to", "off");
}

function drop() {
  unmark();
  scroller.classList.remove("dragging");
  grip.remove();
  drag = null;
}

scroller?.addEventListener("pointermove", (event) => {
  if (!drag) return;
  // Somebody else's change has drawn the row anew under the pointer.
  if (!drag.cell.isConnected) return drop();
  unmark();
  const cells = Math.abs(event.clientX - drag.from) < THRESHOLD ? [] : reach(event.clientX);
  for (const cell of cells) cell.classList.add(drag.away ? "off" : "to");
  drag.scenes = cells.map((cell) => placeOf(cell).scene);
});

scroller?.addEventListener("pointerup", () => {
  if (!drag) return;
  const { scenes, number, away } = drag;
  drop();
  if (scenes.length) send("wear", scenes, { number: away ? 0 : number });
});

scroller?.addEventListener("pointercancel", () => drag && drop());

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.stopPropagation();
    drop();
  },
  true,
);

// --- what others changed, and the counts ------------------------------------------------------------

function refresh(event) {
  const target = event.detail?.target ?? event.target;
  if (!table() || !(target.closest?.("#plot") || target.id === "plot" || target.matches?.("[id$=plotrow]"))) return;
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = document.querySelectorAll(count.dataset.count).length;
  }
  if (!at) return;
  const held = document.activeElement === document.body;
  const cell = mark();
  if (held) cell?.focus({ preventScroll: true });
  beside();
}

document.addEventListener("htmx:afterSettle", refresh);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-next]");
  if (!button) return;
  const all = [...table().querySelectorAll(button.dataset.next)];
  const here = cellOf(at);
  const after = all.find((cell) => here && here.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (all.length) select(after ?? all[0]);
});

const first = table()?.querySelector("tbody td[class^=b-]") ?? table()?.querySelector("tbody td");
if (first) first.tabIndex = 0;
