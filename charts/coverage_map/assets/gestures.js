// Pointer, wheel and keys on the drawing. The page's own scrolling is never trapped: one finger scrolls, a plain wheel scrolls.

const CLICK = 4; // CSS pixels that a click may wander
const STEP = 60; // CSS pixels an arrow key moves

/** Listen on `element` (inside `map.stage`) for `map`; returns the function that stops it. */
export function listen(map, element) {
  const stop = new AbortController();
  const on = (target, name, handle, options = {}) => target.addEventListener(name, handle, { signal: stop.signal, ...options });
  const fingers = new Map();
  let start = null;

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
      if (before > 0) map.camera.zoom(after / before, (to[0] + other[0]) / 2, (to[1] + other[1]) / 2);
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
    const move = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }[event.key];
    const middle = [map.stage.clientWidth / 2, map.stage.clientHeight / 2];
    if (move && map.camera.zoomed) map.camera.pan(...move);
    else if (event.key === "+" || event.key === "=") map.camera.zoom(1.6);
    else if (event.key === "-" || event.key === "−") map.camera.zoom(1 / 1.6);
    else if (event.key === "0" || event.key === "Escape") map.camera.reset();
    else if (event.key === "Enter") {
      map.hover(...middle);
      map.pick(...middle);
    } else return;
    event.preventDefault();
  });

  return () => stop.abort();
}
