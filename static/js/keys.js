// Keys, driven by the page: any control carries data-key="n" (or "shift+n", "ctrl+Enter", "Delete",
// "ArrowLeft") and, if its text is no good as help, data-key-label="New panel". A link or button is
// pressed, a field gets the focus. Inside an element with data-keys-scope (a take, a card) the
// control of the scope that has the focus, or of the selected one, is pressed first.
// Keys that a module of the page hears by itself stand in <dl hidden data-keys-more>: <dt> the key, <dd> what it does.

const TYPING = "input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit]), textarea, select, [contenteditable]";

function nameOf(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  // Shift is part of the character for signs such as ? and is named only for letters and named keys.
  if (event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key))) parts.push("shift");
  parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  return parts.join("+");
}

function usable(element) {
  return !element.disabled && element.getAttribute("aria-disabled") !== "true" && element.getClientRects().length > 0;
}

function find(key) {
  const all = [...document.querySelectorAll("[data-key]")].filter((element) => element.dataset.key === key && usable(element));
  const focused = document.activeElement?.closest("[data-keys-scope]");
  return (
    all.find((element) => focused?.contains(element)) ??
    all.find((element) => element.closest("[data-keys-scope].sel")) ??
    all[0]
  );
}

function press(element) {
  if (element.matches(TYPING)) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const key = nameOf(event);
  const typing = event.target.closest?.(TYPING);
  // While typing only combinations with Ctrl are keys, and Escape leaves the field.
  if (typing && !key.startsWith("ctrl+")) {
    if (key === "Escape" && !typing.closest("dialog")) typing.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (key === "?") {
    event.preventDefault();
    openHelp();
    return;
  }
  // Space and Enter already press the control that has the focus.
  if ((key === " " || key === "Enter") && event.target.closest?.("a, button, summary")) return;
  const element = find(key);
  if (element) {
    event.preventDefault();
    press(element);
  }
});

// --- help ----------------------------------------------------------------------------------------

const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Enter: "Enter", Escape: "Esc", Delete: "Del", " ": "Space", ctrl: "Ctrl", alt: "Alt", shift: "Shift" };
const ALWAYS = [["←→↑↓", "Move inside a grid or the scene strip"], ["Enter", "Open"], ["Ctrl ←→", "Scene before, scene after"], ["Esc", "Leave a field, close"], ["?", "This list"]];

function spell(key) {
  return key.split("+").map((part) => SIGNS[part] ?? part.toUpperCase()).join(" ");
}

function labelOf(element) {
  const words = element.dataset.keyLabel ?? element.getAttribute("aria-label");
  if (words) return words;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg, .vh").forEach((node) => node.remove());
  return copy.textContent.replace(/\s+/g, " ").trim() || element.getAttribute("placeholder") || element.name;
}

function openHelp() {
  const dialog = document.getElementById("keys-help");
  const list = dialog.querySelector("[data-keys-list]");
  const rows = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!element.getClientRects().length) continue;
    if (!rows.has(element.dataset.key)) rows.set(element.dataset.key, labelOf(element));
  }
  const more = [...document.querySelectorAll("[data-keys-more] dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]);
  const lines = [...[...rows].map(([key, label]) => [spell(key), label]), ...more, ...ALWAYS];
  list.replaceChildren(
    ...lines.map(([key, label]) => {
      const line = document.createElement("div");
      const term = document.createElement("dt");
      const sign = document.createElement("kbd");
      const meaning = document.createElement("dd");
      sign.textContent = key;
      meaning.textContent = label;
      term.append(sign);
      line.append(term, meaning);
      return line;
    }),
  );
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) openHelp();
});
