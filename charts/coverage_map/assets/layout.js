// Where the map and its insets stand on a stage of a given size (CSS pixels). No DOM.

const GAP = 10;
const LABEL_BELOW = 22;
const NARROW = 520; // below this width there is room for the archipelagos only
const TOP = 56; // below the buttons
const ROWS = [["ha_noi", "hai_phong"], ["da_nang", "hoang_sa"], ["truong_sa"], ["ho_chi_minh", "can_tho"]];

/**
 * `insets` are the arc file's ({key, box, archipelago}), `shape` the width of the map over its height.
 * Returns {area: {left, top, width, height} for the map itself, boxes: [{key, left, top, size, height}]}.
 * Narrow stages keep only the archipelagos, on either side of the country's waist. Insets that are all archipelagos
 * belong to one province, or to a wall's map, which has no room for cities. `below` is the room for a name under a box.
 */
export function placeInsets(width, height, insets, shape, below = LABEL_BELOW) {
  const whole = { left: 0, top: 0, width, height };
  const known = new Map(insets.map((inset) => [inset.key, inset]));
  const archipelagos = insets.filter((inset) => inset.archipelago);
  if (archipelagos.length === 0 && (insets.length === 0 || width < NARROW)) return { area: whole, boxes: [] };
  if (archipelagos.length === insets.length) return placeBeside(width, height, archipelagos, below);
  if (width < NARROW) {
    const size = clamp(width * 0.26, 84, 120);
    const spots = { hoang_sa: [width - size - GAP, height * 0.25], truong_sa: [GAP, height * 0.55] };
    const boxes = archipelagos.map((inset) => boxAt(inset, ...spots[inset.key], size));
    return { area: whole, boxes };
  }
  const rows = ROWS.map((row) => row.filter((key) => known.has(key))).filter((row) => row.length);
  const size = clamp(Math.min(width * 0.16, (height - TOP) / rows.length - below - GAP), 70, 170);
  const columns = size * 2 + GAP;
  const mapWidth = Math.min(width - columns - 2 * GAP, height * shape + 2 * GAP);
  const left = Math.max(0, (width - mapWidth - columns - 2 * GAP) / 2);
  const start = left + mapWidth + GAP;
  const pitch = rows.length > 1 ? (height - TOP - size - below) / (rows.length - 1) : 0;
  const boxes = rows.flatMap((row, r) =>
    row.map((key, c) => boxAt(known.get(key), start + (row.length === 1 ? 1 : c) * (size + GAP), TOP + r * pitch, size)),
  );
  return { area: { left, top: 0, width: mapWidth, height }, boxes };
}

/** A province that owns an archipelago: its box stands below the buttons, or on a narrow stage below the map. */
function placeBeside(width, height, archipelagos, below) {
  const size = clamp(width * 0.2, 84, 170);
  if (width < NARROW) {
    const boxes = archipelagos.map((inset, i) => boxAt(inset, GAP + i * (size + GAP), height - size - below, size));
    return { area: { left: 0, top: 0, width, height: height - size - below - GAP }, boxes };
  }
  const left = width - size - GAP;
  const boxes = archipelagos.map((inset, i) => boxAt(inset, left, TOP + i * (size + below + GAP), size));
  return { area: { left: 0, top: 0, width: left - GAP, height }, boxes };
}

/** As tall as its box asks, so that nothing beyond the box comes into view; at most square. */
function boxAt({ key, box: [west, south, east, north] }, left, top, size) {
  return { key, left, top, size, height: size * Math.min(1, (north - south) / (east - west)) };
}

const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
