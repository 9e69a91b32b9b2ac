"""A store that has received records: plans, activities, initiatives, awards, groups, recognitions, targets, a survey, a
population table and a few monthly reports, all through the production ingest. The fixture is `records_store`."""

from datetime import date
from pathlib import Path

from bench.demo_records import write_demo_records
from data.ingest.load import LoadResult, load_files
from data.settings import Settings
from data.store import open_current

# Hà Giang, Bắc Giang and Hoà Bình: few enough to load in seconds.
RECORD_PROVINCES = ("02", "24", "17")


def receive_records(settings: Settings, folder: Path) -> LoadResult:
    """Write the invented records of `bench.demo_records` and load them into a store that has 2020-11 and 2020-12."""
    store = open_current(settings)
    write_demo_records(folder, store, RECORD_PROVINCES)
    store.close()
    return load_files([folder], settings, today=date(2026, 11, 24), by="Phòng KHTC")
