// What the document itself owes a reader with a keyboard or a screen reader; draws nothing.
// - its language, by which a screen reader chooses its voice;
// - the way past the menu (the link is Python's, ui/menu.py);
// - the keyboard's place: where a run takes away the control that was pressed (a found unit, a button of a table that changed),
//   it goes to the same control drawn anew, else to the heading of the page. Without this it falls back to the top of the document;
// - the pointer's place: what was pressed stays where it is on the screen when a notice above it comes or goes;
// - Enter in the search: the only unit found is opened, of several the keyboard goes to the first;
// - what is pressed or chosen while the server is away (a replica that ended, a line that was cut), which Streamlit would drop:
//   the last of it is pressed again once the connection is back;
// - that an answer is awaited (.bp-waits in ui/sheets/every_page.css): what stands there is of the choices before.
const SAME = "a, button, input, select, textarea, summary, [tabindex]"
const AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
const EVERY = 100 // ms between two looks whether the page is drawn
const GIVE_UP = 50 // looks
const STATE = { attributes: true, attributeFilter: ["data-test-script-state"] }
const ASKED = 300 // ms after Enter in which the question has left for the server
const AWAY = '[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])'
const ASKS_SERVER = ".bp-root [data-act], .stButton button, .stPageLink a"
const WAITS_AFTER = 600 // ms of a run after which the page says that it is still the one from before
const FOLLOW_AFTER = 3000 // ms that a held link waits for the connection; then the browser follows it, to whoever answers there
const SETTLES = 1500 // ms after a run in which what it drew still moves the page
const HELD_FOR = 20000 // ms after which a press that nobody answered is forgotten

export default function ({ data }) {
  document.documentElement.lang = data.lang
  if (document.bpKeepsFocus) return
  document.bpKeepsFocus = true
  keepFocus()
  keepPlace()
  holdPresses()
  sayWaiting()
}

function sayWaiting() {
  const app = document.querySelector('[data-testid="stApp"]')
  let timer = 0
  let page = "" // the one that stands there whole; what another draws is new from its first word
  const look = () => {
    const runs = app.dataset.testScriptState !== "notRunning"
    if (runs) return (timer ||= setTimeout(() => tell(location.pathname === page), WAITS_AFTER))
    page = location.pathname
    clearTimeout(timer)
    timer = 0
    tell(false)
  }
  const tell = (waits) => {
    document.documentElement.classList.toggle("bp-waits", waits)
    document.querySelector("[data-testid=stMain]")?.setAttribute("aria-busy", String(waits))
  }
  new MutationObserver(look).observe(app, STATE)
  look()
}

function holdPresses() {
  const isAway = () => document.querySelector(AWAY) !== null
  let held = null
  const hold = (event) => {
    const control = event.target.closest?.(ASKS_SERVER)
    if (!control || !isAway() || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (!held) setTimeout(repeat, EVERY)
    held = { control, event, place: describe(control), since: performance.now() }
  }
  const repeat = () => {
    const { control, event, place, since } = held
    if (isAway() && performance.now() - since < (control.href ? FOLLOW_AFTER : HELD_FOR)) return setTimeout(repeat, EVERY)
    held = null
    if (!isAway()) (control.isConnected ? event.target : find(place))?.dispatchEvent(new event.constructor(event.type, event))
    else if (control.href) location.assign(control.href)
  }
  document.addEventListener("click", hold, true)
  document.addEventListener("change", hold, true)
}

function keepFocus() {
  let last = null
  let byKeyboard = false
  let waiting = 0
  document.addEventListener("keydown", () => (byKeyboard = true), true)
  document.addEventListener("pointerdown", () => (byKeyboard = false), true)
  document.addEventListener("focusin", (event) => (last = describe(event.target)), true)
  // A reader who clicks beside everything has put the keyboard down; a control that is taken away has not.
  document.addEventListener("focusout", (event) => event.target.isConnected && !event.relatedTarget && setTimeout(() => {
    if (last?.element === event.target && event.target.isConnected) last = null
  }), true)
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".bp-skip")) return
    event.preventDefault()
    focusHeading(true)
  }, true)
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.target.matches?.(".st-key-search input")) setTimeout(openFound, ASKED, GIVE_UP)
  }, true)

  const isLost = () => last && !last.element.isConnected && [document.body, null].includes(document.activeElement)
  const look = (left) => {
    waiting = 0
    if (!isLost()) return
    const again = find(last)
    if (again) return again.focus({ preventScroll: !byKeyboard })
    // The page may be half drawn: what is not there yet is waited for until the run is over.
    if (left > 0 && !(document.querySelector(AT_REST) && left < GIVE_UP - 3)) waiting = setTimeout(look, EVERY, left - 1)
    else focusHeading(byKeyboard)
  }
  new MutationObserver(() => {
    if (!waiting && isLost()) waiting = setTimeout(look, 0, GIVE_UP)
  }).observe(document.body, { childList: true, subtree: true })
}

/** What was pressed, or else what it stands in, is held at its height while the answer is drawn. Of the browser's own anchoring
 * nothing is left where the blocks are new; and at the head of a page it does not hold at all. */
function keepPlace() {
  const root = document.documentElement
  let held = null // [element, its top] of what was pressed and all around it, inside of the page that scrolls
  let page = location.pathname
  let frame = 0
  let lastRun = -SETTLES
  const main = () => document.querySelector('[data-testid="stMain"]')
  const room = () => parseFloat(root.style.getPropertyValue("--bp-kept")) || 0
  const keepRoom = (height) => root.style.setProperty("--bp-kept", `${height}px`)
  const measure = () => (held = held && held.map(([element]) => [element, element.getBoundingClientRect().top]))
  const hold = (event) => {
    const around = event.composedPath()
    const end = around.indexOf(main())
    held = end < 1 ? null : around.slice(0, end).filter((one) => one instanceof Element && !one.matches("option")).map((one) => [one, 0])
    measure()
  }
  const settle = () => {
    frame = 0
    if (location.pathname !== page) {
      page = location.pathname
      held = null
      return keepRoom(0)
    }
    if (document.querySelector(AT_REST) && performance.now() - lastRun > SETTLES) return
    const [element, top] = held?.find(([one]) => one.isConnected && one.getClientRects().length) ?? []
    if (!element) return
    const moved = element.getBoundingClientRect().top - top
    if (Math.abs(moved) < 1) return
    // Above the first line there is nothing to scroll to: the room of what went stays until the reader scrolls.
    const own = Math.min(Math.max(0, moved), room())
    if (own) keepRoom(room() - own)
    const before = main().scrollTop
    main().scrollTop += moved - own
    const missing = before + moved - own
    if (missing < -1 && document.querySelector(".st-key-banners")) keepRoom(room() - missing)
  }
  for (const name of ["pointerdown", "keydown", "change"]) document.addEventListener(name, hold, true)
  addEventListener("resize", measure)
  document.addEventListener("scroll", (event) => {
    if (event.target !== main()) return
    const spare = Math.min(room(), main().scrollTop)
    if (spare > 0) {
      keepRoom(room() - spare)
      main().scrollTop -= spare
    }
    measure()
  }, true)
  new MutationObserver(() => (lastRun = performance.now())).observe(document.querySelector('[data-testid="stApp"]'), STATE)
  new MutationObserver(() => (frame ||= requestAnimationFrame(settle))).observe(document.body, { childList: true, subtree: true, characterData: true })
}

/** What the search found, once the answer is here: the one unit, or the first of several to go on from. */
function openFound(left) {
  const found = document.querySelectorAll(".st-key-found button")
  if (!document.querySelector(AT_REST) || !found.length) {
    if (left > 0) setTimeout(openFound, EVERY, left - 1)
  } else if (found.length === 1) found[0].click()
  else found[0].focus()
}

/** How a control is found again: its block, its key there, or what it says. */
function describe(element) {
  return {
    element,
    block: [...(element.closest('[class*="st-key-"]')?.classList ?? [])].find((name) => name.startsWith("st-key-")),
    key: element.dataset?.key,
    tag: element.tagName,
    says: element.getAttribute("aria-label") ?? element.textContent.trim(),
  }
}

function find({ block, key, tag, says }) {
  const place = block ? document.querySelector(`.${CSS.escape(block)}`) : null
  if (!place) return null
  const found = [...place.querySelectorAll(SAME)].filter((one) => one.tagName === tag && !one.disabled)
  return found.find((one) => (key ? one.dataset.key === key : (one.getAttribute("aria-label") ?? one.textContent.trim()) === says))
}

function focusHeading(mayScroll) {
  const heading = document.querySelector("h1")
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: !mayScroll })
}
