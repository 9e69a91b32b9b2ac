"""`python -m data.rules`: a threshold or a target with its date and source, entered without code."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data import queries
from data.ingest.facts import read_targets
from data.rule_arguments import read_day, read_percent
from data.rule_changes import compare_months, find_gaps, rules_of_store
from data.rules import main
from data.settings import PROJECT_ROOT, Settings
from data.store import Store, open_current
from data.verify_snapshot import find_faults
from indicators.rules import RuleError, Threshold, load_programmes, threshold_in_force

pytestmark = pytest.mark.store

LAW = ["--basis", "51/2025/QĐ-TTg", "--source", "https://example.vn/van-ban", "--by", "Nguyễn Lan"]
NEW = ["set", "threshold", "--programme", "2026-2030", "--value", "92,5", "--from", "15/02/2026", *LAW]


@pytest.fixture(scope="module")
def entered(small_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small store with the threshold of 2026 entered and published. Tests must not change it."""
    settings = Settings(var_directory=tmp_path_factory.mktemp("rules") / "var")
    shutil.copytree(small_settings.var_directory, settings.var_directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.rules.get_settings", lambda: settings)
        assert main(NEW) == 0
    return settings


@pytest.fixture
def own(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the small store that the command works on."""
    monkeypatch.setattr("data.rules.get_settings", lambda: own_settings)
    return own_settings


@pytest.fixture
def dry(own: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same, where nothing may be published."""
    monkeypatch.setattr("data.rules.republish", lambda settings: pytest.fail("a trial published"))
    return own


def content_of(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(directory.glob("*"))}


# What an entry does


def test_the_unknown_threshold_of_2026_is_entered_and_judges_its_months(entered: Settings, small_store: Store):
    store = open_current(entered)
    assert find_faults(store.pointer, entered) == []
    rule = threshold_in_force(rules_of_store(store)["2026-2030"], "2026-02")
    assert rule is not None and (rule.value, rule.operator, rule.effective_to) == (Decimal("92.5"), ">=", None)
    assert (rule.legal_basis, rule.source) == ("51/2025/QĐ-TTg", "https://example.vn/van-ban")
    assert "Nguyễn Lan" in rule.note and f"{date.today():%d/%m/%Y}" in rule.note
    before, after = (queries.summary_at(one, "2026-02", "nation").iloc[0] for one in (small_store, store))
    assert before["met"] == -1 and after["met"] > 0 and after["met"] + after["not_met"] + after["unknown"] == 2_621
    # Months before the first day stay as they were, to the person.
    for period in ("2020-12", "2025-07"):
        assert queries.summary_at(store, period, "province").equals(queries.summary_at(small_store, period, "province"))


def test_the_map_is_classed_by_the_new_threshold(entered: Settings, small_store: Store):
    names = [
        queries.value_file(store, "2025-07", "commune", "2026-2030")["file_name"].iloc[0]
        for store in (small_store, open_current(entered))
    ]
    assert names[0] != names[1]


def test_the_rules_of_the_code_are_never_written(entered: Settings):
    assert (entered.rules_directory / "2026-2030.toml").is_file()
    shipped = load_programmes()["2026-2030"]
    assert threshold_in_force(shipped, "2026-02") is None
    assert "92.5" not in (PROJECT_ROOT / "indicators" / "programmes" / "2026-2030.toml").read_text(encoding="utf-8")
    assert load_programmes(entered.rules_directory)["2016-2020"] == load_programmes()["2016-2020"]


def test_a_trial_names_the_communes_that_newly_meet_and_keeps_nothing(dry: Settings, tmp_path: Path, capsys):
    file = tmp_path / "changes.csv"
    # 95 % instead of 85 % from the last month of 2020 on.
    arguments = ["set", "threshold", "--programme", "2016-2020", "--value", "95", "--from", "2020-12-01", *LAW]
    assert main([*arguments, "--end-earlier", "--dry-run", "--units", str(file)]) == 0
    said = capsys.readouterr().out
    assert "12/2020" in said and "11/2020" not in said and "mới đạt 0;" in said and "chưa lưu" in said
    assert not dry.rules_directory.exists()
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "unit_code,name,province_code,before,after,period"
    assert len(lines) > 100 and all(line.endswith("met,not_met,2020-12") for line in lines[1:])


def test_what_changes_is_what_a_plain_count_gives(small_store: Store):
    before = load_programmes()["2016-2020"]
    rule = Threshold(value=Decimal(80), operator=">", scope="14")
    stricter = Threshold(
        value=Decimal(99), operator=">", scope="14", effective_from=date(2020, 12, 1), legal_basis="x", source="y"
    )
    after = type(before)(**{**vars(before), "thresholds": (*before.thresholds, stricter)})
    (month,) = compare_months(small_store, before, after, rule)
    units = queries.commune_values(small_store, "2020-12", "14").query(
        "type == 'xa' and insured >= 0 and population > 0"
    )
    met_85 = {u.unit_code for u in units.itertuples() if 100 * u.insured >= 85 * u.population}
    met_99 = {u.unit_code for u in units.itertuples() if 100 * u.insured > 99 * u.population}
    assert month.period == "2020-12" and set(month.no_longer_met["unit_code"]) == met_85 - met_99
    assert (month.met_before, month.met_after, len(month.newly_met)) == (len(met_85), len(met_99), 0)


# What is refused


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--value", "101"], "101"),
        (["--value", "chín mươi"], "chín mươi"),
        (["--value", "90.12345"], "4 số lẻ"),
        (["--from", "31/02/2026"], "31/02/2026"),
        (["--to", "2026-02-14"], "trước ngày có hiệu lực"),
        (["--from", "2031-01-01"], "ngoài thời gian"),
        (["--programme", "2031-2035"], "Các chương trình: 2010-2015"),
        (["--scope", "00"], "group_1"),
        (["--basis", "  "], "--basis"),
        (["--source", "a\nb"], "--source"),
        (["--from", "2026-02-01"], "--end-earlier"),
        (["--from", "2022-03-08"], "--replace"),
        (["--from", "2022-01-01"], "--to"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_to_do(dry: Settings, change: list[str], said: str, capsys):
    assert main([*NEW, *change]) == 1
    assert said in capsys.readouterr().err
    assert not dry.rules_directory.exists()


@pytest.mark.parametrize("missing", ["--basis", "--source", "--by", "--value", "--from"])
def test_no_threshold_without_its_legal_basis_source_date_and_name(dry: Settings, missing: str):
    place = NEW.index(missing)
    with pytest.raises(SystemExit) as stop:
        main(NEW[:place] + NEW[place + 2 :])
    assert stop.value.code == 2


def test_a_percentage_is_exact_and_a_day_is_written_either_way():
    assert [str(read_percent(text)) for text in ("95", "92,5", "92.50", "85 %")] == ["95", "92.5", "92.50", "85"]
    assert read_day("15/02/2026") == read_day("2026-02-15") == date(2026, 2, 15)


def test_an_entry_is_taken_back_where_its_snapshot_cannot_be_made(own: Settings, monkeypatch: pytest.MonkeyPatch):
    def fail(settings: Settings) -> None:
        raise RuntimeError("stopped")

    monkeypatch.setattr("data.rules.republish", fail)
    with pytest.raises(RuntimeError, match="stopped"):
        main(NEW)
    assert not (own.rules_directory / "2026-2030.toml").exists()


# One after the other


@pytest.fixture
def pretend(own: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Entries are kept, and publishing is passed over: it is tested above."""
    monkeypatch.setattr("data.rules.republish", lambda settings: open_current(settings).pointer)
    return own


def test_a_later_threshold_ends_the_one_before_on_the_day_before(pretend: Settings):
    assert main([*NEW[: -len(LAW)], *LAW]) == 0
    assert main([*NEW, "--value", "95", "--from", "2027-07-01"]) == 1
    assert main([*NEW, "--value", "95", "--from", "2027-07-01", "--end-earlier"]) == 0
    programme = load_programmes(pretend.rules_directory)["2026-2030"]
    in_force = [threshold_in_force(programme, period) for period in ("2026-01", "2026-02", "2027-06", "2027-07")]
    assert [str(rule.value) for rule in in_force if rule] == ["90", "92.5", "92.5", "95"]
    assert in_force[2] is not None and in_force[2].effective_to == date(2027, 6, 30)
    assert main([*NEW, "--value", "93", "--replace", "--to", "2027-06-30"]) == 0
    programme = load_programmes(pretend.rules_directory)["2026-2030"]
    assert str(threshold_in_force(programme, "2027-06").value) == "93"


def test_a_threshold_of_the_code_is_ended_without_touching_the_code(pretend: Settings):
    early = [*NEW, "--programme", "2021-2025", "--from", "2025-07-01", "--value", "95", "--end-earlier"]
    assert main(early) == 0
    programme = load_programmes(pretend.rules_directory)["2021-2025"]
    ended = threshold_in_force(programme, "2025-06")
    assert ended is not None and (str(ended.value), ended.effective_to) == ("90", date(2025, 6, 30))
    assert str(threshold_in_force(programme, "2025-12").value) == "95"


def test_words_with_quotes_and_marks_come_back_as_they_were(pretend: Settings):
    wording = 'từ 95% trở lên, "tối thiểu" \\ – §15'
    assert main([*NEW, "--wording", wording, "--scope", "14", "--types", "xa", "phuong"]) == 0
    rule = load_programmes(pretend.rules_directory)["2026-2030"].thresholds[-1]
    assert (rule.wording, rule.scope, rule.scope_name) == (wording, "14", "Tỉnh Sơn La")
    assert rule.unit_types == ("xa", "phuong")


def test_check_names_the_months_without_a_threshold_and_what_is_not_published(pretend: Settings, capsys):
    assert main(["check"]) == 1
    assert "chưa có ngưỡng từ tháng 2026-02 đến tháng 2030-12" in capsys.readouterr().out
    main(NEW)
    capsys.readouterr()
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "2026-2030: đủ ngưỡng" in said and "python -m data.rules publish" in said
    assert main(["list", "--programme", "2026-2030"]) == 0
    listed = capsys.readouterr().out
    assert "* nông thôn mới, cấp xã, VN: từ 92,5%" in listed and "1980" not in listed


def test_publish_brings_the_snapshot_up_to_the_entries_once(own: Settings, entered: Settings, capsys):
    shutil.copytree(entered.rules_directory, own.rules_directory)
    assert main(["publish"]) == 0
    assert open_current(own).snapshot_id == open_current(entered).snapshot_id, "the same rules, the same rows"
    assert main(["publish"]) == 0 and "không thay đổi" in capsys.readouterr().out


def test_a_gap_between_two_thresholds_is_found():
    programme = load_programmes()["2021-2025"]
    shorter = [rule for rule in programme.thresholds if rule.effective_from != date(2022, 3, 8) or rule.kind != "basic"]
    gaps = find_gaps(type(programme)(**{**vars(programme), "thresholds": tuple(shorter)}))
    assert [(gap.kind, gap.first, gap.last) for gap in gaps] == [("basic", "2022-03", "2025-12")]


@pytest.mark.parametrize(
    "text",
    ["[[threshold]\n", '[[threshold]]\nvalue = "x"\n', '[[end]]\nkind = "basic"\n', "[[threshold]]\nvalue = 90\n"],
)
def test_a_file_that_was_spoilt_by_hand_is_named_and_never_half_read(dry: Settings, text: str, capsys):
    dry.rules_directory.mkdir()
    (dry.rules_directory / "2026-2030.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"2026-2030\.toml"):
        load_programmes(dry.rules_directory)
    assert main(["check"]) == 1 and "2026-2030.toml" in capsys.readouterr().err


def test_a_file_for_a_programme_that_is_not_there_is_refused(dry: Settings, capsys):
    dry.rules_directory.mkdir()
    (dry.rules_directory / "2026-2031.toml").write_text("", encoding="utf-8")
    assert main(["list"]) == 1 and "2026-2031" in capsys.readouterr().err


# Targets


def test_a_target_is_entered_and_the_decision_before_is_no_longer_in_force(own: Settings, capsys):
    new = ["set", "target", "--unit", "96", "--year", "2025", "--value", "96", "--dated", "2025-03-01", *LAW]
    present = read_targets()
    present = present[(present["unit_code"] == "96") & (present["year"] == "2025")]
    assert list(present["in_force"]) == ["1"]
    assert main(new) == 1 and "--end-earlier" in capsys.readouterr().err
    assert main([*new, "--end-earlier", "--dry-run"]) == 0 and not own.rules_directory.exists()
    assert main([*new, "--end-earlier"]) == 0
    rows = queries.targets(open_current(own), "96", 2025)
    assert list(zip(rows["value"], rows["in_force"], strict=True)) == [
        ("96", True),
        (str(Decimal(present["value"].iloc[0]).normalize()), False),
    ]
    assert rows["decision"].iloc[0] == "51/2025/QĐ-TTg (01/03/2025)" and "Nguyễn Lan" in rows["source"].iloc[0]
    assert main(new) == 1 and "--replace" in capsys.readouterr().err
    assert main(["check"]) == 1 and "publish" not in capsys.readouterr().out


@pytest.mark.parametrize("change", [["--unit", "00"], ["--year", "25"], ["--value", "0"], ["--dated", "hôm qua"]])
def test_a_target_that_cannot_be_is_refused(dry: Settings, change: list[str]):
    new = ["set", "target", "--unit", "14", "--year", "2027", "--value", "96", "--dated", "2025-03-01", *LAW]
    assert main([*new, *change]) == 1 and not dry.rules_directory.exists()
