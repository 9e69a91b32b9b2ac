// Shows the markup that Python made (every value escaped there) and reports which button was pressed.
export default function (component) {
  const { parentElement, data, setTriggerValue } = component
  let root = parentElement.querySelector(".bp-table-root")
  if (!root) {
    root = document.createElement("div")
    root.className = "bp-table-root"
    parentElement.appendChild(root)
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]")
      if (button) root.report(button.dataset.act, button.dataset.value)
    })
  }
  root.report = (kind, value) => setTriggerValue("acted", { kind, value })
  if (root.markup !== data) root.innerHTML = root.markup = data
}
