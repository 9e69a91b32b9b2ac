// A month chosen on the page outside of the map: shown at once, and never kept against the page's words.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Answer } from "../assets/answer.js";

const PLACE = { boundary_set: "2019-10", level: "commune", scope: "VN", values: "/values/a" };

/** A map that stands at 2020-12 and has three months in its value file. */
function standing() {
  const periods = ["2020-10", "2020-11", "2020-12"];
  const map = {
    period: "2020-12",
    header: { ...PLACE, period: "2020-12", rest: null },
    scene: {},
    classes: Uint8Array.of(1, 2),
    sent: Uint8Array.of(1, 2),
    showClasses: (period) => (map.period = period),
  };
  map.player = {
    values: { periods, at: new Map(periods.map((period, i) => [period, i])) },
    pause() {},
    show: (column) => map.showClasses(periods[column]),
  };
  map.answer = new Answer(map);
  return map;
}

test("a month whose classes are here is shown at the press, any other waits for the host", () => {
  const map = standing();
  map.answer.show("2020-11");
  assert.equal(map.period, "2020-11");
  map.answer.show("2021-01");
  assert.equal(map.period, "2020-11");
  map.answer.stop();
});

test("the answer to an earlier press does not pull the map back, the last one is heard", () => {
  const map = standing();
  map.answer.show("2020-11");
  map.answer.show("2020-10");
  assert.equal(map.answer.hear(map.header, { ...PLACE, period: "2020-11" }), false);
  assert.equal(map.answer.hear(map.header, { ...PLACE, period: "2020-10" }), true);
  assert.equal(map.answer.hear(map.header, { ...PLACE, period: "2020-12" }), true, "nothing is awaited any more");
});

test("another place is always heard", () => {
  const map = standing();
  map.answer.show("2020-11");
  assert.equal(map.answer.hear(map.header, { ...PLACE, scope: "38", period: "2020-12" }), true);
  assert.equal(map.answer.awaited, null);
});

test("where the host never answers the map goes back to the month of the page", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const map = standing();
  map.answer.show("2020-11");
  mock.timers.tick(9_000);
  assert.equal(map.period, "2020-11");
  mock.timers.tick(2_000);
  assert.equal(map.period, "2020-12");
  map.answer.show("2020-11");
  map.showClasses("2020-10"); // the reader has moved on by the slider
  mock.timers.tick(20_000);
  assert.equal(map.period, "2020-10");
  mock.timers.reset();
});
