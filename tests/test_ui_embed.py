"""Single figures in frames on other websites: of the public edition only, for the websites of the settings only."""

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from screen import HOME, open_page

from data.settings import Settings, get_settings, read_settings
from text.words import Words
from ui.embed import answer
from ui.embed.page import WIDTHS, chart_markup, embed_address, write_page
from ui.security import SecureAnswers, content_policy
from ui.takeaway import registry
from ui.takeaway.headless import open_frame

NEWSPAPER = "https://bao.example.vn"
FIGURES = [(page, what) for page, own in registry.PAGES.items() for what, offer in own.offers.items() if offer.build]


@pytest.fixture
def framed(
    use_store: Callable[..., None], public_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], None]:
    """`framed(edition, origins)`: the settings of the process."""

    def use(edition: str = "public", origins: str = NEWSPAPER) -> None:
        monkeypatch.setenv("BAOPHU_EMBED_ORIGINS", origins)
        use_store(public_settings.var_directory, edition)

    return use


def headers_of(path: str) -> dict[str, str]:
    sent: list[dict] = []

    async def app(_scope, _receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def collect(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": [(b"host", b"x.vn")]}
    asyncio.run(SecureAnswers(app)(scope, lambda: None, collect))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def ancestors(headers: dict[str, str]) -> str:
    return re.search(r"frame-ancestors ([^;]+)", headers["content-security-policy"]).group(1)


def test_only_figures_of_the_public_edition_may_be_framed_and_only_by_whom_the_settings_name(framed):
    framed()
    headers = headers_of("/embed/home/map")
    assert ancestors(headers) == NEWSPAPER and "x-frame-options" not in headers
    for path in ("/", "/map", "/take/home/map.svg", "/embed", "/embedded/x", "/app/static/embed/x", "/_stcore/health"):
        assert ancestors(headers_of(path)) == "'none'" and headers_of(path)["x-frame-options"] == "DENY", path
    assert answer.is_offered("home", "map") and not answer.is_offered("home", "units")


@pytest.mark.parametrize(("edition", "origins"), [("internal", NEWSPAPER), ("internal", "*"), ("public", "")])
def test_the_internal_edition_is_framed_by_nobody_whatever_the_settings_say(framed, edition: str, origins: str):
    framed(edition, origins)
    assert get_settings().framed_by == ()
    assert ancestors(headers_of("/embed/home/map")) == "'none'"
    assert not [figure for figure in FIGURES if answer.is_offered(*figure)]


def test_origins_are_read_from_the_settings_and_nonsense_is_named():
    read = read_settings(
        {"BAOPHU_EMBED_ORIGINS": "https://a.vn, https://*.gov.vn:8443 http://10.0.0.1", "BAOPHU_EDITION": "public"}
    )
    assert read.framed_by == ("https://a.vn", "https://*.gov.vn:8443", "http://10.0.0.1")
    assert replace(read, edition="internal").framed_by == ()
    for wrong in (
        "a.vn",
        "https://a.vn/path",
        "https://a.vn; script-src *",
        "'self'",
        "javascript:1",
        "https://*",
        "https://A b",
    ):
        with pytest.raises(ValueError, match="BAOPHU_EMBED_ORIGINS"):
            read_settings({"BAOPHU_EMBED_ORIGINS": wrong})
    assert "frame-ancestors *" in content_policy("x", ("*",))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("page", "what"), FIGURES)
def test_every_figure_is_a_whole_page_with_its_words(framed, page: str, what: str, lang: str):
    framed()
    places = (
        {"period": "2020-12", "unit": "24"},
        {"period": "2020-12", "second": "2019-12"},
        {"period": "2025-06", "unit": "24"},
    )
    for place in places:
        frame = open_frame(page, place | {"lang": lang})
        figure = registry.PAGES[page].offers[what].build(frame)
        if figure is not None:
            break
    else:
        pytest.fail("no place has this figure")
    written = write_page(frame, what, figure)
    assert (
        f'<html lang="{lang}">' in written
        and "<h1>" in written
        and "{" not in re.sub(r"(?s)<style>.*?</style>", "", written)
    )
    assert Words(lang).say("embed.full") in written and f'href="/{"" if page == "home" else page}?' in written
    assert ("mô phỏng" in written or "simulated" in written) == figure.is_simulated
    assert not re.search(r"\b(None|nan|NaN)\b", re.sub(r'data-message="[^"]*"', "", written))
    assert ('id="map"' in written) == (figure.map_frame is not None)


def test_a_chart_is_drawn_for_each_width_and_one_is_shown(framed):
    framed()
    figure = registry.PAGES["home"].offers["trend"].build(open_frame("home", {"unit": "24"}))
    written = chart_markup(figure)
    assert re.findall(r'<svg [^>]*width="(\d+)"', written) == [str(width) for width in WIDTHS]
    rules = re.findall(r"@media not all and ([^{]+)\{", written)
    for screen in (300, 323, 324, 463.5, 464, 800, 2000):
        shown = [
            rule for rule in rules if all(fits(limit, screen) for limit in re.findall(r"(m\w+)-width:([\d.]+)", rule))
        ]
        assert len(shown) == 1, screen


def fits(limit: tuple[str, str], screen: float) -> bool:
    return screen <= float(limit[1]) if limit[0] == "max" else screen >= float(limit[1])


def test_the_message_of_a_map_is_that_of_the_screen_for_one_month(framed):
    framed()
    frame = open_frame("home", {"unit": "24"})
    figure = registry.PAGES["home"].offers["map"].build(frame)
    message = base64.b64decode(re.search(r'data-message="([^"]+)"', write_page(frame, "map", figure)).group(1))
    assert message.endswith(
        figure.map_frame.classes.tobytes()
    ) and b'"controls":["legend","zoom","insets"]' in message.replace(b": ", b":").replace(b", ", b",")
    assert len(figure.map_frame.classes) < len(message) < 60_000


def test_the_same_question_is_answered_once(framed):
    framed()
    first = answer.embed("home", "map", {"unit": "24"})
    assert answer.embed("home", "map", {"unit": "24"}).body is first.body
    assert answer.embed("home", "map", {"unit": "24"}, first.tag).body == b""
    assert answer.embed("home", "map", {"unit": "02"}).tag != first.tag


def test_the_page_offers_the_code_where_somebody_may_use_it(framed):
    framed()
    offered = "".join(open_page(HOME, unit="24").markup)
    assert (
        "&lt;iframe src=&quot;/embed/home/map?unit=24&quot;" in offered.replace("&amp;", "&")
        and "<iframe" not in offered
    )
    framed("public", "")
    assert "iframe" not in "".join(open_page(HOME, unit="24").markup)
    framed("internal")
    assert "iframe" not in "".join(open_page(HOME, unit="24").markup)


def test_the_code_of_another_pages_figure_leaves_out_this_pages_choices(framed):
    framed()
    frame = open_frame("map", {"unit": "24", "indicator": "need"})
    assert embed_address(frame, "map", "map") == "/embed/map/map?unit=24&indicator=need"
    assert embed_address(frame, "profile", "map") == "/embed/profile/map?unit=24"
