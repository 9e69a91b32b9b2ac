// Keeps hold of the arrays in which the map writes the number of the unit under each pixel, so that a test can ask which
// units are painted and in which colour. The map itself is not changed.
(() => {
  const Native = Uint16Array;
  const kept = [];
  const LEAST = 60 * 60; // pixels of the smallest inset
  window.Uint16Array = new Proxy(Native, {
    construct(target, args, self) {
      const made = Reflect.construct(target, args, self === window.Uint16Array ? target : self);
      if (typeof args[0] === "number" && args[0] >= LEAST) kept.push(made);
      return made;
    },
  });

  const stage = () => {
    const hosts = [document, ...[...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)];
    return hosts.map((host) => host.querySelector(".coverage-map .stage")).find(Boolean);
  };

  /** The panes on the screen: the map, then the insets in the order in which they were made. */
  const panes = () => {
    const insets = [...stage().querySelectorAll(".inset")].filter((e) => !e.hidden).reverse();
    const canvases = [stage().querySelector(".main"), ...insets].map((e) => e.querySelector("canvas.fill"));
    const used = new Set();
    return canvases
      .toReversed()
      .map((canvas) => {
        const cells = ownCells(canvas, used);
        used.add(cells);
        return { canvas, cells };
      })
      .toReversed();
  };

  /** The array that belongs to a canvas: of its size, and clear where it is clear (the picture shown before the page may have
   * had one of that size too); of several that agree alike the newest, since insets of one size were made in order. */
  const ownCells = (canvas, used) => {
    const sized = kept.filter((array) => array.length === canvas.width * canvas.height && !used.has(array)).toReversed();
    if (sized.length < 2) return sized[0];
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const step = Math.max(1, Math.floor(canvas.width * canvas.height / 4999));
    const differing = sized.map((cells) => {
      let count = 0;
      for (let at = 0; at < cells.length; at += step) count += (cells[at] === 0) !== (data[at * 4 + 3] === 0);
      return count;
    });
    return sized[differing.indexOf(Math.min(...differing))];
  };

  const hex = (data, at) => "#" + [0, 1, 2].map((i) => data[at * 4 + i].toString(16).padStart(2, "0")).join("");

  /**
   * {owners: numbers of the units (index + 1) that own a pixel, painted: those with one that is not left clear, inside: {number: [colours]} of the pixels whose
   * neighbours all belong to the same unit, where hardly any soft edge reaches}.
   */
  window.readPaintedUnits = (unitCount) => {
    const owners = new Set();
    const painted = new Set();
    const inside = {};
    for (const { canvas, cells } of panes()) {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = y * width + x;
          const unit = cells[at];
          if (unit === 0 || unit > unitCount) continue;
          owners.add(unit);
          if (data[at * 4 + 3] === 0) continue;
          painted.add(unit);
          let same = x > 0 && y > 0 && x < width - 1 && y < height - 1;
          for (let dy = -1; dy <= 1 && same; dy++)
            for (let dx = -1; dx <= 1 && same; dx++) same = cells[at + dy * width + dx] === unit;
          if (!same) continue;
          const colours = (inside[unit] ??= []);
          const colour = hex(data, at);
          if (!colours.includes(colour)) colours.push(colour);
        }
      }
    }
    return { owners: [...owners], painted: [...painted], inside };
  };

  /** A place of the main map, in pixels of the window, that lies well inside a unit; null where there is none. */
  window.findUnit = (number) => {
    const [{ canvas, cells }] = panes();
    const { width, height } = canvas;
    const box = canvas.getBoundingClientRect();
    let best = null;
    for (let at = 0; at < cells.length; at++) {
      if (cells[at] !== number) continue;
      let reach = 0;
      const same = (d) => [d, -d, d * width, -d * width].every((by) => cells[at + by] === number);
      while (reach < 40 && same(reach + 1)) reach++;
      if (!best || reach > best.reach) best = { at, reach };
    }
    if (!best) return null;
    const ratio = width / box.width;
    return { x: box.left + ((best.at % width) + 0.5) / ratio, y: box.top + (Math.floor(best.at / width) + 0.5) / ratio };
  };
})();
