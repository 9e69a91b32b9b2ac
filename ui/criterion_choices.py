"""What the criterion page adds to the address, and the bar in which it is chosen: a known rule, or a typed one."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from indicators.rules import Threshold, map_threshold
from text.typed import read_percent
from ui import choices, loaders
from ui.catalogue import Catalogue
from ui.criterion import OPERATOR_CODES, KnownRule, code_of, default_rule, list_rules
from ui.frame import Frame
from ui.markup import draw_markup, dropdown
from ui.parts import escape
from ui.ranking_choices import labelled
from ui.view import Choice, View, one_of

LONGEST = 12  # letters of a typed value that the address keeps


def is_rule(value: str, view: View, catalogue: Catalogue) -> bool:
    return value in list_rules(loaders.load_programmes(loaders.open_store().snapshot_id))


def is_short(value: str, view: View, catalogue: Catalogue) -> bool:
    """A value that is no number is said on the page, beside the field in which it was typed."""
    return 0 < len(value) <= LONGEST


def is_classes(value: str, view: View, catalogue: Catalogue) -> bool:
    return re.fullmatch(r"(\d{1,3}\.){0,5}\d{1,3}", value, re.ASCII) is not None


CHOICES = (
    Choice("rule", is_rule),
    Choice("value", is_short),
    one_of("op", *OPERATOR_CODES),
    one_of("order", "changed", "share", "name"),
    Choice("only", is_classes),
)


def rules_of(page: Frame) -> dict[str, KnownRule]:
    return list_rules(loaders.load_programmes(page.snapshot_id))


def find_before(page: Frame) -> tuple[Threshold, bool]:
    """The rule of the month and whether it is in force; where no programme ever had one, the first rule known."""
    programme = loaders.load_programmes(page.snapshot_id)[page.view.programme]
    rule, in_force = map_threshold(programme, page.view.period)
    return (rule, in_force) if rule is not None else (next(iter(rules_of(page).values())).rule, False)


def find_after(page: Frame, before: Threshold) -> tuple[Threshold, str]:
    """The rule to apply, and the code of the known rule it is ("" for a typed one)."""
    typed = read_percent(page.choice("value")) if page.choice("value") else None
    if typed is not None:
        value, operator = typed
        return make_rule(value, operator or OPERATOR_CODES[page.choice("op")], before), ""
    rules = rules_of(page)
    known = rules[page.choice("rule")] if page.choice("rule") else default_rule(rules, before)
    return known.rule, known.code


def make_rule(value: Decimal, operator: str, before: Threshold) -> Threshold:
    """A rule of the reader's own, for the units that the rule of the month counts."""
    return Threshold(value, operator, unit_types=before.unit_types)


def find_classes(page: Frame) -> list[int]:
    """The classes of change that the legend keeps bright; none means all. Not `classes`: those are of the coverage map."""
    return [int(code) for code in page.choice("only").split(".") if code]


def is_refused(page: Frame) -> bool:
    """Whether something was typed that is no percentage."""
    return bool(page.choice("value")) and read_percent(page.choice("value")) is None


def draw_own_choices(page: Frame) -> None:
    """Known rules by programme, or a value with its operator; the boundaries."""
    if not page.catalogue.programmes[page.view.programme]:
        return
    words = page.words
    before, _ = find_before(page)
    after, code = find_after(page, before)
    operator = "gt" if after.operator == ">" else "ge"
    typed = page.choice("value") if is_refused(page) else page.formats.number(after.value.normalize())
    signs = [(sign, words.say(f"criterion.op_{sign}")) for sign in OPERATOR_CODES]
    field = (
        f'<input type="text" inputmode="decimal" maxlength="{LONGEST}" size="6" data-act="value" data-key="value" '
        f'aria-label="{escape(words.say("criterion.value"))}" value="{escape(typed)}">'
    )
    controls = [
        labelled(words.say("criterion.rule"), rule_choice(page, code)),
        labelled(
            words.say("criterion.typed"),
            f'<span class="bp-typed">{dropdown("op", words.say("criterion.op"), [("", signs)], operator)}{field}'
            f'<span aria-hidden="true">%</span></span>',
        ),
    ]
    if boundaries := choices.boundaries_choice(page):
        controls.append(labelled(words.say("frame.boundaries"), boundaries))
    refused = f'<p class="bp-refused" role="alert">{escape(say_refused(page))}</p>' if is_refused(page) else ""
    markup = f'<div class="bp-choices"><div class="bp-controls">{"".join(controls)}</div></div>{refused}'
    draw_markup("criterion_choices", markup, report_of(page, after, code))


def say_refused(page: Frame) -> str:
    return page.words.say("criterion.refused", value=page.choice("value"))


def rule_choice(page: Frame, code: str) -> str:
    """Known rules under their programme; the reader's own stands first while one is typed."""
    words = page.words
    groups = [
        (words.say(f"programme.{programme}"), [(known.code, say_rule(page, known.rule)) for known in found])
        for programme, found in groupby(rules_of(page).values(), key=lambda known: known.programme)
    ]
    own = [] if code else [("", [("", words.say("criterion.own"))])]
    return dropdown("rule", words.say("criterion.rule"), [*own, *groups], code)


def say_rule(page: Frame, rule: Threshold) -> str:
    """ "từ 90%: xã nông thôn mới"; of a province's own rule its name."""
    written = page.formats.rule(rule.value, rule.operator)
    kind = page.words.say(f"rule.kind_{rule.kind}")
    place = page.words.say("criterion.scope", place=rule.scope_name) if rule.scope_name else ""
    return page.words.say("criterion.rule_option", rule=written, kind=kind) + place


def report_of(page: Frame, after: Threshold, code: str):
    """A known rule empties the field; a typed number is written into the address with a dot, and leaves the known rule."""

    def acted() -> None:
        report = page.read_trigger("criterion_choices", "acted")
        if not report:
            return
        kind, value = str(report["kind"]), str(report["value"])
        if kind == "rule":
            page.go(rule=value, value=None, op="ge")
        elif kind == "op":
            own = replace(after, operator=OPERATOR_CODES.get(value, ">="))
            write_typed(page, own.value, value)
        elif kind == "value":
            typed = read_percent(value)
            if typed is None:
                page.go(value=value.strip()[:LONGEST] or None)
            else:
                sign = {None: page.choice("op"), ">=": "ge", ">": "gt"}[typed[1]]
                write_typed(page, typed[0], sign)
        else:
            page.act(kind, value)

    return acted


def write_typed(page: Frame, value: Decimal, operator: str) -> None:
    """The value in the address; a rule that is known under it is named as that."""
    page.go(rule=None, value=f"{value.normalize():f}", op=operator if operator in OPERATOR_CODES else "ge")


def name_rule(page: Frame, rule: Threshold, code: str) -> str:
    """How the caption names the rule: by its law, or as the reader's own."""
    if not code or code_of(rule) != code:
        return page.words.say("criterion.own")
    return rule.legal_basis
