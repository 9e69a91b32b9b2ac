// What the tooltip says about one unit. Words come from Python, figures from the files; nothing is worked out here.

import { say, writeCount, writeHundredths, writePeriod, writeSigned } from "./controls.js";
import { classesOfUnit, UNKNOWN_EXTRA } from "./values.js";

const UNKNOWN_RATE = 65535;

/** {name, place, figure, extra, strip} of the unit with this index; parts that are not here yet are left out. */
export function describeUnit(map, index) {
  const { header, names } = map;
  const own = names?.[header.level];
  const above = own ? ["district", "province"].map((level) => names[level]?.names[own[level]?.[index]]) : [];
  return {
    name: own?.names[index] ?? "",
    place: above.filter((name) => name && name !== own.names[index]).map(lowerFirst).join(", "),
    figure: sayFigure(map, index),
    extra: sayExtra(map, index),
    strip: map.player.values && stripOf(map.player.values, index, map.plainLook, header.words),
  };
}

function sayFigure({ header, classes, figures, entries }, index) {
  const { words, number } = header;
  const code = classes[index];
  const absent = { 255: words.no_data, 254: words.not_applicable, 252: words.held_back }[code];
  if (absent) return absent;
  if (!figures || figures.rate[index] === UNKNOWN_RATE) return entries.find((entry) => entry.codes.includes(code))?.label ?? "";
  const missing = figures.missing[index];
  const parts = [say(words.rate, { rate: writeHundredths(figures.rate[index], number) })];
  if (missing > 0) parts.push(say(words.missing, { people: writeCount(missing, number) }));
  if (missing === 0) parts.push(words.enough);
  if (code === 253) parts.push(words.carried);
  return parts.join(" · ");
}

/** The map's own figure, where it is another than the rate: "+1,4 điểm % so với 12 tháng trước". */
function sayExtra({ header, figures }, index) {
  const { extra, number } = header;
  const value = figures?.extra?.[index] ?? UNKNOWN_EXTRA;
  if (value === UNKNOWN_EXTRA || !extra) return "";
  return say(extra.sentence, { value: extra.signed ? writeSigned(value, number) : writeHundredths(value, number) });
}

const stripOf = (values, index, look, words) => ({
  classes: classesOfUnit(values, index),
  look,
  first: writePeriod(values.periods[0], words),
  last: writePeriod(values.periods.at(-1), words),
});

/** "Huyện Mộc Châu" inside a sentence: "huyện Mộc Châu". */
const lowerFirst = (name) => name[0].toLowerCase() + name.slice(1);
