// All frames: what is chosen to compare, shown in the bar under the list. Without this module the boxes
// and both buttons of the form still work; here the bar hides while nothing is chosen, keeps its thumbs
// and words current, and empty filters stay out of the address.

const MOST = 4;
const form = document.querySelector("form[data-history]");
const bar = form?.querySelector("[data-chosen]");

const boxes = () => [...form.querySelectorAll('input[name="frame"]')];
const chosen = () => boxes().filter((box) => box.checked);

function words(count) {
  if (count === 1) return "1 chosen. Choose one more to compare.";
  if (count <= MOST) return `${count} chosen`;
  return `${count} chosen. ${MOST} can be compared; take ${count - MOST} away.`;
}

// Boxes of the list have a thumb here made from their tile; frames chosen in another search brought theirs.
function thumbOf(box) {
  const tile = box.closest(".tile");
  const label = document.createElement("label");
  const image = document.createElement("img");
  const shown = tile.querySelector(".fr img");
  image.src = shown.currentSrc || shown.src;
  image.alt = shown.alt;
  label.className = `thumb notch${tile.querySelector(".ai.hand") ? " hand" : ""}`;
  label.dataset.of = box.value;
  label.htmlFor = box.id ||= `choose-${box.value}`;
  label.title = box.parentElement.textContent.trim();
  label.append(image);
  return label;
}

function show() {
  const picked = chosen();
  const thumbs = bar.querySelector("[data-chosen-thumbs]");
  thumbs.querySelectorAll("[data-of]").forEach((thumb) => thumb.remove());
  thumbs.querySelectorAll("label:not(:has(:checked))").forEach((thumb) => thumb.remove());
  thumbs.append(...picked.filter((box) => box.closest(".tile")).map(thumbOf));
  const said = bar.querySelector("[data-chosen-words]");
  said.textContent = words(picked.length);
  said.classList.toggle("bad", picked.length > MOST);
  bar.querySelector("[data-compare]").disabled = picked.length < 2 || picked.length > MOST;
  bar.querySelector("[data-chosen-clear]").hidden = false;
  bar.hidden = picked.length === 0;
}

// A frame that was chosen elsewhere and now stands in the list is chosen there.
function adopt() {
  for (const away of bar.querySelectorAll('input[name="frame"]')) {
    const here = form.querySelector(`.tile input[value="${away.value}"]`);
    if (!here) continue;
    here.checked = away.checked;
    away.closest("label").remove();
  }
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.name === "frame") show();
  });
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-chosen-clear]")) return;
    for (const box of chosen()) box.checked = false;
    show();
  });
  form.addEventListener("submit", () => {
    const empty = [...form.elements].filter((field) => field.name && field.name !== "frame" && !field.value && !field.disabled);
    for (const field of empty) field.disabled = true;
    // The fields are needed again when the person comes back to this page by the browser's own button.
    setTimeout(() => empty.forEach((field) => (field.disabled = false)));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.closest?.("form[data-history]")) return;
    adopt();
    show();
  });
  window.addEventListener("pageshow", show);
  show();
}
