""" "Xã của tôi về đâu?": what a unit was before each reform, what became of it, with shares, kind and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from geo.lineage import Step, trace_back, trace_forward
from ui import loaders, parts
from ui.frame import Frame
from ui.loaders.units import load_units
from ui.markup import button, draw_markup
from ui.profile.facts import ProfileFacts
from ui.profile.markup import Trusted, data_table
from ui.takeaway import bar

ACT = "unit_in_set"
# How a crosswalk writes what a step rests on, by its first words; anything else was looked up one by one.
BASES = {
    "code kept": "code",
    "former name": "former_name",
    "same name": "same_name",
    "converter_2025": "converter",
    "GSO change table": "change_table",
    "Population census": "census",
    "Nghị quyết": "resolution",
}


def draw_part(page: Frame, facts: ProfileFacts) -> None:
    words = page.words
    parts.title(words.say("profile.origins_title"), words.say("profile.origins_subtitle"))
    blocks = list_blocks(page, facts)
    if not blocks:
        parts.prose(
            words.say("profile.origins_nation" if facts.level in ("nation", "region") else "profile.origins_none")
        )
    draw_markup("origins", "".join(blocks), open_reported(page))
    if list_tables(page, facts):
        bar.show(page, "origins")
    parts.bullets([words.say(f"profile.reform_{name}") for name in ("2019_2024", "2025_07")])
    parts.prose(words.say("profile.origins_note"))


def open_reported(page: Frame):
    """The callback of the buttons: a unit of another boundary set, opened in a month of that set."""
    page = page.apart()

    def acted() -> None:
        if report := page.read_trigger("origins", "acted"):
            boundary_set, _, code = str(report["value"]).partition(":")
            page.open_in_set(code, boundary_set)

    return acted


@dataclass(frozen=True)
class UnitRef:
    """A unit of a boundary set."""

    boundary_set: str
    code: str


@dataclass(frozen=True)
class OriginTable:
    """What one reform did to the place: cells are words or units; `numbers` are columns of figures. Without `head` it is a
    list of units."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str | UnitRef]]
    numbers: Sequence[int] = ()

    def said(self, page: Frame) -> list[list[str]]:
        """The rows in words."""
        return [
            [say_unit(page, cell.boundary_set, cell.code) if isinstance(cell, UnitRef) else cell for cell in row]
            for row in self.rows
        ]


def list_blocks(page: Frame, facts: ProfileFacts) -> list[str]:
    if facts.level == "province" and is_same_province(page, facts):
        return [f"<p>{parts.escape(page.words.say('profile.province_same'))}</p>"]
    return [draw_block(page, table) for table in list_tables(page, facts)]


def draw_block(page: Frame, table: OriginTable) -> str:
    cells = [[unit_cell(page, cell) if isinstance(cell, UnitRef) else cell for cell in row] for row in table.rows]
    heading = f"<h3>{parts.escape(table.title)}</h3>"
    if not table.head:
        return heading + "<ul>" + "".join(f"<li>{row[0]}</li>" for row in cells) + "</ul>"
    return heading + data_table(table.title, table.head, cells, figures=tuple(table.numbers), is_stacked=True)


def list_tables(page: Frame, facts: ProfileFacts) -> list[OriginTable]:
    """Each reform as a table, for screen, paper and file alike; empty where none is known to have changed the place."""
    if facts.is_commune or loaders_stand_alone(page, facts):
        return [
            *(step_table(page, steps, "before") for steps in by_reform(trace_back(page.boundary_set, facts.unit))),
            *(step_table(page, steps, "after") for steps in by_reform(trace_forward(page.boundary_set, facts.unit))),
        ]
    if facts.level == "province":
        return province_tables(page, facts)
    if facts.level == "district":
        return district_tables(page, facts)
    return []


def loaders_stand_alone(page: Frame, facts: ProfileFacts) -> bool:
    return facts.level == "district" and loaders.stands_alone(page.snapshot_id, page.boundary_set, facts.unit)


def by_reform(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps of each reform together, in the order given."""
    reforms: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        reforms.setdefault((step.from_set, step.to_set), []).append(step)
    return list(reforms.values())


def step_table(page: Frame, steps: Sequence[Step], direction: str) -> OriginTable:
    """One reform: from which unit, into which, which share, what kind, by which source."""
    words = page.words
    first = steps[0]
    title = words.say(
        f"profile.origins_{direction}",
        from_set=words.say(f"boundary_set.{first.from_set}.short").lower(),
        to_set=words.say(f"boundary_set.{first.to_set}.short").lower(),
    )
    head = [words.say(f"profile.origins_{name}") for name in ("from", "to", "share", "kind", "source")]
    rows = [
        [
            UnitRef(step.from_set, step.from_code),
            UnitRef(step.to_set, step.to_code),
            say_share(page, step),
            words.say(f"profile.kind_{step.kind}"),
            say_basis(page, step),
        ]
        for step in steps
    ]
    return OriginTable(title, head, rows, (2,))


def unit_cell(page: Frame, unit: UnitRef) -> Trusted:
    """A button to a unit of a boundary set; the unit on the screen in bold."""
    label = say_unit(page, unit.boundary_set, unit.code)
    if unit.boundary_set == page.boundary_set and unit.code == page.view.unit:
        return Trusted(f"<strong>{parts.escape(label)}</strong>")
    return Trusted(button(ACT, f"{unit.boundary_set}:{unit.code}", label))


def say_unit(page: Frame, boundary_set: str, code: str) -> str:
    """Its name with the names above it, as they were in that set."""
    name = loaders.unit_label(page.snapshot_id, boundary_set, code, page.words.say("home.nation"))
    above = loaders.unit_parents_label(page.snapshot_id, boundary_set, code)
    return f"{name}, {above}" if above else name


def say_share(page: Frame, step: Step) -> str:
    """The share of the earlier unit's people: whole where all went there."""
    share = Decimal(step.weight) * 100
    said = page.formats.rate(share.quantize(Decimal("0.1")) if share % 1 else share.quantize(Decimal(1)))
    return f"{said} ({page.words.say('home.estimated')})" if step.estimated else said


def say_basis(page: Frame, step: Step) -> str:
    """What the step rests on, in the reader's language; the number of a resolution as it is written."""
    basis = next((word for start, word in BASES.items() if step.source.startswith(start)), "reviewed")
    number = step.source.split(" of ")[0].split(":")[0]
    return page.words.say(f"profile.basis_{basis}", number=number)


def is_same_province(page: Frame, facts: ProfileFacts) -> bool:
    """Whether the province is known and went through 01/07/2025 alone."""
    newest = list(page.catalogue.boundaries_for)[-1]
    heir = facts.unit if page.boundary_set == newest else page.catalogue.successors.get((newest, facts.unit))
    if heir is None:
        return False
    return len(list_merged(page, newest, heir)) <= 1


def list_merged(page: Frame, newest: str, heir: str) -> list[str]:
    """The codes of the 63 provinces that a province of the newest boundary set was made of."""
    older = list(page.catalogue.boundaries_for)[-2]
    levels = page.catalogue.unit_levels[older]
    heirs = page.catalogue.successors.items()
    return sorted({code for (last, code), new in heirs
                   if last == newest and new == heir and levels.get(code) == "province"})  # fmt: skip


def province_tables(page: Frame, facts: ProfileFacts) -> list[OriginTable]:
    """A province of the 34: which of the 63 it was made of; one of the 63: which it belongs to since 01/07/2025."""
    if is_same_province(page, facts):
        return []
    sets = list(page.catalogue.boundaries_for)
    newest = sets[-1]
    if page.boundary_set == newest:
        rows = [[UnitRef(sets[-2], code)] for code in list_merged(page, newest, facts.unit)]
        return [OriginTable(page.words.say("profile.province_from"), (), rows)]
    heir = page.catalogue.successors.get((newest, facts.unit))
    if heir is None:
        return []
    return [OriginTable(page.words.say("profile.province_to"), (), [[UnitRef(newest, heir)]])]


def count_heirs(page: Frame, facts: ProfileFacts) -> list[tuple[str, int]]:
    """Of a district the units of the newest boundary set that its communes went into, with how many of them each took."""
    units = load_units(page.snapshot_id, page.boundary_set)
    own = units.loc[(units["district_code"] == facts.unit) & (units["level"] == "commune"), "unit_code"]
    newest = list(page.catalogue.boundaries_for)[-1]
    took: Counter[str] = Counter()
    for code in own:
        took.update({step.to_code for step in trace_forward(page.boundary_set, code) if step.to_set == newest})
    return took.most_common()


def district_tables(page: Frame, facts: ProfileFacts) -> list[OriginTable]:
    """A district: the communes of 2025-07 that its communes went into, by how many of its communes each took."""
    took = count_heirs(page, facts)
    if not took:
        return []
    words, formats, newest = page.words, page.formats, list(page.catalogue.boundaries_for)[-1]
    units = load_units(page.snapshot_id, page.boundary_set)
    own = int(((units["district_code"] == facts.unit) & (units["level"] == "commune")).sum())
    title = words.say("profile.district_to", count=formats.count(own), units=formats.count(len(took)))
    head = [words.say("profile.origins_to"), words.say("profile.district_parts")]
    return [OriginTable(title, head, [[UnitRef(newest, code), formats.count(count)] for code, count in took], (1,))]
