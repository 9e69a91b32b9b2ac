// What the pages of the static edition can do beyond plain HTML: search, tables sorted and filtered, dots that lead to their row.

import { find, labelOf, prepare, searchKey } from "./search.js";

const put = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Bytes behind an address, inflated here where they are gzip. */
async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} for ${address}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return JSON.parse(new TextDecoder().decode(bytes));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** The search of the look-up page: asks for the list of units once, at the first letter or where the address brings a text. */
function startLookup(form) {
  const words = JSON.parse(form.dataset.words);
  const [box, list, status] = [form.querySelector("input"), form.querySelector("ul"), form.querySelector("[role=status]")];
  let index = null;
  const show = async () => {
    const text = box.value.trim();
    if (text.length < 2) {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      index ??= fetchJson(form.dataset.index).then(prepare);
      const ready = await index;
      if (box.value.trim() !== text) return; // typed on meanwhile
      const { rows, count } = find(ready, text);
      list.replaceChildren(...rows.map((row) => item(row, words)));
      const said = count === 0 ? words.nothing : count > rows.length ? words.many : words.some;
      status.textContent = put(said, { text, count: count.toLocaleString(document.documentElement.lang), shown: rows.length });
    } catch {
      index = null;
      status.textContent = words.failed;
    }
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  box.addEventListener("input", show);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked.slice(0, 60);
    show();
  }
}

function item({ unit, former, kind }, words) {
  const [row, link] = [document.createElement("li"), document.createElement("a")];
  let province = unit;
  while (province.above) province = province.above;
  link.href = put(words.address, { code: province.code }) + (province === unit ? "" : `#x${unit.code}`);
  link.textContent = former ? put(words[kind], { former, now: labelOf(unit) }) : labelOf(unit);
  row.append(link);
  return row;
}

/** Only the rows whose name holds the text. */
function startFilter(place) {
  const box = place.querySelector("input");
  const status = place.querySelector("[role=status]");
  const rows = [...place.closest("section").querySelectorAll("tbody tr")].map((row) => [row, searchKey(row.cells[0].textContent)]);
  place.hidden = false;
  box.addEventListener("input", () => {
    const typed = searchKey(box.value);
    let shown = 0;
    for (const [row, key] of rows) {
      row.hidden = !key.includes(typed);
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = typed === "" ? "" : put(shown ? status.dataset.said : status.dataset.none, { count: shown });
  });
}

/** Headings become buttons that sort; a second press turns the order. Rows without a figure stay at the end. */
function startSorting(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, at) => {
    if (!body.querySelector(`td:nth-child(${at + 1})[data-key]`)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const down = at === 0 ? now === "ascending" : now !== "descending"; // names from A on, figures from the largest
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = [...body.rows].map((row) => [row.cells[at].dataset.key, row]);
      const known = keyed.filter(([key]) => key !== undefined && key !== "").sort((a, b) => (down ? b[0] - a[0] : a[0] - b[0]));
      body.append(...known.map(([, row]) => row), ...keyed.filter(([key]) => key === undefined || key === "").map(([, row]) => row));
    });
  });
}

/** A click on or near a dot leads to its unit's row, where the page has one. */
function startDots(picture) {
  const NEAR = 16; // CSS pixels, so that a finger meets a dot of 8
  picture.addEventListener("click", (event) => {
    let [nearest, least] = [null, NEAR];
    for (const dot of picture.querySelectorAll("[data-value]")) {
      const box = dot.getBoundingClientRect();
      const away = Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
      if (away < least) [nearest, least] = [dot, away];
    }
    if (nearest && document.getElementById(`x${nearest.dataset.value}`)) location.hash = `x${nearest.dataset.value}`;
  });
}

/** The choice of the appearance (appearance.js does what it says), which is nothing without a script. */
function startAppearance(place) {
  const [label, ...names] = JSON.parse(place.dataset.appearanceSays);
  const [said, choice] = [document.createElement("label"), document.createElement("select")];
  choice.dataset.appearanceChoice = "";
  choice.append(...["", "light", "dark"].map((value, at) => new Option(names[at], value)));
  said.append(`${label} `, choice);
  place.append(said);
  place.hidden = false;
}

for (const place of document.querySelectorAll("[data-appearance-says]")) startAppearance(place);
for (const form of document.querySelectorAll("form[data-index]")) startLookup(form);
for (const place of document.querySelectorAll("[data-filter]")) startFilter(place);
for (const table of document.querySelectorAll("table[data-sortable]")) startSorting(table);
for (const picture of document.querySelectorAll(".bp-dots")) startDots(picture);
