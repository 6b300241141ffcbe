// Clay, depth or lines on a set's page: every picture of the blockout panel has the same address but for that word.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-blockout-panel] [data-pass]");
  if (!button) return;
  for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
  for (const picture of button.closest("[data-blockout-panel]").querySelectorAll("[data-pass-picture]")) {
    picture.src = picture.getAttribute("src").replace(/\/pass\/[a-z]+\.png/, `/pass/${button.dataset.pass}.png`);
  }
});
