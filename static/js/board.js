// One tab stop for a group of things, arrow keys inside it.
//   data-rove="grid"  arrows in two dimensions by where things lie, Home and End
//   data-rove="row"   left and right          data-rove="list"  up and down
//   data-rove-item    the link or button that takes the focus; Enter opens it by itself
//   data-rove-cell    optional card around an item: its other controls join the tab order only while
//                     the card is the current one
// The item that is current is the focused one, else one inside .sel or with aria-current, else the first.

const FOCUSABLE = "a[href], button, input, select, textarea, summary";

function itemsOf(group) {
  return [...group.querySelectorAll("[data-rove-item]")].filter((item) => item.closest("[data-rove]") === group);
}

function currentOf(group, items) {
  return (
    items.find((item) => item === document.activeElement) ??
    items.find((item) => item.dataset.roveCurrent === "true") ??
    items.find((item) => item.closest(".sel") || item.hasAttribute("aria-current")) ??
    items[0]
  );
}

function settle(group, chosen) {
  const items = itemsOf(group);
  const current = chosen ?? currentOf(group, items);
  for (const item of items) {
    const here = item === current;
    item.tabIndex = here ? 0 : -1;
    if (here) item.dataset.roveCurrent = "true";
    else delete item.dataset.roveCurrent;
    const cell = item.closest("[data-rove-cell]");
    for (const other of cell?.querySelectorAll(FOCUSABLE) ?? []) {
      if (other !== item) other.tabIndex = here ? 0 : -1;
    }
  }
}

function settleAll(root = document) {
  const inside = root.querySelectorAll?.("[data-rove]") ?? [];
  for (const group of inside) settle(group);
  const around = root.closest?.("[data-rove]");
  if (around) settle(around);
}

// The nearest item above or below, judged by the middle of each box.
function vertical(items, from, down) {
  const here = from.getBoundingClientRect();
  const middle = here.left + here.width / 2;
  let best = null;
  let bestScore = Infinity;
  for (const item of items) {
    const box = item.getBoundingClientRect();
    const gap = down ? box.top - here.bottom : here.top - box.bottom;
    if (item === from || gap < -1) continue;
    const score = gap * 4 + Math.abs(box.left + box.width / 2 - middle);
    if (score < bestScore) [best, bestScore] = [item, score];
  }
  return best;
}

function next(group, items, from, key) {
  const index = items.indexOf(from);
  const kind = group.dataset.rove;
  if (key === "Home") return items[0];
  if (key === "End") return items[items.length - 1];
  if (kind !== "list" && key === "ArrowRight") return items[index + 1];
  if (kind !== "list" && key === "ArrowLeft") return items[index - 1];
  if (kind === "list" && key === "ArrowDown") return items[index + 1];
  if (kind === "list" && key === "ArrowUp") return items[index - 1];
  if (kind === "grid" && key === "ArrowDown") return vertical(items, from, true);
  if (kind === "grid" && key === "ArrowUp") return vertical(items, from, false);
  return undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const from = event.target.closest?.("[data-rove-item]");
  const group = from?.closest("[data-rove]");
  if (!group || event.target !== from) return;
  const to = next(group, itemsOf(group), from, event.key);
  if (!to) return;
  event.preventDefault();
  settle(group, to);
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// An arrow key pressed while nothing has the focus enters the panel grid at its current card.
document.addEventListener("keydown", (event) => {
  if (document.activeElement !== document.body || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key)) return;
  const group = document.querySelector('[data-rove="grid"]');
  const item = group && currentOf(group, itemsOf(group));
  if (!item || event.defaultPrevented) return;
  event.preventDefault();
  item.focus();
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest?.("[data-rove-item]");
  if (item) settle(item.closest("[data-rove]"), item);
});

settleAll();
// Fragments arrive by request and by socket; htmx announces both in the same way.
document.addEventListener("htmx:load", (event) => settleAll(event.detail.elt));
