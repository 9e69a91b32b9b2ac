// A place to drop or choose one file; its bytes go to Python as base64. Words come from Python, escaped there.
export default function (component) {
  const { parentElement, data, setTriggerValue } = component
  let root = parentElement.querySelector(".bp-root")
  if (!root) {
    root = document.createElement("div")
    root.className = "bp-root"
    parentElement.appendChild(root)
    root.addEventListener("change", (event) => root.read(event.target.files[0]))
    for (const kind of ["dragover", "dragleave", "drop"]) {
      root.addEventListener(kind, (event) => {
        event.preventDefault()
        root.querySelector(".bp-drop").classList.toggle("bp-over", kind === "dragover")
        if (kind === "drop") root.read(event.dataTransfer.files[0])
      })
    }
  }
  root.read = async (file) => {
    if (!file) return
    const most = Number(root.querySelector(".bp-drop").dataset.most)
    if (file.size > most) return setTriggerValue("dropped", { name: file.name, size: file.size, content: null })
    const address = await new Promise((done, failed) => {
      const reader = new FileReader()
      reader.onload = () => done(reader.result)
      reader.onerror = () => failed(reader.error)
      reader.readAsDataURL(file)
    }).catch(() => "")
    root.querySelector(".bp-drop").classList.add("bp-busy")
    setTriggerValue("dropped", { name: file.name, size: file.size, content: address.slice(address.indexOf(",") + 1) })
  }
  if (root.markup !== data) root.innerHTML = root.markup = data
  root.querySelector(".bp-drop").classList.remove("bp-busy")
  root.querySelector("input").value = ""
}
