// The map on a page without a server (the static edition): a message and files by address in, a card and a sentence out.

import { CoverageMap } from "./map.js";
import { make, say, writePeriod } from "./controls.js";
import { describeUnit } from "./describe.js";
import { loadFigures, loadNames, loadValues } from "./files.js";
import { loadBytes } from "./load.js";
import { splitMessage } from "./values.js";

/**
 * `place` holds what stands there without a script; its data-map says {messages: [{label, address}], words, province: address of a
 * province's page with {code}, own: code of the province whose page this is, or ""}.
 *
 * What the first picture does not need (names, figures for hover, the months) is asked for when a reader turns to the map.
 */
export class MapAlone {
  constructor(place) {
    this.told = JSON.parse(place.dataset.map);
    this.said = this.told.words;
    this.holder = make("div", "alone-drawing");
    this.card = make("div", "alone-card", { role: "status" });
    this.time = make("button", "alone-time", { type: "button", onclick: () => this.openTime() }, this.said.time);
    this.note = make("p", "alone-note", { role: "status" });
    this.levels = make("div", "alone-levels", { role: "group", "aria-label": this.said.level });
    const before = [...place.childNodes];
    place.replaceChildren(this.levels, this.holder, this.time, this.note, this.card);
    this.map = new CoverageMap(this.holder, (name, value) => this.hear(name, value));
    for (const turn of ["pointerenter", "focusin", "touchstart"]) {
      this.holder.addEventListener(turn, () => this.askMore(), { passive: true });
    }
    if (this.told.messages.length > 1) this.showLevels();
    this.open(0).then(
      () => this.followHash(),
      () => place.replaceChildren(...before), // the picture, by its address
    );
    window.addEventListener("hashchange", () => this.followHash());
  }

  /** Show the map of one level. */
  async open(at) {
    this.at = at;
    const [header, classes] = splitMessage(await loadBytes(this.told.messages[at].address));
    if (this.at !== at) return;
    const controls = this.isTimed ? undefined : ["legend", "zoom", "insets"];
    this.header = header;
    this.more = { names: header.names, rest: header.rest, values: header.values };
    this.isAsked = false;
    if (!this.isTimed) Object.assign(header, { names: null, rest: null, values: null });
    this.map.update({ ...header, controls }, classes);
    this.classes = classes;
    this.sayPeriod(header.period);
  }

  showLevels() {
    const press = (at) => {
      [...this.levels.children].forEach((button, own) => button.setAttribute("aria-pressed", String(own === at)));
      this.card.replaceChildren();
      this.open(at);
    };
    this.levels.replaceChildren(
      ...this.told.messages.map(({ label }, at) => make("button", "", { type: "button", "aria-pressed": String(at === 0), onclick: () => press(at) }, label)),
    );
  }

  /** Names and figures for hover, once; returns when the names are here. */
  async askMore() {
    if (!this.map.scene || this.isAsked) return this.map.whenNames;
    this.isAsked = true;
    Object.assign(this.map.header, { names: this.more.names, rest: this.more.rest });
    loadFigures(this.map);
    await loadNames(this.map);
    return this.map.whenNames;
  }

  /** The slider and play: the months come in one file, from then on nothing is asked for. */
  openTime() {
    this.isTimed = true;
    this.time.remove();
    this.map.header.controls = undefined;
    this.map.header.values = this.more.values;
    this.askMore();
    loadValues(this.map);
    this.map.dress();
    this.map.timeline.slider.focus();
  }

  hear(name, value) {
    if (name === "picked") this.showUnit(value.index);
    if (name === "rested") this.sayPeriod(value);
  }

  /** The rest of the page stays in its month: where the map shows another, that is said. */
  sayPeriod(period) {
    const shown = writePeriod(period, this.header.words);
    const own = writePeriod(this.header.period, this.header.words);
    this.note.textContent = period === this.header.period ? "" : say(this.said.moved, { shown, own });
  }

  /** The province's code of a unit of the map. */
  provinceOf(names, index) {
    const { level } = this.header;
    return level === "province" ? names.province.codes[index] : names.province.codes[names[level].province[index]];
  }

  async showUnit(index) {
    const names = await this.askMore();
    if (!names) return;
    const { level } = this.header;
    const code = names[level].codes[index];
    const province = this.provinceOf(names, index);
    const { name, place, figure } = describeUnit(this.map, index);
    const page = say(this.told.province, { code: province });
    const links = [];
    if (province !== this.told.own) {
      const above = names.province.names[names.province.codes.indexOf(province)];
      links.push(make("a", "bp-link", { href: page }, say(this.said.open, { name: above })));
    }
    if (level !== "province") links.push(make("a", "bp-link", { href: `${province === this.told.own ? "" : page}#x${code}` }, this.said.row));
    const lines = [place, figure].filter(Boolean).map((line) => make("p", "", {}, line));
    this.card.replaceChildren(make("div", "bp-card", {}, make("h3", "", {}, name), ...lines, make("p", "bp-buttons", {}, ...links)));
  }

  /** An address with a commune's place marks it on the map of its province. */
  async followHash() {
    const code = location.hash.slice(2);
    if (!this.told.own || !location.hash.startsWith("#x")) return;
    while (!this.map.scene && this.map.message.hidden === false) await new Promise((done) => setTimeout(done, 100));
    const names = await this.askMore();
    const index = names?.[this.header.level].codes.indexOf(code) ?? -1;
    if (index >= 0) this.map.mark(index);
  }
}

for (const place of document.querySelectorAll("[data-map]")) place.mapAlone = new MapAlone(place);
