// Streamlit's side of the map in the browser: data in, triggers out.

import { CoverageMap } from "./map.js";
import { splitMessage } from "./values.js";

const maps = new WeakMap();

/** Streamlit calls this at every change of data or theme, with the same parent element. */
export default function mount({ data, parentElement, setTriggerValue }) {
  let map = maps.get(parentElement);
  if (!map) {
    map = new CoverageMap(parentElement, (name, value) => setTriggerValue(name, value));
    maps.set(parentElement, map);
  }
  map.send = (name, value) => setTriggerValue(name, value);
  const [header, classes] = splitMessage(data);
  map.update(header, classes);
  return () => {
    map.remove();
    maps.delete(parentElement);
  };
}
