// What each tool puts into the plan. A maker returns the fields of a new item at a point; direction in degrees.

import { wallNear } from "./snapping.js";
import * as plans from "./plan.js";

export const DEFAULT_HEIGHT = 2.6;
const OPENINGS = {
  door: { width: 0.9, bottom: 0, height: 2.05 },
  window: { width: 1.4, bottom: 0.9, height: 1.2 },
  arch: { width: 1.6, bottom: 0, height: 2.3 },
};
const EYE = 1.55;

const rounded = (value) => Math.round(value * 1000) / 1000;

export const wallHeight = (plan) => plan.walls.at(-1)?.height ?? plan.ceiling ?? DEFAULT_HEIGHT;

/** Item of a placing tool: {kind, item, turns: field that a drag aims, or ""}. */
export function placed(tool, [x, z], plan, kind = "") {
  if (tool === "piece") return { kind: "pieces", turns: "yaw", item: { kind, name: "", x, y: 0, z, yaw: 0, size: null, colour: null, solids: null } };
  if (tool === "figure") {
    const item = { name: `Figure ${plan.figures.length + 1}`, x, z, y: 0, yaw: 0, pose: "stand", build: "person", garments: [], looks_at: "" };
    return { kind: "figures", turns: "yaw", item };
  }
  if (tool === "light") {
    const y = Math.min(2.2, (plan.ceiling ?? 3) - 0.3);
    return { kind: "lights", turns: "", item: { kind: "lamp", x, y: rounded(y), z, power: 1.6, colour: [1, 0.8, 0.5], on: true } };
  }
  if (tool === "camera") {
    const last = plan.cameras.at(-1);
    const item = { x, y: last?.y ?? EYE, z, pan: 0, tilt: 0, roll: 0, sensor: last?.sensor ?? "super35", focal_mm: last?.focal_mm ?? 35 };
    return { kind: "cameras", turns: "pan", item };
  }
  if (tool === "stairs") return { kind: "stairs", turns: "yaw", item: { x, y: 0, z, yaw: 0, width: 1.2, rise: 2.7, run: 4.05, steps: 15 } };
  return null;
}

/** A door, window or arch where the pointer meets a wall: {plan, key}, or {refusal} in words. */
export function openingAt(plan, tool, point, reach) {
  const found = wallNear(plan, point, reach);
  if (!found) return { refusal: `Click on a wall to cut a ${tool} into it.` };
  const length = plans.wallLength(found.wall);
  const wanted = OPENINGS[tool];
  const height = rounded(Math.min(wanted.height, found.wall.height - wanted.bottom));
  if (height < 0.2) return { refusal: `The wall is ${found.wall.height} m high; a ${tool} begins at ${wanted.bottom} m.` };
  const gap = freeGap(found.wall, found.at, length);
  const width = rounded(Math.min(wanted.width, gap[1] - gap[0]));
  if (width < 0.3) return { refusal: `There is no room for a ${tool} here: ${rounded(gap[1] - gap[0])} m are free.` };
  const at = rounded(Math.min(Math.max(found.at - width / 2, gap[0]), gap[1] - width));
  const [next, key] = plans.addOpening(plan, plans.keyOf("walls", found.wall.id), { kind: tool, at, width, bottom: wanted.bottom, height });
  return { plan: next, key };
}

/** [from, to] in metres of the stretch of wall without openings around `at`. */
export function freeGap(wall, at, length, except = "") {
  let [from, to] = [0, length];
  for (const one of wall.openings) {
    if (one.id === except) continue;
    if (one.at + one.width <= at) from = Math.max(from, one.at + one.width);
    else if (one.at >= at) to = Math.min(to, one.at);
    else return [at, at];
  }
  return [from, to];
}

export function newWall(plan, a, b) {
  return { a, b, height: wallHeight(plan), thickness: plan.walls.at(-1)?.thickness ?? 0.2, colour: null, openings: [] };
}
