// The boxes beside the map: dense cities, Hoàng Sa and Trường Sa. Each is a pane of its own with a name below.

import { fitView } from "./core.js";
import { make } from "./controls.js";
import { Pane } from "./draw.js";

const ISLAND = 2; // radius in CSS pixels of an island in an archipelago's box
const LABEL_HEIGHT = 28; // CSS pixels below a box in the corner

export class Insets {
  constructor(map) {
    this.map = map;
    this.boxes = [];
  }

  /** Panes that can be seen. */
  get panes() {
    return this.shown.map(({ pane }) => pane);
  }

  get shown() {
    return this.boxes.filter(({ element }) => !element.hidden);
  }

  /** Stand the boxes (layout.js) on the stage; `insets` are those of the arc file. */
  place(boxes, insets, words, ratio) {
    for (const { element } of this.boxes) element.remove();
    this.boxes = boxes.map((place) => {
      const { box, archipelago } = insets.find(({ key }) => key === place.key);
      const frame = make("div", "frame");
      const element = make("div", "inset", {}, frame, make("span", "", {}, words[place.key]));
      element.style.width = `${place.size}px`;
      frame.style.height = `${place.height}px`;
      this.map.pane.element.after(element);
      const pane = new Pane(frame);
      pane.resize(place.size, place.height, ratio);
      return { ...place, element, pane, box, archipelago };
    });
  }

  /** On a closer view the cities' boxes go, and the archipelagos move into the corner. */
  move() {
    const { stage, camera } = this.map;
    const far = camera.view.scale <= camera.home.scale * 1.3;
    let bottom = stage.clientHeight;
    for (const inset of [...this.boxes].reverse()) {
      inset.element.hidden = !far && !inset.archipelago;
      if (!far && inset.archipelago) bottom -= inset.height + LABEL_HEIGHT;
      const corner = stage.classList.contains("narrow") ? 8 : stage.clientWidth - inset.size - 8;
      const { left, top } = far ? inset : { left: corner, top: bottom };
      Object.assign(inset.element.style, { left: `${left}px`, top: `${top}px` });
      const label = inset.element.lastElementChild; // wider than its box on a small telephone: it stays on the stage
      label.style.marginLeft = `${Math.min(0, stage.clientWidth - left - label.offsetWidth)}px`;
    }
  }

  fill(outlines) {
    for (const { pane, box, archipelago } of this.shown) {
      const islands = archipelago ? ISLAND * pane.ratio : 0;
      pane.fill({ files: [outlines], surround: true, islands }, fitView(box, pane.width, pane.height, 0));
    }
  }

  /** The pane under a place on the stage (CSS pixels) and the place within it, or undefined. */
  under(x, y) {
    for (const { element, pane } of this.shown) {
      const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = element;
      const [px, py] = [x - offsetLeft, y - offsetTop];
      if (px >= 0 && py >= 0 && px < offsetWidth && py < offsetHeight) return { pane, px, py };
    }
    return undefined;
  }
}
