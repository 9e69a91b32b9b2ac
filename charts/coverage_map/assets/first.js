// The map that stands while the page around it is still being built. The server writes the first screen into the HTML
// (ui/first_look.py: an element <first-look> whose closed shadow root holds the words and, in data-message, a message as the
// component gets it); this draws its map, and takes all of it away once the page's own map is painted at the same place.

import { CoverageMap, DRAWN } from "./map.js";
import { splitMessage } from "./values.js";

const LOOK_EVERY = 100; // ms between two looks at the page behind
const SHOWS_NO_MAP = 1500; // ms after which a page that is drawn and has no map is shown as it is
const LOOKS_LONGEST = 20000; // ms after which the page is shown whatever it is
const RUN_ENDED = '[data-test-script-state="notRunning"] [data-testid="stElementContainer"]';
const MAP_BEHIND = ".st-key-map";

class FirstLook extends HTMLElement {
  connectedCallback() {
    const inside = this.attachInternals().shadowRoot;
    const place = inside?.querySelector("[data-message]");
    if (!place) return this.remove();
    this.top = this.dataset.over;
    this.page = inside.querySelector(".first-page");
    this.address = location.href;
    this.began = performance.now();
    const bytes = Uint8Array.from(atob(place.dataset.message), (sign) => sign.charCodeAt(0));
    this.map = new CoverageMap(place, () => {});
    this.map.update(...splitMessage(bytes));
    this.drawn = (event) => event.target !== this && requestAnimationFrame(() => requestAnimationFrame(() => this.remove()));
    this.scrolled = (event) => event.target !== this && this.remove();
    document.addEventListener(DRAWN, this.drawn);
    document.addEventListener("scroll", this.scrolled, true);
    this.timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  /** Where the page's own words stand already, these stand over them; a page that shows no map is not hidden by one. */
  look() {
    const now = performance.now();
    const behind = document.querySelector(this.top);
    if (behind) {
      const [there, here] = [behind, this.page].map((element) => element.getBoundingClientRect());
      if (Math.abs(there.top - here.top) > 0.05) this.page.style.marginTop = `${this.page.offsetTop + there.top - here.top}px`;
      // Less wide where the page behind has a scroll bar.
      if (Math.abs(there.width - here.width) > 0.5) this.page.style.width = `${there.width}px`;
    }
    const hasNoMap = document.querySelector(RUN_ENDED) && !document.querySelector(MAP_BEHIND);
    if (hasNoMap) this.restedAt ??= now;
    else this.restedAt = undefined;
    const isOver = now - this.restedAt > SHOWS_NO_MAP || now - this.began > LOOKS_LONGEST;
    if (isOver || location.href !== this.address) this.remove();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener(DRAWN, this.drawn);
    document.removeEventListener("scroll", this.scrolled, true);
    this.map?.remove();
  }
}

if (!customElements.get("first-look")) customElements.define("first-look", FirstLook);
