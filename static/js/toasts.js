// Light bars at the bottom: six seconds, paused under the pointer or the focus, one action at most.
// A view speaks through Django messages or the header HX-Trigger: {"toast": {"text", "level", "undo"}};
// a module through  document.dispatchEvent(new CustomEvent("toast", {detail: {text, level, undo}})).
// undo: an address to post to, which takes back what the toast tells of.

const LIFETIME = 6000;
const region = document.getElementById("toasts");

function start(toast) {
  let left = LIFETIME;
  let began = 0;
  let timer = 0;
  const run = () => {
    began = performance.now();
    timer = setTimeout(() => toast.remove(), left);
  };
  const pause = () => {
    clearTimeout(timer);
    left = Math.max(1500, left - (performance.now() - began));
  };
  toast.addEventListener("mouseenter", pause);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("mouseleave", run);
  toast.addEventListener("focusout", run);
  // A failure stays until someone has read it.
  if (!toast.classList.contains("bad")) run();
}

function undoButton(address) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "act";
  button.textContent = "Undo";
  button.addEventListener("click", () => {
    button.closest("[data-toast]").remove();
    htmx.ajax("POST", address, { source: document.body, swap: "none" });
  });
  return button;
}

function say(text, level = "info", undo = "") {
  const bad = level === "error" || level === "bad";
  const kind = bad ? "-bad" : level === "ok" ? "-ok" : "";
  const template = document.getElementById(`toast-template${kind}`);
  const same = [...region.querySelectorAll("[data-toast] > span")].find((span) => span.textContent === text);
  if (same) return; // ten failed refreshes are one piece of news
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text;
  if (undo) toast.querySelector("span").after(undoButton(undo));
  region.append(toast);
  start(toast);
}

// What the server said of a refusal, in its own words: the first paragraph of an alert; "" for none.
function refusalOf(xhr) {
  const answer = new DOMParser().parseFromString(xhr.responseText || "", "text/html");
  const said = answer.querySelector('[role="alert"] p, p[role="alert"]');
  return said ? said.textContent.trim().replace(/\s+/g, " ") : "";
}

if (region) {
  region.querySelectorAll("[data-toast]").forEach(start);
  region.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]").remove();
  });
  document.addEventListener("toast", (event) => {
    const { text, level, undo } = event.detail ?? {};
    if (text) say(text, level, undo);
  });

  document.addEventListener("htmx:responseError", (event) => {
    const code = event.detail.xhr.status;
    const asked = event.detail.requestConfig?.verb !== "get";
    if ((event.detail.xhr.getResponseHeader("HX-Trigger") || "").includes('"toast"')) return; // said already
    const refusal = code === 403 || code === 409 ? refusalOf(event.detail.xhr) : "";
    if (refusal) say(refusal, "bad");
    else if (code === 403) say("Your role here does not allow that. Nothing was changed.", "bad");
    else if (code === 404) say("That no longer exists, or you have no access to it. Nothing was changed.", "bad");
    else if (code === 409) say("Someone was faster. Nothing was changed; the page shows how it is now.", "bad");
    else if (code === 429) say("Too many requests. Wait a minute, then try again.", "bad");
    else if (asked) say(`Not saved: the server answered ${code}. What you typed is still here.`, "bad");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (event.detail.requestConfig?.verb !== "get") {
      say("Not saved: the server could not be reached. What you typed is still here.", "bad");
    }
  });
}
