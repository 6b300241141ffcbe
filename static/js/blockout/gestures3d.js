// The pointer in the 3D view: turn around the set, move what is under the pointer, or swing the camera.

import { axesOf } from "./lens.js";
import * as plans from "./plan.js";

const CLICK = 4; // pixels a pointer may wander and still be a click
const TURN = 0.008; // radians a pixel

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const rounded = (value, digits = 3) => Math.round(value * 10 ** digits) / 10 ** digits;

/** snapping: object with `metres(value, event)`, which rounds to the grid. */
export function gestures3d(view, store, snapping) {
  const canvas = view.renderer.domElement;
  let drag = null;

  const kindOf = (event, hit) => {
    if (view.through) return event.shiftKey || event.button ? "truck" : "swing";
    if (event.button || event.shiftKey) return "pan";
    const movable = hit && store.editable && plans.parse(hit.key).kind !== "walls" && store.selection.has(hit.key);
    return movable ? "move" : "orbit";
  };

  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    const hit = view.hit(event);
    drag = { kind: kindOf(event, hit), hit, x: event.clientX, y: event.clientY, far: 0, lens: view.lens, orbit: { ...view.orbit, target: view.orbit.target.clone() } };
    if (drag.kind === "move") drag.from = view.onLevel(event, hit.point.y);
  });

  const MOVES = {
    orbit(dx, dy) {
      view.orbit.azimuth = drag.orbit.azimuth - dx * TURN;
      view.orbit.height = clamp(drag.orbit.height + dy * TURN, -0.05, 1.55);
      view.invalidate();
    },
    pan(dx, dy) {
      const metres = (view.orbit.distance * 0.77) / view.size.height;
      const { azimuth, height } = view.orbit;
      const [sin, cos] = [Math.sin(azimuth), Math.cos(azimuth)];
      const ahead = dy / Math.max(Math.sin(height), 0.35);
      view.orbit.target.copy(drag.orbit.target);
      view.orbit.target.x += (-dx * cos - ahead * sin) * metres;
      view.orbit.target.z += (dx * sin - ahead * cos) * metres;
      view.invalidate();
    },
    move(dx, dy, event) {
      const to = view.onLevel(event, drag.hit.point.y);
      if (!to || !drag.from) return;
      const keys = store.keys;
      store.preview("move", (plan) => {
        const [x, z] = plans.positionOf(plan, drag.hit.key);
        const wanted = [x + to[0] - drag.from[0], z + to[1] - drag.from[1]].map((value) => snapping.metres(value, event));
        return plans.moveBy(plan, keys, wanted[0] - x, wanted[1] - z);
      });
    },
    swing(dx, dy) {
      const degrees = view.angles.horizontal / view.frameBox().width;
      const key = plans.keyOf("cameras", view.through);
      store.preview(`turn camera ${view.through}`, (plan) =>
        plans.patch(plan, key, {
          pan: plans.normalised(rounded(drag.lens.pan + dx * degrees, 1)),
          tilt: clamp(rounded(drag.lens.tilt + dy * degrees, 1), -90, 90),
        }),
      );
    },
    truck(dx, dy) {
      const { right, up } = axesOf(drag.lens);
      const key = plans.keyOf("cameras", view.through);
      const [across, rise] = [-dx * 0.01, dy * 0.01];
      store.preview(`move camera ${view.through}`, (plan) =>
        plans.patch(plan, key, {
          x: rounded(drag.lens.x + right[0] * across + up[0] * rise, 2),
          y: Math.max(0.05, rounded(drag.lens.y + right[1] * across + up[1] * rise, 2)),
          z: rounded(drag.lens.z + right[2] * across + up[2] * rise, 2),
        }),
      );
    },
  };

  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.far = Math.max(drag.far, Math.hypot(dx, dy));
    if (drag.far >= CLICK) MOVES[drag.kind](dx, dy, event);
  });

  const end = (event) => {
    if (!drag) return;
    if (drag.far < CLICK && !view.through) store.select(drag.hit ? [drag.hit.key] : [], { toggle: event.shiftKey });
    else store.commit();
    drag = null;
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", () => {
    store.cancel();
    drag = null;
  });

  let settling = 0;
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const notch = clamp(event.deltaY, -120, 120);
    if (!view.through) {
      view.orbit.distance = clamp(view.orbit.distance * Math.exp(notch * 0.0015), 0.8, 260);
      view.invalidate();
      return;
    }
    // A dolly towards what the lens looks at, level with the floor: one step for a whole turn of the wheel.
    const { forward } = axesOf(view.lens);
    const [lens, way] = [view.lens, -notch * 0.003];
    store.preview(`move camera ${view.through}`, () =>
      plans.patch(store.plan, plans.keyOf("cameras", view.through), { x: rounded(lens.x + forward[0] * way, 2), z: rounded(lens.z + forward[2] * way, 2) }),
    );
    clearTimeout(settling);
    settling = setTimeout(() => store.commit(), 250);
  }, { passive: false });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) {
      store.cancel();
      drag = null;
    }
  });
}
