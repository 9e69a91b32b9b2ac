// One map on one element: what is shown, and which files it needs. No Streamlit.

import { countHidden, fitView, panView, pixelOf, unitAt } from "./core.js";
import { countClasses, paintUnits } from "./values.js";
import { Answer } from "./answer.js";
import { Buttons, Legend, make, say, Timeline, Tip, writeCount } from "./controls.js";
import { Camera } from "./camera.js";
import { centresOf } from "./circles.js";
import { describeUnit } from "./describe.js";
import { Pane } from "./draw.js";
import { loadFigures, loadScene, loadValues, sceneFor } from "./files.js";
import { listen } from "./gestures.js";
import { Insets } from "./insets.js";
import { placeInsets } from "./layout.js";
import { Player } from "./play.js";

export const DRAWN = "coverage-map-drawn"; // said on the map's element when a scene has been drawn for the first time
const SETTLE = 150; // ms after which the colours get soft edges
const ALL_CONTROLS = ["legend", "period", "zoom", "insets"];

export class CoverageMap {
  /** `send(name, value)` tells the host: picked, rested, filtered, recoloured. */
  constructor(parent, send) {
    this.send = send;
    this.partner = null; // the other map of a pair
    this.follows = false; // the right one: the legend and the buttons are the left one's
    this.camera = new Camera(this);
    this.player = new Player(this);
    this.insets = new Insets(this);
    this.answer = new Answer(this);
    // A screen reader hands its arrow keys to an application, and to no image.
    this.pane = new Pane(make("div", "main", { tabindex: 0, role: "application" }));
    this.crossAt = [0.5, 0.5]; // where the keyboard points, in parts of the stage
    this.legend = new Legend((codes) => this.toggleFilter(codes));
    this.buttons = new Buttons({
      zoom: (factor) => this.camera.zoom(factor),
      reset: () => this.camera.reset(),
      recolour: () => this.recolour(this.otherLegend()),
    });
    this.timeline = new Timeline({
      move: (column) => (this.player.pause(), this.player.show(column)),
      rest: () => this.rest(),
      step: (by) => this.player.step(by),
      play: () => this.player.toggle(),
    });
    this.tip = new Tip();
    this.message = make("div", "message", { role: "status", hidden: "" });
    this.spoken = make("div", "spoken", { role: "status" }); // what a screen reader hears of the unit picked
    this.hint = make("div", "hint", { "aria-hidden": "true" });
    this.note = make("p", "note");
    this.stage = make("div", "stage", {}, this.pane.element, this.hint, this.message, this.tip.element, this.buttons.element);
    this.root = make("div", "coverage-map", {}, this.legend.element, this.stage, this.spoken, this.timeline.element, this.note);
    parent.append(this.root);
    this.stopListening = listen(this, this.pane.element);
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.stage);
    this.resized = () => this.header?.wall && this.layout();
    window.addEventListener("resize", this.resized);
  }

  remove() {
    this.files = null; // files still on their way are not waited for
    this.player.pause();
    this.camera.stop();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.resting);
    this.answer.stop();
    this.observer.disconnect();
    window.removeEventListener("resize", this.resized);
    this.stopListening();
    this.root.remove();
  }

  /** New data from the host. A period that the reader is just moving through is not pulled back. */
  update(header, classes) {
    const before = this.header;
    this.header = header;
    this.sent = classes;
    const told = !before || ["period", "level", "boundary_set", "scope"].some((key) => before[key] !== header[key]);
    const isAnswer = this.answer.hear(before, header);
    if (!this.player.playing && isAnswer && (told || this.period === header.period)) {
      this.period = header.period;
      this.classes = classes.slice();
    }
    if (!before || before.legend !== header.legend) this.legendKey = header.legend;
    this.filter = header.filter ?? [];
    this.pane.element.setAttribute("aria-label", `${header.words.map} ${header.words.keys}`);
    const files = [header.outlines, header.scope_outlines, header.background, header.order_hash].join();
    const sameFiles = files === this.files;
    this.files = files;
    this.dress();
    if (!sameFiles) {
      loadScene(this);
      return;
    }
    if (this.shapeKey() !== this.shaped) this.layout();
    if (!this.isPainted()) this.repaint();
    if (this.borderKey() !== this.stroked) this.strokeBorders();
    this.followFocus();
    if (this.scene) loadValues(this);
    loadFigures(this);
  }

  /** Bring the units that the host points at into view, once for each pointing; the whole scope when it stops. */
  followFocus() {
    const focus = (this.header.focus ?? []).join();
    if (this.scene && focus !== this.focus) {
      if (focus) this.camera.showUnits(this.header.focus);
      else this.camera.reset();
    }
    this.focus = focus;
  }

  /** For whoever shows something else until there is a map, or a sentence in its place. */
  sayDrawn() {
    this.root.dispatchEvent(new CustomEvent(DRAWN, { bubbles: true, composed: true }));
  }

  // ---- messages ----

  /** A wrong drawing is worse than none: it is taken away, and a sentence says what to do. */
  fail(sentence) {
    this.stage.classList.remove("loading");
    for (const pane of this.panes()) pane.clear();
    this.painted = null;
    this.tell(sentence);
    this.dress();
    this.note.textContent = "";
    this.sayDrawn();
  }

  tell(sentence) {
    this.message.textContent = sentence;
    this.message.hidden = !sentence;
  }

  // ---- what stands around the drawing ----

  shows(control) {
    return (this.header.controls ?? ALL_CONTROLS).includes(control);
  }

  get entries() {
    return this.header.legends[this.legendKey] ?? this.header.legends[this.header.legend];
  }

  dress() {
    const { words, colours, wall } = this.header;
    this.root.style.fontSize = wall?.type ?? "";
    this.root.classList.toggle("on-wall", Boolean(wall));
    this.stage.style.setProperty("--frame", colours.frame);
    this.stage.style.setProperty("--sea", colours.sea);
    this.legend.element.hidden = this.follows || !this.shows("legend");
    this.timeline.element.hidden = !this.shows("period");
    this.legend.show(this.entries, this.filter, this.header);
    this.timeline.show(this.header, this.player.values);
    this.buttons.show(words, this.shows("zoom") && !this.follows, this.follows ? undefined : this.otherLegend());
    this.mixColours();
    this.count();
    this.showPeriod();
  }

  /** Pixel per class code: as drawn (`look`), without the filter (`plainLook`), on the lines of a hatching (`stripeLook`). */
  mixColours() {
    this.look = new Uint32Array(256);
    this.plainLook = new Uint32Array(256);
    const hatched = new Map();
    this.circleLook = null; // {radius, colour} per class code, where counts are drawn
    for (const { codes, colour, hatch, radius } of this.entries) {
      const kept = this.filter.length === 0 || codes.some((code) => this.filter.includes(code));
      for (const code of codes) {
        if (radius !== undefined) {
          this.circleLook ??= [];
          if (kept && radius > 0) this.circleLook[code] = { radius, colour };
          this.plainLook[code] = pixelOf(colour);
          this.look[code] = pixelOf(this.header.colours.land);
          continue;
        }
        this.plainLook[code] = pixelOf(colour);
        this.look[code] = pixelOf(kept ? colour : this.header.colours.dimmed);
        if (hatch && kept) hatched.set(code, pixelOf(hatch));
      }
    }
    this.stripeLook = hatched.size ? this.look.map((pixel, code) => hatched.get(code) ?? pixel) : null;
  }

  get counts() {
    return this.classes ? countClasses(this.classes, this.members, this.header.uncounted ?? []) : null;
  }

  count() {
    if (this.follows) this.partner.header && this.partner.classes && this.partner.count();
    else this.legend.count(this.counts, this.partner?.counts ?? null);
  }

  showPeriod() {
    if (this.header) this.timeline.at(this.period, this.player.column(), this.player.playing);
    this.whenPeriod?.();
  }

  /** The key of the other legend, if there is one. */
  otherLegend() {
    const keys = Object.keys(this.header.legends);
    return keys.length > 1 ? keys[(keys.indexOf(this.legendKey) + 1) % keys.length] : undefined;
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
    for (const map of [this, this.partner]) map?.keepOnly(same ? [] : [...codes]);
    this.send("filtered", this.filter);
  }

  keepOnly(codes) {
    this.filter = codes;
    if (!this.header) return;
    this.dress();
    this.repaint();
  }

  showNote() {
    const { words, number, values } = this.header;
    const parts = [this.player.sentence];
    // A map that is hidden or gone has a scene and no pixels.
    if (this.scene && this.camera.view && !this.camera.zoomed && !this.members) {
      const hidden = countHidden(this.panes().map((pane) => pane.cells), this.outlines.header.unit_count);
      if (hidden) parts.push(say(words.hidden_one_pixel, { units: writeCount(hidden, number) }));
    }
    if (this.outlines?.header.approximate) parts.push(words.approximate);
    if (this.shows("period") && this.valuesAddress === values && !this.player.values) parts.push(words.no_values);
    this.note.textContent = parts.filter(Boolean).join(" · ");
  }

  hintAt(sentence) {
    this.hint.textContent = sentence;
    this.hint.classList.add("shown");
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => this.hint.classList.remove("shown"), 1400);
  }

  // ---- drawing ----

  panes() {
    return [this.pane, ...this.insets.panes];
  }

  /** Fit stage, map and insets to the width at hand; `anew` also where the size is the same. */
  layout(anew = false) {
    const width = this.stage.clientWidth;
    if (!width || !this.header) return;
    this.shaped = this.shapeKey();
    const narrow = width < 520;
    const tall = Math.max(420, Math.min(900, width * (narrow ? 1.6 : 1.35)));
    const { wall } = this.header;
    const height = wall && !narrow ? window.innerHeight * wall.height : (this.header.height ?? tall);
    this.stage.style.height = `${height}px`;
    this.stage.classList.toggle("narrow", narrow);
    if (!this.scene) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    if (!this.pane.resize(width, height, ratio) && !anew) return;
    const { frame, insets } = this.outlines.header;
    const shown = insets.filter(({ key, archipelago }) => this.header.words.insets[key] && (archipelago || !this.members));
    const shape = (frame[2] - frame[0]) / (frame[3] - frame[1]);
    const below = wall ? 1.5 * parseFloat(getComputedStyle(this.root).fontSize) : undefined;
    const { area, boxes } = placeInsets(width, height, this.shows("insets") ? shown : [], shape, below);
    const home = fitView(frame, area.width * ratio, area.height * ratio, 4 * ratio);
    this.camera.enter(panView(home, area.left * ratio, area.top * ratio));
    // Far islands are in their box: a speck of them between the boxes would only confuse.
    this.edge = this.members ? undefined : (area.left + area.width) * ratio;
    this.insets.place(boxes, shown, this.header.words.insets, ratio);
    this.redraw();
  }

  /** What of the data decides the sizes; the width of the place has its observer. To ask for it here would lay out the page twice. */
  shapeKey() {
    const { wall, height, controls, words } = this.header;
    return JSON.stringify([wall, height, controls, words.insets]);
  }

  /** Everything anew for the view at hand: units under the pixels, colours, borders. */
  redraw() {
    if (!this.scene) return;
    const { view } = this.camera;
    this.pane.unshift();
    this.pane.fill(sceneFor(this, view), view, this.camera.zoomed ? undefined : this.edge);
    this.insets.move();
    this.insets.fill(this.outlines);
    this.repaint();
    this.strokeBorders();
    this.showNote();
  }

  movePicture(view) {
    this.pane.move(view, this.paint, this.stripes);
  }

  /** New colours on the same pixels; soft edges follow when it stays so. */
  repaint() {
    if (!this.scene || !this.camera.view) return;
    this.mixPaint();
    for (const pane of this.panes()) pane.paint(this.paint, this.stripes, !this.player.playing);
    this.painted = { look: this.lookKey(), classes: this.classes.slice(), isSoft: !this.player.playing };
    this.drawCircles();
    this.count();
    clearTimeout(this.timer);
    if (!this.player.playing) this.timer = setTimeout(() => this.settle(), SETTLE);
  }

  /** Whether the picture shows the classes and colours at hand already, as after a choice that was answered here. */
  isPainted() {
    const { painted, classes } = this;
    return painted?.look === this.lookKey() && painted.classes.length === classes.length && classes.every((code, unit) => code === painted.classes[unit]);
  }

  lookKey() {
    return JSON.stringify([this.entries, this.filter, this.header.colours]);
  }

  /** Where circles stand is worked out once per file; a map of fills has none. */
  drawCircles() {
    const { circleLook: look } = this;
    if (look && this.centred !== this.outlines) {
      this.centred = this.outlines;
      this.centres = centresOf(this.outlines);
    }
    for (const pane of this.panes()) pane.drawCircles(this.classes, look, this.centres, this.header.colours.line);
  }

  mixPaint() {
    const { colours } = this.header;
    const count = this.outlines.header.unit_count;
    const mix = (look, target) => {
      const paint = target?.length === count + 3 ? target : new Uint32Array(count + 3);
      paintUnits(this.classes, look, paint);
      paint.set([pixelOf(colours.neighbour), pixelOf(colours.sea)], count + 1); // core.js, fillScene
      return paint;
    };
    this.paint = mix(this.look, this.paint);
    this.stripes = this.stripeLook && mix(this.stripeLook, this.stripes);
  }

  settle() {
    if (!this.scene || this.player.playing || this.camera.moving) return;
    const soft = this.pane.ratio < 2 ? this.panes() : this.panes().slice(1); // at two device pixels there is no stair to soften
    for (const pane of soft) pane.settle(this.paint, this.stripes);
  }

  strokeBorders() {
    if (!this.scene || !this.camera.view) return;
    const { step } = this.outlines.header.projection;
    for (const pane of this.panes()) pane.strokeBorders(this.header.colours, step, this.header.selected ?? null);
    this.stroked = this.borderKey();
  }

  /** What the borders of the view at hand were drawn for: most new data leaves them as they are, and they are most of the work. */
  borderKey() {
    return JSON.stringify([this.header.colours, this.header.selected ?? null]);
  }

  // ---- time ----

  showClasses(period, classes) {
    this.period = period;
    this.classes = classes;
    this.figures = this.figuresAddress = null;
    this.repaint();
    this.showPeriod();
  }

  /** The reader has come to rest: soft edges at once; what costs the page's one thread comes after the frame that shows the month. */
  rest() {
    if (!this.isPainted() || !this.painted.isSoft) this.repaint();
    cancelAnimationFrame(this.resting);
    this.resting = requestAnimationFrame(() => setTimeout(() => this.tellRest()));
  }

  /** Figures for hover, and the rest of the page follows. */
  tellRest() {
    if (!this.root.isConnected || this.player.playing) return;
    loadFigures(this);
    if (this.period !== this.header.period) this.send("rested", this.period);
  }

  // ---- units ----

  /** Index of the unit under a place on the stage (CSS pixels), insets first; −1 where none is. */
  unitUnder(x, y) {
    if (!this.scene || this.camera.moving) return -1;
    const { pane, px, py } = this.insets.under(x, y) ?? { pane: this.pane, px: x, py: y };
    const index = unitAt(pane.cells, pane.width, pane.height, px * pane.ratio, py * pane.ratio);
    return index < this.outlines.header.unit_count ? index : -1;
  }

  leave() {
    for (const map of [this, this.partner]) map?.tip.hide();
  }

  hover(x, y, isShared = false) {
    if (this.header?.wall) return; // nobody can read it from a seat, and it hides the map
    if (!isShared) this.partner?.hover(x, y, true);
    const index = this.unitUnder(x, y);
    this.stage.classList.toggle("over", index >= 0);
    if (index < 0) this.tip.hide();
    else this.tip.show(describeUnit(this, index), x, y, this.stage.clientWidth, this.stage.clientHeight);
  }

  /** Where the keyboard points, in CSS pixels on the stage. */
  cross() {
    return [this.crossAt[0] * this.stage.clientWidth, this.crossAt[1] * this.stage.clientHeight];
  }

  moveCross(dx, dy) {
    const sizes = [this.stage.clientWidth, this.stage.clientHeight];
    this.crossAt = this.cross().map((at, i) => Math.min(1, Math.max(0, (at + [dx, dy][i]) / sizes[i])));
    this.crossAt.forEach((part, i) => this.pane.element.style.setProperty(["--cross-x", "--cross-y"][i], `${part * 100}%`));
  }

  /** Show and say the unit at a place on the stage, for those who do not point. */
  async speak(x, y) {
    this.hover(x, y);
    const index = this.unitUnder(x, y);
    if (index < 0) {
      this.spoken.textContent = "";
      return;
    }
    await this.whenNames;
    this.say(index);
  }

  say(index) {
    const { name, place, figure, extra } = describeUnit(this, index);
    this.spoken.textContent = [name, place, extra, figure].filter(Boolean).join(", ");
  }

  mark(index) {
    this.header.selected = index;
    this.strokeBorders();
  }

  async pick(x, y) {
    const index = this.unitUnder(x, y);
    if (index < 0) return;
    const { level, boundary_set } = this.header;
    this.mark(index);
    if (this.partner?.header?.boundary_set === boundary_set && this.partner.header.level === level) this.partner.mark(index);
    const names = await this.whenNames;
    this.say(index);
    if (names) this.send("picked", { unit: names[level].codes[index], index, level, boundary_set });
  }
}
