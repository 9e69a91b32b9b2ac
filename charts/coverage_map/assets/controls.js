// What stands around the drawing: legend, buttons, period slider, tooltip. Every word comes from Python.

/** A DOM element in one line; texts are set as text, never as markup. */
export function make(tag, className = "", attributes = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Put values into "{name}" places of a sentence. */
export const say = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** 1234567 → "1.234.567", with the signs Python gives. */
export const writeCount = (count, number) => String(count).replace(/\B(?=(\d{3})+$)/g, number?.group ?? "");

/** 8999 hundredths → "89,99"; trailing zeros are left out beyond one decimal. */
export function writeHundredths(value, number) {
  const text = String(value % 100).padStart(2, "0");
  return `${writeCount(Math.floor(value / 100), number)}${number?.decimal ?? "."}${text.endsWith("0") ? text[0] : text}`;
}

/** −30 hundredths → "−0,3", 140 → "+1,4". */
export const writeSigned = (value, number) => `${value < 0 ? "−" : value > 0 ? "+" : ""}${writeHundredths(Math.abs(value), number)}`;

export function writePeriod(period, words) {
  const [year, month] = period.split("-");
  return say(words.period, { year, month });
}

/** The bar of classes: colour, words, units per class; the threshold is a thick line; a click keeps only that class bright. */
export class Legend {
  constructor(onFilter) {
    this.element = make("div", "legend", { role: "group" });
    this.onFilter = onFilter;
    this.classes = [];
  }

  show(entries, filter, header) {
    this.element.setAttribute("aria-label", header.words.legend);
    this.number = header.number;
    const shown = JSON.stringify(entries);
    if (shown !== this.shown) this.#build(entries); // else the buttons stay, and with them the keyboard's focus
    this.shown = shown;
    for (const { codes, button } of this.classes) {
      const kept = filter.length === 0 || codes.some((code) => filter.includes(code));
      button.setAttribute("aria-pressed", String(filter.length > 0 && kept));
      button.classList.toggle("dimmed", !kept);
    }
  }

  #build(entries) {
    this.element.classList.toggle("sizes", entries.some(({ radius }) => radius !== undefined));
    this.classes = entries.map(({ codes, label, colour, hatch, edge, optional, radius }) => {
      const swatch = make("span", radius === undefined ? "swatch" : "swatch circle");
      if (radius !== undefined) {
        const dot = make("i");
        dot.style.width = dot.style.height = `${radius * 2}px`;
        dot.style.background = colour;
        swatch.append(dot);
      } else swatch.style.background = hatch ? `repeating-linear-gradient(135deg, ${colour} 0 3px, ${hatch} 3px 4px)` : colour;
      const count = make("span", "count");
      const second = make("span", "beside", { hidden: "" });
      const button = make("button", edge ? "class edge" : "class", { type: "button", onclick: () => this.onFilter(codes) });
      button.append(swatch, make("span", "label", {}, label), count, second);
      return { codes, button, count, second, optional };
    });
    this.element.replaceChildren(...this.classes.map(({ button }) => button));
  }

  /** Units per class; `others` are those of the second map of a pair. */
  count(counts, others = null) {
    const sum = (codes, all) => codes.reduce((units, code) => units + all[code], 0);
    for (const { codes, button, count, second, optional } of this.classes) {
      const units = sum(codes, counts);
      const beside = others ? sum(codes, others) : 0;
      count.textContent = writeCount(units, this.number);
      second.textContent = writeCount(beside, this.number);
      second.hidden = !others;
      button.hidden = Boolean(optional) && units + beside === 0;
    }
  }
}

/** The buttons on the drawing: + − whole, and the other way to colour. `on.zoom(factor)`, `on.reset()`, `on.recolour()`. */
export class Buttons {
  constructor(on) {
    const button = (name, text, click) => make("button", name, { type: "button", onclick: click }, text);
    this.zoom = [
      button("in", "+", () => on.zoom(1.6)),
      button("out", "−", () => on.zoom(1 / 1.6)),
      button("reset", "⤢", () => on.reset()),
    ];
    this.recolour = button("recolour", "", () => on.recolour());
    this.element = make("div", "buttons", {}, ...this.zoom, this.recolour);
  }

  /** `other` is the key of the legend that the last button leads to, or undefined. */
  show(words, zoom, other) {
    [words.zoom_in, words.zoom_out, words.reset].forEach((label, i) => {
      this.zoom[i].hidden = !zoom;
      this.zoom[i].title = label;
      this.zoom[i].setAttribute("aria-label", label);
    });
    this.recolour.hidden = !other;
    if (other) this.recolour.textContent = words[`legend_${other}`];
  }
}

/** ‹ slider › and play. `on.move(column)`, `on.rest()`, `on.step(±1)`, `on.play()`. */
export class Timeline {
  constructor(on) {
    const button = (name, text, click) => make("button", name, { type: "button", onclick: click }, text);
    this.previous = button("previous", "‹", () => on.step(-1));
    this.next = button("next", "›", () => on.step(1));
    this.play = button("play", "", () => on.play());
    this.slider = make("input", "slider", {
      type: "range",
      min: 0,
      step: 1,
      oninput: () => on.move(Number(this.slider.value)),
      onchange: () => on.rest(),
    });
    this.label = make("output", "period");
    this.element = make("div", "timeline", {}, this.previous, this.label, this.next, this.slider, this.play);
  }

  show(header, values) {
    const { words } = header;
    this.words = words;
    this.previous.setAttribute("aria-label", words.previous);
    this.next.setAttribute("aria-label", words.next);
    this.slider.setAttribute("aria-label", words.period_label);
    this.slider.max = values ? values.periods.length - 1 : 0;
    for (const part of [this.slider, this.play]) part.disabled = !values;
    this.previous.disabled = !values && !header.previous_period;
    this.next.disabled = !values && !header.next_period;
  }

  at(period, column, playing) {
    const text = writePeriod(period, this.words);
    if (column >= 0) this.slider.value = column;
    this.label.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
    this.play.textContent = playing ? this.words.pause : this.words.play;
    this.play.classList.toggle("playing", playing);
  }
}

/** The box beside the pointer: name, figure, and the strip of the unit's classes over time. */
export class Tip {
  constructor() {
    this.strip = make("canvas", "strip", { "aria-hidden": "true", height: 1 });
    this.name = make("strong");
    this.place = make("span");
    this.figure = make("div");
    this.extra = make("div");
    this.from = make("span");
    this.to = make("span");
    this.years = make("div", "years", {}, this.from, this.to);
    this.element = make("div", "tip", { hidden: "" }, make("div", "", {}, this.name, this.place), this.extra, this.figure, this.strip, this.years);
  }

  hide() {
    this.element.hidden = true;
  }

  /** `strip` is {classes, look, first, last} or null; x and y are CSS pixels on the stage. */
  show({ name, place, figure, extra, strip }, x, y, width, height) {
    this.name.textContent = name;
    this.place.textContent = place ? `, ${place}` : "";
    this.figure.textContent = figure;
    this.extra.textContent = extra;
    this.extra.hidden = !extra;
    this.strip.hidden = this.years.hidden = !strip;
    if (strip) this.#drawStrip(strip);
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const left = x + 16 + offsetWidth > width ? x - 16 - offsetWidth : x + 16;
    const top = y + 16 + offsetHeight > height ? y - 16 - offsetHeight : y + 16;
    this.element.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }

  #drawStrip({ classes, look, first, last }) {
    this.strip.width = classes.length;
    const context = this.strip.getContext("2d");
    const image = context.createImageData(classes.length, 1);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < classes.length; i++) pixels[i] = look[classes[i]];
    context.putImageData(image, 0, 0);
    [this.from.textContent, this.to.textContent] = [first, last];
  }
}
