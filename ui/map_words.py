"""What the map page says of a measure: headline, title and subtitle. Nothing is drawn here."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from indicators import layers as classes_of
from indicators.classes import NO_DATA
from indicators.met import MET as IS_MET
from indicators.met import NOT_MET, met_status
from indicators.priority import half_line
from indicators.rates import shown_points, shown_value
from text.formats import Formats
from text.words import Words
from ui.home import HomeFacts, HomeWords
from ui.layers import CHANGE, COVERAGE, DISTANCE, JUDGED, MET, NEED, SHARE
from ui.loaders import layers as load
from ui.map_layers import Layer


class MapWords:
    """`MapWords(layer, facts, place, snapshot_id, words, formats).headline()`; `place` as in "cả nước"."""

    def __init__(
        self, layer: Layer, facts: HomeFacts, place: str, snapshot_id: str, words: Words, formats: Formats
    ) -> None:
        self.layer, self.facts, self.place = layer, facts, place
        self.snapshot_id, self.words, self.formats = snapshot_id, words, formats

    @cached_property
    def judged(self) -> np.ndarray:
        """Which units the sentences are about."""
        return self.layer.counted & self.find_judged()

    @cached_property
    def classes(self) -> np.ndarray:
        """Their classes."""
        return self.layer.figures.classes[self.judged]

    def find_judged(self) -> np.ndarray:
        """The units that the sentence is about: of communes those that the programme counts, where it judges them."""
        units, threshold = self.layer.figures.units, self.layer.threshold
        if self.layer.level != "commune" or self.layer.indicator not in JUDGED or threshold is None:
            return np.ones(len(units), dtype=bool)
        return units["type"].isin(threshold.unit_types).to_numpy()

    def say(self, key: str, **values: str) -> str:
        return self.words.say(f"map_page.{key}", **values)

    @property
    def level(self) -> str:
        """The word for the units of the sentence: xã where only those are counted, else all units of the commune level."""
        if self.layer.level == "commune" and self.layer.indicator not in JUDGED:
            return self.say("commune_units")
        return self.words.say(f"level.{self.layer.level}")

    @property
    def earlier(self) -> str:
        return self.formats.month(self.layer.figures.earlier) if self.layer.figures.earlier else ""

    def rule(self) -> str:
        rule = self.layer.threshold
        return self.formats.rule(rule.value, rule.operator) if rule else ""

    def threshold(self) -> str:
        return self.formats.percent_rule(self.layer.threshold.value) if self.layer.threshold else ""

    def count_classes(self, first: int, end: int) -> str:
        """How many units of the place fall into the classes from `first` to before `end`."""
        return self.formats.count(int(np.sum((self.classes >= first) & (self.classes < end))))

    def headline(self) -> str:
        return {
            COVERAGE: HomeWords(self.facts, self.words, self.formats).headline,
            MET: self.say_met,
            SHARE: self.say_share,
            CHANGE: self.say_change,
            NEED: self.say_need,
            DISTANCE: self.say_distance,
        }[self.layer.indicator]()

    def say_met(self) -> str:
        now, count = self.facts.now, self.formats.count
        if self.layer.level == "commune":
            return self.say(
                "headline_met_commune",
                met=count(now.met),
                counted=count(now.counted),
                not_met=count(now.not_met),
                threshold=self.threshold(),
                people=count(now.still_to_enrol),
            )
        units = self.layer.figures.units[self.layer.counted]
        state = met_status(units["insured"], units["population"], self.layer.threshold)
        met, known = int(np.sum(state == IS_MET)), int(np.sum((state == IS_MET) | (state == NOT_MET)))
        return self.say(
            "headline_met_above", met=count(met), counted=count(known), level=self.level, threshold=self.threshold()
        )

    def say_share(self) -> str:
        most = len(classes_of.SHARE_PERCENT)
        known = self.count_classes(0, most + 1)
        return self.say(
            "headline_share",
            all=self.count_classes(most, most + 1),
            counted=known,
            low=self.count_classes(0, 1),
            level=self.level,
            threshold=self.threshold(),
        )

    def say_change(self) -> str:
        figures = self.layer.figures
        if figures.why in ("no_earlier", "not_comparable"):
            key = "headline_change_none" if figures.why == "no_earlier" else "headline_change_boundaries"
            return self.say(key, earlier=self.earlier)
        zero, end = classes_of.CHANGE_POINTS.index(0) + 1, len(classes_of.CHANGE_POINTS) + 1
        values = figures.values[self.judged]
        return self.say(
            "headline_change",
            up=self.formats.count(int(np.sum(values > 0))),
            down=self.count_classes(0, zero),
            most=self.count_classes(end - 1, end),
            earlier=self.earlier,
            level=self.level,
        )

    def say_need(self) -> str:
        need = self.layer.figures.need[self.judged]
        _, units = half_line(need)
        if units == 0:
            return self.say("headline_need_none", level=self.level)
        return self.say(
            "headline_need",
            people=self.formats.count(int(need[need > 0].sum())),
            units=self.formats.count(units),
            all=self.formats.count(int(np.sum(need > 0))),
            level=self.level,
        )

    def say_distance(self) -> str:
        zero = classes_of.DISTANCE_POINTS.index(0) + 1
        key = "headline_distance_target" if self.has_targets() else "headline_distance"
        values = {"below": self.count_classes(0, zero), "near": self.count_classes(zero - 1, zero), "level": self.level}
        return self.say(key, **values, **({} if self.has_targets() else {"threshold": self.threshold()}))

    def has_targets(self) -> bool:
        """Whether the distance is to the provinces' own targets."""
        key = self.layer.key
        return load.has_targets(
            self.snapshot_id, key.period, key.boundary_set, key.level, len(self.layer.figures.units)
        )

    def title(self) -> str:
        if self.layer.indicator == MET and self.layer.level != "commune":
            return self.say("title_met_above", threshold=self.threshold())  # "met" is said of communes
        return self.say(
            f"title_{self.layer.indicator}",
            **{
                COVERAGE: {"level": self.level},
                MET: {"threshold": self.threshold()},
                SHARE: {"level": self.level},
                CHANGE: {"earlier": self.formats.month_short(self.layer.figures.earlier or self.layer.key.period)},
                NEED: {},
                DISTANCE: {},
            }[self.layer.indicator],
        )

    def subtitle(self) -> str:
        """What is measured, where and when."""
        layer, rule = self.layer, self.layer.threshold
        values = {"level": self.level, "place": self.place, "period": self.formats.month(layer.key.period)}
        legal = {"legal": rule.legal_basis} if rule else {}
        if layer.indicator == DISTANCE and self.has_targets():
            del values["level"]
            return self.say("subtitle_distance_target", year=layer.key.period[:4], **values)
        if layer.indicator == NEED and layer.level == "commune":
            return self.say("subtitle_need_commune", threshold=self.threshold(), **values)
        more = {
            MET: {"threshold": self.threshold(), **legal},
            SHARE: {"rule": self.rule()},
            CHANGE: {"earlier": self.earlier},
            NEED: {"threshold": self.threshold()},
            DISTANCE: {"threshold": self.threshold(), **legal},
        }.get(layer.indicator, {})
        return self.say(f"subtitle_{layer.indicator}", **values, **more)

    def value(self, at: int) -> str:
        """The measure of one unit as the table writes it."""
        value = self.layer.figures.values[at]
        if np.isnan(value) or self.layer.figures.classes[at] >= NO_DATA - 3:
            return self.formats.missing
        if self.layer.indicator == SHARE:
            return self.formats.rate(shown_value(value))
        return self.formats.points(shown_points(value))
