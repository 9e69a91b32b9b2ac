// Time in the browser: the slider, ‹ › and play run on the value file alone; the host hears only where the reader came to rest.

import { classesAt } from "./values.js";

const CALM_PACE = 1000; // ms a month where the reader wants reduced motion
const MONTHS_PER_SECOND = 6;

export class Player {
  /** `map` shows and asks; this class decides which period. */
  constructor(map) {
    this.map = map;
    this.values = null;
    this.request = 0;
    this.sentence = ""; // why play stopped
  }

  get playing() {
    return this.request !== 0;
  }

  /** Column of the period shown in the value file, or −1. */
  column() {
    return this.values?.at.get(this.map.period) ?? -1;
  }

  has(column) {
    return Boolean(this.values) && column >= 0 && column < this.values.periods.length;
  }

  show(column) {
    if (!this.has(column)) return;
    this.sentence = "";
    this.map.showClasses(this.values.periods[column], classesAt(this.values, column, this.map.classes));
  }

  /** To the month before or after; past the ends of the file the host is asked for the next boundary set. */
  step(by) {
    this.pause();
    const to = this.column() + by;
    if (this.column() >= 0 && this.has(to)) {
      this.show(to);
      this.map.rest();
      return;
    }
    const { header } = this.map;
    const beyond = by < 0 ? header.previous_period : header.next_period;
    if (beyond) this.map.send("rested", beyond);
    else this.stop(header.words.end);
  }

  toggle() {
    if (!this.playing) return this.play();
    this.pause();
    this.map.rest();
  }

  play() {
    if (!this.values) return;
    if (!this.has(this.column() + 1)) this.show(0);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pace = calm ? CALM_PACE : 1000 / (this.map.header.months_per_second ?? MONTHS_PER_SECOND);
    let due = performance.now() + pace;
    this.sentence = "";
    const frame = (now) => {
      this.request = requestAnimationFrame(frame);
      if (now < due) return;
      due = Math.max(due + pace, now);
      this.advance();
    };
    this.request = requestAnimationFrame(frame);
    this.map.showPeriod();
  }

  /** One month on; play ends with the file, and where the host has said that a threshold or the units change. */
  advance() {
    const { header } = this.map;
    const to = this.column() + 1;
    this.show(to);
    const sentence = this.has(to) ? header.stops?.[this.values.periods[to]] : header.words.end;
    if (!sentence) return;
    this.pause();
    this.stop(sentence);
    this.map.rest();
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.map.showPeriod();
  }

  stop(sentence) {
    this.sentence = sentence;
    this.map.showNote();
  }
}
