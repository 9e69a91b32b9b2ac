// Counts of people as circles, never as fills: one size per class of the legend, the largest first. No DOM.

/**
 * Where the circle of each unit stands: {x, y} by index in world steps, NaN where the outlines have no such unit. The
 * representative point of the file where it has them, else the middle of the unit's box.
 */
export function centresOf(outlines) {
  const count = outlines.header.unit_count;
  const centres = { x: new Float64Array(count).fill(NaN), y: new Float64Array(count).fill(NaN) };
  if (outlines.points.x.length === outlines.units.length && outlines.units.length > 0) {
    outlines.units.forEach((index, i) => {
      centres.x[index] = outlines.points.x[i];
      centres.y[index] = outlines.points.y[i];
    });
    return centres;
  }
  const edge = { west: new Float64Array(count).fill(Infinity), south: new Float64Array(count).fill(Infinity) };
  const far = { east: new Float64Array(count).fill(-Infinity), north: new Float64Array(count).fill(-Infinity) };
  const { left, right, box } = outlines;
  for (let arc = 0, b = 0; arc < left.length; arc++, b += 4) {
    for (const unit of [left[arc], right[arc]]) {
      if (unit === 0) continue;
      const index = unit - 1;
      if (box[b] < edge.west[index]) edge.west[index] = box[b];
      if (box[b + 1] < edge.south[index]) edge.south[index] = box[b + 1];
      if (box[b + 2] > far.east[index]) far.east[index] = box[b + 2];
      if (box[b + 3] > far.north[index]) far.north[index] = box[b + 3];
    }
  }
  for (let index = 0; index < count; index++) {
    if (edge.west[index] === Infinity) continue;
    centres.x[index] = (edge.west[index] + far.east[index]) / 2;
    centres.y[index] = (edge.south[index] + far.north[index]) / 2;
  }
  return centres;
}

/**
 * The circles in a view, class by class, the largest first, so that no small one is hidden: [{colour, radius (pixels), x, y
 * (pixels, one per circle), unit}]. `look` has {radius, colour} per class code or nothing; nothing is drawn right of `edge`.
 */
export function circlesInView(classes, look, centres, view, width, height, ratio, edge = width) {
  const groups = new Map();
  for (let index = 0; index < classes.length; index++) {
    const shown = look[classes[index]];
    if (!shown) continue;
    const radius = shown.radius * ratio;
    const x = (centres.x[index] - view.x) * view.scale;
    const y = (view.y - centres.y[index]) * view.scale;
    if (!(x > -radius && x < Math.min(width, edge) + radius && y > -radius && y < height + radius)) continue;
    let group = groups.get(shown);
    if (!group) groups.set(shown, (group = { ...shown, radius, x: [], y: [], unit: [] }));
    group.x.push(x);
    group.y.push(y);
    group.unit.push(index);
  }
  return [...groups.values()].sort((a, b) => b.radius - a.radius);
}

