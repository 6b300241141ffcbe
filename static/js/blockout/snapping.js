// The grid and the angles things settle on. Alt held leaves both alone.

export const snapping = {
  step: 0.25, // metres; 0 is free
  angle: 15, // degrees; 0 is free

  metres(value, event) {
    if (!this.step || event?.altKey) return Math.round(value * 1000) / 1000;
    return Math.round(Math.round(value / this.step) * this.step * 1000) / 1000;
  },

  degrees(value, event) {
    if (!this.angle || event?.altKey) return Math.round(value * 10) / 10;
    return Math.round(value / this.angle) * this.angle;
  },

  point([x, z], event) {
    return [this.metres(x, event), this.metres(z, event)];
  },

  /** How far one arrow key moves: a step of the grid, five with Shift, a centimetre with Alt. */
  nudge(event) {
    return event.altKey ? 0.01 : (this.step || 0.1) * (event.shiftKey ? 5 : 1);
  },
};

/** The end of a wall within reach of a point, so that corners close; else null. */
export function cornerNear(plan, [x, z], reach, except = "") {
  let best = null;
  let least = reach;
  for (const wall of plan.walls) {
    if (wall.id === except) continue;
    for (const end of [wall.a, wall.b]) {
      const away = Math.hypot(end[0] - x, end[1] - z);
      if (away < least) [best, least] = [end, away];
    }
  }
  return best;
}

/** The wall under a point: {wall, at (metres along it)} within reach, or null. */
export function wallNear(plan, [x, z], reach) {
  let best = null;
  let least = reach;
  for (const wall of plan.walls) {
    const [dx, dz] = [wall.b[0] - wall.a[0], wall.b[1] - wall.a[1]];
    const length = Math.hypot(dx, dz) || 1;
    const at = Math.min(Math.max(((x - wall.a[0]) * dx + (z - wall.a[1]) * dz) / length, 0), length);
    const away = Math.hypot(x - wall.a[0] - (dx / length) * at, z - wall.a[1] - (dz / length) * at) - wall.thickness / 2;
    if (away < least) [best, least] = [{ wall, at }, away];
  }
  return best;
}
