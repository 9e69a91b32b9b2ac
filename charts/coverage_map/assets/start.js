// Starts the host's own scripts once the first look (first.js) is on the screen: both want the browser's one thread, and the
// host has nothing to show for a second. In any case they are started soon, whatever became of the first look.
// <script type="module" src="start.js" data-host="address of the script">; <link data-host> elements are its style sheets.

const DRAWN = "coverage-map-drawn"; // as map.js says it
const LONGEST = 2000; // ms from the first script to the host's start

let isStarted = false;

function startHost() {
  if (isStarted) return;
  isStarted = true;
  for (const sheet of document.querySelectorAll("link[data-host]")) sheet.rel = "stylesheet";
  import(new URL(document.querySelector("script[data-host]").dataset.host, document.baseURI));
}

// The frame that shows the picture first, then the host.
document.addEventListener(DRAWN, () => requestAnimationFrame(() => setTimeout(startHost)), { once: true });
setTimeout(startHost, LONGEST);
