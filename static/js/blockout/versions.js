// The other revisions of the plan: the list of those that are saved, and the news that somebody saved one.

/** menu: the <details> of saved plans.  newest: the element that the socket draws again after every save. */
export function versions(menu, newest, saving) {
  const list = menu.querySelector("[data-versions-list]");
  menu.addEventListener("toggle", () => {
    if (menu.open) window.htmx.ajax("GET", saving.desk.urls.versions, { target: list, swap: "innerHTML" });
  });
  list.addEventListener("click", (event) => {
    const { version } = event.target.closest("[data-version]")?.dataset ?? {};
    if (!version) return;
    menu.open = false;
    saving.open(Number(version));
  });

  const host = newest.parentElement;
  const tell = () => {
    const { number, words } = host.firstElementChild.dataset;
    saving.heard(Number(number), words);
  };
  new MutationObserver(tell).observe(host, { childList: true });
  // It may have been drawn again while the editor was being put together.
  tell();
}
