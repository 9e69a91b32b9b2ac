// Arc files: shared borders with the unit on either side (README). No DOM.

/** Decode an inflated arc file (README, "Arc files"). Throws a plain Error on anything that is not one. */
export function decodeOutlines(bytes) {
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== "BPA1") throw new Error("not an arc file");
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  let at = 8 + headerLength;
  const stream = {};
  for (const [name, length] of Object.entries(header.streams)) {
    if (at + length > bytes.length) throw new Error("arc file is cut off");
    stream[name] = readVarints(bytes.subarray(at, (at += length)));
  }
  const count = stream.left.length;
  const offset = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) offset[i + 1] = offset[i] + stream.length[i] + 2;
  const left = new Uint16Array(count);
  const right = new Uint16Array(count);
  for (let i = 0, unit = 0; i < count; i++) {
    left[i] = unit += unzigzag(stream.left[i]);
    right[i] = unit + stream.right[i];
  }
  const x = sumAlongArcs(stream.x, offset);
  const y = sumAlongArcs(stream.y, offset);
  const units = new Uint16Array(stream.units.length);
  for (let i = 0, index = 0; i < units.length; i++) units[i] = index += stream.units[i];
  const points = { x: sumAlongArcs(stream.point_x, [0, units.length]), y: sumAlongArcs(stream.point_y, [0, units.length]) };
  return { header, left, right, offset, x, y, units, points, level: levels(header.arc_counts), box: boxes(x, y, offset) };
}

/** Unsigned LEB128 numbers of a byte range. */
export function readVarints(bytes) {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) count += bytes[i] < 128 ? 1 : 0;
  const values = new Uint32Array(count);
  for (let i = 0, n = 0; n < count; n++) {
    let value = 0;
    let shift = 0;
    do {
      value |= (bytes[i] & 127) << shift;
      shift += 7;
    } while (bytes[i++] >= 128);
    values[n] = value;
  }
  return values;
}

const unzigzag = (value) => (value >>> 1) ^ -(value & 1);

function sumAlongArcs(differences, offset) {
  const values = new Int32Array(differences.length);
  let head = 0;
  for (let arc = 0; arc + 1 < offset.length; arc++) {
    let value = head;
    for (let i = offset[arc]; i < offset[arc + 1]; i++) {
      value += unzigzag(differences[i]);
      values[i] = value;
    }
    head = values[offset[arc]];
  }
  return values;
}

function levels(counts) {
  const level = new Uint8Array(counts.reduce((sum, count) => sum + count, 0));
  for (let l = 0, i = 0; l < counts.length; l++) level.fill(l, i, (i += counts[l]));
  return level;
}

function boxes(x, y, offset) {
  const box = new Int32Array((offset.length - 1) * 4);
  for (let arc = 0; arc + 1 < offset.length; arc++) {
    let west = x[offset[arc]], east = west;
    let south = y[offset[arc]], north = south;
    for (let i = offset[arc] + 1; i < offset[arc + 1]; i++) {
      if (x[i] < west) west = x[i];
      if (x[i] > east) east = x[i];
      if (y[i] < south) south = y[i];
      if (y[i] > north) north = y[i];
    }
    box[arc * 4] = west;
    box[arc * 4 + 1] = south;
    box[arc * 4 + 2] = east;
    box[arc * 4 + 3] = north;
  }
  return box;
}
