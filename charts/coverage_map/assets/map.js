// One map on one element: what is shown, which files it needs, what the reader does. No Streamlit.

import { boxOfUnit, countHidden, fitView, panView, pixelOf, unitAt, zoomView } from "./core.js";
import { classesAt, classesOfUnit, countClasses, decodeRest, decodeValues, paintUnits } from "./values.js";
import { Legend, make, say, Timeline, Tip, writeCount, writeHundredths, writePeriod } from "./controls.js";
import { listen } from "./gestures.js";
import { Pane } from "./draw.js";
import { placeInsets } from "./layout.js";
import { loadDecoded, loadNames, loadOutlines } from "./load.js";

const REST = 140; // ms without movement until the drawing is made anew
const FINE = 200; // metres a CSS pixel below which the provinces' own files are drawn
const FINE_FILES = 8; // at most so many of them at once
const CLOSEST = 4; // metres a CSS pixel, the limit of zooming in
const ISLAND = 2.5; // radius in CSS pixels of an island in an archipelago's box

export class CoverageMap {
  /** `send(name, value)` tells the host: picked, rested, filtered, recoloured. */
  constructor(parent, send) {
    this.send = send;
    this.mapPane = new Pane(make("div", "main", { tabindex: 0, role: "img" }));
    this.insets = [];
    this.legend = new Legend((codes) => this.toggleFilter(codes));
    this.timeline = new Timeline({
      move: (column) => (this.pause(), this.showColumn(column)),
      rest: () => this.rest(),
      step: (by) => this.step(by),
      play: () => (this.playing ? (this.pause(), this.rest()) : this.play()),
    });
    this.tip = new Tip();
    this.message = make("div", "message", { role: "status" });
    this.hint = make("div", "hint", { "aria-hidden": "true" });
    this.note = make("p", "note");
    this.buttons = make("div", "buttons");
    this.stage = make("div", "stage", {}, this.mapPane.element, this.hint, this.message, this.tip.element, this.buttons);
    this.root = make("div", "coverage-map", {}, this.legend.element, this.stage, this.timeline.element, this.note);
    parent.append(this.root);
    this.stopListening = listen(this, this.mapPane.element);
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.stage);
  }

  remove() {
    this.pause();
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.stopListening();
    this.root.remove();
  }

  /** New data from the host. What the reader is just moving through is not pulled back. */
  update(header, classes) {
    const before = this.header;
    this.header = header;
    this.sent = classes;
    const moved = !before || before.period !== header.period || before.level !== header.level || before.boundary_set !== header.boundary_set;
    if (!this.playing && (moved || this.period === header.period)) {
      this.period = header.period;
      this.classes = classes.slice();
    }
    this.legendKey = before && before.legend === header.legend ? this.legendKey : header.legend;
    this.filter = header.filter ?? [];
    this.mapPane.element.setAttribute("aria-label", `${header.words.map} ${header.words.keys}`);
    this.dress();
    const files = [header.outlines, header.scope_outlines, header.background, header.order_hash].join();
    if (files !== this.files) {
      this.files = files;
      this.loadScene();
    } else {
      this.repaint();
      this.strokeAll();
    }
    if (this.valuesAddress !== (header.values ?? null) && this.scene) this.loadValues();
    this.loadFigures();
  }

  // ---- files ----

  async loadScene() {
    const { header } = this;
    const current = () => this.header.outlines === header.outlines && this.header.scope === header.scope;
    this.stage.classList.add("loading");
    if (!this.scene) this.tell(header.words.loading);
    try {
      const wanted = header.scope_outlines ? [header.scope_outlines, header.background] : [header.outlines];
      const [outlines, ground] = await Promise.all(wanted.filter(Boolean).map(loadOutlines));
      if (!current()) return;
      if (outlines.header.order_hash !== header.order_hash || outlines.header.unit_count !== this.sent.length) {
        this.fail(header.words.other_outlines);
        return;
      }
      this.outlines = outlines;
      this.scene = { files: [outlines], ground: ground ?? null };
      this.members = header.scope_outlines ? outlines.units : null;
      this.stage.classList.remove("loading");
      this.tell("");
      this.view = null;
      this.values = null;
      this.valuesAddress = null;
      if (this.classes.length !== this.sent.length) this.classes = this.sent.slice();
      this.layout(true);
      setTimeout(() => this.loadValues());
    } catch {
      if (current()) this.fail(header.words.no_outlines);
    }
  }

  /** No drawing is better than a wrong one: the last is taken away and a sentence says what to do. */
  fail(sentence) {
    this.scene = null;
    this.stage.classList.remove("loading");
    for (const pane of this.panes()) pane.fillContext.clearRect(0, 0, pane.width, pane.height), pane.lineContext.clearRect(0, 0, pane.width, pane.height);
    this.tell(sentence);
  }

  tell(sentence) {
    this.message.textContent = sentence;
    this.message.hidden = !sentence;
  }

  async loadValues() {
    const { header } = this;
    if (header.names) this.names = loadNames(header.names).catch(() => null);
    this.namesNow = await this.names;
    this.valuesAddress = header.values ?? null;
    this.values = null;
    this.valuesFailed = false;
    try {
      if (header.values) {
        const values = await loadDecoded(header.values, decodeValues);
        if (this.header.values !== header.values) return;
        if (values.header.order_hash !== header.order_hash) throw new Error("other unit order");
        this.values = values;
      }
    } catch {
      this.valuesFailed = true;
    }
    this.dress();
  }

  /** Rates and people for the period at rest; hover does without until they are here. */
  async loadFigures() {
    const { header, period } = this;
    this.figures = null;
    if (!header.rest) return;
    try {
      const figures = await loadDecoded(say(header.rest, { period }), decodeRest);
      if (this.period === period && figures.header.order_hash === this.header.order_hash) this.figures = figures;
    } catch {
      this.figures = null; // the class is still said in words
    }
  }

  // ---- what stands around the drawing ----

  dress() {
    const { header } = this;
    const { words, colours } = header;
    const shown = header.controls ?? ["legend", "period", "zoom", "insets"];
    this.stage.style.setProperty("--frame", colours.frame);
    this.stage.style.setProperty("--sea", colours.sea);
    this.legend.element.hidden = !shown.includes("legend");
    this.timeline.element.hidden = !shown.includes("period");
    this.legend.show(this.entries(), this.filter, header);
    this.timeline.show(header, this.values);
    this.look = new Uint32Array(256);
    this.plainLook = new Uint32Array(256);
    this.stripeLook = null;
    for (const { codes, colour, hatch } of this.entries()) {
      const kept = this.filter.length === 0 || codes.some((code) => this.filter.includes(code));
      for (const code of codes) {
        this.plainLook[code] = pixelOf(colour);
        this.look[code] = kept ? this.plainLook[code] : pixelOf(colours.dimmed);
      }
      if (hatch && kept) {
        this.stripeLook ??= new Uint32Array(256);
        for (const code of codes) this.stripeLook[code] = pixelOf(hatch);
      }
    }
    if (this.stripeLook) for (let code = 0; code < 256; code++) this.stripeLook[code] ||= this.look[code];
    this.dressButtons(shown.includes("zoom"));
    this.count();
    this.showPeriod();
  }

  count() {
    this.legend.count(countClasses(this.classes, this.members, this.header.uncounted ?? []));
  }

  dressButtons(zoom) {
    const { header } = this;
    const button = (name, text, label, click) =>
      make("button", name, { type: "button", "aria-label": label, title: label, onclick: click }, text);
    const keys = Object.keys(header.legends);
    const other = keys[(keys.indexOf(this.legendKey) + 1) % keys.length];
    const wanted = [zoom, this.legendKey, header.words.reset].join();
    if (wanted === this.dressed) return;
    this.dressed = wanted;
    this.buttons.replaceChildren(
      ...(zoom
        ? [
            button("in", "+", header.words.zoom_in, () => this.zoom(1.6)),
            button("out", "−", header.words.zoom_out, () => this.zoom(1 / 1.6)),
            button("reset", "⤢", header.words.reset, () => this.reset()),
          ]
        : []),
      ...(keys.length > 1
        ? [make("button", "recolour", { type: "button", onclick: () => this.recolour(other) }, header.words[`legend_${other}`])]
        : []),
    );
  }

  entries() {
    return this.header.legends[this.legendKey] ?? this.header.legends[this.header.legend];
  }

  recolour(key) {
    this.legendKey = key;
    this.filter = [];
    this.dress();
    this.repaint();
    this.send("recoloured", key);
  }

  toggleFilter(codes) {
    const same = codes.length === this.filter.length && codes.every((code) => this.filter.includes(code));
    this.filter = same ? [] : [...codes];
    this.dress();
    this.repaint();
    this.send("filtered", this.filter);
  }

  // ---- drawing ----

  panes() {
    return [this.mapPane, ...this.insets.map((inset) => inset.pane)];
  }

  layout(anew = false) {
    const width = this.stage.clientWidth;
    if (!width || !this.header) return;
    const height = this.header.height ?? Math.max(420, Math.min(900, width * 1.35));
    this.stage.style.height = `${height}px`;
    if (!this.scene) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const resized = this.mapPane.resize(width, height, ratio);
    if (!resized && !anew) return;
    const { frame, insets } = this.outlines.header;
    const wanted = (this.header.controls ?? ["insets"]).includes("insets")
      ? insets.filter((inset) => this.header.words.insets[inset.key] && (inset.archipelago || !this.members))
      : [];
    const shape = (frame[2] - frame[0]) / (frame[3] - frame[1]);
    const { area, boxes } = placeInsets(width, height, wanted, shape);
    const { left, top } = area;
    this.home = fitView(frame, area.width * ratio, area.height * ratio, 4 * ratio, 0, 0);
    this.home = panView(this.home, left * ratio, top * ratio);
    this.view = anew || !this.view || resized ? this.home : this.view;
    this.placeBoxes(boxes, wanted, ratio);
    this.redraw();
  }

  placeBoxes(boxes, insets, ratio) {
    for (const { element } of this.insets) element.remove();
    this.insets = boxes.map(({ key, left, top, size }) => {
      const { box, archipelago } = insets.find((inset) => inset.key === key);
      const frame = make("div", "frame");
      const element = make("div", archipelago ? "inset archipelago" : "inset", {}, frame, make("span", "", {}, this.header.words.insets[key]));
      Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${size}px` });
      frame.style.height = `${size}px`;
      this.mapPane.element.after(element);
      const pane = new Pane(frame);
      pane.resize(size, size, ratio);
      return { element, pane, box, archipelago };
    });
  }

  /** Everything anew for the view at hand: units under the pixels, colours, borders; then soft edges when it stays. */
  redraw() {
    if (!this.scene) return;
    this.mapPane.unshift();
    this.drawn = this.view;
    const scene = this.sceneFor(this.view);
    this.mapPane.fill(scene, this.view);
    const atHome = this.view.scale <= this.home.scale * 1.3;
    for (const inset of this.insets) {
      inset.element.hidden = !atHome && !inset.archipelago;
      const islands = inset.archipelago ? ISLAND * inset.pane.ratio : 0;
      inset.pane.fill({ files: [this.outlines], surround: true, islands }, fitView(inset.box, inset.pane.width, inset.pane.height, 0));
    }
    this.repaint();
    this.strokeAll();
    this.showNote();
  }

  /** The national file, or the finer files of the provinces in sight once they are here. */
  sceneFor(view) {
    const { scopes } = this.outlines.header;
    if (!scopes || this.metres(view) > FINE) return this.scene;
    const east = view.x + this.mapPane.width / view.scale;
    const south = view.y - this.mapPane.height / view.scale;
    const seen = Object.values(scopes).filter(({ box }) => box[0] < east && box[2] > view.x && box[1] < view.y && box[3] > south);
    if (seen.length === 0 || seen.length > FINE_FILES) return this.scene;
    const folder = this.header.outlines.slice(0, this.header.outlines.lastIndexOf("/") + 1);
    this.fine ??= new Map();
    const missing = seen.filter(({ file }) => !this.fine.has(file));
    if (missing.length === 0) return { ...this.scene, files: seen.map(({ file }) => this.fine.get(file)) };
    Promise.all(missing.map(({ file }) => loadOutlines(folder + file).then((outlines) => this.fine.set(file, outlines)))).then(
      () => this.view === view && this.redraw(),
      () => {}, // the national outlines stay: coarser, and right
    );
    return this.scene;
  }

  metres(view) {
    return (this.outlines.header.projection.step / view.scale) * this.mapPane.ratio;
  }

  repaint() {
    if (!this.scene || !this.view) return;
    this.paintAll();
    this.count();
    clearTimeout(this.timer);
    if (!this.playing && this.mapPane.ratio < 2) this.timer = setTimeout(() => this.settle(), REST);
  }

  paintAll() {
    const { colours } = this.header;
    const count = this.outlines.header.unit_count;
    if (this.paint?.length !== count + 3) {
      this.paint = new Uint32Array(count + 3);
      this.stripes = new Uint32Array(count + 3);
    }
    const extra = [pixelOf(colours.neighbour), pixelOf(colours.sea)];
    paintUnits(this.classes, this.look, this.paint);
    this.paint.set(extra, count + 1);
    if (this.stripeLook) {
      paintUnits(this.classes, this.stripeLook, this.stripes);
      this.stripes.set(extra, count + 1);
    }
    for (const pane of this.panes()) if (!pane.element.closest("[hidden]")) pane.paint(this.paint, this.stripeLook && this.stripes);
  }

  settle() {
    if (!this.scene || this.playing || this.moving) return;
    for (const pane of this.panes()) if (!pane.element.closest("[hidden]")) pane.settle(this.paint, this.stripeLook && this.stripes);
  }

  strokeAll() {
    if (!this.scene || !this.view) return;
    const { step } = this.outlines.header.projection;
    const selected = this.header.selected ?? null;
    for (const pane of this.panes()) pane.strokeBorders(this.header.colours, step, selected);
  }

  showNote() {
    const { words, number } = this.header;
    const parts = [];
    if (this.view === this.home && !this.members) {
      const hidden = countHidden(this.panes().map((pane) => pane.cells), this.outlines.header.unit_count);
      if (hidden) parts.push(say(words.hidden_one_pixel, { units: writeCount(hidden, number) }));
    }
    if (this.outlines.header.approximate) parts.push(words.approximate);
    if (this.valuesFailed) parts.push(words.no_values);
    if (this.stopped) parts.unshift(this.stopped);
    this.note.textContent = parts.join(" · ");
  }

  // ---- moving about ----

  /** Show another view: by moving the picture at once, and drawn anew when it rests. */
  look_at(view) {
    const most = (this.outlines.header.projection.step * this.mapPane.ratio) / CLOSEST;
    if (view.scale > most || view.scale < this.home.scale) return;
    this.view = view;
    this.moving = true;
    this.mapPane.shift(view);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.moving = false;
      this.redraw();
    }, REST);
  }

  zoom(factor, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    if (!this.view) return;
    const { ratio } = this.mapPane;
    if (this.view.scale * factor <= this.home.scale * 1.001) this.reset();
    else this.look_at(zoomView(this.view, factor, x * ratio, y * ratio));
  }

  pan(dx, dy) {
    const { ratio } = this.mapPane;
    if (this.view && this.zoomed()) this.look_at(panView(this.view, dx * ratio, dy * ratio));
  }

  zoomed() {
    return Boolean(this.view) && this.view !== this.home;
  }

  reset() {
    this.view = this.home;
    this.moving = false;
    this.redraw();
  }

  /** Bring one unit into view, as large as fits at a third of the drawing. */
  showUnit(index) {
    const box = boxOfUnit(this.outlines, index);
    if (!box) return;
    const { width, height } = this.mapPane;
    const view = fitView(box, width, height, Math.min(width, height) / 3);
    this.view = view.scale > this.home.scale ? view : this.home;
    this.redraw();
  }

  // ---- units ----

  /** Index of the unit under a place on the stage (CSS pixels), insets first; −1 where none is. */
  unitUnder(x, y) {
    if (!this.scene || this.moving) return -1;
    const count = this.outlines.header.unit_count;
    const inside = (pane, px, py) => {
      const index = unitAt(pane.cells, pane.width, pane.height, px * pane.ratio, py * pane.ratio);
      return index < count ? index : -1;
    };
    for (const { element, pane } of this.insets) {
      const [px, py] = [x - element.offsetLeft, y - element.offsetTop];
      if (!element.hidden && px >= 0 && py >= 0 && px < element.offsetWidth && py < element.offsetHeight) return inside(pane, px, py);
    }
    return inside(this.mapPane, x, y);
  }

  hover(x, y) {
    const index = this.unitUnder(x, y);
    this.stage.classList.toggle("over", index >= 0);
    if (index < 0) return this.tip.hide();
    this.tip.show(this.describe(index), x, y, this.stage.clientWidth, this.stage.clientHeight);
  }

  describe(index) {
    const { words, number, level } = this.header;
    const all = this.namesNow;
    const own = all?.[level];
    const lower = (name) => name && name[0].toLowerCase() + name.slice(1);
    const parents = own ? ["district", "province"].map((up) => all[up]?.names[own[up]?.[index]]).filter((name) => name && name !== own.names[index]) : [];
    const values = this.values;
    return {
      name: own?.names[index] ?? "",
      place: parents.map(lower).join(", "),
      figure: this.figureOf(index, words, number),
      strip: values && {
        classes: classesOfUnit(values, index),
        look: this.plainLook,
        first: writePeriod(values.periods[0], words),
        last: writePeriod(values.periods.at(-1), words),
      },
    };
  }

  figureOf(index, words, number) {
    const code = this.classes[index];
    const absent = { 255: words.no_data, 254: words.not_applicable, 252: words.held_back }[code];
    if (absent) return absent;
    const { figures } = this;
    if (!figures || figures.rate[index] === 65535) return this.entries().find((entry) => entry.codes.includes(code))?.label ?? "";
    const missing = figures.missing[index];
    const parts = [say(words.rate, { rate: writeHundredths(figures.rate[index], number) })];
    if (missing > 0) parts.push(say(words.missing, { people: writeCount(missing, number) }));
    if (missing === 0) parts.push(words.enough);
    if (code === 253) parts.push(words.carried);
    return parts.join(" · ");
  }

  async pick(x, y) {
    const index = this.unitUnder(x, y);
    if (index < 0) return;
    const { level, boundary_set } = this.header;
    this.header.selected = index;
    this.strokeAll();
    const names = await this.names;
    if (names) this.send("picked", { unit: names[level].codes[index], index, level, boundary_set });
  }

  hintAt(sentence) {
    this.hint.textContent = sentence;
    this.hint.classList.add("shown");
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => this.hint.classList.remove("shown"), 1400);
  }

  // ---- time ----

  column() {
    return this.values?.at.get(this.period) ?? -1;
  }

  showPeriod() {
    this.timeline.at(this.period, this.column(), Boolean(this.playing));
  }

  showColumn(column) {
    const { values } = this;
    if (!values || column < 0 || column >= values.periods.length) return;
    this.period = values.periods[column];
    this.stopped = "";
    this.figures = null;
    classesAt(values, column, this.classes);
    this.repaint();
    this.showPeriod();
  }

  step(by) {
    this.pause();
    const to = this.column() + by;
    if (this.values && to >= 0 && to < this.values.periods.length) {
      this.showColumn(to);
      this.rest();
      return;
    }
    const beyond = by < 0 ? this.header.previous_period : this.header.next_period;
    if (beyond) this.send("rested", beyond);
    else this.stop(this.header.words.end);
  }

  play() {
    if (!this.values) return;
    if (this.column() === this.values.periods.length - 1) this.showColumn(0);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pace = 1000 / (calm ? 1 : (this.header.months_per_second ?? 6));
    let due = performance.now() + pace;
    this.stopped = "";
    const frame = (now) => {
      if (!this.playing) return;
      this.playing = requestAnimationFrame(frame);
      if (now < due) return;
      due = Math.max(due + pace, now);
      const to = this.column() + 1;
      const sentence = to < this.values.periods.length ? this.header.stops?.[this.values.periods[to]] : this.header.words.end;
      if (to < this.values.periods.length) this.showColumn(to);
      if (sentence) {
        this.pause();
        this.stop(sentence);
        this.rest();
      }
    };
    this.playing = requestAnimationFrame(frame);
    this.showPeriod();
  }

  pause() {
    if (this.playing) cancelAnimationFrame(this.playing);
    this.playing = 0;
    if (this.header && this.timeline.words) this.showPeriod();
  }

  stop(sentence) {
    this.stopped = sentence;
    this.showNote();
  }

  /** The reader has come to rest: soft edges, figures for hover, and the rest of the page follows. */
  rest() {
    this.repaint();
    this.loadFigures();
    if (this.period !== this.header.period) this.send("rested", this.period);
  }
}
