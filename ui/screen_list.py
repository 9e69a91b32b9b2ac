"""Which screens are drawn ahead: the addresses that most readers come to, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from ui import loaders
from ui.catalogue import Catalogue, last_period
from ui.view import LANGUAGES, NATION, View, write_params

NATION_PAGES = ("home", "ranking", "profile", "map", "trends", "roadmap")
PLACE_PAGES = ("home", "profile", "ranking", "map", "roadmap", "trends")
LEVEL_PAGES = ("home", "map")  # where the level of the nation's units can be chosen
NATION_MONTHS = 12  # the last so many, for the whole nation
# How many months before the one where the app opens: what a server draws for every place by itself; what a book holds, which is
# where a few steps of a month and of a year lead to; and where a server marks a commune itself.
FEW_MONTHS = (0, 1, 12)
BOOK_MONTHS = (*range(16), *(12 * years + months for years in (2, 3) for months in range(4)))
MARK_MONTHS = (0, 1, 2, 3, 12, 13, 14, 24, 25)

Address = tuple[str, str]  # page and query


def list_addresses(place_months: Sequence[int] = FEW_MONTHS) -> Iterator[Address]:
    """The nation and every province, those with most communes first, at the month where the app opens and at those before it that
    `place_months` counts; then the nation's further months."""
    snapshot_id = loaders.open_store().snapshot_id
    catalogue = loaders.load_catalogue(snapshot_id)
    yield from unique(list_all(snapshot_id, catalogue, catalogue.default_programme, place_months))


def list_book() -> Iterator[Address]:
    """What a book holds: the same over more months, every month of the nation, the other programmes' last months, and the nation
    in the other language."""
    snapshot_id = loaders.open_store().snapshot_id
    catalogue = loaders.load_catalogue(snapshot_id)

    def listed() -> Iterator[Address]:
        yield from list_all(snapshot_id, catalogue, catalogue.default_programme, BOOK_MONTHS, nation_months=10**6)
        for programme, months in catalogue.programmes.items():
            if months and programme != catalogue.default_programme:
                yield from list_all(snapshot_id, catalogue, programme, FEW_MONTHS)
        for lang in LANGUAGES:
            for page in NATION_PAGES:
                yield from address(
                    page, catalogue, View(catalogue.default_programme, catalogue.default_period, lang=lang)
                )

    yield from unique(listed())


def list_kinds() -> Iterator[Address]:
    """One screen of every page and language, of the nation and of a province; then a marked commune in the months where most
    readers mark one: which of them they mark is in no book, and the first in a month pays for what the others find asked."""
    snapshot_id = loaders.open_store().snapshot_id
    catalogue = loaders.load_catalogue(snapshot_id)
    programme, month = catalogue.default_programme, catalogue.default_period
    if not month:
        return
    first = list_provinces(snapshot_id, catalogue, catalogue.boundary_of[month])[:1]
    for lang in LANGUAGES:
        for page in NATION_PAGES:
            for unit in (NATION, *first):
                yield from address(page, catalogue, View(programme, month, unit=unit, lang=lang))
    months = [one for one in catalogue.programmes[programme] if one <= month][::-1]
    for month in (months[count] for count in MARK_MONTHS if count < len(months)):
        units = loaders.load_units(snapshot_id, catalogue.boundary_of[month])
        code = str(units.loc[units["level"] == "commune", "unit_code"].iloc[0])
        for page in (*LEVEL_PAGES, "profile"):
            yield from address(page, catalogue, View(programme, month, selected=code))


def unique(addresses: Iterator[Address]) -> Iterator[Address]:
    yield from dict.fromkeys(addresses)


def address(page: str, catalogue: Catalogue, view: View) -> Iterator[Address]:
    yield page, urlencode(write_params(view, catalogue))


def list_all(
    snapshot_id: str,
    catalogue: Catalogue,
    programme: str,
    place_months: Sequence[int],
    nation_months: int = NATION_MONTHS,
) -> Iterator[Address]:
    """The screens of one programme."""
    opens = catalogue.default_period if programme == catalogue.default_programme else last_period(catalogue, programme)
    months = [month for month in catalogue.programmes[programme] if month <= opens][::-1]
    for month in (months[count] for count in place_months if count < len(months)):
        for page in NATION_PAGES:
            yield from address(page, catalogue, View(programme, month))
        for page in LEVEL_PAGES:
            for level in ("province", "district"):
                if level in catalogue.unit_levels[catalogue.boundary_of[month]].values():
                    yield from address(page, catalogue, View(programme, month, level=level))
        for code in list_provinces(snapshot_id, catalogue, catalogue.boundary_of[month]):
            for page in PLACE_PAGES:
                yield from address(page, catalogue, View(programme, month, unit=code))
    for month in months[: nation_months + 1]:
        for page in NATION_PAGES:
            yield from address(page, catalogue, View(programme, month))


def list_provinces(snapshot_id: str, catalogue: Catalogue, boundary_set: str) -> list[str]:
    """The provinces of a boundary set, those with most communes first."""
    parents = catalogue.unit_parents[boundary_set]
    weight = {code: 0 for code, parent in parents.items() if parent == NATION}
    for row in loaders.load_units(snapshot_id, boundary_set).itertuples(index=False):
        if row.level == "commune" and row.province_code in weight:
            weight[row.province_code] += 1
    return sorted(weight, key=lambda code: -weight[code])
