// The pointer on the floor plan: select, move, turn, pull handles, draw walls, place what a tool holds.

import { aimedAt } from "./lens.js";
import { make } from "./plan2d.js";
import * as plans from "./plan.js";
import { cornerNear, snapping } from "./snapping.js";
import { freeGap, newWall, openingAt, placed } from "./tools.js";

const CLICK = 4; // pixels
const CORNER = 12; // pixels within which wall ends meet
const rounded = (value) => Math.round(value * 1000) / 1000;

/** editor: {tool, piece, useTool(name), say(words)}; sheet: the Plan2D. */
export function gestures2d(sheet, store, editor) {
  const { svg } = sheet;
  let drag = null;
  let start = null; // where the wall under the pen begins

  const corner = (point, event, except = "") => cornerNear(store.plan, point, CORNER / sheet.scale, except) ?? snapping.point(point, event);

  function wallEnd(event) {
    let point = sheet.at(event);
    if (event.shiftKey) point = Math.abs(point[0] - start[0]) > Math.abs(point[1] - start[1]) ? [point[0], start[1]] : [start[0], point[1]];
    return corner(point, event);
  }

  function showPen(event) {
    const end = wallEnd(event);
    const long = Math.hypot(end[0] - start[0], end[1] - start[1]);
    sheet.guide(make("path", { class: "pen", d: `M${start}L${end}` }), ...sheet.measure(start, end, `${long.toFixed(2)} m`));
  }

  function drawWall(end) {
    if (Math.hypot(end[0] - start[0], end[1] - start[1]) < 0.05) return false;
    let key = "";
    store.change("draw a wall", (plan) => {
      const [next, made] = plans.add(plan, "walls", newWall(plan, start, end));
      key = made;
      return made ? next : plan;
    });
    if (!key) editor.say(`${plans.LIMITS.walls} walls are the most that a plan holds.`);
    start = end;
    return true;
  }

  function endPen() {
    start = null;
    sheet.guide();
  }

  function place(event) {
    const { tool, piece } = editor;
    const thing = placed(tool, snapping.point(sheet.at(event), event), store.plan, piece);
    const before = store.plan;
    const [, key] = plans.add(before, thing.kind, thing.item);
    if (!key) {
      editor.say(`${plans.LIMITS[thing.kind]} are the most that a plan holds of these.`);
      return null;
    }
    const words = `add ${plans.labelOf(plans.add(before, thing.kind, thing.item)[0], key, sheet.library)}`;
    store.preview(words, (plan) => plans.add(plan, thing.kind, thing.item)[0]);
    return { kind: "place", thing, key, words };
  }

  function cut(event) {
    const done = openingAt(store.plan, editor.tool, sheet.at(event), CORNER / sheet.scale);
    if (done.refusal) return editor.say(done.refusal);
    store.change(`cut a ${editor.tool}`, () => done.plan);
    store.select([done.key]);
    if (!event.shiftKey) editor.useTool("select");
  }

  const BEGIN = {
    wall(event) {
      if (start) return { kind: "pen" };
      start = corner(sheet.at(event), event);
      return { kind: "pen", first: true };
    },
    door: cut,
    window: cut,
    arch: cut,
  };

  svg.addEventListener("contextmenu", (event) => event.preventDefault());
  svg.addEventListener("pointerdown", (event) => {
    svg.focus({ preventScroll: true });
    svg.setPointerCapture(event.pointerId);
    const base = { x: event.clientX, y: event.clientY, from: sheet.at(event), far: 0, toggle: event.shiftKey };
    if (event.button || editor.panning) {
      drag = { ...base, kind: "pan" };
      return;
    }
    const handle = event.target.closest("[data-handle]")?.dataset.handle;
    const key = event.target.closest("[data-key]")?.dataset.key ?? "";
    if (store.editable && handle) drag = { ...base, kind: handle, key: store.single };
    else if (store.editable && BEGIN[editor.tool]) drag = { ...base, ...(BEGIN[editor.tool](event) ?? { kind: "none" }) };
    else if (store.editable && placed(editor.tool, [0, 0], store.plan, editor.piece)) drag = { ...base, ...(place(event) ?? { kind: "none" }) };
    else if (key) {
      if (!store.selection.has(key)) store.select([key], { toggle: event.shiftKey });
      drag = { ...base, kind: editor.tool === "rotate" ? "rotate" : "move", key };
    } else drag = { ...base, kind: "marquee" };
  });

  const angleOf = (point, centre) => (Math.atan2(point[0] - centre[0], point[1] - centre[1]) * 180) / Math.PI;

  const MOVES = {
    pan(event) {
      sheet.pan(event.movementX, event.movementY);
    },
    move(event) {
      const keys = store.keys;
      const now = sheet.at(event);
      store.preview("move", (plan) => {
        const at = plans.positionOf(plan, drag.key);
        const raw = [at[0] + now[0] - drag.from[0], at[1] + now[1] - drag.from[1]];
        const wanted = plans.parse(drag.key).kind === "openings" ? raw : raw.map((value) => snapping.metres(value, event));
        return plans.moveBy(plan, keys, wanted[0] - at[0], wanted[1] - at[1]);
      });
    },
    rotate(event) {
      const keys = store.keys;
      store.preview("rotate", (plan) => {
        const centre = plans.centreOf(plan, keys);
        return plans.rotateBy(plan, keys, snapping.degrees(angleOf(sheet.at(event), centre) - angleOf(drag.from, centre), event));
      });
    },
    turn(event) {
      const field = plans.parse(drag.key).kind === "cameras" ? "pan" : "yaw";
      store.preview("turn", (plan) => {
        const item = plans.find(plan, drag.key);
        const facing = angleOf(sheet.at(event), [item.x, item.z]) + (field === "pan" ? 180 : 0);
        return plans.patch(plan, drag.key, { [field]: plans.normalised(snapping.degrees(facing, event)) });
      });
    },
    place(event) {
      const { thing, key, words } = drag;
      store.preview(words, (plan) => {
        const turn = { ...thing.item };
        if (thing.turns && drag.far > 10) {
          const [x, z] = sheet.at(event);
          const { pan } = aimedAt([turn.x, 0, turn.z], [x, 0, z]);
          turn[thing.turns] = plans.normalised(snapping.degrees(thing.turns === "pan" ? pan : pan + 180, event));
        }
        return plans.add(plan, thing.kind, turn)[0];
      });
      drag.key = key;
    },
    a(event) {
      pullEnd(event, "a");
    },
    b(event) {
      pullEnd(event, "b");
    },
    left(event) {
      pullEdge(event, "left");
    },
    right(event) {
      pullEdge(event, "right");
    },
    marquee(event) {
      const [a, b] = [drag.from, sheet.at(event)];
      const [x, z] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
      sheet.guide(make("rect", { class: "marquee", x, y: z, width: Math.abs(a[0] - b[0]), height: Math.abs(a[1] - b[1]) }));
    },
  };

  function pullEnd(event, end) {
    const { id } = plans.parse(drag.key);
    store.preview("stretch a wall", (plan) => {
      const wall = plans.find(plan, drag.key);
      const point = corner(sheet.at(event), event, id);
      const next = { ...wall, [end]: point };
      const reach = Math.max(0.05, ...wall.openings.map((one) => one.at + one.width));
      // A wall cannot become shorter than what is cut into it.
      return plans.wallLength(next) < reach ? plan : plans.patch(plan, drag.key, { [end]: point });
    });
    const wall = plans.find(store.plan, drag.key);
    sheet.guide(...sheet.measure(wall.a, wall.b, `${plans.wallLength(wall).toFixed(2)} m`));
  }

  function pullEdge(event, edge) {
    const { wall: owner, id } = plans.parse(drag.key);
    store.preview("widen an opening", (plan) => {
      const wall = plans.find(plan, plans.keyOf("walls", owner));
      const one = plans.find(plan, drag.key);
      const length = plans.wallLength(wall);
      const [x, z] = sheet.at(event);
      const raw = ((x - wall.a[0]) * (wall.b[0] - wall.a[0]) + (z - wall.a[1]) * (wall.b[1] - wall.a[1])) / length;
      const [low, high] = freeGap(wall, one.at + one.width / 2, length, id);
      const along = Math.min(Math.max(snapping.metres(raw, event), low), high);
      const [from, to] = edge === "left" ? [Math.min(along, one.at + one.width - 0.1), one.at + one.width] : [one.at, Math.max(along, one.at + 0.1)];
      return plans.patch(plan, drag.key, { at: rounded(from), width: rounded(to - from) });
    });
  }

  svg.addEventListener("pointermove", (event) => {
    if (start) showPen(event);
    if (!drag) return;
    drag.far = Math.max(drag.far, Math.hypot(event.clientX - drag.x, event.clientY - drag.y));
    if (drag.far >= CLICK || drag.kind === "pan") MOVES[drag.kind]?.(event);
  });

  const END = {
    pen(event) {
      // A click begins a wall and the next click ends it; a drag draws it in one go.
      if (drag.first && drag.far < CLICK) return;
      drawWall(wallEnd(event));
      if (drag.far >= CLICK && drag.first) endPen();
      else sheet.guide();
    },
    place(event) {
      store.commit();
      store.select([drag.key]);
      if (!event.shiftKey) editor.useTool("select");
    },
    marquee(event) {
      sheet.guide();
      if (drag.far < CLICK) return store.select([]);
      const [a, b] = [drag.from, sheet.at(event)];
      const inside = plans.allKeys(store.plan).filter((key) => {
        const [x, z] = plans.positionOf(store.plan, key);
        return x >= Math.min(a[0], b[0]) && x <= Math.max(a[0], b[0]) && z >= Math.min(a[1], b[1]) && z <= Math.max(a[1], b[1]);
      });
      return store.select(inside, { toggle: drag.toggle });
    },
  };

  svg.addEventListener("pointerup", (event) => {
    if (!drag) return;
    if (END[drag.kind]) END[drag.kind](event);
    else {
      store.commit();
      if (!start) sheet.guide();
      if (drag.kind === "move" && drag.far < CLICK && !drag.toggle) store.select([drag.key]);
    }
    drag = null;
  });

  const stop = () => {
    store.cancel();
    drag = null;
    endPen();
  };
  svg.addEventListener("pointercancel", stop);
  svg.addEventListener("dblclick", endPen);
  editor.addEventListener("tool", endPen);

  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    sheet.zoom(Math.exp(-Math.min(Math.max(event.deltaY, -120), 120) * 0.002), [event.clientX - box.left, event.clientY - box.top]);
  }, { passive: false });

  return { stop, busy: () => Boolean(drag || start) };
}
