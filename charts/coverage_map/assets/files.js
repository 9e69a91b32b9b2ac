// The files of a map: fetched when they are needed, refused when they belong to other units. Each function takes the map.

import { say } from "./controls.js";
import { loadDecoded, fetchNames, loadOutlines } from "./load.js";
import { decodeRest, decodeValues } from "./values.js";

const FINE = 200; // metres a CSS pixel below which the provinces' own files are drawn
const FINE_FILES = 8; // at most so many of them at once

/** The outlines; the old picture stays, dimmed, until the new one can be drawn. */
export async function loadScene(map) {
  const { header, files } = map;
  map.player.pause();
  map.player.values = null;
  map.valuesAddress = undefined;
  map.stage.classList.add("loading");
  if (!map.outlines) map.tell(header.words.loading);
  map.scene = null; // what is dimmed answers nothing
  try {
    const wanted = header.scope_outlines ? [header.scope_outlines, header.background] : [header.outlines];
    const [outlines, ground] = await Promise.all(wanted.filter(Boolean).map(loadOutlines));
    if (files !== map.files) return;
    if (outlines.header.order_hash !== header.order_hash || outlines.header.unit_count !== map.sent.length) {
      map.fail(header.words.other_outlines);
      return;
    }
    map.outlines = outlines;
    map.scene = { files: [outlines], ground: ground ?? null };
    map.members = header.scope_outlines ? outlines.units : null;
  } catch {
    if (files === map.files) map.fail(header.words.no_outlines);
    return;
  }
  map.stage.classList.remove("loading");
  map.tell("");
  map.period = map.header.period;
  map.classes = map.sent.slice();
  map.camera.forget();
  map.layout(true);
  map.focus = "";
  map.followFocus();
  map.sayDrawn();
  if (map.partner?.camera.zoomed) map.camera.join(map.partner.camera.view);
  setTimeout(() => {
    loadNames(map);
    loadValues(map);
    loadFigures(map);
  });
}

/** Names for hover and click; the map draws without them. */
export async function loadNames(map) {
  const { header } = map;
  map.whenNames = header.names ? fetchNames(header.names).catch(() => null) : Promise.resolve(null);
  const names = await map.whenNames;
  if (header.names === map.header.names) map.names = names;
}

/** The classes of all months; without them the slider is off and the note says so. */
export async function loadValues(map) {
  const { header } = map;
  if (map.valuesAddress === header.values) return;
  map.valuesAddress = header.values;
  map.player.pause();
  map.player.values = null;
  try {
    const values = header.values ? await loadDecoded(header.values, decodeValues) : null;
    if (map.valuesAddress !== header.values) return;
    if (values && values.header.order_hash !== map.header.order_hash) throw new Error("values of another unit order");
    map.player.values = values;
  } catch {
    if (map.valuesAddress !== header.values) return;
  }
  map.dress();
  map.showNote();
}

/** Rates and people of the period at rest; until they are here, hover says the class. */
export async function loadFigures(map) {
  const { header, period } = map;
  const address = header.rest && say(header.rest, { period });
  if (address === map.figuresAddress) return;
  map.figuresAddress = address;
  map.figures = null;
  if (!address) return;
  const figures = await loadDecoded(address, decodeRest).catch(() => null);
  if (address === map.figuresAddress && figures?.header.order_hash === map.header.order_hash) map.figures = figures;
}

/** The national file, or the finer files of the provinces in sight once they are here. */
export function sceneFor(map, view) {
  const { scopes } = map.outlines.header;
  if (!scopes || map.camera.metres() > FINE) return map.scene;
  const east = view.x + map.pane.width / view.scale;
  const south = view.y - map.pane.height / view.scale;
  const seen = Object.values(scopes).filter(({ box }) => box[0] < east && box[2] > view.x && box[1] < view.y && box[3] > south);
  if (seen.length === 0 || seen.length > FINE_FILES) return map.scene;
  const folder = map.header.outlines.slice(0, map.header.outlines.lastIndexOf("/") + 1);
  map.fine ??= new Map();
  const missing = seen.filter(({ file }) => !map.fine.has(file));
  if (missing.length === 0) return { ...map.scene, files: seen.map(({ file }) => map.fine.get(file)) };
  Promise.all(missing.map(({ file }) => loadOutlines(folder + file).then((outlines) => map.fine.set(file, outlines)))).then(
    () => map.camera.view === view && map.redraw(),
    () => {}, // the national outlines stay: coarser, and right
  );
  return map.scene;
}
