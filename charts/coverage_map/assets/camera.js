// Where the map looks. While the reader moves, the picture follows frame by frame; at rest the map is drawn anew.

import { boxOfUnit, fitView, panView, viewBetween, zoomView } from "./core.js";

const REST = 140; // ms without movement
const GLIDE = 30; // ms in which the picture goes two thirds of what is left of the way to a new zoom: a wheel turns in notches, fewer than frames
const NEAR = 0.002; // of the scale: so near a picture is there
const FRAME = 1000 / 60; // ms
const CLOSEST = 4; // metres a CSS pixel: the limit of zooming in

export class Camera {
  constructor(map) {
    this.map = map;
    this.home = null; // the whole scope
    this.view = null;
    this.kept = null; // the part of the world that was chosen, [west, south, east, north]; null for the whole scope
    this.moving = false;
    this.shown = null; // the view of the picture on the screen, on its way to `view` while the map moves
    this.glides = false; // does the picture take its time to get there?
    this.followed = 0; // time (ms) of the frame before
  }

  get zoomed() {
    return this.view !== null && this.view !== this.home;
  }

  /** Metres a CSS pixel. */
  metres() {
    return (this.map.outlines.header.projection.step / this.view.scale) * this.map.pane.ratio;
  }

  /** `isShared`: the other map of a pair has moved, and is not to be told; `glides`: the picture takes its time. */
  goTo(view, isShared = false, glides = false) {
    if (!this.map.outlines || !this.home) return;
    const most = (this.map.outlines.header.projection.step * this.map.pane.ratio) / CLOSEST;
    if (view.scale > most || view.scale < this.home.scale) return;
    if (!this.moving) this.shown = this.view;
    this.glides = glides && !isCalm();
    this.#keep(view);
    if (!isShared) this.map.partner?.camera.goTo(view === this.home ? this.map.partner.camera.home : view, true, glides);
    if (!this.moving) {
      requestAnimationFrame((now) => {
        this.followed = now - FRAME;
        this.follow(now);
      });
    }
    this.moving = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.moving = false;
      this.map.redraw();
    }, REST);
  }

  /** One frame further. A part of what is left, by the time since the frame before: a trackpad asks for another zoom in every
   * frame, so a way that began anew each time would never be gone. */
  follow(now) {
    if (!this.moving) return;
    const next = this.#isNear() ? this.view : viewBetween(this.shown, this.view, 1 - Math.exp((this.followed - now) / GLIDE));
    this.followed = now;
    if (next !== this.shown) this.map.movePicture(next);
    this.shown = next;
    requestAnimationFrame((later) => this.follow(later));
  }

  #isNear() {
    return !this.glides || Math.abs(Math.log(this.view.scale / this.shown.scale)) < NEAR;
  }

  /** Zoom about a place on the stage, in CSS pixels; a step of wheel, key or button glides, fingers are followed at once. */
  zoom(factor, x = this.map.stage.clientWidth / 2, y = this.map.stage.clientHeight / 2, glides = true) {
    if (!this.view) return;
    const { ratio } = this.map.pane;
    if (this.view.scale * factor > this.home.scale * 1.001) this.goTo(zoomView(this.view, factor, x * ratio, y * ratio), false, glides);
    else if (this.zoomed) this.goTo(this.home, false, glides);
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

const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
