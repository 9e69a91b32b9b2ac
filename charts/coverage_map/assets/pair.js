// Two maps side by side: one legend, one camera, one hover and one selection. Each has its own period.

import { make, say, writePeriod } from "./controls.js";
import { CoverageMap } from "./map.js";

export class MapPair {
  constructor(parent, send) {
    this.root = make("div", "coverage-map pair");
    this.halves = ["first", "second"].map(() => make("div", "half"));
    this.titles = this.halves.map(() => make("h3", "half-title"));
    parent.append(this.root);
    const names = { rested: "rested_second" }; // what the right map tells under a name of its own
    this.maps = this.halves.map((half, at) => {
      half.append(this.titles[at]);
      const map = new CoverageMap(half, (name, value) => this.send(at === 1 ? (names[name] ?? name) : name, value));
      map.whenPeriod = () => this.showTitles();
      return map;
    });
    this.send = send;
    [this.maps[0].partner, this.maps[1].partner] = [this.maps[1], this.maps[0]];
    this.maps[1].follows = true;
    this.counted = make("p", "counted");
    this.root.append(this.maps[0].legend.element, this.counted, make("div", "halves", {}, ...this.halves));
  }

  update([first, second]) {
    this.maps[0].update(...first);
    this.maps[1].update(...second);
    this.showTitles();
  }

  showTitles() {
    const said = this.maps.map((map) => (map.header && map.period ? writePeriod(map.period, map.header.words) : ""));
    said.forEach((text, at) => (this.titles[at].textContent = text));
    if (said[0] && said[1]) this.counted.textContent = say(this.maps[0].header.words.counted_pair, { first: said[0], second: said[1] });
  }

  remove() {
    for (const map of this.maps) map.remove();
    this.root.remove();
  }
}
