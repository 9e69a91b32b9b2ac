// Where the map looks. While the reader moves, the picture follows frame by frame; at rest the map is drawn anew.

import { boxOfUnit, fitView, panView, zoomView } from "./core.js";

const REST = 140; // ms without movement
const CLOSEST = 4; // metres a CSS pixel: the limit of zooming in

export class Camera {
  constructor(map) {
    this.map = map;
    this.home = null; // the whole scope
    this.view = null;
    this.kept = null; // the part of the world that was chosen, [west, south, east, north]; null for the whole scope
    this.moving = false;
  }

  get zoomed() {
    return this.view !== null && this.view !== this.home;
  }

  /** Metres a CSS pixel. */
  metres() {
    return (this.map.outlines.header.projection.step / this.view.scale) * this.map.pane.ratio;
  }

  /** `isShared`: the other map of a pair has moved, and is not to be told. */
  goTo(view, isShared = false) {
    if (!this.map.outlines || !this.home) return;
    const most = (this.map.outlines.header.projection.step * this.map.pane.ratio) / CLOSEST;
    if (view.scale > most || view.scale < this.home.scale) return;
    this.#keep(view);
    if (!isShared) this.map.partner?.camera.goTo(view, true);
    if (!this.moving) requestAnimationFrame(() => this.follow());
    this.moving = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.moving = false;
      this.map.redraw();
    }, REST);
  }

  follow() {
    if (!this.moving) return;
    if (this.followed !== this.view) this.map.movePicture(this.view);
    this.followed = this.view;
    requestAnimationFrame(() => this.follow());
  }

  /** Zoom about a place on the stage, in CSS pixels. */
  zoom(factor, x = this.map.stage.clientWidth / 2, y = this.map.stage.clientHeight / 2) {
    if (!this.view) return;
    const { ratio } = this.map.pane;
    if (this.view.scale * factor <= this.home.scale * 1.001) this.reset();
    else this.goTo(zoomView(this.view, factor, x * ratio, y * ratio));
  }

  pan(dx, dy) {
    const { ratio } = this.map.pane;
    if (this.zoomed) this.goTo(panView(this.view, dx * ratio, dy * ratio));
  }

  reset(isShared = false) {
    if (!this.home) return;
    if (!isShared) this.map.partner?.camera.reset(true);
    clearTimeout(this.timer);
    this.moving = false;
    this.#keep(this.home);
    this.map.redraw();
  }

  /** On a stage of another size: the whole scope, or what was chosen to be in sight, as far as the new shape bears it. */
  enter(home) {
    this.stop();
    this.home = this.view = home;
    if (!this.kept) return;
    const { width, height } = this.map.pane;
    const view = fitView(this.kept, width, height, 0);
    if (view.scale > home.scale) this.view = view;
  }

  /** Forget what was chosen: another scope comes. */
  forget() {
    this.kept = null;
  }

  #keep(view) {
    const { width, height } = this.map.pane;
    this.view = view;
    this.kept = view === this.home ? null : [view.x, view.y - height / view.scale, view.x + width / view.scale, view.y];
  }

  /** Bring units into view, with room around them: much around one, so that its neighbours are seen. */
  showUnits(indices) {
    const boxes = indices.map((index) => boxOfUnit(this.map.outlines, index)).filter(Boolean);
    if (boxes.length === 0) return;
    const box = [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((one) => one[side])));
    const { width, height } = this.map.pane;
    const view = fitView(box, width, height, Math.min(width, height) / (boxes.length > 1 ? 12 : 3));
    this.#keep(view.scale > this.home.scale ? view : this.home);
    this.map.redraw();
  }

  /** Look where the other map of a pair looks. */
  join(view) {
    if (!this.home || !view) return;
    this.#keep(view);
    this.map.redraw();
  }

  stop() {
    clearTimeout(this.timer);
    this.moving = false;
  }
}
