// Classes over time: the value file of one boundary set, level and programme (docs/data_flow.md). No DOM.

/** Split `[u32 length][JSON][rest]`; throws where the length does not fit. */
export function splitMessage(bytes) {
  if (bytes.length < 4) throw new Error("message is cut off");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + length > bytes.length) throw new Error("message is cut off");
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))), bytes.subarray(4 + length)];
}

/** Read an inflated value file: {header, periods, classes, at: period → column}. */
export function decodeValues(bytes) {
  const [header, classes] = splitMessage(bytes);
  if (classes.length !== header.unit_count * header.periods.length) throw new Error("value file is cut off");
  return { header, periods: header.periods, classes, at: new Map(header.periods.map((period, i) => [period, i])) };
}

/** Classes of all units at one column of the value file, into `target`. */
export function classesAt(values, column, target) {
  const step = values.periods.length;
  for (let unit = 0, i = column; unit < target.length; unit++, i += step) target[unit] = values.classes[i];
  return target;
}

/** Classes of one unit over all periods: a view, no copy. */
export function classesOfUnit(values, index) {
  return values.classes.subarray(index * values.periods.length, (index + 1) * values.periods.length);
}

/** Units per class code (256 counts); `indices` limits them, `uncounted` is left out. */
export function countClasses(classes, indices = null, uncounted = []) {
  const counts = new Uint32Array(256);
  if (indices) for (const index of indices) counts[classes[index]]++;
  else for (let i = 0; i < classes.length; i++) counts[classes[i]]++;
  const members = indices && uncounted.length ? new Set(indices) : null;
  for (const index of uncounted) if (!members || members.has(index)) counts[classes[index]]--;
  return counts;
}

/** The maps of a message: one or two of [header, classes]. What the second does not say for itself it takes from the first. */
export function splitMaps(bytes) {
  const [{ second, ...header }, classes] = splitMessage(bytes);
  if (!second) return [[header, classes]];
  return [
    [header, classes.subarray(0, header.count)],
    [{ ...header, ...second }, classes.subarray(header.count)],
  ];
}

/**
 * Read the figures for hover: rate in hundredths of a percent (65535 unknown), people still to enrol (−1 unknown) and, where
 * the header has `extra`, the map's own figure in hundredths (UNKNOWN_EXTRA unknown).
 */
export function decodeRest(bytes) {
  const [header, body] = splitMessage(bytes);
  const count = header.unit_count;
  if (body.length !== count * (header.extra ? 10 : 6)) throw new Error("figures are cut off");
  const copy = body.slice(); // typed arrays need an aligned start
  const extra = header.extra ? readInts(copy, count * 6, count) : null;
  return { header, rate: new Uint16Array(copy.buffer, 0, count), missing: readInts(copy, count * 2, count), extra };
}

export const UNKNOWN_EXTRA = -2147483648;

function readInts(bytes, start, count) {
  const view = new DataView(bytes.buffer, start);
  return Int32Array.from({ length: count }, (_, i) => view.getInt32(i * 4, true));
}

/** A paint table for `colourPixels`: colour of every unit number, by its class. `look` is 256 pixels, one per class code. */
export function paintUnits(classes, look, target = new Uint32Array(classes.length + 1)) {
  target[0] = 0;
  for (let i = 0; i < classes.length; i++) target[i + 1] = look[classes[i]];
  return target;
}
