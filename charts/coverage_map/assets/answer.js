// A month chosen on the page outside of the map: shown from the value file at the press. The host's answer wins when it comes.

import { loadFigures } from "./files.js";

const PATIENCE = 10000; // ms after which a host that has not answered is taken to have failed
const SAME_PLACE = ["boundary_set", "level", "scope", "values"];

export class Answer {
  constructor(map) {
    this.map = map;
    this.awaited = null; // the period shown before the host has answered
  }

  /** Show a period at once, where its classes are here already; whether they are. */
  show(period) {
    const { map } = this;
    const column = map.player.values?.at.get(period) ?? -1;
    if (column < 0 || !map.scene || !map.classes) return false;
    this.stop();
    map.player.pause();
    if (period !== map.period) map.player.show(column);
    this.awaited = period;
    this.timer = setTimeout(() => this.giveUp(), PATIENCE);
    return true;
  }

  /** New data has come: whether its period is to be shown. An answer to an earlier press does not pull the map back from the last one. */
  hear(before, header) {
    if (this.awaited === null) return true;
    const isEarlier = header.period !== this.awaited && before && SAME_PLACE.every((key) => before[key] === header[key]);
    if (!isEarlier) this.stop();
    return !isEarlier;
  }

  stop() {
    clearTimeout(this.timer);
    this.awaited = null;
  }

  /** The page has stayed where it was: the map may not show another month than its words. */
  giveUp() {
    if (this.awaited === null) return;
    const { map, awaited } = this;
    this.stop();
    if (map.period !== awaited || map.header.period === awaited) return;
    map.showClasses(map.header.period, map.sent.slice());
    loadFigures(map);
  }
}
