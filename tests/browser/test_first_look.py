"""What stands on the screen while Streamlit starts: a map before the page's own, at the same place, and then gone."""

from __future__ import annotations

from map_page import wait_for_map
from playwright.sync_api import Page, expect

# Which map was drawn when, and how far the first one lay from the page's when that came.
WATCH = """
window.drawn = []; window.apart = null;
document.addEventListener("coverage-map-drawn", ({target}) => {
  drawn.push(target.tagName === "FIRST-LOOK" ? "first" : "page");
}, true);
const attach = Element.prototype.attachInternals ?? HTMLElement.prototype.attachInternals;
HTMLElement.prototype.attachInternals = function () {
  const internals = attach.call(this);
  if (this.tagName === "FIRST-LOOK") window.inside = internals.shadowRoot;
  return internals;
};
document.addEventListener("coverage-map-drawn", ({target}) => {
  if (target.tagName === "FIRST-LOOK") return;
  // In every frame until the first look goes: a map fits itself to sheets that have just come after the frame that shows it.
  const measure = () => {
    const stages = [window.inside, find(document)].map((root) => root?.querySelector(".stage"));
    if (!stages.every((stage) => stage?.isConnected)) return;
    const [first, own] = stages.map((stage) => stage.getBoundingClientRect());
    window.apart = ["left", "top", "width", "height"].map((side) => Math.abs(first[side] - own[side]));
    requestAnimationFrame(measure);
  };
  measure();
}, true);
function find(root) {
  for (const element of root.querySelectorAll("*")) {
    if (!element.shadowRoot || element.tagName === "FIRST-LOOK") continue;
    if (element.shadowRoot.querySelector(".stage")) return element.shadowRoot;
    const inner = find(element.shadowRoot);
    if (inner) return inner;
  }
}
"""


def test_the_map_is_painted_before_the_page_at_its_place_and_gives_way_to_it(page: Page, address: str):
    # Drawn for the first time, it may come too late for the visit that asked for it: the next one has it.
    while "<first-look" not in page.request.get(address, headers={"accept": "text/html"}).text():
        page.wait_for_timeout(200)
    page.add_init_script(WATCH)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    wait_for_map(page)
    expect(page.locator("first-look")).to_have_count(0)
    assert page.evaluate("drawn").index("first") < page.evaluate("drawn").index("page")
    assert max(page.evaluate("apart")) < 1.5, "the page's map came where the first one stood"
    assert page.locator("h1").count() == 1 and not problems


def test_a_reader_who_moves_on_is_not_held_up(page: Page, address: str):
    """Presses go through to the page, and what is no map is not hidden by one."""
    page.goto(f"{address}/?programme=2026-2030")
    page.locator("h1").wait_for()
    expect(page.locator("first-look")).to_have_count(0)
    page.goto(address)
    page.get_by_role("link", name="Xếp hạng", exact=True).first.click()
    page.wait_for_url("**/ranking*")
    expect(page.locator("first-look")).to_have_count(0)


def test_without_the_maps_script_the_page_comes_all_the_same(page: Page, address: str):
    page.route("**/baophu-coverage-map.map/index.*.js", lambda route: route.abort())
    page.goto(address)
    expect(page.locator("first-look")).to_have_count(0)
    expect(page.locator("h1.bp-headline")).to_be_visible()
    expect(page.locator("table").first).to_be_visible()
