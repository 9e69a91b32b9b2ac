// Streamlit's side of the map in the browser: data in, triggers out.

import { CoverageMap } from "./map.js";
import { MapPair } from "./pair.js";
import { splitMaps } from "./values.js";

const maps = new WeakMap();

/** Streamlit calls this at every change of data or theme, with the same parent element. */
export default function mount({ data, parentElement, setTriggerValue }) {
  const given = splitMaps(data);
  const kind = given.length > 1 ? MapPair : CoverageMap;
  const send = (name, value) => setTriggerValue(name, value);
  let map = maps.get(parentElement);
  if (!(map instanceof kind)) {
    map?.remove();
    map = new kind(parentElement, send);
    maps.set(parentElement, map);
  }
  map.send = send;
  if (kind === MapPair) map.update(given);
  else map.update(...given[0]);
  return () => {
    maps.get(parentElement)?.remove();
    maps.delete(parentElement);
  };
}
