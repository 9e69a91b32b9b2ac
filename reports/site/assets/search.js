// The search over all units, as the app's (ui/loaders/units.py): marks are not needed, old names lead to the units of today. No DOM.

const MARKS = /[\u0300-\u036f]/g;
const NUMBER_ALONE = /\b(phuong|xa|ap|khu) (\d)\b/g;
const TYPE = /^(tinh|thanh pho|quan|huyen|thi xa) /;
const LONGEST_PROVINCE = 5; // words behind a name that may be its province's, and one
export const MOST = 30;

/** Small letters without marks: "Đắk Lắk" → "dak lak". */
const bare = (text) => text.normalize("NFD").replace(MARKS, "").replace(/[đĐ]/g, "d").toLowerCase();

/** What is compared: letters and digits, one space between words. */
export const searchKey = (text) => bare(text).replace(/[^0-9a-z]+/g, " ").trim();

/** The key of what somebody typed; `short` says what shortened types stand for ("tp", "p"). */
export function typedKey(text, short) {
  const written = bare(text)
    .replace(/\b(tp|tx|tt|[xpqht])\./g, (_, form) => ` ${short[form]} `)
    .replace(/\b([pq])\s?(\d{1,2})\b/g, (_, form, number) => ` ${short[form]} ${number} `);
  const words = written.split(/[\s,;.]+/).map((word) => (word.length > 1 ? (short[word] ?? word) : word));
  return searchKey(words.join(" "));
}

/**
 * The index, ready to search. `file`: {short, units: [[code, name, place above in units or −1, level]], kinds, former: [[name, province,
 * place in units, place in kinds]]}; units stand in the order of the alphabet, larger ones first.
 */
export function prepare(file) {
  const units = file.units.map(([code, name, above, level]) => ({ code, name, above, level, key: searchKey(name) }));
  for (const unit of units) {
    unit.above = unit.above < 0 ? null : units[unit.above]; // larger units stand first, so that the one above is whole already
    unit.path = unit.above ? ` ${unit.key}${unit.above.path}` : ` ${unit.key}`;
  }
  const former = file.former.map(([name, province, at, kind]) => ({ name, province, kind: file.kinds[kind], unit: units[at], key: searchKey(name), in: searchKey(province) }));
  return { short: file.short, units, former };
}

/** "Xã Tân Lập, Huyện Mộc Châu, Tỉnh Sơn La". */
export function labelOf(unit) {
  const names = [];
  for (let one = unit; one; one = one.above) names.push(one.name);
  return names.join(", ");
}

/** Names above a unit, as keys. */
function keysAbove(unit) {
  const keys = [];
  for (let one = unit.above; one; one = one.above) keys.push(one.key);
  return keys;
}

/** 0 for a whole name, 1 for the beginning of a word, 2 inside one. */
function nearness(key, typed) {
  if (key === typed || key.endsWith(` ${typed}`)) return 0;
  return key.startsWith(typed) || key.includes(` ${typed}`) ? 1 : 2;
}

function byName(units, typed) {
  const found = units.filter((unit) => unit.key.includes(typed) || unit.code === typed);
  const weight = (unit) => unit.level * 3 + nearness(unit.key, typed);
  return found.map((unit, at) => [weight(unit), at, unit]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((row) => row[2]);
}

/** How many of the first words are a unit's own name, where the rest names a place above it; 0 where it does not. */
function countOwn(words, unit) {
  const above = keysAbove(unit);
  for (let count = words.length - 1; count > 0; count--) {
    const [name, rest] = [words.slice(0, count).join(" "), words.slice(count).join(" ")];
    const isAbove = above.some((place) => place.replace(TYPE, "") === rest || place === rest);
    const isPart = words.length - count > 1 && ` ${above.join(" ")}`.includes(` ${rest}`);
    if (` ${unit.key} `.includes(` ${name} `) && (isAbove || isPart)) return count;
  }
  return 0;
}

function inPlaces(units, words) {
  const parts = words.map((word) => ` ${word}`);
  const holds = ({ key, path }) => parts.every((part) => path.includes(part)) && (key.startsWith(words[0]) || key.includes(parts[0]));
  const rows = units.filter(holds).map((unit) => [countOwn(words, unit), unit]);
  return rows.filter(([own]) => own > 0).sort((a, b) => b[0] - a[0]).map((row) => row[1]);
}

function byFormer(former, typed) {
  const others = (rows) => rows.filter(({ unit, key }) => !unit.key.includes(key));
  let found = others(former.filter(({ key }) => key.includes(typed)));
  const words = typed.split(" ");
  for (let cut = words.length - 1; found.length === 0 && cut > Math.max(words.length - LONGEST_PROVINCE, 0); cut--) {
    const [name, place] = [words.slice(0, cut).join(" "), words.slice(cut).join(" ")];
    found = others(former.filter((row) => row.key.includes(name) && row.in.includes(place)));
  }
  return found.map((row, at) => [nearness(row.key, typed), at, row]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((row) => row[2]);
}

/** Units for a text: [{unit, former, kind}] (`former`: the name by which it was found, or ""; `kind`: the word that says how), each unit once; and how many there are. */
export function find(index, text) {
  const key = typedKey(text, index.short);
  if (key.length < 2) return { rows: [], count: 0 };
  let found = [];
  for (const typed of new Set([key, key.replace(NUMBER_ALONE, "$1 0$2")])) {
    found = byName(index.units, typed);
    const words = typed.split(" ");
    if (found.length === 0 && words.length > 1) found = inPlaces(index.units, words);
    if (found.length) break;
  }
  const rows = found.map((unit) => ({ unit, former: "" }));
  const known = new Set(found);
  for (const row of key.length > 2 ? byFormer(index.former, key) : []) {
    if (known.has(row.unit)) continue;
    known.add(row.unit);
    rows.push({ unit: row.unit, former: row.province ? `${row.name}, ${row.province}` : row.name, kind: row.kind });
  }
  return { rows: rows.slice(0, MOST), count: rows.length };
}
