// The map without a screen: borders in, pixels and answers out. No DOM, no Streamlit; tests/ runs it in node.
//
// A *view* is {x, y, scale}: the world position of the drawing's top left corner and pixels per world step.
// World x grows east and y north; pixel rows grow south.

export const OUTSIDE = 0; // unit number = index + 1, so that 0 is free for "no unit here"
const HATCH = 6; // pixels between the lines of a hatching
export const LEVEL = { coast: 0, province: 1, district: 2, commune: 3 };

/**
 * Add the borders of `outlines` to `cells` (Uint16Array, width × height): at the first pixel centre right of each crossing of
 * a pixel row stands the change of unit number. `finishFill` sums it up. Several files of one coverage may be added in turn.
 * Numbers wrap at 2^16, which the running sum undoes.
 */
export function addCrossings(outlines, cells, width, height, view) {
  const { left, right, offset, x, y, box } = outlines;
  const { scale } = view;
  for (let arc = 0; arc < left.length; arc++) {
    const b = arc * 4;
    const top = (view.y - box[b + 3]) * scale;
    const bottom = (view.y - box[b + 1]) * scale;
    if (bottom < 0.5 || top > height - 0.5 || (box[b] - view.x) * scale > width) continue;
    if (Math.ceil(top - 0.5) === Math.ceil(bottom - 0.5)) continue; // between two rows of pixel centres
    const southward = right[arc] - left[arc]; // change met from west to east where the arc runs north; see below
    const last = offset[arc + 1] - 1;
    if ((box[b + 2] - view.x) * scale < 0) {
      // Wholly left of the drawing: only its two ends matter.
      const y0 = (view.y - y[offset[arc]]) * scale;
      crossRows(cells, width, height, -1, y0, -1, (view.y - y[last]) * scale, southward);
      continue;
    }
    let px = (x[offset[arc]] - view.x) * scale;
    let py = (view.y - y[offset[arc]]) * scale;
    for (let i = offset[arc] + 1; i <= last; i++) {
      const qx = (x[i] - view.x) * scale;
      const qy = (view.y - y[i]) * scale;
      crossRows(cells, width, height, px, py, qx, qy, southward);
      px = qx;
      py = qy;
    }
  }
}

/** One straight piece. Walking north, the unit on the left is west: going east over it the number changes by right − left. */
function crossRows(cells, width, height, x0, y0, x1, y1, change) {
  let first = Math.ceil(y0 - 0.5);
  let end = Math.ceil(y1 - 0.5);
  if (first === end) return;
  if (first > end) [first, end] = [end, first];
  else change = -change; // pixel rows grow south
  if (first < 0) first = 0;
  if (end > height) end = height;
  const slope = (x1 - x0) / (y1 - y0);
  for (let row = first; row < end; row++) {
    let column = Math.ceil(x0 + (row + 0.5 - y0) * slope - 0.5);
    if (column < 0) column = 0;
    if (column < width) cells[row * width + column] += change;
  }
}

/** Turn crossings into the unit number under every pixel, in place. Numbers above `unitCount` (a fold of the grid) become 0. */
export function finishFill(cells, width, height, unitCount) {
  for (let row = 0, i = 0; row < height; row++) {
    let unit = 0;
    for (const end = i + width; i < end; i++) {
      unit = (unit + cells[i]) & 0xffff;
      cells[i] = unit <= unitCount ? unit : OUTSIDE;
    }
  }
}

/**
 * Fill `cells` with the unit number under every pixel.
 * `scene` is {files, ground, surround, islands}: `files` are outlines of one coverage; pixels of no unit become unit_count + 1
 * where `ground` (the provinces' outlines) has one, else unit_count + 2 where `surround` is set; with `islands` (a radius in
 * pixels) islands too small to see are drawn as dots.
 */
export function fillScene(scene, cells, width, height, view) {
  const { files, ground, surround, islands } = scene;
  const count = files[0].header.unit_count;
  cells.fill(0);
  for (const file of files) addCrossings(file, cells, width, height, view);
  finishFill(cells, width, height, count);
  if (islands) for (const file of files) stampIslands(file, cells, width, height, view, islands);
  if (ground) {
    const under = new Uint16Array(width * height);
    addCrossings(ground, under, width, height, view);
    finishFill(under, width, height, ground.header.unit_count);
    for (let i = 0; i < cells.length; i++) if (cells[i] === OUTSIDE && under[i] !== OUTSIDE) cells[i] = count + 1;
  }
  if (surround) for (let i = 0; i < cells.length; i++) if (cells[i] === OUTSIDE) cells[i] = count + 2;
  return cells;
}

/** Islands that are smaller than a dot of this radius: {x, y (pixels), unit}. */
export function smallIslands(outlines, view, width, height, radius) {
  const { offset, x, y, right, box } = outlines;
  const found = [];
  for (const arc of arcsInView(outlines, LEVEL.coast, view, width, height)) {
    const last = offset[arc + 1] - 1;
    if (x[offset[arc]] !== x[last] || y[offset[arc]] !== y[last]) continue;
    const [west, south, east, north] = box.subarray(arc * 4, arc * 4 + 4);
    if (Math.max(east - west, north - south) * view.scale > radius * 2) continue;
    found.push({ x: ((west + east) / 2 - view.x) * view.scale, y: (view.y - (south + north) / 2) * view.scale, unit: right[arc] });
  }
  return found;
}

/** A dot for each island that is smaller than a dot. */
function stampIslands(outlines, cells, width, height, view, radius) {
  for (const { x, y, unit } of smallIslands(outlines, view, width, height, radius)) {
    for (let row = Math.max(0, Math.ceil(y - radius)); row < Math.min(height, y + radius); row++) {
      for (let column = Math.max(0, Math.ceil(x - radius)); column < Math.min(width, x + radius); column++) {
        if (Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) cells[row * width + column] = unit;
      }
    }
  }
}

/** "#rrggbb" as the little-endian pixel that ImageData holds. */
export function pixelOf(colour) {
  const value = parseInt(colour.slice(1), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/**
 * Where each row of a fill has units, with a pixel to spare for soft edges: {from, to (per row, to is beyond), left, top, right, bottom}.
 * Vietnam is narrow: most pixels of a stage are never touched.
 */
export function spansOf(cells, width, height) {
  const from = new Uint16Array(height);
  const to = new Uint16Array(height);
  let left = width, right = 0, top = height, bottom = 0;
  for (let row = 0, start = 0; row < height; row++, start += width) {
    let first = 0;
    while (first < width && cells[start + first] === OUTSIDE) first++;
    if (first === width) continue;
    let last = width - 1;
    while (cells[start + last] === OUTSIDE) last--;
    for (let near = Math.max(0, row - 1); near < Math.min(height, row + 2); near++) {
      from[near] = to[near] ? Math.min(from[near], Math.max(0, first - 1)) : Math.max(0, first - 1);
      to[near] = Math.max(to[near], Math.min(width, last + 2));
      left = Math.min(left, from[near]);
      right = Math.max(right, to[near]);
      top = Math.min(top, near);
      bottom = Math.max(bottom, near + 1);
    }
  }
  return { from, to, left, top, right: Math.max(left, right), bottom: Math.max(top, bottom) };
}

/** Write the colour of every pixel inside `spans`: `paint[unit number]`, and `stripes[unit number]` on the diagonals of a hatching. */
export function colourPixels(cells, pixels, width, spans, paint, stripes = null) {
  const { from, to, top, bottom } = spans;
  for (let row = top; row < bottom; row++) {
    const start = row * width;
    const end = start + to[row];
    for (let i = start + from[row]; i < end; i++) pixels[i] = paint[cells[i]];
    if (!stripes) continue;
    for (let i = start + from[row] + ((HATCH - ((row + from[row]) % HATCH)) % HATCH); i < end; i += HATCH) pixels[i] = stripes[cells[i]];
  }
}

/**
 * The pixels of soft edges, from four samples each: {at: pixel numbers, samples: unit numbers, four a pixel}. They are those whose
 * samples are not all of the unit in `cells`; worked out once for a view, after which a change of colours needs no border.
 * `fill(cells, width, height, view)` fills a band at twice the size.
 */
export function findSoftPixels(fill, cells, width, view, spans, bandRows = 64) {
  const wide = width * 2;
  const band = new Uint16Array(wide * bandRows * 2);
  let at = new Uint32Array(4096);
  let samples = new Uint16Array(4096 * 4);
  let found = 0;
  for (let top = spans.top; top < spans.bottom; top += bandRows) {
    const rows = Math.min(bandRows, spans.bottom - top);
    const doubled = band.subarray(0, wide * rows * 2);
    fill(doubled, wide, rows * 2, { x: view.x, y: view.y - top / view.scale, scale: view.scale * 2 });
    for (let row = 0; row < rows; row++) {
      const first = spans.from[top + row];
      const end = (top + row) * width + spans.to[top + row];
      let upper = row * 2 * wide + first * 2;
      let lower = upper + wide;
      for (let i = (top + row) * width + first; i < end; i++, upper += 2, lower += 2) {
        const unit = cells[i];
        if (doubled[upper] === unit && doubled[upper + 1] === unit && doubled[lower] === unit && doubled[lower + 1] === unit) continue;
        if (found === at.length) [at, samples] = [enlarge(at), enlarge(samples)];
        at[found] = i;
        samples[found * 4] = doubled[upper];
        samples[found * 4 + 1] = doubled[upper + 1];
        samples[found * 4 + 2] = doubled[lower];
        samples[found * 4 + 3] = doubled[lower + 1];
        found++;
      }
    }
  }
  return { at: at.slice(0, found), samples: samples.slice(0, found * 4) };
}

function enlarge(array) {
  const larger = new array.constructor(array.length * 2);
  larger.set(array);
  return larger;
}

/** Colours of the soft edges over those of `colourPixels`: every pixel is the mean of its four samples. */
export function softenPixels({ at, samples }, pixels, width, paint, stripes = null) {
  for (let found = 0, s = 0; found < at.length; found++, s += 4) {
    const i = at[found];
    const row = stripes ? (i / width) | 0 : 0;
    const lookup = stripes && (row + i - row * width) % HATCH === 0 ? stripes : paint;
    const a = lookup[samples[s]], b = lookup[samples[s + 1]], c = lookup[samples[s + 2]], d = lookup[samples[s + 3]];
    pixels[i] = a === b && a === c && a === d ? a : meanOfFour(a, b, c, d);
  }
}

/** Mean of four pixels; transparent ones count for opacity and not for colour. */
export function meanOfFour(a, b, c, d) {
  let red = 0, green = 0, blue = 0, opaque = 0;
  for (const pixel of [a, b, c, d]) {
    if (pixel >>> 24 === 0) continue;
    opaque++;
    red += pixel & 0xff;
    green += (pixel >>> 8) & 0xff;
    blue += (pixel >>> 16) & 0xff;
  }
  if (opaque === 0) return 0;
  const alpha = (opaque * 255) >> 2;
  return ((alpha << 24) | (((blue / opaque) | 0) << 16) | (((green / opaque) | 0) << 8) | ((red / opaque) | 0)) >>> 0;
}

/** The view that shows a world box [west, south, east, north] inside a rectangle of pixels, centred. */
export function fitView(box, width, height, margin = 4, left = 0, top = 0) {
  const [west, south, east, north] = box;
  const scale = Math.min((width - 2 * margin) / Math.max(1, east - west), (height - 2 * margin) / Math.max(1, north - south));
  return {
    scale,
    x: (west + east) / 2 - (left + width / 2) / scale,
    y: (south + north) / 2 + (top + height / 2) / scale,
  };
}

/** Zoom by a factor about a pixel that stays where it is. */
export function zoomView(view, factor, px, py) {
  const scale = view.scale * factor;
  return { scale, x: view.x + px / view.scale - px / scale, y: view.y - py / view.scale + py / scale };
}

export const panView = (view, dx, dy) => ({ scale: view.scale, x: view.x - dx / view.scale, y: view.y + dy / view.scale });

/**
 * The view `part` (0…1) of the way from one to another: every step enlarges alike, and the place that both show at the same
 * pixel stays there.
 */
export function viewBetween(from, to, part) {
  const scale = from.scale * (to.scale / from.scale) ** part;
  const whole = 1 / to.scale - 1 / from.scale;
  const moved = Math.abs(to.scale / from.scale - 1) > 1e-6 ? (1 / scale - 1 / from.scale) / whole : part;
  return { scale, x: from.x + (to.x - from.x) * moved, y: from.y + (to.y - from.y) * moved };
}

/** Index of the unit under a pixel, or −1. */
export function unitAt(cells, width, height, px, py) {
  const column = Math.floor(px);
  const row = Math.floor(py);
  if (column < 0 || row < 0 || column >= width || row >= height) return -1;
  return cells[row * width + column] - 1;
}

/** World box [west, south, east, north] of one unit index, from the arcs it borders; null where it has none. */
export function boxOfUnit(outlines, index) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  forArcsOf(outlines, index, (arc) => {
    const b = outlines.box.subarray(arc * 4, arc * 4 + 4);
    box[0] = Math.min(box[0], b[0]);
    box[1] = Math.min(box[1], b[1]);
    box[2] = Math.max(box[2], b[2]);
    box[3] = Math.max(box[3], b[3]);
  });
  return box[0] === Infinity ? null : box;
}

/** Call `visit(arc)` for each arc that bounds the unit. */
export function forArcsOf(outlines, index, visit) {
  const unit = index + 1;
  for (let arc = 0; arc < outlines.left.length; arc++) {
    if (outlines.left[arc] === unit || outlines.right[arc] === unit) visit(arc);
  }
}

/** Arcs of a level that touch the view, without closed ones (islands) that measure less than `least` pixels. */
export function arcsInView(outlines, level, view, width, height, least = 0) {
  const { box, header, offset, x, y } = outlines;
  const first = header.arc_counts.slice(0, level).reduce((sum, count) => sum + count, 0);
  const end = first + header.arc_counts[level];
  const east = view.x + width / view.scale;
  const south = view.y - height / view.scale;
  const smallest = least / view.scale;
  const found = [];
  for (let arc = first, b = first * 4; arc < end; arc++, b += 4) {
    if (box[b] > east || box[b + 2] < view.x || box[b + 1] > view.y || box[b + 3] < south) continue;
    if (box[b + 2] - box[b] < smallest && box[b + 3] - box[b + 1] < smallest) {
      const [from, to] = [offset[arc], offset[arc + 1] - 1];
      if (x[from] === x[to] && y[from] === y[to]) continue;
    }
    found.push(arc);
  }
  return found;
}

/** Draw an arc with moveTo/lineTo of `path`, leaving out points nearer than `near` pixels to the one before. */
export function traceArc(outlines, arc, view, path, near = 0.7) {
  const { x, y, offset } = outlines;
  const last = offset[arc + 1] - 1;
  let px = (x[offset[arc]] - view.x) * view.scale;
  let py = (view.y - y[offset[arc]]) * view.scale;
  path.moveTo(px, py);
  for (let i = offset[arc] + 1; i <= last; i++) {
    const qx = (x[i] - view.x) * view.scale;
    const qy = (view.y - y[i]) * view.scale;
    if (i < last && Math.abs(qx - px) < near && Math.abs(qy - py) < near) continue;
    path.lineTo(qx, qy);
    px = qx;
    py = qy;
  }
}

/** How many of the unit indices cover no pixel in any of the given fills. */
export function countHidden(fills, unitCount, indices = null) {
  const seen = new Uint8Array(unitCount + 1);
  for (const cells of fills) for (let i = 0; i < cells.length; i++) seen[cells[i]] = 1;
  let hidden = 0;
  if (indices) for (const index of indices) hidden += 1 - seen[index + 1];
  else for (let unit = 1; unit <= unitCount; unit++) hidden += 1 - seen[unit];
  return hidden;
}
