// Says to the browser in which language the page now is: a screen reader chooses its voice by it. Draws nothing.
export default function ({ data }) {
  document.documentElement.lang = data.lang
}
