// Shows the markup that Python made (every value escaped there) and reports what was pressed or chosen in it.
export default function (component) {
  const { parentElement, data, setTriggerValue } = component
  let root = parentElement.querySelector(".bp-root")
  if (!root) {
    root = document.createElement("div")
    root.className = "bp-root"
    parentElement.appendChild(root)
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]")
      if (button) root.report(button.dataset.act, button.dataset.value)
    })
    root.addEventListener("change", (event) => root.report(event.target.dataset.act, event.target.value))
  }
  root.report = (kind, value) => setTriggerValue("acted", { kind, value })
  if (root.markup === data) return
  // The keyboard stays where it was: pressing "next" again must not need a way back to it.
  const held = root.contains(document.activeElement) ? document.activeElement.dataset.key : null
  root.innerHTML = root.markup = data
  if (held) root.querySelector(`[data-key="${held}"]`)?.focus({ preventScroll: true })
}
