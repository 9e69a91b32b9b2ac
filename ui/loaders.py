"""Every cached function of the app. The key is the snapshot's id: a new snapshot is a new key, and nothing ever expires.

Functions take plain codes and return frames or small dataclasses. Heavy objects (outlines) never pass through Python here: the
browser fetches them by address.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from data import queries
from data.store import Store, get_store
from geo import crosswalks, units
from indicators.classes import NO_DATA, ClassEdges, class_edges, classify
from indicators.met import still_to_enrol
from indicators.rates import floor_hundredths
from indicators.rules import Programme, Threshold, map_threshold, programmes_from_rows, threshold_in_force
from text.names import search_key
from ui.view import Catalogue

OUTLINES = Path(__file__).resolve().parent.parent / "static" / "outlines"
UNKNOWN_RATE = 65535
SEARCH_LIMIT = 12


@dataclass(frozen=True)
class PlaceSummary:
    """One row of the published sums (table unit_summary); -1 where a count is unknown or has no meaning."""

    population: int
    insured: int
    units_total: int
    units_reported: int
    communes_counted: int
    communes_met: int
    communes_not_met: int
    communes_unknown: int
    people_in_met_communes: int
    people_in_counted_communes: int
    districts_counted: int
    districts_met: int
    districts_not_met: int
    districts_unknown: int
    districts_not_applicable: int
    still_to_enrol: int
    uninsured: int
    units_simulated: int


def open_store() -> Store:
    """The store in force. Not cached: it notices a new snapshot by one small file read."""
    return get_store()
