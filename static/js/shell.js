// The shell: menus close when the person leaves them, the docked column opens on narrow screens,
// dialogs open and close. Pages work without it; <html class="js"> tells the stylesheets it is here.

document.documentElement.classList.add("js");

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));

  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();

  const toggle = event.target.closest("[data-toggle-aside]");
  if (toggle) showAside(!document.getElementById("main").classList.contains("aside-open"));
});

document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (document.getElementById("main")?.classList.contains("aside-open")) {
    showAside(false);
  }
});

// Whoever opens a small form is about to write in it.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.newState === "open" && event.target.matches?.("details[data-focus-field]")) event.target.querySelector("input:not([type=hidden])")?.focus();
  },
  true,
);

// A click on the backdrop is a click on the dialog element itself, outside its content box.
document.addEventListener("mousedown", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

function showAside(open) {
  const main = document.getElementById("main");
  const toggle = document.querySelector("[data-toggle-aside]");
  const side = main.querySelector(":scope > .side:not(.left)");
  if (!side) return;
  main.classList.toggle("aside-open", open);
  toggle?.setAttribute("aria-expanded", String(open));
  if (open) {
    side.tabIndex = -1;
    side.focus();
  } else {
    toggle?.focus();
  }
}

// A page without a docked column needs no button for it.
if (!document.querySelector("#main > .side:not(.left)")) {
  document.querySelector("[data-toggle-aside]")?.setAttribute("hidden", "");
}
