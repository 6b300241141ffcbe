// Which names of the floor plan are written, so that none covers another.

/**
 * Hide names that do not fit into their piece or would cover another one. What is selected or pointed at keeps its
 * name, and cameras theirs; then come people, then pieces, those with the most room first.
 *
 * drawn: key -> {name}, a name with takes {at: [x, z] in metres, down and size [wide, high] in pixels} and needs, the
 * pixels a metre from which it fits (none for cameras).  scale: pixels a metre.
 */
export function fitNames(drawn, { scale, selection, pointed }) {
  const rank = ([key, { name }]) => (selection.has(key) ? -3 : key === pointed ? -2 : (name.needs ?? -1));
  const named = [...drawn].filter(([, { name }]) => name).sort((one, other) => rank(one) - rank(other));
  const taken = [];
  for (const [key, { name }] of named) {
    const { at, down, size } = name.takes;
    const [x, y] = [at[0] * scale, at[1] * scale + down];
    const covers = (other) => Math.abs(x - other.x) < (size[0] + other.size[0]) / 2 && Math.abs(y - other.y) < (size[1] + other.size[1]) / 2;
    const always = selection.has(key) || key === pointed || name.needs === undefined;
    const written = always || (name.needs <= scale && !taken.some(covers));
    name.classList.toggle("off", !written);
    if (written) taken.push({ x, y, size });
  }
}
