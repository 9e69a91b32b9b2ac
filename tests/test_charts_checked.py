"""Plotly itself checks every figure that the pages draw: on the screens the check is left out, for it took half their time."""

from collections.abc import Callable
from pathlib import Path

import plotly.graph_objects as go
import pytest
from screen import HOME, PROJECT_ROOT, open_page

from charts.sheet import Sheet
from data.settings import Settings
from ui import home_page
from ui.home_facts import load_facts
from ui.loaders import drawings
from ui.takeaway.headless import open_frame

DRAWN = [
    (HOME, {}, 1),
    (PROJECT_ROOT / "pages" / "trends.py", {"units": "38.14818", "span": "all"}, 2),
    (PROJECT_ROOT / "pages" / "profile.py", {"unit": "38", "part": "trend"}, 1),
    (PROJECT_ROOT / "pages" / "map.py", {}, 1),
]


@pytest.mark.parametrize(("page", "address", "figures"), DRAWN, ids=lambda value: getattr(value, "stem", None))
def test_every_figure_of_a_page_is_one_that_plotly_accepts(
    use_store: Callable[[Path], None],
    small_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    page: Path,
    address: dict[str, str],
    figures: int,
):
    checked = []
    unchecked = Sheet.finish

    def finish(sheet: Sheet) -> go.Figure:
        figure = unchecked(sheet)
        checked.append(go.Figure(figure.to_dict()))  # raises ValueError where a property is wrong
        assert checked[-1].to_dict() == figure.to_dict()
        return figure

    monkeypatch.setattr(Sheet, "finish", finish)
    # What an earlier test had drawn would be shown again undrawn.
    monkeypatch.setattr(drawings, "_keep", lambda snapshot_id, name, shown, make: make())
    use_store(small_settings.var_directory)
    open_page(page, **address)
    if page == HOME:  # its chart rests as a picture; this is what a reader gets who reaches for it
        home = open_frame("home", address)
        home_page.build_trend(home, load_facts(home))
    assert len(checked) == figures


def test_a_wrong_property_would_be_found():
    sheet = Sheet({"height": 100})
    sheet.add_scatter(x=[1], y=[2], colour="red")
    with pytest.raises(ValueError):
        go.Figure(sheet.finish().to_dict())
