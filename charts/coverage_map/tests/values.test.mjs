// Value files, figures for hover and their words. Run by `node --test charts/coverage_map/tests/*.test.mjs`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { say, writeCount, writeHundredths, writePeriod } from "../assets/controls.js";
import * as values from "../assets/values.js";

function message(header, body) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(body, 4 + text.length);
  return bytes;
}

const header = { periods: ["2020-11", "2020-12"], unit_count: 3, order_hash: "ab" };
const file = values.decodeValues(message(header, Uint8Array.of(0, 1, 4, 5, 255, 255)));

test("a message is taken apart as Python packs it", () => {
  const [read, body] = values.splitMessage(message({ name: "Xã Tân Lập" }, Uint8Array.of(7, 255)));
  assert.equal(read.name, "Xã Tân Lập");
  assert.deepEqual([...body], [7, 255]);
});

test("a shortened message or value file is refused", () => {
  assert.throws(() => values.splitMessage(Uint8Array.of(255, 0, 0, 0, 1)), /cut off/);
  assert.throws(() => values.splitMessage(new Uint8Array(2)), /cut off/);
  assert.throws(() => values.decodeValues(message(header, Uint8Array.of(0, 1))), /cut off/);
});

test("classes of a period are read unit by unit", () => {
  assert.deepEqual([...values.classesAt(file, 1, new Uint8Array(3))], [1, 5, 255]);
  assert.deepEqual([...values.classesOfUnit(file, 1)], [4, 5]);
  assert.equal(file.at.get("2020-12"), 1);
});

test("the legend counts each unit once, without those that stand apart", () => {
  const classes = Uint8Array.of(0, 0, 4, 255);
  assert.equal(values.countClasses(classes)[0], 2);
  assert.equal(values.countClasses(classes, null, [1])[0], 1);
  assert.equal(values.countClasses(classes, [0, 2], [1])[0], 1);
  assert.equal(values.countClasses(classes, [0, 2], [2])[4], 0);
});

test("figures for hover are read at any start", () => {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint16(0, 8999, true);
  view.setUint16(2, 65535, true);
  view.setInt32(4, 123456, true);
  view.setInt32(8, -1, true);
  for (const extra of ["", "x", "xx", "xxx"]) {
    const figures = values.decodeRest(message({ unit_count: 2, pad: extra }, body));
    assert.deepEqual([...figures.rate], [8999, 65535]);
    assert.deepEqual([...figures.missing], [123456, -1]);
  }
  assert.throws(() => values.decodeRest(message({ unit_count: 3 }, body)), /cut off/);
});

test("a unit is painted in the colour of its class, and no unit in none", () => {
  const look = new Uint32Array(256).fill(9);
  look[4] = 44;
  assert.deepEqual([...values.paintUnits(Uint8Array.of(4, 0), look)], [0, 44, 9]);
});

test("numbers are written the Vietnamese way, and never rounded up", () => {
  const number = { group: ".", decimal: "," };
  assert.equal(writeCount(1234567, number), "1.234.567");
  assert.equal(writeCount(999, number), "999");
  assert.equal(writeHundredths(8999, number), "89,99");
  assert.equal(writeHundredths(8990, number), "89,9");
  assert.equal(writeHundredths(8500, number), "85,0");
  assert.equal(writeHundredths(10005, number), "100,05");
  assert.equal(writePeriod("2020-12", { period: "tháng {month}/{year}" }), "tháng 12/2020");
  assert.equal(say("còn {people} người", { people: "11" }), "còn 11 người");
});
