// Pointer, wheel and keys on the drawing. The page's own scrolling is never trapped: one finger scrolls, a plain wheel scrolls.

const CLICK = 4; // CSS pixels that a click may wander
const STEP = 60; // CSS pixels an arrow key moves the map
const CROSS_STEP = 24; // CSS pixels it moves the cross over a map that is shown whole; a quarter of it with Shift
const SPEAK = 450; // ms of rest after which the unit under the cross is said

/** Listen on `element` (inside `map.stage`) for `map`; returns the function that stops it. */
export function listen(map, element) {
  const stop = new AbortController();
  const on = (target, name, handle, options = {}) => target.addEventListener(name, handle, { signal: stop.signal, ...options });
  const fingers = new Map();
  let start = null;
  let speaking = 0;

  const place = (event) => {
    const box = map.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const onDrawing = (event) => !event.target.closest(".buttons, .tip");

  on(map.stage, "pointerdown", (event) => {
    if (!onDrawing(event) || event.button > 0) return;
    fingers.set(event.pointerId, place(event));
    start = { at: place(event), moved: fingers.size > 1 };
    if (event.pointerType === "mouse") event.target.setPointerCapture?.(event.pointerId);
  });

  on(map.stage, "pointermove", (event) => {
    const to = place(event);
    const from = fingers.get(event.pointerId);
    if (!from) {
      if (event.pointerType === "mouse" && onDrawing(event)) map.hover(...to);
      return;
    }
    if (start && Math.hypot(to[0] - start.at[0], to[1] - start.at[1]) > CLICK) start.moved = true;
    if (!start?.moved) return;
    fingers.set(event.pointerId, to);
    map.leave();
    if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const before = Math.hypot(from[0] - other[0], from[1] - other[1]);
      const after = Math.hypot(to[0] - other[0], to[1] - other[1]);
      if (before > 0) map.camera.zoom(after / before, (to[0] + other[0]) / 2, (to[1] + other[1]) / 2, false);
      map.camera.pan((to[0] - from[0]) / 2, (to[1] - from[1]) / 2);
    } else if (event.pointerType === "mouse") {
      map.camera.pan(to[0] - from[0], to[1] - from[1]);
    } else if (Math.abs(to[0] - start.at[0]) > Math.abs(to[1] - start.at[1])) {
      map.hintAt(map.header.words.fingers); // up and down it is the page that moves
    }
  });

  const lift = (event) => {
    const held = fingers.delete(event.pointerId);
    if (event.type === "pointerup" && held && start && !start.moved) {
      map.hover(...start.at);
      map.pick(...start.at);
    }
    if (fingers.size === 0) start = null;
  };
  for (const name of ["pointerup", "pointercancel"]) on(map.stage, name, lift);
  on(map.stage, "pointerleave", (event) => event.pointerType === "mouse" && map.leave());

  // Two fingers are ours, one is the page's (touch-action: pan-y).
  on(map.stage, "touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });

  on(
    map.stage,
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) {
        if (!map.wheelSaid) map.hintAt(map.header.words.wheel);
        map.wheelSaid = true;
        return;
      }
      event.preventDefault();
      map.camera.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.002)), ...place(event));
    },
    { passive: false },
  );

  on(element, "keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (way && map.camera.zoomed) map.camera.pan(-way[0] * STEP, -way[1] * STEP);
    else if (way) map.moveCross(...way.map((by) => by * (event.shiftKey ? CROSS_STEP / 4 : CROSS_STEP)));
    else if (event.key === "+" || event.key === "=") map.camera.zoom(1.6, ...map.cross());
    else if (event.key === "-" || event.key === "−") map.camera.zoom(1 / 1.6, ...map.cross());
    else if (event.key === "0" || event.key === "Escape") map.camera.reset();
    else if (event.key === "Enter") {
      map.hover(...map.cross());
      map.pick(...map.cross());
      event.preventDefault();
      return;
    } else return;
    event.preventDefault();
    map.leave();
    clearTimeout(speaking);
    speaking = setTimeout(() => map.speak(...map.cross()), SPEAK);
  });
  on(element, "blur", () => map.leave());

  return () => {
    clearTimeout(speaking);
    stop.abort();
  };
}
