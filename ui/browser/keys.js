// Reports the keys of a speaker: arrows, PageUp/PageDown (a clicker sends these), space, Home, End; a finger's sweep.
// Escape presses the visible way out. Keys belong to whoever is typing or choosing: nothing is taken from them.
const KEYS = {
  ArrowRight: "on", ArrowDown: "on", PageDown: "on", " ": "on",
  ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Home: "first", End: "last",
}
const SWEEP = 60 // pixels a finger must go sideways, and twice as far as up or down

export default function (component) {
  const { parentElement, data, setTriggerValue } = component
  const held = parentElement
  held.go = (step) => setTriggerValue("acted", { kind: data.kind, value: data.places[step] })
  if (held.stop) return held.stop
  const leaving = new AbortController()
  const options = { capture: true, signal: leaving.signal }

  const pressed = (event) => {
    const target = event.composedPath()[0]
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTaken(target, event.key)) return
    if (event.key === "Escape") return document.querySelector(".st-key-leave a")?.click()
    const step = KEYS[event.key]
    if (!step || (event.shiftKey && event.key !== " ")) return
    event.preventDefault()
    event.stopPropagation()
    if (!event.repeat) held.go(event.shiftKey ? "back" : step)
  }
  let start = null
  const touched = (event) => { start = event.touches.length === 1 ? event.touches[0] : null }
  const lifted = (event) => {
    const end = event.changedTouches[0]
    const across = start ? end.clientX - start.clientX : 0
    if (start && Math.abs(across) > SWEEP && Math.abs(across) > 2 * Math.abs(end.clientY - start.clientY)) {
      held.go(across < 0 ? "on" : "back")
    }
    start = null
  }
  document.addEventListener("keydown", pressed, options)
  document.addEventListener("touchstart", touched, { ...options, passive: true })
  document.addEventListener("touchend", lifted, { ...options, passive: true })
  held.stop = () => { leaving.abort(); held.stop = null }
  return held.stop
}

// Typing and choosing keep every key; a button or link keeps the space that presses it.
function isTaken(target, key) {
  if (!(target instanceof Element)) return false
  if (target.isContentEditable || target.closest("input, textarea, select")) return true
  return key === " " && Boolean(target.closest("button, a, summary"))
}
