// The viewer: notes pinned to the picture, the surround, the zoom.
//   .pic[data-pins] > img + .pins > button.pin[data-x][data-y]    x, y from 0 to 1, origin top left
//   form[data-pin-form] with inputs named x and y, .pin-note[hidden] and button[data-unpin]
//   button[data-pin-mode]                    press, then click the picture; also a keyboard pin in the middle
//   [data-surround=black|near|dim|grey18]    on buttons; remembered on this computer
//   [data-zoom=fit|100|200]                  on buttons;   [data-hide-pins] hides the pins
// Positions are set through the CSS object model, because inline style attributes are refused.

const SURROUND = "previs.surround";
const clamp = (value) => Math.min(1, Math.max(0, value));

function place(pin) {
  const x = Number.parseFloat(pin.dataset.x);
  const y = Number.parseFloat(pin.dataset.y);
  if (Number.isNaN(x) || Number.isNaN(y)) return;
  pin.style.left = `${clamp(x) * 100}%`;
  pin.style.top = `${clamp(y) * 100}%`;
  pin.classList.add("placed");
}

function placeAll(root) {
  if (root.matches?.(".pin")) place(root);
  root.querySelectorAll?.(".pin").forEach(place);
}

const form = () => document.querySelector("form[data-pin-form]");
const picture = () => document.querySelector(".pic[data-pins]");

function setPin(x, y) {
  const target = form();
  const pins = picture()?.querySelector(".pins");
  if (!target || !pins) return null;
  target.elements.x.value = clamp(x).toFixed(4);
  target.elements.y.value = clamp(y).toFixed(4);
  let pin = pins.querySelector(".pin.new");
  if (!pin) {
    pin = document.createElement("button");
    pin.type = "button";
    pin.className = "pin new";
    pin.setAttribute("aria-label", "New pin. Arrow keys move it, Escape removes it");
    const head = document.createElement("b");
    head.textContent = "+";
    pin.append(head);
    pins.append(pin);
  }
  pin.dataset.x = target.elements.x.value;
  pin.dataset.y = target.elements.y.value;
  place(pin);
  target.querySelector(".pin-note")?.removeAttribute("hidden");
  return pin;
}

function removePin() {
  const target = form();
  picture()?.querySelector(".pin.new")?.remove();
  if (!target) return;
  target.elements.x.value = "";
  target.elements.y.value = "";
  target.querySelector(".pin-note")?.setAttribute("hidden", "");
}

function pinning(on) {
  const pic = picture();
  if (!pic) return;
  pic.dataset.pinning = String(on);
  document.querySelectorAll("[data-pin-mode]").forEach((button) => button.setAttribute("aria-pressed", String(on)));
}

function surround(name) {
  const well = document.querySelector(".well");
  if (!well || !name) return;
  well.dataset.surround = name;
  for (const button of document.querySelectorAll("button[data-surround]")) {
    button.setAttribute("aria-pressed", String(button.dataset.surround === name));
  }
}

function zoom(name) {
  const pic = picture() ?? document.querySelector(".pic");
  if (!pic) return;
  pic.classList.toggle("zoom-100", name === "100");
  pic.classList.toggle("zoom-200", name === "200");
  // Per cent of the picture's own pixels; fitted, the stylesheet decides.
  pic.style.width = name === "fit" ? "" : `${(Number(name) / 100) * pic.querySelector("img").getAttribute("width")}px`;
  for (const button of document.querySelectorAll("button[data-zoom]")) {
    button.setAttribute("aria-pressed", String(button.dataset.zoom === name));
  }
}

document.addEventListener("click", (event) => {
  const pic = event.target.closest(".pic[data-pins]");
  if (pic && form() && !event.target.closest(".pin, a, button")) {
    const box = pic.querySelector("img").getBoundingClientRect();
    setPin((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    pinning(false);
    form().querySelector("textarea")?.focus({ preventScroll: true });
    return;
  }
  const pin = event.target.closest(".pin[data-thread]");
  if (pin) {
    const thread = document.getElementById(pin.dataset.thread);
    document.querySelectorAll(".tn.on, .pin.on").forEach((element) => element.classList.remove("on"));
    pin.classList.add("on");
    thread?.classList.add("on");
    thread?.scrollIntoView({ block: "nearest" });
    return;
  }
  const button = event.target.closest("button[data-surround], button[data-zoom], [data-pin-mode], [data-unpin], [data-hide-pins]");
  if (!button) return;
  if (button.dataset.surround) {
    surround(button.dataset.surround);
    localStorage.setItem(SURROUND, button.dataset.surround);
  } else if (button.dataset.zoom) zoom(button.dataset.zoom);
  else if ("unpin" in button.dataset) removePin();
  else if ("hidePins" in button.dataset) {
    const hidden = picture().classList.toggle("pins-off");
    button.setAttribute("aria-pressed", String(hidden));
  } else {
    const on = picture()?.dataset.pinning !== "true";
    pinning(on);
    // event.detail is 0 for a press from the keyboard: then the pin starts in the middle.
    if (on && event.detail === 0) setPin(0.5, 0.5)?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  const pin = event.target.closest?.(".pin.new");
  if (event.key === "Escape" && (pin || picture()?.dataset.pinning === "true")) {
    removePin();
    pinning(false);
    return;
  }
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!pin || !step) return;
  event.preventDefault();
  const size = event.shiftKey ? 0.05 : 0.01;
  setPin(Number(pin.dataset.x) + step[0] * size, Number(pin.dataset.y) + step[1] * size);
});

// A saved note comes back with its own pin; the unsaved one goes.
document.addEventListener("htmx:afterRequest", (event) => {
  // A refused note (422) is swapped in too, and keeps its pin.
  // The event itself comes from an ancestor once the form was replaced, so it is asked for by its request.
  const asked = event.detail.requestConfig.elt;
  if (event.detail.xhr.status < 300 && asked.matches?.("form[data-pin-form]")) removePin();
});

placeAll(document);
surround(localStorage.getItem(SURROUND) ?? document.querySelector(".well")?.dataset.surround);
document.addEventListener("htmx:load", (event) => {
  placeAll(event.detail.elt);
  if (event.detail.elt.querySelector?.(".well")) surround(localStorage.getItem(SURROUND));
});
