// The script page: the scene that stands at the top of the sheet is the chosen one in the list,
// Alt+Down and Alt+Up go to the next scene and the one before.

const desk = document.querySelector("[data-screenplay]");
const list = document.getElementById("scene-list");

if (desk && list) {
  const headings = [...desk.querySelectorAll("h2[data-scene]")];
  const links = new Map([...list.querySelectorAll("a[data-scene]")].map((link) => [link.dataset.scene, link]));
  let chosen = list.querySelector("a[aria-current]");
  let asking = 0;

  const choose = (link) => {
    if (!link || link === chosen) return;
    chosen?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    link.scrollIntoView({ block: "nearest" });
    chosen = link;
    // The facts follow when scrolling rests: a fast scroll must not ask for every scene it passes.
    clearTimeout(asking);
    asking = setTimeout(() => link.dispatchEvent(new Event("chosen")), 250);
  };

  const atTop = () => {
    const edge = desk.getBoundingClientRect().top + 80;
    const end = desk.scrollTop + desk.clientHeight >= desk.scrollHeight - 2;
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top <= edge);
    return end ? chosen?.dataset.scene : (passed.at(-1) ?? headings[0])?.dataset.scene;
  };

  desk.addEventListener("scroll", () => requestAnimationFrame(() => choose(links.get(atTop()))), { passive: true });

  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-scene]");
    if (!link) return;
    clearTimeout(asking);
    chosen?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    chosen = link;
  });

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const order = [...links.values()];
    const next = order[order.indexOf(chosen) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.click();
    next.scrollIntoView({ block: "nearest" });
  });
}
