// Circles of counts, and messages of one or two maps. Run by `node --test charts/coverage_map/tests/*.test.mjs`.

import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";

import { decodeOutlines } from "../assets/arcs.js";
import { centresOf, circlesInView } from "../assets/circles.js";
import { boxOfUnit } from "../assets/core.js";
import { writeSigned } from "../assets/controls.js";
import { decodeRest, splitMaps, UNKNOWN_EXTRA } from "../assets/values.js";

const outlines = decodeOutlines(new Uint8Array(fs.readFileSync(new URL("fixture.arc", import.meta.url))));

function message(header, ...bodies) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const body = bodies.flatMap((part) => [...part]);
  const bytes = new Uint8Array(4 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(body, 4 + text.length);
  return bytes;
}

test("a circle stands on the unit's own point where the file has one", () => {
  const centres = centresOf(outlines);
  assert.ok(outlines.units.length > 0);
  outlines.units.forEach((index, i) => assert.deepEqual([centres.x[index], centres.y[index]], [outlines.points.x[i], outlines.points.y[i]]));
});

test("without points it stands in the middle of the unit's box", () => {
  const bare = { ...outlines, units: new Uint16Array(0), points: { x: new Int32Array(0), y: new Int32Array(0) } };
  const centres = centresOf(bare);
  for (let index = 0; index < outlines.header.unit_count; index++) {
    const [west, south, east, north] = boxOfUnit(outlines, index);
    assert.deepEqual([centres.x[index], centres.y[index]], [(west + east) / 2, (south + north) / 2]);
  }
});

test("circles come class by class, the largest first, and those out of view or without a size are left out", () => {
  const centres = { x: Float64Array.of(10, 20, 30, 5000, NaN), y: Float64Array.of(10, 20, 30, 10, 10) };
  const look = [undefined, { radius: 2, colour: "#111111" }, { radius: 9, colour: "#222222" }];
  const view = { x: 0, y: 100, scale: 1 };
  const groups = circlesInView(Uint8Array.of(1, 2, 0, 2, 2), look, centres, view, 100, 100, 2);
  assert.deepEqual(groups.map(({ radius, unit }) => [radius, unit]), [[18, [1]], [4, [0]]]);
  assert.deepEqual([groups[0].x, groups[0].y], [[20], [80]]);
});

test("a message of two maps is taken apart, and the second takes from the first what it does not say", () => {
  const header = { period: "2020-12", words: { map: "a" }, count: 2, second: { period: "2019-12" } };
  const [[first, ones], [second, others]] = splitMaps(message(header, Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5)));
  assert.deepEqual([first.period, second.period, second.words.map], ["2020-12", "2019-12", "a"]);
  assert.deepEqual([[...ones], [...others]], [[1, 2], [3, 4, 5]]);
  assert.equal(first.second, undefined);
});

test("a message of one map stays one map", () => {
  const given = splitMaps(message({ period: "2020-12" }, Uint8Array.of(1, 2)));
  assert.equal(given.length, 1);
  assert.deepEqual([...given[0][1]], [1, 2]);
});

test("figures for hover may hold a third row, and a shortened one is refused", () => {
  const body = new Uint8Array(10);
  const view = new DataView(body.buffer);
  view.setUint16(0, 8999, true);
  view.setInt32(2, 11, true);
  view.setInt32(6, -30, true);
  const rest = decodeRest(message({ unit_count: 1, extra: true }, body));
  assert.deepEqual([rest.rate[0], rest.missing[0], rest.extra[0]], [8999, 11, -30]);
  assert.throws(() => decodeRest(message({ unit_count: 1, extra: true }, body.subarray(0, 6))), /cut off/);
  assert.equal(decodeRest(message({ unit_count: 1 }, body.subarray(0, 6))).extra, null);
  view.setInt32(6, UNKNOWN_EXTRA, true);
  assert.equal(decodeRest(message({ unit_count: 1, extra: true }, body)).extra[0], UNKNOWN_EXTRA);
});

test("a difference is written with its sign", () => {
  const number = { group: ".", decimal: "," };
  assert.deepEqual([-30, 140, 0].map((value) => writeSigned(value, number)), ["−0,3", "+1,4", "0,0"]);
});
