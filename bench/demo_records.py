"""Invented records in filled workbooks, so that pages about them can be looked at and tested: nobody's real deeds.

`python -m bench.demo_records --into FOLDER [--provinces 02,24,30]` writes workbooks that `python -m data.ingest FOLDER`
loads into a store that has the months they are about. Names are of posts and offices, never of people.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pandas as pd

from bench.demo_reports import write_reports
from bench.filled_workbooks import FilledRow, fill_template
from data.settings import get_settings
from data.store import Store, open_current
from geo.units import load_units

DEMO_PROVINCES = ("02", "24", "30", "36", "38", "91")
MONTHS = ("2020-11", "2020-12")
MARK = "Dữ liệu minh hoạ"
TASKS = (
    "Rà soát, lập danh sách người chưa tham gia BHYT theo từng thôn",
    "Tham mưu UBND giao chỉ tiêu bao phủ BHYT cho từng xã",
    "Tổ chức hội nghị tuyên truyền BHYT hộ gia đình",
    "Vận động hỗ trợ mức đóng cho hộ cận nghèo, hộ làm nông, lâm nghiệp",
    "Mở rộng mạng lưới điểm thu, nhân viên thu tại xã",
)
ACTIVITIES = {
    "dissemination": "Hội nghị quán triệt kế hoạch phong trào thi đua thực hiện BHYT toàn dân",
    "coordination": "Họp với Ban Chỉ đạo xây dựng nông thôn mới về tiêu chí y tế",
    "communication": "Phát thanh, phát tờ rơi về quyền lợi BHYT hộ gia đình",
    "link": "Lồng ghép với phong trào “Toàn dân đoàn kết xây dựng đời sống văn hoá”",
    "other": "Ra quân cao điểm phát triển người tham gia BHYT",
}
INITIATIVES = (
    ("initiative", "Sổ tay theo dõi hạn thẻ BHYT của từng hộ", "Nhắc gia hạn trước 30 ngày, giảm số thẻ gián đoạn."),
    ("initiative", "Nhóm Zalo tuyên truyền viên thôn", "Trả lời câu hỏi về BHYT trong ngày."),
    ("exemplar", "Điển hình vận động BHYT hộ gia đình", "Vận động được trên 200 hộ tham gia trong năm."),
)
PROBLEMS = (
    "Thẻ hộ gia đình hết hạn mà không được nhắc gia hạn",
    "Người dân chưa biết quyền lợi khi tham gia liên tục",
    "Hộ cận nghèo khó đóng một lần cho cả năm",
)


class UnitLists:
    """The units of a boundary set, by level and place."""

    def __init__(self, boundary_set: str, provinces: tuple[str, ...]) -> None:
        units = load_units(boundary_set)
        inside = units["province_code"].isin(provinces) | units["unit_code"].isin(provinces)
        self._units = units[inside]
        self.all_provinces = units[units["level"] == "province"]

    def of_level(self, level: str) -> pd.DataFrame:
        return self._units[self._units["level"] == level]

    def draw(self, level: str, count: int, seed: str) -> list[tuple[str, str]]:
        """Some units of a level as (code, name), the same ones every time."""
        rows = self.of_level(level)
        chosen = Random(seed).sample(range(len(rows)), min(count, len(rows)))
        return [(rows["unit_code"].iloc[place], rows["name"].iloc[place]) for place in sorted(chosen)]


def list_plan_items(units: UnitLists) -> Iterator[FilledRow]:
    rng = Random("plan")
    for level, count, in_charge in (
        ("province", 9, "Phòng Quản lý thu"), ("district", 24, "BHXH huyện"), ("commune", 60, "UBND xã")
    ):  # fmt: skip
        for code, name in units.draw(level, count, f"plan-{level}"):
            for year in (2019, 2020):
                for task in rng.sample(TASKS, 3 if level == "province" else 1):
                    done = year == 2019 and rng.random() < 0.8
                    yield {
                        "unit_code": code, "unit_name": name, "year": year, "task": task,
                        "target_pct": round(rng.uniform(85, 95), 1), "in_charge": in_charge,
                        "due_on": f"{rng.choice((31, 15))}/{rng.choice((10, 12))}/{year}",
                        "state": "done" if done else rng.choice(("not_started", "in_progress", "late", "dropped")),
                        "note": MARK,
                    }  # fmt: skip


def list_plan_months(units: UnitLists) -> Iterator[FilledRow]:
    rng = Random("plan-months")
    for code, name in units.draw("commune", 45, "plan-months"):
        for month, day in (("12/2020", "31/12/2020"), ("01/2021", "31/01/2021"), ("02/2021", "28/02/2021")):
            yield {
                "unit_code": code, "unit_name": name, "month": month, "task": TASKS[3],
                "target_people": rng.randint(1, 60), "in_charge": rng.choice((None, "UBND xã")), "due_on": day,
                "state": rng.choice(("not_started", "in_progress", "done", "late")), "note": MARK,
            }  # fmt: skip


def list_activities(units: UnitLists) -> Iterator[FilledRow]:
    rng = Random("activity")
    chosen = units.draw("province", 9, "activity") + units.draw("district", 30, "activity")
    for code, name in chosen + units.draw("commune", 40, "activity"):
        for kind in rng.sample(list(ACTIVITIES), 2):
            yield {
                "unit_code": code, "unit_name": name, "kind": kind, "content": ACTIVITIES[kind],
                "happened_on": f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(2017, 2020)}",
                "participants": rng.choice((None, rng.randint(20, 400))), "in_charge": "BHXH, UBND, Mặt trận Tổ quốc",
                "result": rng.choice((None, f"Thêm {rng.randint(5, 90)} người tham gia BHYT ({MARK.lower()})")),
            }  # fmt: skip


def list_initiatives(units: UnitLists) -> Iterator[FilledRow]:
    rng = Random("initiative")
    for code, name in units.draw("district", 18, "initiative") + units.draw("commune", 18, "initiative"):
        kind, title, description = rng.choice(INITIATIVES)
        yield {
            "unit_code": code, "unit_name": name, "kind": kind, "year": rng.randint(2017, 2020),
            "holder": f"Tổ tuyên truyền BHYT {name}", "title": title, "description": f"{description} {MARK}.",
            "recognised_by": rng.choice((None, "BHXH tỉnh", "UBND huyện")),
            "problem": rng.choice(PROBLEMS), "started_on": f"01/{rng.randint(1, 9):02d}/{rng.randint(2017, 2020)}",
            "copied_to": rng.choice((None, None, f"{rng.randint(3, 15)} xã cùng huyện ({MARK.lower()})")),
        }  # fmt: skip


def list_awards(units: UnitLists) -> Iterator[FilledRow]:
    rng = Random("award")
    rounds = (("yearly", 2017), ("yearly", 2019), ("mid_term", 2018), ("final", 2020))
    for level, count in (("province", 6), ("district", 20), ("commune", 30), ("person", 8)):
        for code, name in units.draw("commune" if level == "person" else level, count, f"award-{level}"):
            which, year = rng.choice(rounds)
            recipient = f"BHXH {name}" if level in ("province", "district") else name
            yield {
                "unit_code": code, "unit_name": name, "level": level, "round": which, "year": year,
                "recipient": f"Nhân viên thu BHYT {name}" if level == "person" else recipient,
                "form": rng.choice(("Bằng khen", "Giấy khen", "Cờ thi đua")),
                "proposed_to_dg": "true" if which != "yearly" and rng.random() < 0.5 else "false",
                "decision": f"{rng.randint(10, 900)}/QĐ-BHXH (minh hoạ)", "decided_on": f"15/01/{year + 1}",
            }  # fmt: skip


def list_clusters(units: UnitLists) -> Iterator[FilledRow]:
    """Every province in a cluster for each year, with a lead that changes."""
    regions = sorted(set(units.all_provinces["region7"]) - {""})
    for number, region in enumerate(regions, start=1):
        members = units.all_provinces[units.all_provinces["region7"] == region]
        pairs = list(zip(members["unit_code"], members["name"], strict=True))
        for year in range(2016, 2021):
            for place, (code, name) in enumerate(pairs):
                yield {
                    "unit_code": code, "unit_name": name, "scheme": "emulation_cluster",
                    "group_name": f"Cụm thi đua số {number}", "from_year": year, "to_year": year,
                    "is_lead": "true" if place == year % len(pairs) else None, "note": MARK,
                }  # fmt: skip


def list_offices(units: UnitLists) -> Iterator[FilledRow]:
    """Communes of 2025 in offices of about ten, in the three groups of communes, and in a director's own group."""
    rng = Random("offices")
    for _, members in units.of_level("commune").groupby("province_code"):
        pairs = list(zip(members["unit_code"], members["name"], members["short_name"], strict=True))
        for place, (code, name, _) in enumerate(pairs):
            office = pairs[place // 10 * 10][2]
            of_unit = {"unit_code": code, "unit_name": name, "to_year": 2030, "note": MARK}
            yield of_unit | {"scheme": "si_office", "group_name": f"BHXH cơ sở {office}", "from_year": 2025}
            yield of_unit | {"scheme": "commune_group", "group_name": f"Nhóm {rng.randint(1, 3)}", "from_year": 2026}
            if place % 9 == 0:
                yield of_unit | {"scheme": "own", "group_name": "Xã cần theo dõi hằng tuần", "from_year": 2025}


def list_recognitions(units: UnitLists) -> Iterator[FilledRow]:
    rng = Random("recognition")
    communes = units.of_level("commune")
    for code, name in communes.loc[communes["type"] == "xa", ["unit_code", "name"]].itertuples(index=False):
        if rng.random() > 0.6:
            continue
        year = rng.randint(2014, 2020)
        row = {"unit_code": code, "unit_name": name, "standard": "ntm", "status": "recognised"}
        yield row | {"decided_on": f"20/12/{year}", "decision": f"{rng.randint(100, 4000)}/QĐ-UBND (minh hoạ)"}
        if year < 2018 and rng.random() < 0.2:
            yield row | {"standard": rng.choice(("advanced", "model")), "decided_on": f"25/12/{year + 3}"}
        elif rng.random() < 0.03:
            yield row | {"status": "revoked", "decided_on": "30/12/2020"}


def list_targets(units: UnitLists) -> Iterator[FilledRow]:
    rng = Random("targets")
    for level in ("district", "commune"):
        rows = units.of_level(level)
        for code, name in zip(rows["unit_code"], rows["name"], strict=True):
            base = rng.uniform(82, 90)
            for year in (2018, 2019, 2020):
                yield {
                    "unit_code": code, "unit_name": name, "year": year, "value": round(base + 1.2 * (year - 2018), 1),
                    "decision": f"Chỉ tiêu {year} của UBND tỉnh (minh hoạ)",
                }  # fmt: skip


def list_responsibilities(units: UnitLists) -> Iterator[FilledRow]:
    provinces = units.of_level("province")
    for code, name in zip(provinces["unit_code"], provinces["name"], strict=True):
        for content, in_charge, works_with in (
            ("Tỷ lệ người dân tham gia BHYT", "BHXH tỉnh", "Sở Y tế, Sở Tài chính"),
            ("Hỗ trợ mức đóng cho hộ cận nghèo", "Sở Tài chính", "Sở Lao động - Thương binh và Xã hội"),
            ("Tuyên truyền, vận động", "Uỷ ban Mặt trận Tổ quốc", "Hội Phụ nữ, Hội Nông dân, BHXH tỉnh"),
        ):
            yield {
                "unit_code": code, "unit_name": name, "programme": "2016-2020", "criterion": "15.1",
                "content": content, "in_charge": in_charge, "works_with": works_with, "note": MARK,
            }  # fmt: skip


RECORDS: dict[str, Callable[[UnitLists], Iterator[FilledRow]]] = {
    "plan_register": list_plan_items,
    "plan_months": list_plan_months,
    "activity_log": list_activities,
    "initiatives": list_initiatives,
    "awards": list_awards,
    "ntm_recognition": list_recognitions,
    "target_list": list_targets,
    "responsibilities": list_responsibilities,
}


def write_demo_records(
    folder: Path, store: Store, provinces: tuple[str, ...] = DEMO_PROVINCES, months: tuple[str, ...] = MONTHS
) -> list[Path]:
    """Every workbook: records of the movement, groups of units, and what `demo_reports` writes for `months`."""
    folder.mkdir(parents=True, exist_ok=True)
    units = UnitLists("2019-10", provinces)
    paths = [
        fill_template(name, folder / f"{name}.xlsx", "Minh hoạ - Tháng 12/2020", list_rows(units))
        for name, list_rows in RECORDS.items()
    ]
    paths.append(
        fill_template("custom_groups", folder / "cum_thi_dua.xlsx", "Minh hoạ - Tháng 12/2020", list_clusters(units))
    )
    merged = UnitLists("2025-07", provinces)
    paths.append(
        fill_template("custom_groups", folder / "bhxh_co_so.xlsx", "Minh hoạ - Tháng 07/2025", list_offices(merged))
    )
    return paths + write_reports(folder, store, provinces, months)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.demo_records", description=__doc__)
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--provinces", default=",".join(DEMO_PROVINCES), help="codes of 2019, with commas")
    chosen = parser.parse_args(arguments)
    store = open_current(get_settings())
    paths = write_demo_records(chosen.into, store, tuple(chosen.provinces.split(",")))
    store.close()
    print(f"{len(paths)} workbooks in {chosen.into}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
