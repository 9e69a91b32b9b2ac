// Two canvases of one pane: colours below, borders above. The main map is a pane, and so is each inset.

import { circlesInView } from "./circles.js";
import { arcsInView, colourPixels, fillScene, findSoftPixels, forArcsOf, LEVEL, smallIslands, softenPixels, spansOf, traceArc } from "./core.js";

// Borders of a level are drawn where a CSS pixel is at most so many metres; their width in CSS pixels.
const BORDERS = [
  { level: LEVEL.commune, metres: 260, width: 0.4 },
  { level: LEVEL.district, metres: 900, width: 0.5 },
  { level: LEVEL.province, metres: Infinity, width: 0.6 },
  { level: LEVEL.coast, metres: Infinity, width: 0.6 },
];
const QUICK = 8; // ms of filling within which a moving map is drawn anew in every frame
const SMALLEST_ISLAND = 3; // CSS pixels: a line round a smaller one would bury it

export class Pane {
  constructor(element) {
    this.element = element;
    [this.fillCanvas, this.lineCanvas, this.circleCanvas] = ["fill", "line", "circles"].map((name) => {
      const canvas = document.createElement("canvas");
      canvas.className = name;
      canvas.setAttribute("aria-hidden", "true");
      element.append(canvas);
      return canvas;
    });
    this.fillContext = this.fillCanvas.getContext("2d");
    this.lineContext = this.lineCanvas.getContext("2d");
    this.circleContext = null; // made when the first circle is drawn
    this.width = this.height = 0;
    this.merged = false; // while it moves: is everything in the lower canvas?
    this.isQuick = null; // and is it drawn anew in every frame? Settled for one movement, since the two leave other pictures behind
  }

  /** Set the size in CSS pixels; returns whether anything changed. */
  resize(cssWidth, cssHeight, ratio) {
    const width = Math.max(1, Math.round(cssWidth * ratio));
    const height = Math.max(1, Math.round(cssHeight * ratio));
    if (width === this.width && height === this.height) return false;
    Object.assign(this, { width, height, ratio });
    for (const canvas of [this.fillCanvas, this.lineCanvas]) Object.assign(canvas, { width, height });
    if (this.circleContext) Object.assign(this.circleCanvas, { width, height });
    this.cells = new Uint16Array(width * height);
    this.image = this.fillContext.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    return true;
  }

  /** Work out which unit each pixel shows; nothing is drawn right of `edge` (the insets' part of the stage). */
  fill(scene, view, edge = this.width) {
    const start = performance.now();
    Object.assign(this, { scene, view, edge: Math.min(this.width, Math.round(edge)) });
    fillScene(scene, this.cells, this.width, this.height, view);
    if (this.edge < this.width) for (let row = 1; row <= this.height; row++) this.cells.fill(0, (row - 1) * this.width + this.edge, row * this.width);
    this.spans = spansOf(this.cells, this.width, this.height);
    this.soft = null;
    this.pixels.fill(0);
    this.fillContext.clearRect(0, 0, this.width, this.height);
    this.cost = performance.now() - start;
  }

  /** Colour the pixels: a few milliseconds, done for every period of play; `isSoft` with soft edges where they are known. */
  paint(paint, stripes, isSoft = false) {
    colourPixels(this.cells, this.pixels, this.width, this.spans, paint, stripes);
    if (isSoft && this.soft) softenPixels(this.soft, this.pixels, this.width, paint, stripes);
    this.#show();
  }

  #show() {
    const { left, top, right, bottom } = this.spans;
    if (right > left) this.fillContext.putImageData(this.image, 0, 0, left, top, right - left, bottom - top);
  }

  /** Soft edges, when nothing moves: found once for a view, and from then on part of every painting at rest. */
  settle(paint, stripes) {
    if (this.soft) return;
    const { islands } = this.scene;
    const doubled = islands ? { ...this.scene, islands: islands * 2 } : this.scene;
    const bandRows = islands ? this.height : 64; // dots may cross the edge of a band
    const fill = (cells, width, height, view) => fillScene(doubled, cells, width, height, view);
    this.soft = findSoftPixels(fill, this.cells, this.width, this.view, this.spans, bandRows);
    this.paint(paint, stripes, true);
  }

  /** Stroke the borders that this scale bears, and the selected unit. */
  strokeBorders(colours, step, selected) {
    const { lineContext: context, scene, view, width, height, ratio } = this;
    context.clearRect(0, 0, width, height);
    context.lineJoin = "round";
    const metres = (step / view.scale) * ratio;
    if (scene.ground) this.#stroke(scene.ground, [LEVEL.province, LEVEL.coast], colours.neighbour_line, 0.8);
    for (const { level, metres: most, width: lineWidth } of BORDERS) {
      if (metres > most) continue;
      const wider = metres < 260 && level <= LEVEL.province ? 2 : 1; // inside a province its outline stands out
      for (const file of scene.files) this.#stroke(file, [level], colours.line, lineWidth * wider);
    }
    if (scene.islands) for (const file of scene.files) this.#ringIslands(file, colours.line);
    if (selected !== null) this.#strokeUnit(selected, colours.selected);
    context.clearRect(this.edge, 0, width, height);
  }

  /** Counts as circles above borders and fills; `look` null takes them away. `centres` as of circles.js. */
  drawCircles(classes, look, centres, outline) {
    if (!this.circleContext) {
      if (!look) return;
      Object.assign(this.circleCanvas, { width: this.width, height: this.height });
      this.circleContext = this.circleCanvas.getContext("2d");
    }
    const { circleContext: context, width, height, ratio, edge } = this;
    context.clearRect(0, 0, width, height);
    if (!look || !this.view) return;
    context.globalAlpha = 0.7;
    context.strokeStyle = outline;
    context.lineWidth = 0.6 * ratio;
    for (const { colour, radius, x, y } of circlesInView(classes, look, centres, this.view, width, height, ratio, edge)) {
      context.beginPath();
      for (let i = 0; i < x.length; i++) {
        context.moveTo(x[i] + radius, y[i]);
        context.arc(x[i], y[i], radius, 0, 2 * Math.PI);
      }
      context.fillStyle = colour;
      context.fill();
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  #stroke(outlines, levels, colour, lineWidth) {
    const { lineContext: context, view, width, height, ratio } = this;
    context.beginPath();
    for (const level of levels) {
      const least = level === LEVEL.coast ? SMALLEST_ISLAND * ratio : 0;
      for (const arc of arcsInView(outlines, level, view, width, height, least)) traceArc(outlines, arc, view, context);
    }
    context.strokeStyle = colour;
    context.lineWidth = lineWidth * ratio;
    context.stroke();
  }

  /** A ring round each dot: an island without data would not be seen in the sea. */
  #ringIslands(outlines, colour) {
    const { lineContext: context, view, width, height, ratio, scene } = this;
    context.beginPath();
    for (const { x, y } of smallIslands(outlines, view, width, height, scene.islands)) {
      context.moveTo(x + scene.islands, y);
      context.arc(x, y, scene.islands, 0, 2 * Math.PI);
    }
    context.strokeStyle = colour;
    context.lineWidth = 0.5 * ratio;
    context.stroke();
  }

  #strokeUnit(index, colour) {
    const { lineContext: context, scene, view, ratio } = this;
    context.beginPath();
    for (const file of scene.files) forArcsOf(file, index, (arc) => traceArc(file, arc, view, context));
    context.strokeStyle = colour;
    context.lineWidth = 2 * ratio;
    context.stroke();
  }

  /** Show another view while the reader moves: borders by moving their picture, colours drawn anew where that is quick. */
  move(view, paint, stripes) {
    this.isQuick ??= this.cost <= QUICK;
    if (!this.isQuick) {
      this.#merge();
      return this.#shift([this.fillCanvas], view);
    }
    const { view: drawn } = this;
    this.fill(this.scene, view);
    this.paint(paint, stripes);
    this.view = drawn;
    this.#shift([this.lineCanvas, this.circleCanvas], view);
  }

  /** Borders and circles into the picture of the colours, until the next drawing: without a graphics card to enlarge a second
   * picture of this size in every frame costs as much as the first one. */
  #merge() {
    if (this.merged) return;
    this.merged = true;
    this.fillContext.drawImage(this.lineCanvas, 0, 0);
    if (this.circleContext) this.fillContext.drawImage(this.circleCanvas, 0, 0);
    for (const canvas of [this.lineCanvas, this.circleCanvas]) canvas.style.display = "none";
  }

  #shift(canvases, view) {
    const factor = view.scale / this.view.scale;
    // Moved by whole pixels a picture is copied; between two of them every pixel is mixed from four, in every frame.
    const whole = factor === 1 ? Math.round : Number;
    const dx = whole((this.view.x - view.x) * view.scale) / this.ratio;
    const dy = whole((view.y - this.view.y) * view.scale) / this.ratio;
    for (const canvas of canvases) canvas.style.transform = `translate(${dx}px, ${dy}px) scale(${factor})`;
  }

  unshift() {
    this.merged = false;
    this.isQuick = null;
    for (const canvas of [this.lineCanvas, this.circleCanvas]) canvas.style.display = "";
    for (const canvas of [this.fillCanvas, this.lineCanvas, this.circleCanvas]) canvas.style.transform = "";
  }

  clear() {
    for (const context of [this.fillContext, this.lineContext, this.circleContext]) context?.clearRect(0, 0, this.width, this.height);
  }
}
