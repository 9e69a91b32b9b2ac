// Where the map and its insets stand on a stage of a given size (CSS pixels). No DOM.

const GAP = 10;
const LABEL_BELOW = 22;
const ROWS = [["ha_noi", "hai_phong"], ["da_nang", "hoang_sa"], ["truong_sa"], ["ho_chi_minh", "can_tho"]];

/**
 * `insets` are the arc file's ({key, box, archipelago}), `shape` the width of the map over its height.
 * Returns {area: {left, top, width, height} for the map itself, boxes: [{key, left, top, size, height}]}.
 * Narrow stages keep only the archipelagos, on either side of the country's waist.
 */
export function placeInsets(width, height, insets, shape) {
  const whole = { left: 0, top: 0, width, height };
  const known = new Map(insets.map((inset) => [inset.key, inset]));
  const archipelagos = insets.filter((inset) => inset.archipelago);
  if (insets.length === archipelagos.length || width < 520) {
    if (archipelagos.length === 0) return { area: whole, boxes: [] };
    const size = clamp(width * 0.26, 84, 120);
    const spots = { hoang_sa: [width - size - GAP, height * 0.25], truong_sa: [GAP, height * 0.55] };
    return {
      area: whole,
      boxes: archipelagos.map((inset) => ({
        key: inset.key,
        left: spots[inset.key][0],
        top: spots[inset.key][1],
        size,
        height: heightOf(inset, size),
      })),
    };
  }
  const rows = ROWS.map((row) => row.filter((key) => known.has(key))).filter((row) => row.length);
  const top = 56; // below the buttons
  const size = clamp(Math.min(width * 0.16, (height - top) / rows.length - LABEL_BELOW - GAP), 70, 170);
  const columns = size * 2 + GAP;
  const mapWidth = Math.min(width - columns - 2 * GAP, height * shape + 2 * GAP);
  const left = Math.max(0, (width - mapWidth - columns - 2 * GAP) / 2);
  const start = left + mapWidth + GAP;
  const pitch = rows.length > 1 ? (height - top - size - LABEL_BELOW) / (rows.length - 1) : 0;
  const boxes = rows.flatMap((row, r) =>
    row.map((key, c) => ({
      key,
      left: start + (row.length === 1 ? 1 : c) * (size + GAP),
      top: top + r * pitch,
      size,
      height: heightOf(known.get(key), size),
    })),
  );
  return { area: { left, top: 0, width: mapWidth, height }, boxes };
}

/** As tall as its box asks, so that nothing beyond the box comes into view; at most square. */
const heightOf = ({ box: [west, south, east, north] }, size) => size * Math.min(1, (north - south) / (east - west));

const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
