// Every word that a reader meets: visible text, and the names that a screen reader speaks. Icons that are drawn by the
// letters of a font (aria-hidden) are left out.
() => {
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (["SCRIPT", "STYLE", "NOSCRIPT", "TITLE"].includes(element.tagName)) continue;
      for (const name of ["aria-label", "aria-description", "title", "placeholder", "alt", "aria-roledescription"]) {
        const said = element.getAttribute(name);
        if (said) found.push({ said, where: `${element.tagName.toLowerCase()}[${name}]` });
      }
      if (element.closest('[aria-hidden="true"]') || !element.checkVisibility()) continue;
      for (const node of element.childNodes) {
        const said = node.nodeType === Node.TEXT_NODE ? node.data.trim() : "";
        if (said) found.push({ said, where: element.tagName.toLowerCase() });
      }
    }
  };
  walk(document);
  return found;
}
