// The connection, told truthfully. The ws extension of htmx carries fragments; this module says
// whether it does, asks the lists to refresh after a gap, and keeps the keyboard focus and open menus in place
// when a fragment replaces the element that holds it.

const status = document.getElementById("live-status");
let socket = null; // the WebSocket that counts; events of an older one are ignored
let everOpen = false;
let reconnect = null;

function show(state) {
  document.documentElement.classList.toggle("lost-contact", state === "lost" || state === "signedout");
  if (!status || status.dataset.state === state) return;
  status.hidden = false;
  status.dataset.state = state;
  if (state === "lost") {
    const since = status.querySelector("[data-lost-since]");
    const now = new Date();
    since.textContent = `since ${now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })}`;
  }
  // The first "Live" is no news; a loss and a return are.
  if (everOpen) status.setAttribute("aria-live", "polite");
}

// Half a second to fifteen, with jitter, so that a restarted server is not met by everyone at once.
function delayFor(attempt) {
  const ceiling = Math.min(15000, 500 * 2 ** Math.min(attempt, 6));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

// The modules run after htmx, which is deferred, and before it processes the page.
if (window.htmx) window.htmx.config.wsReconnectDelay = delayFor;

if (status && document.querySelector("[ws-connect]")) {
  status.hidden = false;
}

// Everybody on a production hears everything; a fragment whose element this page does not show is dropped
// here, before htmx would report it as a fault.
const typedIn = (shown) =>
  shown.dataset.typed === "true" ||
  [...shown.querySelectorAll("input, textarea")].some((field) =>
    field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
  );

/** Of the pieces of HTML that the server sent, those that this page shows and may take over. */
function wanted(text) {
  const pieces = document.createElement("template");
  pieces.innerHTML = text;
  for (const piece of [...pieces.content.children]) {
    const shown = document.getElementById(piece.id);
    // Words that somebody is typing stay; saving them tells what was saved meanwhile.
    if (!shown || ("typed" in shown.dataset && typedIn(shown))) piece.remove();
    // Which panel is selected is this page's own business; the server does not know.
    for (const card of [piece, ...piece.querySelectorAll(".pc")]) {
      if (card.matches(".pc") && document.getElementById(card.id)?.matches(".sel")) card.classList.add("sel");
    }
  }
  return pieces.innerHTML;
}

window.htmx?.defineExtension("present", {
  transformResponse: (text, xhr) => (xhr === null ? wanted(text) : text),
});

// While the line was down nothing was told: what the socket draws, elements with data-live, is read from the page anew.
async function readAgain() {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const mark = markFocus();
  for (const piece of fresh.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(piece.id);
    // A note half written in it is worth more than news.
    if (!shown || typedIn(shown) || piece.parentElement.closest("[data-live]")) continue;
    const html = wanted(piece.outerHTML);
    if (html && html !== shown.outerHTML) window.htmx.swap(shown, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  }
  restoreFocus(mark);
}

document.addEventListener("htmx:wsOpen", (event) => {
  socket = event.detail.event.target;
  reconnect = event.detail.socketWrapper?.reconnect ?? reconnect;
  const returned = everOpen;
  show("live");
  everOpen = true;
  // No event is replayed, so whatever was missed is read again. Also after the first opening:
  // something may have changed between the page and the subscription.
  window.htmx.trigger(document.body, returned ? "live:reconnected" : "live:connected");
  if (returned) readAgain();
});

document.addEventListener("htmx:wsClose", (event) => {
  if (socket && event.detail.event.target !== socket) return;
  reconnect = event.detail.socketWrapper?.reconnect ?? reconnect;
  // 4401 and 4403 are the server's answer: not signed in, or no longer a member. It will not change.
  show([4401, 4403].includes(event.detail.event.code) ? "signedout" : "lost");
});

// A page that listens hears of its own takes as everybody does; the answer to its Generate need not draw them again.
document.addEventListener("htmx:configRequest", (event) => {
  if (status?.dataset.state === "live") event.detail.headers["X-Live"] = "1";
});

// A live fragment may replace the very button that was pressed while its request is under way. htmx would look for the
// targets of the answer, and report faults, from the replaced button, which is in no page any more: it is kept in one,
// out of sight and without ids, until it has been answered.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr } = event.detail;
  const limbo = document.createElement("div");
  limbo.hidden = true;
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== XMLHttpRequest.DONE || elt.isConnected) return;
    const root = elt.getRootNode();
    for (const node of [root, ...root.querySelectorAll("[id]")]) node.removeAttribute?.("id");
    limbo.append(root);
    document.body.append(limbo);
  });
  xhr.addEventListener("loadend", () => limbo.remove());
});

document.addEventListener("htmx:wsError", () => show("lost"));

// The browser knows first that the network is gone; the socket may take a minute to notice.
window.addEventListener("offline", () => show("lost"));
window.addEventListener("online", () => {
  if (status?.dataset.state === "lost" && reconnect) reconnect();
});

// --- focus -------------------------------------------------------------------------------------

// What has the focus, named so that it can be found again after its element was replaced.
function markFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const root = element.closest("[id]");
  if (!root) return null;
  const steps = [];
  for (let node = element; node !== root; node = node.parentElement) {
    steps.unshift([...node.parentElement.children].indexOf(node));
  }
  const text = "selectionStart" in element ? safeSelection(element) : null;
  return { element, id: root.id, steps, tag: element.tagName, text };
}

// Reading the selection of a number field throws in some browsers.
function safeSelection(element) {
  try {
    return [element.selectionStart, element.selectionEnd];
  } catch {
    return null;
  }
}

function restoreFocus(mark) {
  // An element that is still there lost the focus for another reason, such as a button that was pressed since.
  if (!mark || mark.element.isConnected || (document.activeElement && document.activeElement !== document.body)) return;
  const root = document.getElementById(mark.id);
  let element = root;
  for (const step of mark.steps) element = element?.children[step];
  if (element?.tagName !== mark.tag) element = root?.querySelector("a, button, input, select, textarea") ?? root;
  element?.focus({ preventScroll: true });
  if (mark.text && element?.setSelectionRange && mark.text[0] !== null) {
    element.setSelectionRange(...mark.text);
  }
}

// A menu that somebody has just opened stays open when its card is drawn again under it.
function reopen(menus) {
  for (const menu of menus) {
    const again = menu.isConnected ? null : document.getElementById(menu.id);
    if (again?.popover && !again.matches(":popover-open")) again.showPopover();
  }
}

let mark = null;
let menus = [];
for (const name of ["htmx:wsBeforeMessage", "htmx:beforeSwap"]) {
  document.addEventListener(name, () => {
    mark = markFocus();
    menus = [...document.querySelectorAll("[id]:popover-open")];
  });
}
for (const name of ["htmx:wsAfterMessage", "htmx:afterSettle"]) {
  document.addEventListener(name, () => {
    reopen(menus);
    restoreFocus(mark);
    mark = null;
    menus = [];
  });
}
