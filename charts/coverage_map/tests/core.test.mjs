// The map's core against slow, plain answers. Run by `node --test charts/coverage_map/tests/*.test.mjs`.

import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";

import { decodeOutlines, readVarints } from "../assets/arcs.js";
import * as core from "../assets/core.js";
import { placeInsets } from "../assets/layout.js";

const file = (name) => new URL(name, import.meta.url);
const bytes = new Uint8Array(fs.readFileSync(file("fixture.arc")));
const polygons = JSON.parse(fs.readFileSync(file("fixture.json")));
const outlines = decodeOutlines(bytes);
const count = outlines.header.unit_count;

/** Is (x, y) inside the rings of one unit, by counting crossings of all its edges? */
function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = ring[i - 1];
      const [bx, by] = ring[i];
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) odd = !odd;
    }
  }
  return odd;
}

function distanceToBorders(x, y) {
  let least = Infinity;
  for (const ring of polygons.flat()) {
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = ring[i - 1];
      const [dx, dy] = [ring[i][0] - ax, ring[i][1] - ay];
      const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      least = Math.min(least, Math.hypot(x - ax - along * dx, y - ay - along * dy));
    }
  }
  return least;
}

/** Pixels (sampled) whose unit differs from the even-odd test, borders aside. */
function wrongPixels(files, width, height, view, stride) {
  const cells = core.fillScene({ files }, new Uint16Array(width * height), width, height, view);
  let looked = 0;
  const wrong = [];
  for (let i = 0; i < cells.length; i += stride) {
    const x = view.x + ((i % width) + 0.5) / view.scale;
    const y = view.y - (Math.floor(i / width) + 0.5) / view.scale;
    const unit = polygons.findIndex((rings) => inside(rings, x, y)) + 1;
    if (unit === cells[i]) looked++;
    else if (distanceToBorders(x, y) > 0.01) wrong.push([x, y, unit, cells[i]]);
  }
  return { looked, wrong };
}

test("every sampled pixel belongs to the unit that an even-odd polygon test gives", () => {
  const whole = core.fitView([-100, -100, 6200, 5600], 640, 560);
  const { looked, wrong } = wrongPixels([outlines], 640, 560, whole, 13);
  assert.deepEqual(wrong, []);
  assert.ok(looked > 20_000);
});

test("a close view whose edges cut through units is right too", () => {
  for (const box of [[1200, 2400, 2300, 3700], [3000, 900, 4200, 2000], [-500, 4800, 900, 5600], [5000, 2000, 5900, 3000]]) {
    const { wrong } = wrongPixels([outlines], 300, 280, core.fitView(box, 300, 280), 7);
    assert.deepEqual(wrong, []);
  }
});

test("hole, enclave, islands and a unit in parts are what the fixture says it holds", () => {
  assert.equal(inside(polygons.at(-2), 1550, 3050), true);
  const view = core.fitView([-100, -100, 6200, 5600], 640, 560);
  const cells = core.fillScene({ files: [outlines] }, new Uint16Array(640 * 560), 640, 560, view);
  const at = (x, y) => core.unitAt(cells, 640, 560, (x - view.x) * view.scale, (view.y - y) * view.scale);
  assert.equal(at(1550, 3050), count - 2, "the unit inside another");
  assert.equal(at(3550, 1550), -1, "the hole belongs to nobody");
  assert.equal(at(5550, 2550), count - 1, "the unit out at sea");
  assert.equal(at(2600, 5375), at(4600, 5375), "two islands of one unit");
});

test("files of two halves drawn together give the same pixels as the whole", () => {
  const half = (keep) => {
    const arcs = [...outlines.left.keys()].filter((arc) => keep(outlines.left[arc]) || keep(outlines.right[arc]));
    const own = (unit) => (keep(unit) ? unit : 0);
    const part = { header: { ...outlines.header, arc_counts: [arcs.length, 0, 0, 0] }, offset: [0], left: [], right: [], x: [], y: [], box: [] };
    for (const arc of arcs) {
      part.left.push(own(outlines.left[arc]));
      part.right.push(own(outlines.right[arc]));
      part.x.push(...outlines.x.subarray(outlines.offset[arc], outlines.offset[arc + 1]));
      part.y.push(...outlines.y.subarray(outlines.offset[arc], outlines.offset[arc + 1]));
      part.offset.push(part.x.length);
      part.box.push(...outlines.box.subarray(arc * 4, arc * 4 + 4));
    }
    return part;
  };
  const [width, height] = [500, 500];
  const view = core.fitView([-100, -100, 6200, 5600], width, height);
  const draw = (files) => core.fillScene({ files }, new Uint16Array(width * height), width, height, view);
  assert.deepEqual(draw([half((unit) => unit > 0 && unit % 2), half((unit) => unit > 0 && unit % 2 === 0)]), draw([outlines]));
});

test("a foreign or shortened file is refused with an error", () => {
  assert.throws(() => decodeOutlines(new TextEncoder().encode("<!doctype html><html></html>")), /not an arc file/);
  assert.throws(() => decodeOutlines(bytes.subarray(0, bytes.length - 50)), /cut off/);
  assert.throws(() => decodeOutlines(new Uint8Array(3)), /not an arc file/);
});

test("varints keep numbers of every length", () => {
  assert.deepEqual([...readVarints(Uint8Array.of(0, 127, 128, 1, 255, 255, 3, 128, 128, 128, 1))], [0, 127, 128, 65535, 2097152]);
});

test("every unit of the fixture has a box that holds its own outline", () => {
  for (let index = 0; index < count; index++) {
    const points = polygons[index].flat();
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    assert.deepEqual(core.boxOfUnit(outlines, index), [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
  }
});

test("representative points lie in their own unit", () => {
  for (let i = 0; i < outlines.units.length; i++) {
    assert.ok(inside(polygons[outlines.units[i]], outlines.points.x[i] + 1e-3, outlines.points.y[i] + 1e-3));
  }
});

test("a box that fits is seen whole, and its middle is in the middle", () => {
  const view = core.fitView([100, 200, 300, 900], 400, 300, 10);
  assert.ok(Math.abs((200 - view.x) * view.scale - 200) < 1e-9);
  assert.ok(Math.abs((view.y - 550) * view.scale - 150) < 1e-9);
  assert.ok((view.y - 900) * view.scale >= 9.999 && (view.y - 200) * view.scale <= 290.001);
});

test("zooming keeps the place under the pointer", () => {
  const view = { x: 10, y: 90, scale: 2 };
  const near = core.zoomView(view, 3, 40, 25);
  assert.equal(near.scale, 6);
  assert.ok(Math.abs(view.x + 40 / 2 - (near.x + 40 / 6)) < 1e-9);
  assert.ok(Math.abs(view.y - 25 / 2 - (near.y - 25 / 6)) < 1e-9);
});

test("panning moves the picture with the pointer", () => {
  assert.deepEqual(core.panView({ x: 10, y: 90, scale: 2 }, 6, 4), { x: 7, y: 92, scale: 2 });

test("a view on its way to another keeps the place that both show at one pixel, and enlarges by equal steps", () => {
  const from = { x: 100, y: 900, scale: 0.5 };
  const to = core.zoomView(from, 4, 300, 200);
  for (const part of [0, 0.25, 0.5, 1]) {
    const view = core.viewBetween(from, to, part);
    assert.ok(Math.abs(view.scale - 0.5 * 4 ** part) < 1e-9);
    assert.ok(Math.abs(view.x + 300 / view.scale - (100 + 300 / 0.5)) < 1e-6);
    assert.ok(Math.abs(view.y - 200 / view.scale - (900 - 200 / 0.5)) < 1e-6);
  }
  assert.deepEqual(core.viewBetween(from, { x: 140, y: 800, scale: 0.5 }, 0.5), { x: 120, y: 850, scale: 0.5 });
});
});

test("arcs outside the view are left out, and none inside", () => {
  const view = core.fitView([1000, 1000, 2000, 2000], 200, 200, 0);
  const found = new Set([0, 1, 2, 3].flatMap((level) => core.arcsInView(outlines, level, view, 200, 200)));
  for (let arc = 0; arc < outlines.left.length; arc++) {
    const points = [...outlines.x.subarray(outlines.offset[arc], outlines.offset[arc + 1])].map((x, i) => [x, outlines.y[outlines.offset[arc] + i]]);
    if (points.some(([x, y]) => x > 1000 && x < 2000 && y > 1000 && y < 2000)) assert.ok(found.has(arc));
    if (points.every(([x]) => x > 2000)) assert.ok(!found.has(arc));
  }
});

test("only small islands lose their line, never a short piece of coast", () => {
  const view = core.fitView([0, 0, 6000, 6000], 100, 100, 0);
  const all = core.arcsInView(outlines, core.LEVEL.coast, view, 100, 100);
  const kept = core.arcsInView(outlines, core.LEVEL.coast, view, 100, 100, 4);
  const lost = all.filter((arc) => !kept.includes(arc));
  assert.equal(lost.length, 3);
  for (const arc of lost) assert.equal(outlines.x[outlines.offset[arc]], outlines.x[outlines.offset[arc + 1] - 1]);
});

test("colour, hatching and soft edges", () => {
  const paint = Uint32Array.of(0, core.pixelOf("#0b4a7d"), core.pixelOf("#d9822b"));
  assert.equal(paint[1], 0xff7d4a0b);
  const pixels = new Uint32Array(6);
  const all = { from: [0], to: [6], top: 0, bottom: 1 };
  core.colourPixels(Uint16Array.of(0, 1, 2, 2, 1, 0), pixels, 6, all, paint);
  assert.deepEqual([...pixels], [0, paint[1], paint[2], paint[2], paint[1], 0]);
  core.colourPixels(Uint16Array.of(1, 1, 1, 1, 1, 1), pixels, 6, all, paint, Uint32Array.of(0, 7, 0));
  assert.deepEqual([...pixels], [7, ...Array(5).fill(paint[1])]);
  assert.equal(core.meanOfFour(0xff000010, 0xff000020, 0xff000010, 0xff000020), 0xff000018);
  assert.equal(core.meanOfFour(0xff0000f0, 0, 0xff0000f0, 0), 0x7f0000f0, "sea beside a unit thins it and does not darken it");
});

test("spans hold every pixel of a unit, and a pixel around", () => {
  const cells = Uint16Array.of(0, 0, 0, 0, 0, /**/ 0, 0, 5, 0, 0, /**/ 0, 0, 0, 0, 0, /**/ 0, 0, 0, 0, 0);
  const spans = core.spansOf(cells, 5, 4);
  assert.deepEqual([...spans.from], [1, 1, 1, 0]);
  assert.deepEqual([...spans.to], [4, 4, 4, 0]);
  assert.deepEqual([spans.left, spans.top, spans.right, spans.bottom], [1, 0, 4, 3]);
  const whole = core.fillScene({ files: [outlines] }, new Uint16Array(300 * 280), 300, 280, core.fitView([-100, -100, 6200, 5600], 300, 280));
  const { from, to } = core.spansOf(whole, 300, 280);
  for (let i = 0; i < whole.length; i++) if (whole[i]) assert.ok(i % 300 >= from[Math.floor(i / 300)] && i % 300 < to[Math.floor(i / 300)]);
  const empty = core.spansOf(new Uint16Array(12), 4, 3);
  assert.equal(empty.right - empty.left, 0);
});

test("the settled picture is the plain one away from borders", () => {
  const [width, height] = [320, 290];
  const view = core.fitView([-100, -100, 6200, 5600], width, height);
  const fill = (cells, w, h, v) => core.fillScene({ files: [outlines] }, cells, w, h, v);
  const paint = Uint32Array.from({ length: count + 3 }, (_, unit) => (unit ? (0xff000000 | (unit * 65793)) >>> 0 : 0));
  const cells = fill(new Uint16Array(width * height), width, height, view);
  const plain = new Uint32Array(width * height);
  const soft = new Uint32Array(width * height);
  const spans = core.spansOf(cells, width, height);
  core.colourPixels(cells, plain, width, spans, paint);
  const edges = core.findSoftPixels(fill, cells, width, view, spans, 48);
  soft.set(plain);
  core.softenPixels(edges, soft, width, paint);
  const at = edges.at.findIndex((i) => soft[i] !== plain[i]);
  const four = [...edges.samples.subarray(at * 4, at * 4 + 4)].map((unit) => paint[unit]);
  assert.equal(soft[edges.at[at]], core.meanOfFour(...four), "an edge is the mean of what lies under it");
  let inner = 0;
  for (let i = width + 1; i < cells.length - width - 1; i++) {
    if (![i - 1, i + 1, i - width, i + width, i - width - 1, i + width + 1, i - width + 1, i + width - 1].every((j) => cells[j] === cells[i])) continue;
    inner++;
    assert.equal(soft[i], plain[i]);
  }
  assert.ok(inner > 50_000);
});

test("hidden units are those without a pixel in any drawing", () => {
  assert.equal(core.countHidden([Uint16Array.of(0, 1, 1), Uint16Array.of(3)], 4), 2);
  assert.equal(core.countHidden([Uint16Array.of(0, 1, 1)], 4, [0, 2]), 1);
});

test("islands too small to see become dots of their own unit", () => {
  const view = core.fitView([0, 0, 60_000, 60_000], 200, 200, 0);
  const bare = core.fillScene({ files: [outlines] }, new Uint16Array(40_000), 200, 200, view);
  const dotted = core.fillScene({ files: [outlines], islands: 2, surround: true }, new Uint16Array(40_000), 200, 200, view);
  const pixelsOf = (cells, unit) => cells.filter((cell) => cell === unit).length;
  assert.ok(pixelsOf(dotted, count) > 8 || pixelsOf(bare, count) > 8);
  assert.equal(pixelsOf(dotted, 0), 0, "what is no unit is sea");
  assert.ok(pixelsOf(dotted, count + 2) > 20_000);
});

test("ground shows where no unit is, and nowhere else", () => {
  const [width, height] = [200, 200];
  const view = core.fitView([-100, -100, 6200, 5600], width, height);
  const cells = core.fillScene({ files: [outlines] }, new Uint16Array(width * height), width, height, view);
  const over = core.fillScene({ files: [outlines], ground: outlines }, new Uint16Array(width * height), width, height, view);
  assert.deepEqual(over, cells, "where both have a unit the unit wins");
});

const INSETS = ["hoang_sa", "truong_sa", "ha_noi", "hai_phong", "da_nang", "ho_chi_minh", "can_tho"].map((key) => ({ key, box: [0, 0, 100, key === "truong_sa" ? 60 : 120], archipelago: key.endsWith("_sa") }));

test("insets stay on the stage, apart from each other and from the map, at every width", () => {
  for (const [width, height] of [[560, 650], [720, 900], [1280, 900], [1880, 1000]]) {
    const { area, boxes } = placeInsets(width, height, INSETS, 0.47);
    assert.equal(boxes.length, 7);
    for (const { left, top, size } of boxes) {
      assert.ok(left >= area.left + area.width && left + size <= width + 0.01 && top >= 0 && top + size + 22 <= height + 0.01);
    }
    for (const a of boxes) for (const b of boxes) {
      if (a !== b) assert.ok(Math.abs(a.left - b.left) >= a.size || Math.abs(a.top - b.top) >= a.size + 20);
    }
  }
});

test("a phone keeps Hoàng Sa and Trường Sa beside the map, and only them", () => {
  const { area, boxes } = placeInsets(328, 525, INSETS, 0.47);
  assert.deepEqual(boxes.map(({ key }) => key), ["hoang_sa", "truong_sa"]);
  assert.deepEqual(area, { left: 0, top: 0, width: 328, height: 525 });
  assert.deepEqual(boxes.map(({ size, height }) => height / size), [1, 0.6], "as tall as the box, at most square");
});

test("a province with an archipelago has it beside the map and never over it", () => {
  for (const [width, height] of [[328, 525], [700, 900], [1280, 900]]) {
    const { area, boxes } = placeInsets(width, height, INSETS.slice(0, 1), 1);
    assert.equal(boxes.length, 1);
    const [{ left, top, size }] = boxes;
    assert.ok(left >= area.left + area.width || top >= area.top + area.height);
    assert.ok(left + size <= width && top + size + 22 <= height + 0.01);
  }
  assert.deepEqual(placeInsets(700, 900, [], 1), { area: { left: 0, top: 0, width: 700, height: 900 }, boxes: [] });
});
