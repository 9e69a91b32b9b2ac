// Streamlit's side of the map in the browser: data in, triggers out.

import "./first.js";
import { CoverageMap } from "./map.js";
import { MapPair } from "./pair.js";
import { splitMaps } from "./values.js";

const maps = new WeakMap();
const CHOSEN = "bp-chosen"; // the page's choices say on the window what was pressed: {kind, value}; prevented where it is shown

/** Streamlit calls this at every change of data or theme, with the same parent element. */
export default function mount({ data, parentElement, setTriggerValue }) {
  const given = splitMaps(data);
  const kind = given.length > 1 ? MapPair : CoverageMap;
  const send = (name, value) => setTriggerValue(name, value);
  let map = maps.get(parentElement);
  if (!(map instanceof kind)) {
    map?.stopHearing();
    map?.remove();
    map = new kind(parentElement, send);
    maps.set(parentElement, map);
  }
  map.send = send;
  map.stopHearing ??= hear(map);
  if (kind === MapPair) map.update(given);
  else map.update(...given[0]);
  return () => {
    maps.get(parentElement)?.stopHearing();
    maps.get(parentElement)?.remove();
    maps.delete(parentElement);
  };
}

/** A month chosen outside of the map is shown at the press; returns the function that stops it. */
function hear(map) {
  const heard = (press) => {
    const [first, second] = map.maps ?? [map];
    const asked = { period: first, second }[press.detail.kind];
    if (asked?.answer.show(press.detail.value)) press.preventDefault();
  };
  // Back to the month before its answer came: the host then has nothing new to say.
  const wentBack = () => (map.maps ?? [map]).forEach(({ answer }) => answer.giveUp());
  window.addEventListener(CHOSEN, heard);
  window.addEventListener("popstate", wentBack);
  return () => {
    window.removeEventListener(CHOSEN, heard);
    window.removeEventListener("popstate", wentBack);
  };
}
