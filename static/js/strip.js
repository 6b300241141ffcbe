// The scene strip: Ctrl+left and Ctrl+right go to the scene before and after, and a long strip is
// scrolled so that the current scene can be seen. Widths are classes, so nothing here is needed to read it.

function strip() {
  return document.querySelector("[data-scene-strip]");
}

function reveal() {
  const group = strip();
  const current = group?.querySelector(".cur")?.closest(".seg-slot");
  if (!current || group.scrollWidth <= group.clientWidth) return;
  group.scrollLeft = current.offsetLeft - group.clientWidth / 2 + current.offsetWidth / 2;
}

document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.altKey || event.shiftKey || event.metaKey) return;
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return; // there it moves by words
  const scenes = [...(strip()?.querySelectorAll("a.seg:not(.omitted)") ?? [])];
  if (!scenes.length) return;
  const at = scenes.findIndex((scene) => scene.classList.contains("cur"));
  const to = event.key === "ArrowRight" ? scenes[at + 1] : scenes[at === -1 ? scenes.length - 1 : at - 1];
  if (!to) return;
  event.preventDefault();
  to.click();
});

reveal();
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id === "film-strip") reveal();
});
