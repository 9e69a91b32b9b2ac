// Light, dark or as the device prefers: what the reader chose, before the first paint, and the choice itself (a <select
// data-appearance-choice> anywhere). It is kept in this browser, not in the address, which is shared. The app has this script in its page.
(() => {
  const KEPT = "bp-appearance"
  const root = document.documentElement
  let chosenHere = "" // of a browser that keeps nothing: as long as the page stands
  const read = () => {
    try {
      return localStorage.getItem(KEPT) ?? chosenHere
    } catch {
      return chosenHere
    }
  }
  const prefersDark = matchMedia("(prefers-color-scheme: dark)")
  const show = () => {
    const kept = read()
    const chosen = ["light", "dark"].includes(kept) ? kept : ""
    root.dataset.appearance = chosen || (prefersDark.matches ? "dark" : "light")
    for (const choice of document.querySelectorAll("[data-appearance-choice]")) choice.value = chosen
  }
  // The menu that holds the choice is opened by a checkbox: any change is the time to let it say what holds.
  document.addEventListener("change", (event) => {
    const choice = event.target.closest?.("[data-appearance-choice]")
    if (choice) {
      chosenHere = choice.value
      try {
        localStorage.setItem(KEPT, chosenHere)
      } catch {}
    }
    show()
  })
  addEventListener("DOMContentLoaded", show)
  addEventListener("storage", show)
  prefersDark.addEventListener("change", show)
  show()
})()
