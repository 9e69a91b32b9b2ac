// Shows the markup that Python made (every value escaped there) and reports what was pressed or chosen in it.
const REACH = 16 // pixels around a dot of a chart in which a finger still means it
const STAY = 150 // milliseconds after which a pointer is not only passing over

export default function (component) {
  const { parentElement, data, setTriggerValue } = component
  let root = parentElement.querySelector(".bp-root")
  if (!root) {
    root = document.createElement("div")
    root.className = "bp-root"
    parentElement.appendChild(root)
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]")
      if (button) return root.report(button.dataset.act, valueOf(root, button))
      const resting = event.target.closest("[data-reach]")
      if (resting) return root.report("reached", resting.dataset.reach)
      const chart = event.target.closest("svg[data-act]")
      const dot = chart && (event.target.closest("[data-value]") ?? nearest(chart, event))
      if (dot) root.report(chart.dataset.act, dot.dataset.value)
    })
    root.addEventListener("pointerover", (event) => {
      const resting = event.target.closest("[data-reach]")
      if (!resting || resting.waiting || event.pointerType !== "mouse") return
      resting.waiting = setTimeout(() => {
        if (resting.matches(":hover")) root.report("reached", resting.dataset.reach)
        else resting.waiting = null
      }, STAY)
    })
    root.addEventListener("change", (event) => root.report(event.target.dataset.act, event.target.value))
  }
  root.report = (kind, value) => {
    const ask = () => setTriggerValue("acted", { kind, value })
    // The map answers a month from what it has (charts/coverage_map/assets/answer.js): its frame first, then the question to
    // Python, on which Streamlit spends a tenth of a second of the browser's one thread.
    const press = new CustomEvent("bp-chosen", { detail: { kind, value }, cancelable: true })
    if (window.dispatchEvent(press)) ask()
    else requestAnimationFrame(() => setTimeout(ask))
  }
  if (root.markup === data) return
  // The keyboard stays where it was: pressing "next" again must not need a way back to it.
  const held = root.contains(document.activeElement) ? document.activeElement.dataset.key : null
  root.innerHTML = root.markup = data
  if (held) root.querySelector(`[data-key="${held}"]`)?.focus({ preventScroll: true })
}

// A button beside a field of its own act stands for the field: what is typed there counts, not what stood in it when it was
// drawn. (Leaving the field reports it too, but the press that follows at once takes that report's place.)
function valueOf(root, button) {
  const field = root.querySelector(`input[data-act="${button.dataset.act}"]`)
  return field ? field.value : button.dataset.value
}

// The dot closest to where a chart was pressed, if it lies within reach.
function nearest(chart, event) {
  let found = null
  let best = REACH ** 2
  for (const dot of chart.querySelectorAll("[data-value]")) {
    const box = dot.getBoundingClientRect()
    const away = (box.x + box.width / 2 - event.clientX) ** 2 + (box.y + box.height / 2 - event.clientY) ** 2
    if (away < best) [best, found] = [away, dot]
  }
  return found
}
