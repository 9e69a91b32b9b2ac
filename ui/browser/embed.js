// The map in a frame on another website: the component as it is, its message in the page, nobody to report to.
import mount from "../baophu-coverage-map.map/index.js"

const element = document.getElementById("map")
const data = Uint8Array.from(atob(element.dataset.message), (letter) => letter.charCodeAt(0))
mount({ data, parentElement: element, setTriggerValue() {} })
element.style.minHeight = ""
