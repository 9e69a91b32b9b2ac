// Starts the host's own scripts once the first look (first.js) is on the screen: both want the browser's one thread, and the
// host has nothing to show for a second. In any case they are started soon, whatever became of the first look.
// <script type="module" src="start.js" data-host="address of the script">; <link data-host="stylesheet|modulepreload"> are its
// files, told by what they shall be. A first visitor's line fetches them behind the first look's; where the browser has them,
// eighty scripts would be made ready before the picture is drawn, so they wait for it.

const DRAWN = "coverage-map-drawn"; // as map.js says it
const LONGEST = 2000; // ms from the first script to the host's start

let isStarted = false;

function fetchHost() {
  for (const link of document.querySelectorAll("link[data-host]")) {
    link.rel = link.dataset.host;
    link.removeAttribute("data-host");
  }
}

function startHost() {
  if (isStarted) return;
  isStarted = true;
  fetchHost();
  import(new URL(document.querySelector("script[data-host]").dataset.host, document.baseURI));
}

const [own] = performance.getEntriesByName(import.meta.url);
if (own?.transferSize !== 0) fetchHost();
// The frame that shows the picture first, then the host.
document.addEventListener(DRAWN, () => requestAnimationFrame(() => setTimeout(startHost)), { once: true });
setTimeout(startHost, LONGEST);
// Scripts run in their order: where the map's has not run by now it never will, and its picture would lie over the page.
if (!customElements.get("first-look")) {
  document.querySelector("first-look")?.remove();
  startHost();
}
