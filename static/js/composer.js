// The brief composer. Markup contract, all optional:
//   form[data-composer]                the form; Ctrl+Enter inside it submits
//   textarea[data-draft="key"]         kept in this tab until the server took it
//   textarea[data-names="Mara|Elias"]  names to highlight inside .ta-hl, with @ or without
//   [data-count-for="id"]              counts the characters of a field against its maxlength or data-limit
//   button[data-dice="id"]             puts a random seed into a field; on a second press clears it again
// Characters are counted here and judged by the server.

const MAX_SEED = 2 ** 32;
const draftKey = (field) => `previs.draft.${field.dataset.draft}`;

function count(field) {
  for (const label of document.querySelectorAll(`[data-count-for="${CSS.escape(field.id)}"]`)) {
    const limit = Number(field.dataset.limit ?? field.maxLength);
    const used = field.value.length;
    label.textContent = limit > 0 ? `${used} of ${limit}` : `${used}`;
    label.classList.toggle("over", limit > 0 && used > limit);
  }
}

// Split by the known names and by @words, longest names first so that "Mara's coat" wins over "Mara".
function highlight(field) {
  const layer = field.parentElement.querySelector(".ta-hl");
  if (!layer) return;
  const names = (field.dataset.names ?? "").split("|").filter(Boolean).sort((a, b) => b.length - a.length);
  const known = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const pattern = new RegExp(`(@?\\b(?:${known || "(?!)"})\\b|@[\\p{L}\\d_-]+)`, "giu");
  const lower = new Set(names.map((name) => name.toLowerCase()));
  const nodes = field.value.split(pattern).map((piece, index) => {
    if (index % 2 === 0) return document.createTextNode(piece);
    const mark = document.createElement("mark");
    mark.textContent = piece;
    if (!lower.has(piece.replace(/^@/, "").toLowerCase())) mark.className = "unknown";
    return mark;
  });
  layer.replaceChildren(...nodes, document.createTextNode("\n"));
  layer.scrollTop = field.scrollTop;
}

function prepare(field) {
  if (field.dataset.draft) {
    const draft = sessionStorage.getItem(draftKey(field));
    if (draft && !field.value.trim()) field.value = draft;
  }
  count(field);
  if (field.dataset.names !== undefined) {
    highlight(field);
    field.addEventListener("scroll", () => {
      const layer = field.parentElement.querySelector(".ta-hl");
      if (layer) layer.scrollTop = field.scrollTop;
    });
  }
}

function prepareAll(root) {
  const fields = "textarea[data-draft], textarea[data-names], [data-counted]";
  if (root.matches?.(fields)) prepare(root);
  root.querySelectorAll?.(fields).forEach(prepare);
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  if (field.id) count(field);
  if (field.dataset.names !== undefined) highlight(field);
  if (field.dataset.draft) sessionStorage.setItem(draftKey(field), field.value);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-composer]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector('[type="submit"]:not(:disabled)');
  if (button) form.requestSubmit(button);
});

document.addEventListener("click", (event) => {
  const dice = event.target.closest("[data-dice]");
  const field = dice && document.getElementById(dice.dataset.dice);
  if (!field) return;
  const bytes = new Uint32Array(1);
  crypto.getRandomValues(bytes);
  field.value = field.value && dice.dataset.thrown === field.value ? "" : String(bytes[0] % MAX_SEED);
  dice.dataset.thrown = field.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// Only an answer of the server clears the draft; a failed request keeps it, even over a reload.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  const form = event.detail.elt.closest?.("form[data-composer]");
  for (const field of form?.querySelectorAll("textarea[data-draft]") ?? []) {
    sessionStorage.removeItem(draftKey(field));
  }
});

prepareAll(document);
document.addEventListener("htmx:load", (event) => prepareAll(event.detail.elt));
