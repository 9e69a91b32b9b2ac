"""What if: so many people of one payer group in chosen communes, with the rates and the communes that newly meet."""

from __future__ import annotations

import numpy as np

from indicators.rates import shown_pct
from ui import loaders, parts
from ui.behind import draw_behind
from ui.edition import is_public
from ui.frame import Frame
from ui.loaders import roadmap as loader
from ui.markup import button, draw_markup, dropdown
from ui.parts import escape
from ui.roadmap import Roadmap, choose_group, read_whatif
from ui.roadmap_page import labelled
from ui.takeaway import bar

PLACES = ("plan", "unmet", "all")


def draw_whatif(page: Frame, road: Roadmap) -> None:
    words, formats = page.words, page.formats
    groups = loader.load_group_gaps(page.snapshot_id, page.view.period, page.view.unit)
    group = choose_group(page, groups)
    parts.title(words.say("roadmap.whatif_title"), words.say("roadmap.whatif_subtitle"))
    if not group:
        parts.prose(words.say("roadmap.whatif_none"))
        return
    result, left, chosen = read_whatif(page, road, group)
    draw_form(page, groups, group)
    room, unsurveyed = int(np.maximum(left[chosen], 0).sum()), int((left[chosen] < 0).sum())
    name = words.say(f"payer_group.{group}")
    said = words.say(
        "roadmap.whatif_room", group=name, communes=formats.count(int(chosen.sum())), room=formats.count(room)
    )
    if unsurveyed:
        why = "public.whatif_unknown" if is_public() else "roadmap.whatif_unsurveyed"
        said += " " + words.say(why, count=formats.count(unsurveyed))
    parts.prose(said)
    enrolled = int(result.enrolled.sum())
    if enrolled == 0:
        return
    insured, population = road.sums
    rule = road.rule if road.rule.measure == "coverage" else None
    newly = result.newly_met & road.communes["counted"].to_numpy()
    before, after = (formats.rate(shown_pct(n, population, rule)) for n in (insured, insured + enrolled))
    parts.prose(
        words.say(
            "roadmap.whatif_result", people=formats.count(enrolled), place=page.place(), before=before, after=after,
            newly=formats.count(int(newly.sum())),
        )
    )  # fmt: skip
    if result.not_placed:
        parts.prose(words.say("roadmap.whatif_too_many", people=formats.count(result.not_placed)))
    draw_result(page, road, result.enrolled, result.insured, newly)


def draw_form(page: Frame, groups, group: str) -> None:
    """A small form of native fields: group, people, where."""
    words = page.words
    options = [
        (row.payer_group, words.say(f"payer_group.{row.word}")) for row in groups.itertuples() if row.eligible >= 0
    ]
    where = page.choice("where")
    places = [(place, words.say(f"roadmap.where_{place}")) for place in PLACES]
    if where not in PLACES:
        places.append((where, words.say("roadmap.where_chosen", count=len(where.split(".")))))
    if page.view.selected and page.view.selected != where:
        name = loaders.load_units(page.snapshot_id, page.boundary_set)["name"].get(page.view.selected, "")
        places.append((page.view.selected, str(name)))
    value = escape(page.choice("enrol"))
    label = words.say("roadmap.enrol")
    field = (
        f'<input type="number" min="0" max="9999999" step="1" inputmode="numeric" data-act="enrol" data-key="enrol" '
        f'value="{value}" aria-label="{escape(label)}">'
    )
    pieces = [
        labelled(words.say("roadmap.group"), dropdown("group", words.say("roadmap.group"), [("", options)], group)),
        labelled(label, field),
        labelled(words.say("roadmap.where"), dropdown("where", words.say("roadmap.where"), [("", places)], where)),
        button("enrol", page.choice("enrol"), words.say("roadmap.reckon"), key="reckon"),
    ]
    draw_markup("whatif", f'<div class="bp-controls bp-form">{"".join(pieces)}</div>', page.report_of("whatif"))


def draw_result(page: Frame, road: Roadmap, enrolled: np.ndarray, insured: np.ndarray, newly: np.ndarray) -> None:
    """The communes in which people were enrolled, those that newly meet first."""
    words, formats = page.words, page.formats
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, "commune", False)
    head = [words.say(f"roadmap.column_{name}") for name in ("commune", "enrolled", "before", "after", "newly")]
    order = order_result(enrolled, newly)
    communes, rule = road.communes, road.threshold
    rows = []
    for at in order:
        n, p = int(communes["insured"].iloc[at]), int(communes["population"].iloc[at])
        rows.append([
            str(labels.at[communes["unit_code"].iloc[at]]),
            formats.count(enrolled[at]),
            formats.rate(shown_pct(n, p, rule)),
            formats.rate(shown_pct(int(insured[at]), p, rule)),
            words.say("roadmap.newly_met") if newly[at] else "",
        ])  # fmt: skip
    draw_behind(words.say("roadmap.whatif_table", count=formats.count(len(rows))), head, rows)
    bar.show(page, "whatif")


def order_result(enrolled: np.ndarray, newly: np.ndarray) -> list[int]:
    """Places of the communes in which people were enrolled: those that newly meet first, then by people."""
    return sorted(np.flatnonzero(enrolled).tolist(), key=lambda at: (not newly[at], -enrolled[at]))
