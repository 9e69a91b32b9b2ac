// The picture on its way to a zoom, frame by frame, with clocks of our own.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Camera } from "../assets/camera.js";

const FRAME = 1000 / 60;
let waiting, now, calm;

beforeEach((t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => now + FRAME + 1); // what happens before a frame is drawn happens after that frame's time
  [waiting, now, calm] = [[], 1000, false];
  globalThis.requestAnimationFrame = (call) => waiting.push(call);
  globalThis.window = { matchMedia: () => ({ matches: calm }) };
});
afterEach(() => {
  delete globalThis.requestAnimationFrame;
  delete globalThis.window;
});

/** A camera on a stage of 800 × 600 whose map notes the scale of every picture moved, and when it was drawn anew. */
function open() {
  const moved = [];
  const map = {
    outlines: { header: { projection: { step: 20 } } },
    pane: { width: 800, height: 600, ratio: 1 },
    stage: { clientWidth: 800, clientHeight: 600 },
    movePicture: (view) => moved.push(view.scale),
    redraw: () => moved.push("drawn"),
  };
  const camera = new Camera(map);
  camera.enter({ scale: 0.01, x: 0, y: 60000 });
  return { camera, moved };
}

function drawFrame() {
  now += FRAME;
  for (const call of waiting.splice(0)) call(now);
}

test("a trackpad's zoom, asked for in every frame, is followed while the fingers move", () => {
  const { camera, moved } = open();
  for (let frame = 0; frame < 6; frame++) {
    camera.zoom(1.02);
    camera.zoom(1.02);
    drawFrame();
  }
  assert.equal(moved.length, 6);
  assert.ok(moved.every((scale, i) => i === 0 || scale > moved[i - 1]));
  const way = Math.log(camera.view.scale / 0.01);
  assert.ok(Math.log(moved[5] / 0.01) > 0.5 * way, "less than half of the way after six frames");
});

test("a notch of the wheel takes a few frames, arrives exactly, and is then left alone", () => {
  const { camera, moved } = open();
  camera.zoom(1.6);
  for (let frame = 0; frame < 24; frame++) drawFrame();
  const scales = [...moved];
  assert.ok(scales[0] > 0.01 && scales[0] < camera.view.scale);
  assert.equal(scales.at(-1), camera.view.scale);
  assert.ok(scales.length > 3 && scales.length < 16, `${scales.length} pictures`);
});

test("it is there before it is drawn anew", (t) => {
  const { camera, moved } = open();
  camera.zoom(1.6);
  for (let passed = 0; passed < 140; passed += FRAME) drawFrame();
  assert.ok(Math.abs(Math.log(moved.at(-1) / camera.view.scale)) < 0.01);
  t.mock.timers.tick(141);
  assert.equal(moved.at(-1), "drawn");
});

test("who wants no motion is there in the first frame", () => {
  const { camera, moved } = open();
  calm = true;
  camera.zoom(1.6);
  drawFrame();
  assert.deepEqual(moved, [camera.view.scale]);
});
