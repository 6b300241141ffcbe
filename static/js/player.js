// Strips that play. Markup contract:
//   [data-player][data-fps="24"]   a strip with its screen
//     [data-player-screen]         shows the picture of the moment; the focus for arrow keys
//     [data-strip-picture][data-hold="12"][data-src][data-alt]   a picture, and how many frames of the film it stands
//     [data-player-do=toggle|forward|reverse|stop]   [data-player-count]  [data-player-word]
// Time runs in frames of the film at its own rate, whatever the screen's. Pictures are read from the page at every
// change, so those that arrive while it plays are played.

const FASTEST = 8;
const states = new WeakMap();
let current = null;

function stateOf(player) {
  if (!states.has(player)) states.set(player, { at: 0, rate: 0, last: 0 });
  return states.get(player);
}

function picturesOf(player) {
  let start = 0;
  return [...player.querySelectorAll("[data-strip-picture]")].map((node) => {
    const hold = Math.max(1, Number(node.dataset.hold) || 1);
    const picture = { node, start, hold };
    start += hold;
    return picture;
  });
}

function lengthOf(pictures) {
  return pictures.reduce((sum, picture) => sum + picture.hold, 0);
}

function pictureAt(pictures, frame) {
  return pictures.find((picture) => frame < picture.start + picture.hold) ?? pictures[pictures.length - 1];
}

function show(player) {
  const state = stateOf(player);
  const pictures = picturesOf(player);
  const total = lengthOf(pictures);
  const screen = player.querySelector("[data-player-screen]");
  if (!screen) return;
  const frame = Math.min(Math.floor(state.at), Math.max(0, total - 1));
  const now = pictures.length ? pictureAt(pictures, frame) : null;
  const image = screen.querySelector("img");
  const source = now?.node.dataset.src;
  if (source && image.getAttribute("src") !== source) {
    image.src = source;
    image.alt = now.node.dataset.alt ?? "";
  }
  image.hidden = !source;
  const origin = screen.querySelector(".ai");
  if (origin) origin.hidden = !source;
  const words = screen.querySelector(".ov .what");
  if (words) words.textContent = pictures.some(({ node }) => node.dataset.src) ? "This one is not made yet" : "Nothing to play yet";
  for (const { node } of pictures) node.classList.toggle("showing", node === now?.node);
  const count = player.querySelector("[data-player-count]");
  if (count) count.textContent = total ? `${frame + 1} of ${total}${Math.abs(state.rate) > 1 ? `, ${Math.abs(state.rate)}×` : ""}` : "";
  player.classList.toggle("playing", state.rate !== 0);
  player.dataset.frame = String(frame + 1);
  const toggle = player.querySelector('[data-player-do="toggle"]');
  toggle?.setAttribute("aria-pressed", String(state.rate !== 0));
  const word = player.querySelector("[data-player-word]");
  if (word) word.textContent = state.rate === 0 ? "Play" : "Stop";
}

function run(player, time) {
  const state = stateOf(player);
  if (state.rate === 0 || !player.isConnected) return;
  const total = lengthOf(picturesOf(player));
  const fps = Number(player.dataset.fps) || 24;
  if (state.last) state.at += ((time - state.last) / 1000) * fps * state.rate;
  state.last = time;
  // A strip is short, so it goes round until somebody stops it.
  if (total) state.at = ((state.at % total) + total) % total;
  show(player);
  requestAnimationFrame((next) => run(player, next));
}

function play(player, rate) {
  const state = stateOf(player);
  for (const other of document.querySelectorAll("[data-player].playing")) {
    if (other !== player) stop(other);
  }
  const rests = state.rate === 0;
  state.rate = rate;
  current = player;
  if (rests && rate !== 0) {
    state.last = 0;
    preload(player);
    requestAnimationFrame((time) => run(player, time));
  }
  show(player);
}

function stop(player) {
  stateOf(player).rate = 0;
  show(player);
}

function faster(rate, sign) {
  return Math.sign(rate) === sign ? sign * Math.min(FASTEST, Math.abs(rate) * 2) : sign;
}

const DO = {
  toggle: (player) => (stateOf(player).rate ? stop(player) : play(player, 1)),
  forward: (player) => play(player, faster(stateOf(player).rate, 1)),
  reverse: (player) => play(player, faster(stateOf(player).rate, -1)),
  stop,
};

function step(player, key) {
  const pictures = picturesOf(player);
  if (!pictures.length) return;
  const state = stateOf(player);
  state.rate = 0;
  const at = pictures.indexOf(pictureAt(pictures, Math.floor(state.at)));
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: pictures.length - 1 }[key];
  state.at = pictures[Math.max(0, Math.min(pictures.length - 1, to))].start;
  current = player;
  show(player);
}

function preload(player) {
  for (const { node } of picturesOf(player)) {
    if (node.dataset.src) new Image().src = node.dataset.src;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-player-do]");
  let player = button?.closest("[data-player]");
  if (!player) return;
  // A key presses the first button on the page; it means the strip that somebody used last.
  if (event.detail === 0 && current?.isConnected && document.activeElement !== button) player = current;
  DO[button.dataset.playerDo](player);
});

// On the screen itself arrows step from picture to picture. Space there is the strip's own, not the page's.
document.addEventListener("keydown", (event) => {
  const screen = event.target.closest?.("[data-player-screen]");
  const player = screen?.closest("[data-player]");
  if (!player || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
    event.preventDefault();
    step(player, event.key);
  } else if (event.key === " ") {
    event.preventDefault();
    DO.toggle(player);
  }
});

document.addEventListener("focusin", (event) => {
  const player = event.target.closest?.("[data-player]");
  if (player) current = player;
});

function showAll(root) {
  for (const player of root.querySelectorAll?.("[data-player]") ?? []) show(player);
  const around = root.closest?.("[data-player]");
  if (around) show(around);
}

showAll(document);
document.addEventListener("htmx:load", (event) => showAll(event.detail.elt));
