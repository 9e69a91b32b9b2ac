// The map in a frame on another website: the component as it is, its message in the page, nobody to report to.
const element = document.getElementById("map")
const { default: mount } = await import(element.dataset.script) // its name says its content
const data = Uint8Array.from(atob(element.dataset.message), (letter) => letter.charCodeAt(0))
mount({ data, parentElement: element, setTriggerValue() {} })
element.style.minHeight = ""
