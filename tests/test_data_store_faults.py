"""Faults on purpose: writers killed at random moments, damaged snapshots, readers while snapshots are published.

A sample runs in `./check fault`; BAOPHU_FAULTS=full runs as many as docs/performance.md speaks of, BAOPHU_KILLS=n other
numbers of kills.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from office_workbooks import DONG_VAN, make_grid, write_xlsx
from received_months import publish_received

from data import queries
from data.errors import StoreUnavailable, UserError
from data.ingest.build_snapshot import build_snapshot
from data.ingest.leftovers import list_named_values
from data.settings import PROJECT_ROOT, Settings
from data.snapshot_commands import run_prune, run_release, run_rollback
from data.store import CurrentStore, Store, list_snapshots, open_current, parse_pointer
from text.words import Words

pytestmark = pytest.mark.store

VI = Words("vi")
FULL = os.environ.get("BAOPHU_FAULTS") == "full"
SEED = 20_161_017
KILLS = int(os.environ.get("BAOPHU_KILLS", 200 if FULL else 16))
DAMAGES = 1_000 if FULL else 300
INSURED = [20_000, 6_000, 8_000, 8_000]


@dataclass(frozen=True)
class Truth:
    """A store with three snapshots, and what each of them answers."""

    settings: Settings
    ids: list[str]
    answers: dict[str, dict[str, object]]


def ask(store: Store) -> dict[str, object]:
    """Some answers of a snapshot, down to single communes."""
    months = queries.periods(store)
    return {
        "states": list(months["state"]),
        "sums": queries.summary_series(store, "VN", "2020-01", "2020-12")["insured"].tolist(),
        "communes": [
            queries.commune_values(store, period).query("insured >= 0")[["unit_code", "insured"]].to_numpy().tolist()
            for period in months["period"]
        ],
        "units": len(queries.units(store, "2019-10")),
    }


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """Tests must not change it."""
    settings = Settings(var_directory=tmp_path_factory.mktemp("truth") / "var")
    build_snapshot(settings, empty=True)
    publish_received(settings, "2020-12", INSURED)
    publish_received(settings, "2020-11", [number - 500 for number in INSURED])
    found = list_snapshots(settings.snapshot_directory)
    answers = {}
    for pointer in found:
        run_rollback(settings, VI, pointer.id)
        answers[pointer.id] = ask(open_current(settings))
    run_rollback(settings, VI, found[0].id)
    return Truth(settings, [pointer.id for pointer in found], answers)


@pytest.fixture
def own(truth: Truth, tmp_path: Path) -> Settings:
    """A copy that a test may change."""
    shutil.copytree(truth.settings.var_directory, tmp_path / "var")
    return Settings(var_directory=tmp_path / "var")


# Damaged files

Damage = Callable[[bytearray, random.Random], bytes]


def flip_bit(content: bytearray, rng: random.Random) -> bytes:
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return bytes(content)


def clear_page(content: bytearray, rng: random.Random) -> bytes:
    begin = rng.randrange(len(content))
    length = min(4096, len(content) - begin)
    cleared = content[:begin] + bytes(length) + content[begin + length :]
    # A page of zeros that was one already is no damage.
    return bytes(cleared) if cleared != content else flip_bit(content, rng)


def cut_short(content: bytearray, rng: random.Random) -> bytes:
    return bytes(content[: rng.randrange(len(content))])


def append_bytes(content: bytearray, rng: random.Random) -> bytes:
    return bytes(content) + rng.randbytes(rng.randrange(1, 4096))


def swap_pages(content: bytearray, rng: random.Random) -> bytes:
    first, second = rng.randrange(len(content) // 2), rng.randrange(len(content) // 2, len(content) - 4096)
    one, other = content[first : first + 4096], content[second : second + 4096]
    content[first : first + 4096], content[second : second + 4096] = other, one
    return bytes(content) if one != other else flip_bit(content, rng)


def damage_and_read(truth: Truth, settings: Settings, count: int, seed: int) -> tuple[int, int]:
    """Damage one file of the store after the other; returns how often it was answered from a whole snapshot, and how
    often not at all. Fails at the first answer that is not what its snapshot says."""
    rng = random.Random(seed)
    kinds: list[Damage] = [flip_bit, clear_page, cut_short, append_bytes, swap_pages]
    files = [
        *(settings.snapshot_directory / f"{snapshot_id}.duckdb" for snapshot_id in truth.ids),
        *(settings.snapshot_directory / f"{snapshot_id}.json" for snapshot_id in truth.ids),
        settings.pointer_file,
    ]
    answered = refused = 0
    for number in range(count):
        # Most often the file in use, which is the one that matters.
        file = files[0] if rng.random() < 0.6 else rng.choice(files)
        whole = file.read_bytes()
        kind = cut_short if file.suffix == ".json" and rng.random() < 0.5 else rng.choice(kinds[:-1])
        file.write_bytes((swap_pages if number % 5 == 4 and len(whole) > 20_000 else kind)(bytearray(whole), rng))
        try:
            store = open_current(settings)
        except StoreUnavailable:
            refused += 1
        else:
            assert ask(store) == truth.answers[store.snapshot_id], f"{file.name}, damage {number} of seed {seed}"
            if file == files[0]:
                assert store.snapshot_id != truth.ids[0], f"damage {number} of seed {seed} was not seen"
                assert store.fallback_from is not None
            store.close()
            answered += 1
        file.write_bytes(whole)
    return answered, refused


def test_a_sample_of_damaged_snapshots_never_gives_a_wrong_number(truth: Truth, own: Settings):
    assert sum(damage_and_read(truth, own, 20, SEED)) == 20


@pytest.mark.fault
def test_no_damaged_snapshot_ever_gives_a_wrong_number(truth: Truth, own: Settings):
    assert sum(damage_and_read(truth, own, DAMAGES, SEED + 1)) == DAMAGES


def test_with_every_snapshot_damaged_nothing_is_answered(truth: Truth, own: Settings):
    rng = random.Random(SEED)
    for snapshot_id in truth.ids:
        file = own.snapshot_directory / f"{snapshot_id}.duckdb"
        file.write_bytes(flip_bit(bytearray(file.read_bytes()), rng))
    with pytest.raises(StoreUnavailable):
        open_current(own)


# Readers while snapshots are published


def read_while_publishing(truth: Truth, settings: Settings, readers: int, publishes: int) -> tuple[int, set[str]]:
    """Threads that ask without end while the pointer moves; returns how many answers came, and of which snapshots."""
    current, done = CurrentStore(settings), threading.Event()
    wrong: list[str] = []
    seen: list[str] = []

    def read() -> None:
        while not done.is_set():
            try:
                store = current.get()
                answer = ask(store)
            except Exception as problem:
                wrong.append(repr(problem))
                return
            seen.append(store.snapshot_id)
            if answer != truth.answers[store.snapshot_id]:
                wrong.append(store.snapshot_id)

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for number in range(publishes):
        run_rollback(settings, VI, truth.ids[(number + 1) % len(truth.ids)])
        time.sleep(0.05)
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    return len(seen), set(seen)


def test_readers_never_see_a_mix_while_snapshots_are_published(truth: Truth, own: Settings):
    answers, snapshots = read_while_publishing(truth, own, readers=4, publishes=6)
    assert answers >= 4 and snapshots <= set(truth.ids)


@pytest.mark.fault
def test_sixteen_readers_and_thirty_publishes_give_no_wrong_answer(truth: Truth, own: Settings):
    answers, snapshots = read_while_publishing(truth, own, readers=16, publishes=30)
    assert answers >= 16 and snapshots == set(truth.ids)


# Killed writers

COMMANDS = {
    "release": ["data.snapshot", "release", "2020-12"],
    "prune": ["data.snapshot", "prune", "--keep", "1"],
    "publish": ["data.snapshot", "publish"],
    "rules": [
        *("data.rules", "set", "threshold", "--programme", "2026-2030", "--value", "95", "--from", "2026-02-15"),
        *("--basis", "51/2025/QĐ-TTg", "--source", "example.vn", "--by", "test"),
    ],
}  # fmt: skip


def name_command(name: str, truth: Truth, folder: Path) -> list[str]:
    """The words of a command; a load is of a report that replaces two communes of the month before."""
    if name == "load":
        units = [(code, unit, people, people // 2) for code, unit, people, _ in DONG_VAN]
        return ["data.ingest", str(write_xlsx(folder / "bao_cao.xlsx", make_grid(units, month="11/2020"))), "--by", "x"]
    return COMMANDS[name] + ([truth.ids[1]] if name == "publish" else [])


def start(settings: Settings, arguments: list[str]) -> subprocess.Popen:
    """A command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=PROJECT_ROOT,
        env=os.environ | {"BAOPHU_VAR": str(settings.var_directory)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def find_debris(settings: Settings) -> list[str]:
    """Files of the store that no snapshot names."""
    found = list_snapshots(settings.snapshot_directory)
    named = {"current.json", ".lock"} | {name for one in found for name in (one.file, f"{one.id}.json")}
    values = list_named_values(settings)
    assert values is not None
    debris = [path.name for path in settings.snapshot_directory.iterdir() if path.name not in named]
    debris += [path.name for path in settings.value_directory.iterdir() if path.name not in values]
    debris += [path.name for path in settings.archive_directory.glob(".*")]
    return debris + [path.name for path in settings.var_directory.glob("rules/.*")]


@pytest.mark.fault
@pytest.mark.parametrize("name", ["load", *COMMANDS])
def test_a_killed_writer_leaves_the_old_snapshot_or_the_new_one_and_no_debris(truth: Truth, tmp_path: Path, name: str):
    arguments = name_command(name, truth, tmp_path)
    rng = random.Random(SEED)
    trial = Settings(var_directory=tmp_path / "trial")
    shutil.copytree(truth.settings.var_directory, trial.var_directory)
    begun = time.monotonic()
    assert start(trial, arguments).wait() == 0
    duration = time.monotonic() - begun
    new_store = open_current(trial)
    answers = truth.answers | {new_store.snapshot_id: ask(new_store)}
    results = set()
    # Half of the kills fall on loads, which write the most.
    for number in range(KILLS // 2 if name == "load" else KILLS // 2 // len(COMMANDS)):
        settings = Settings(var_directory=tmp_path / f"{name}-{number}")
        shutil.copytree(truth.settings.var_directory, settings.var_directory)
        process = start(settings, arguments)
        # Nothing happens while Python starts: the last two thirds are where the writing is.
        time.sleep(rng.uniform(0.3, 1.05) * duration)
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = open_current(settings)
        assert store.fallback_from is None and store.snapshot_id in {truth.ids[0], new_store.snapshot_id}
        assert ask(store) == answers[store.snapshot_id], f"kill {number} of {name}"
        results.add(store.snapshot_id)
        print(f"kill {number} of {name}: {'old' if store.snapshot_id == truth.ids[0] else 'new'}", flush=True)
        store.close()
        run_prune(settings, VI, 9)
        assert find_debris(settings) == [], f"kill {number} of {name}"
        assert start(settings, arguments).wait() in (0, 1), "the next run is not in the way of the one before"
        if name == "rules" and open_current(settings).snapshot_id != new_store.snapshot_id:
            # Killed between the entry, which is kept and not taken twice, and its snapshot.
            assert start(settings, ["data.rules", "publish"]).wait() == 0
        assert open_current(settings).snapshot_id == new_store.snapshot_id
        shutil.rmtree(settings.var_directory)
    assert results <= {truth.ids[0], new_store.snapshot_id}


# A disk that is really full


@pytest.mark.fault
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_disk_that_is_really_full_is_a_clear_error_and_the_old_figures_are_served(truth: Truth, tmp_path: Path):
    place = tmp_path / "small"
    place.mkdir()
    used = sum(path.stat().st_size for path in truth.settings.var_directory.rglob("*") if path.is_file())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={used + 5_000_000}", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let a test mount a disk")
    try:
        settings = Settings(var_directory=place / "var")
        shutil.copytree(truth.settings.var_directory, settings.var_directory)
        with pytest.raises(UserError, match="STORE-NO-PLACE"):
            run_release(settings, VI, "2020-12")
        store = open_current(settings)
        assert store.fallback_from is None and ask(store) == truth.answers[truth.ids[0]]
        store.close()
        assert find_debris(settings) == []
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_the_pointer_of_the_history_names_its_newest_snapshot(truth: Truth):
    assert parse_pointer(truth.settings.pointer_file.read_text(encoding="utf-8")).id == truth.ids[0]
    assert truth.answers[truth.ids[0]] != truth.answers[truth.ids[1]] != truth.answers[truth.ids[2]]
