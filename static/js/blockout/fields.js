// Which numbers and words each kind of item has, and what setting them does to the plan. Metres and degrees.

import { LENSES, SENSORS } from "./lens.js";
import * as plans from "./plan.js";

const rounded = (value) => Math.round(value * 1000) / 1000;
const hex = (colour) => `#${colour.map((channel) => Math.round(Math.min(Math.max(channel, 0), 1) * 255).toString(16).padStart(2, "0")).join("")}`;
const channels = (text) => [1, 3, 5].map((at) => Math.round((parseInt(text.slice(at, at + 2), 16) / 255) * 1000) / 1000);

/** A number that is a field of the item itself. */
function number(label, field, unit, low, high, more = {}) {
  return {
    label, unit, low, high, type: "number",
    get: (item) => item[field],
    set: (plan, key, value) => plans.patch(plan, key, { [field]: rounded(value) }),
    ...more,
  };
}

function word(label, field, options, more = {}) {
  return { label, type: "select", options, get: (item) => item[field], set: (plan, key, value) => plans.patch(plan, key, { [field]: value }), ...more };
}

const name = { label: "Name", type: "text", wide: true, get: (item) => item.name, set: (plan, key, value) => plans.patch(plan, key, { name: value.slice(0, 60) }) };
const place = [number("X", "x", "m", -500, 500), number("Z", "z", "m", -500, 500), number("Height", "y", "m", -100, 500)];
const turn = (label, field, low = -360, high = 360) =>
  number(label, field, "°", low, high, { step: 1, set: (plan, key, value) => plans.patch(plan, key, { [field]: plans.normalised(value) }) });

const colour = (label, field, fallback) => ({
  label, type: "color",
  get: (item) => hex(item[field] ?? fallback),
  set: (plan, key, value) => plans.patch(plan, key, { [field]: channels(value) }),
});

/** One of the three sizes of a piece; they are set together, because a size is a whole. */
const extent = (label, axis) => ({
  label, unit: "m", type: "number", low: 0.01, high: 200,
  get: (item, { library }) => rounded(plans.sizeOf(item, library)[axis]),
  set: (plan, key, value, { library }) => {
    const size = [...plans.sizeOf(plans.find(plan, key), library)];
    size[axis] = rounded(value);
    return plans.patch(plan, key, { size });
  },
});

const wallEnd = (label, end, axis) => ({
  label, unit: "m", type: "number", low: -500, high: 500,
  get: (item) => item[end][axis],
  set: (plan, key, value) => plans.patch(plan, key, { [end]: plans.find(plan, key)[end].map((old, at) => (at === axis ? rounded(value) : old)) }),
});

const wallSize = {
  label: "Length", unit: "m", type: "number", low: 0.05, high: 500,
  get: (item) => rounded(plans.wallLength(item)),
  set: (plan, key, value) => {
    const wall = plans.find(plan, key);
    const share = value / (plans.wallLength(wall) || 1);
    return plans.patch(plan, key, { b: [0, 1].map((axis) => rounded(wall.a[axis] + (wall.b[axis] - wall.a[axis]) * share)) });
  },
};

const POSES = { stand: "Standing", walk: "Walking", run: "Running", sit: "Sitting", reach: "Reaching", lie: "Lying", kneel: "Kneeling", point: "Pointing" };
const pairs = (table) => Object.entries(table);
const others = (item, { store }) => [["", "Straight ahead"], ...store.plan.figures.filter((one) => one.id !== item.id).map((one) => [one.id, one.name || one.id])];

export const FIELDS = {
  pieces: [name, ...place, turn("Turn", "yaw"), extent("Width", 0), extent("High", 1), extent("Depth", 2), colour("Colour", "colour", [0.5, 0.5, 0.5])],
  meshes: [name, ...place, turn("Turn", "yaw"), number("Scale", "scale", "×", 0.0001, 1000, { step: 0.05 })],
  figures: [
    name, ...place, turn("Turn", "yaw"),
    word("Build", "build", [["person", "Person"], ["woman", "Woman"], ["man", "Man"], ["child", "Child"]]),
    word("Pose", "pose", pairs(POSES)),
    word("Looks at", "looks_at", others, { wide: true }),
  ],
  lights: [
    word("Kind", "kind", [["lamp", "Lamp"], ["sun", "Sun"], ["window", "Window light"]]),
    number("Power", "power", "×", 0, 50, { step: 0.1 }),
    colour("Colour", "colour", [1, 0.8, 0.5]), ...place,
    { label: "Switched on", type: "checkbox", wide: true, get: (item) => item.on, set: (plan, key, value) => plans.patch(plan, key, { on: value }) },
  ],
  cameras: [
    word("Sensor", "sensor", pairs(SENSORS).map(([id, { label }]) => [id, label])),
    number("Focal", "focal_mm", "mm", 4, 600, { step: 1, choices: LENSES }), number("Height", "y", "m", 0.02, 200, { step: 0.05 }),
    number("X", "x", "m", -500, 500), number("Z", "z", "m", -500, 500), turn("Pan", "pan"),
    turn("Tilt", "tilt", -90, 90), turn("Roll", "roll", -180, 180),
  ],
  walls: [
    wallSize, number("High", "height", "m", 0.05, 100), number("Thick", "thickness", "m", 0.01, 5, { step: 0.05 }),
    wallEnd("From X", "a", 0), wallEnd("From Z", "a", 1), colour("Colour", "colour", [0.62, 0.61, 0.58]),
    wallEnd("To X", "b", 0), wallEnd("To Z", "b", 1),
  ],
  openings: [
    word("Kind", "kind", [["door", "Door"], ["window", "Window"], ["arch", "Arch"]], { wide: true }),
    number("From end", "at", "m", 0, 500), number("Width", "width", "m", 0.05, 200), number("Sill", "bottom", "m", 0, 100),
    number("High", "height", "m", 0.05, 100),
  ],
  stairs: [
    ...place, turn("Turn", "yaw"), number("Width", "width", "m", 0.1, 100), number("Rise", "rise", "m", 0.05, 100), number("Run", "run", "m", 0.05, 200),
    number("Steps", "steps", "", 1, 200, { step: 1, set: (plan, key, value) => plans.patch(plan, key, { steps: Math.round(value) }) }),
  ],
};

/** Why a plan with this item would be refused, in words; "" when it stands. The server asks the same again. */
export function fault(plan, key) {
  const { kind, id, wall: owner } = plans.parse(key);
  const wall = kind === "walls" ? plans.find(plan, key) : kind === "openings" ? plans.find(plan, plans.keyOf("walls", owner)) : null;
  if (!wall) return "";
  const length = plans.wallLength(wall);
  if (length < 0.05) return "The wall is shorter than 0.05 m.";
  let [reach, before] = [0, ""];
  for (const one of [...wall.openings].sort((a, b) => a.at - b.at)) {
    const what = one.id === id || kind === "walls" ? `The ${one.kind}` : `The ${one.kind} beside it`;
    const out = rounded(Math.max(-one.at, one.at + one.width - length));
    if (out > 0.001) return `${what} sticks out of the wall by ${out} m.`;
    if (one.bottom + one.height - wall.height > 0.001) return `${what} is ${rounded(one.bottom + one.height - wall.height)} m higher than the wall.`;
    if (before && reach - one.at > 0.001) return `${what} overlaps the ${before} by ${rounded(reach - one.at)} m.`;
    [reach, before] = [one.at + one.width, one.kind];
  }
  return "";
}

/** Fields of the set itself, shown while nothing is selected. */
export const SET_FIELDS = [
  {
    label: "Ceiling", unit: "m", type: "number", low: 0.5, high: 100, optional: true,
    // A first plan's room is measured to the millimetre; nobody builds a ceiling to it.
    get: (plan) => (plan.ceiling === null ? "" : Math.round(plan.ceiling * 100) / 100),
    set: (plan, _, value) => ({ ...plan, ceiling: value === "" ? null : rounded(value) }),
  },
  {
    label: "Inside or outside", type: "select", span: 2, options: [["true", "Interior"], ["false", "Exterior"]],
    get: (plan) => String(plan.interior),
    set: (plan, _, value) => ({ ...plan, interior: value === "true" }),
  },
];
