"""Snapshots that go to other machines: what is pushed, what a replica takes, and what it refuses.

The place is a folder here; tests/test_data_replica_faults.py has a real web server between them.
"""

import dataclasses
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from kept_stores import KeptStores
from received_months import publish_received

from data import snapshot
from data.bundle import Bundle, BundleFile, list_value_files, parse_bundle
from data.errors import UserError
from data.ingest.build_snapshot import build_snapshot
from data.push import push
from data.remote import Remote, SourceUnavailable, hide_password
from data.replica import Pulled, pull
from data.settings import Settings, get_settings
from data.snapshot_commands import run_pull, run_push, run_release, run_rollback
from data.store import Pointer, hash_file, list_snapshots, open_current, parse_pointer
from geo.__main__ import main as geo_main
from text.words import Words

pytestmark = pytest.mark.store

VI = Words("vi")
INSURED = [20_000, 6_000, 8_000, 8_000]


@dataclass(frozen=True)
class Office:
    """The machine that publishes, the place that it publishes to, and a replica that reads there."""

    own: Settings
    place: Path
    replica: Settings
    ids: list[str]

    def publish(self, number: int) -> None:
        """Put one of the snapshots of `published` in force at the office: 0 is the oldest."""
        run_rollback(self.own, VI, self.ids[number])

    def push(self, keep: int = 5, **options: object) -> str:
        store = open_current(self.own)
        push(store, self.own, Remote(str(self.place)), keep, **options)
        store.close()
        return self.current().pointer.id

    def current(self) -> Bundle:
        return parse_bundle((self.place / "current.json").read_text("utf-8"))

    def pull(self, **options: object) -> Pulled:
        return pull(self.replica, **options)


@pytest.fixture(scope="module")
def published(kept_stores: KeptStores) -> tuple[Settings, list[str]]:
    """A store with four snapshots of received figures, the oldest in force, and imported outlines. Tests must not change
    it."""
    settings = kept_stores.copy("published", publish_four)
    found = list_snapshots(settings.snapshot_directory)
    return settings, [pointer.id for pointer in reversed(found[:-1])]


def publish_four(settings: Settings) -> None:
    build_snapshot(settings, empty=True)
    first = publish_received(settings, "2020-12", INSURED).id
    for people in range(1, 4):
        publish_received(settings, "2020-11", [number - people for number in INSURED])
    lay_outlines(settings, "aaaa")
    run_rollback(settings, VI, first)


def lay_outlines(settings: Settings, mark: str) -> None:
    folder = settings.outline_directory
    folder.mkdir(exist_ok=True)
    names = {name: f"2019-10.{name}.{mark}.arc.gz" for name in ("names", "province", "commune")}
    scopes = {"01": f"2019-10.commune.01.{mark}.arc.gz"}
    for name in [*names.values(), *scopes.values()]:
        (folder / name).write_text(f"{name} {mark}", encoding="utf-8")
    manifest = {"2019-10": names | {"scopes": scopes, "folder": f"sets/{mark}/2019-10"}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def office(published: tuple[Settings, list[str]], tmp_path: Path) -> Office:
    return make_office(published, tmp_path)


@pytest.fixture(scope="module")
def settled(published: tuple[Settings, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose replica has what was pushed. For what is refused and changes nothing."""
    office = make_office(published, tmp_path_factory.mktemp("settled"))
    office.push()
    office.pull()
    return office


def make_office(published: tuple[Settings, list[str]], tmp_path: Path) -> Office:
    settings, ids = published
    shutil.copytree(settings.var_directory, tmp_path / "own", copy_function=link_file)
    place = tmp_path / "place"
    replica = Settings(var_directory=tmp_path / "replica", source_url=str(place))
    return Office(Settings(var_directory=tmp_path / "own"), place, replica, ids)


def link_file(source: str, target: str) -> None:
    """Snapshots are never changed in place, so that a second name for one is enough."""
    if source.endswith(".duckdb"):
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)


def read_state(settings: Settings) -> dict[str, bytes]:
    """Everything that a reader may be shown, byte for byte."""
    folders = ("snapshots", "values", "outlines")
    files = [path for folder in folders for path in (settings.var_directory / folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(settings.var_directory)): path.read_bytes() for path in files if path.name != ".lock"}


def test_a_replica_has_what_was_pushed_and_answers_the_same(office: Office):
    pushed = office.push()
    assert office.pull() == dataclasses.replace(office.pull(), switched=True, **count_files(office.current()))
    assert open_current(office.replica).snapshot_id == pushed
    own, copy = read_state(office.own), read_state(office.replica)
    named = {file.path for file in office.current().files}
    assert {name: copy[name] for name in named} == {name: own[name] for name in named}
    assert any(name.startswith("values/") for name in named) and any(name.startswith("outlines/") for name in named)
    ours, theirs = open_current(office.own), open_current(office.replica)
    question = "SELECT * FROM commune_month ORDER BY ALL"
    assert ours.query(question).equals(theirs.query(question))
    manifest = (office.replica.outline_directory / "manifest.json").read_text("utf-8")
    assert json.loads(manifest) == json.loads((office.own.outline_directory / "manifest.json").read_text("utf-8"))


def count_files(bundle: Bundle) -> dict[str, int]:
    return {"files": len(bundle.files), "bytes": sum(file.size for file in bundle.files)}


def test_what_is_there_already_goes_once(office: Office):
    office.push()
    before = {path: path.stat().st_mtime_ns for path in office.place.rglob("*.duckdb")}
    office.push()
    assert {path: path.stat().st_mtime_ns for path in office.place.rglob("*.duckdb")} == before
    office.pull()
    office.publish(1)
    office.push()
    pulled = office.pull()
    assert pulled.switched and 1 <= pulled.files < len(office.current().files)


def test_the_pointer_of_the_place_is_written_after_every_file_it_names(office: Office, monkeypatch: pytest.MonkeyPatch):
    written: list[str] = []
    put, put_bytes = Remote.put, Remote.put_bytes
    monkeypatch.setattr(Remote, "put", lambda self, file, path: (written.append(path), put(self, file, path))[1])
    monkeypatch.setattr(
        Remote, "put_bytes", lambda self, content, path: (written.append(path), put_bytes(self, content, path))[1]
    )
    office.push()
    assert written[-1] == "current.json" and len(written) == len(office.current().files) + 2


def test_a_push_that_is_stopped_half_way_changes_nothing_for_replicas(office: Office, monkeypatch: pytest.MonkeyPatch):
    first = office.push()
    office.pull()
    office.publish(1)

    def stop(file: BundleFile, done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.push(on_file=stop)
    assert not office.pull().switched and open_current(office.replica).snapshot_id == first
    assert office.push() != first and office.pull().switched


def test_a_rollback_that_is_pushed_reaches_the_replica_without_fetching(office: Office):
    older = office.push()
    office.pull()
    office.publish(1)
    office.push()
    office.pull()
    run_rollback(office.own, VI, older)
    assert office.push() == older
    pulled = office.pull()
    assert (pulled.snapshot_id, pulled.files) == (older, 0)
    assert open_current(office.replica).snapshot_id == older


def test_what_was_fetched_may_wait_until_its_screens_are_drawn(office: Office):
    older = office.push()
    assert office.pull(hold=True).switched, "nobody waits where there is nothing yet"
    held = dataclasses.replace(office.replica, is_held=True)
    office.publish(1)
    newer = office.push()
    waiting = office.pull(hold=True)
    assert (waiting.snapshot_id, waiting.switched) == (newer, False) and waiting.files
    assert open_current(office.replica).snapshot_id == older and open_current(held).snapshot_id == newer
    assert not office.pull(hold=True).switched and open_current(office.replica).snapshot_id == older
    assert office.pull().switched and open_current(office.replica).snapshot_id == newer
    assert not held.pointer_file.exists()
    run_rollback(office.own, VI, older)
    office.push()
    office.pull(hold=True)
    office.publish(0)
    newest = office.push()
    assert office.pull().snapshot_id == newest == open_current(office.replica).snapshot_id
    assert not held.pointer_file.exists()


def test_outlines_change_without_a_new_snapshot_and_go_away_again(office: Office):
    snapshot_id = office.push()
    office.pull()
    lay_outlines(office.own, "bbbb")
    assert office.push() == snapshot_id
    pulled = office.pull()
    assert pulled.switched and pulled.files == 4
    assert "bbbb" in (office.replica.outline_directory / "manifest.json").read_text("utf-8")
    assert (office.replica.outline_directory / "2019-10.commune.aaaa.arc.gz").exists()  # open pages still ask for it
    (office.own.outline_directory / "manifest.json").unlink()
    office.push()
    office.pull()
    assert not (office.replica.outline_directory / "manifest.json").exists()


def damage(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def lengthen(content: bytes) -> bytes:
    return content + b"x"


@pytest.mark.parametrize(("kind", "change"), [("snapshots", cut), ("values", flip), ("outlines", lengthen)])
def test_a_damaged_file_is_refused_and_everything_stays(office: Office, kind: str, change: Callable[[bytes], bytes]):
    office.push()
    office.pull()
    before = read_state(office.replica)
    office.publish(1)
    lay_outlines(office.own, "cccc")
    office.push()
    new = next(file.path for file in office.current().files if file.path.startswith(kind) and file.path not in before)
    whole = (office.place / new).read_bytes()
    damage(office.place / new, change)
    with pytest.raises(SourceUnavailable) as refused:
        office.pull()
    assert refused.value.code == "SOURCE-DAMAGED" and refused.value.values["file"] == new
    assert no_less(before, read_state(office.replica))
    (office.place / new).write_bytes(whole)
    assert office.pull().switched
    assert open_current(office.replica).snapshot_id == office.current().pointer.id


def no_less(before: dict[str, bytes], after: dict[str, bytes]) -> bool:
    """Nothing that was in force has changed, and what came besides is whole files of the place, never pieces."""
    return all(after[name] == content for name, content in before.items()) and not any(
        "fetching" in name or "partial" in name for name in after
    )


def test_a_list_that_names_what_is_not_there_changes_nothing(office: Office):
    first = office.push()
    office.pull()
    office.publish(1)
    office.push()
    (office.place / "snapshots" / office.current().pointer.file).unlink()
    with pytest.raises(SourceUnavailable) as refused:
        office.pull()
    assert refused.value.code == "SOURCE-MISSING"
    assert open_current(office.replica).snapshot_id == first


def rewrite(office: Office, **fields: object) -> None:
    file = office.place / "current.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | fields), encoding="utf-8")


@pytest.mark.parametrize(
    "fields",
    [
        {"format": 2},
        {"snapshot": None},
        {"files": []},
        {"files": None},
        {"outlines": "all"},
        {"files": [{"path": "../../etc/cron.d/x", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"path": "snapshots/../run", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"path": "/etc/passwd", "size": 1, "sha256": "0" * 64}]},
        {"files": [{"path": "values/0123456789abcdef.bin.gz", "size": -1, "sha256": "0" * 64}]},
        {"files": [{"path": "values/0123456789abcdef.bin.gz", "size": 1, "sha256": "no sum"}]},
    ],
)
def test_a_list_that_is_none_of_ours_is_refused(settled: Office, fields: dict[str, object]):
    before, right = read_state(settled.replica), (settled.place / "current.json").read_bytes()
    rewrite(settled, **fields)
    with pytest.raises(SourceUnavailable) as refused:
        settled.pull()
    assert refused.value.code == "SOURCE-POINTER"
    assert read_state(settled.replica) == before
    (settled.place / "current.json").write_bytes(right)
    assert not settled.pull().switched


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"<html>502</html>"])
def test_whatever_stands_in_the_place_of_the_list_changes_nothing(settled: Office, content: bytes):
    before, right = read_state(settled.replica), (settled.place / "current.json").read_bytes()
    (settled.place / "current.json").write_bytes(content)
    with pytest.raises(SourceUnavailable):
        settled.pull()
    assert read_state(settled.replica) == before
    (settled.place / "current.json").write_bytes(right)
    assert not settled.pull().switched


def test_a_list_without_end_is_not_read_to_its_end(office: Office):
    office.push()
    (office.place / "current.json").write_bytes(b" " * 3_000_000)
    with pytest.raises(SourceUnavailable) as refused:
        office.pull()
    assert refused.value.code == "SOURCE-TOO-LARGE"


def test_a_snapshot_of_a_newer_schema_is_not_even_fetched(office: Office):
    office.push()
    rewrite(office, snapshot=dataclasses.asdict(office.current().pointer) | {"schema_version": 99})
    with pytest.raises(UserError) as refused:
        office.pull()
    assert refused.value.code == "STORE-SCHEMA"
    assert not list(office.replica.snapshot_directory.glob("*.duckdb"))


def test_a_whole_file_that_is_no_snapshot_of_ours_is_not_put_in_force(office: Office):
    first = office.push()
    office.pull()
    foreign = office.place / "snapshots" / "0123456789abcdef.duckdb"
    foreign.write_bytes(b"not a store" * 1000)
    pointer = Pointer("0123456789abcdef", foreign.name, hash_file(foreign), 3, "2030-01-01T00:00:00+00:00")
    entry = {"path": f"snapshots/{foreign.name}", "size": foreign.stat().st_size, "sha256": pointer.sha256}
    rewrite(office, snapshot=dataclasses.asdict(pointer), files=[entry])
    with pytest.raises(UserError) as refused:
        office.pull()
    assert refused.value.code == "STORE-DAMAGED"
    assert open_current(office.replica).snapshot_id == first
    assert open_current(office.replica).fallback_from is None


def test_a_replica_that_was_damaged_is_mended_from_the_source(office: Office):
    office.push()
    office.pull()
    before = read_state(office.replica)
    for file in office.current().files[:2]:
        damage(office.replica.var_directory / file.path, flip)
    assert not office.pull().switched  # sizes are right: only a check finds it
    assert office.pull(check=True).files == 2
    assert read_state(office.replica) == before


def test_old_snapshots_leave_the_place_and_the_replica(office: Office):
    ids = [office.push(keep=2)]
    office.pull()
    for people in (1, 2, 3):
        office.publish(people)
        ids.append(office.push(keep=2))
        office.pull()
    assert {path.stem for path in (office.place / "snapshots").iterdir()} == set(ids[-2:])
    assert len(list((office.place / "bundles").iterdir())) == 2
    assert {pointer.id for pointer in list_snapshots(office.replica.snapshot_directory)} == set(ids[-3:])
    assert {path.stem for path in office.replica.snapshot_directory.glob("*.duckdb")} == set(ids[-3:])
    named = {file.path for file in office.current().files}
    assert all((office.place / name).is_file() for name in named)
    assert all((office.replica.var_directory / name).is_file() for name in named)


def test_nothing_is_removed_at_the_place_while_a_list_cannot_be_read(office: Office):
    office.push(keep=1)
    (office.place / "bundles" / "20990101000000-0000000000000000.json").write_text("{")
    office.publish(1)
    office.push(keep=2)
    assert len(list((office.place / "snapshots").iterdir())) == 2


def test_a_store_of_ones_own_is_never_taken_for_a_replica(office: Office):
    office.push()
    wrong = Settings(var_directory=office.own.var_directory, source_url=str(office.place))
    before = read_state(office.own)
    with pytest.raises(UserError) as refused:
        pull(wrong)
    assert refused.value.code == "REPLICA-OWN-STORE"
    assert read_state(office.own) == before


def test_a_replica_makes_no_snapshots(office: Office):
    office.push()
    office.pull()
    for write in (
        lambda: publish_received(office.replica, "2020-11", INSURED),
        lambda: run_release(office.replica, VI, "2020-12"),
    ):
        with pytest.raises(UserError) as refused:
            write()
        assert refused.value.code == "STORE-REPLICA"


def test_a_replica_takes_no_outlines_of_its_own(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("geo.__main__.get_settings", lambda: office.replica)
    request = ["--boundary-set", "2019-10", "--level", "commune", "--licence", "MIT"]
    assert geo_main(["import", str(tmp_path / "xa.gpkg"), *request]) == 2
    assert "bản sao" in capsys.readouterr().err and not office.replica.outline_directory.exists()


def test_a_full_disk_leaves_what_was_in_force(office: Office, monkeypatch: pytest.MonkeyPatch):
    first = office.push()
    office.pull()
    office.publish(1)
    office.push()

    def fill(self: Remote, path: str, into: Path, size: int, sha256: str) -> None:
        into.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(UserError) as refused:
        patched.setattr(Remote, "fetch", fill)
        office.pull()
    assert refused.value.code == "REPLICA-NO-PLACE" and open_current(office.replica).snapshot_id == first
    assert office.pull().switched
    assert not [name for name in read_state(office.replica) if "fetching" in name]


def test_the_commands_say_what_they_did(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    def run(settings: Settings, *arguments: str) -> int:
        monkeypatch.setattr(snapshot, "get_settings", lambda: settings)
        return snapshot.main(list(arguments))

    assert run(office.own, "push", str(office.place)) == 0
    assert "Đã đưa bản số liệu" in capsys.readouterr().out
    assert run(office.own, "push", str(office.place)) == 0
    assert "chép 0 tệp" in capsys.readouterr().out
    assert run(office.replica, "pull") == 0
    assert "Đã lấy về và dùng bản số liệu" in capsys.readouterr().out
    office.publish(1)
    office.push()
    capsys.readouterr()
    assert run(office.replica, "pull", "--hold") == 0
    assert "chưa đưa vào dùng" in capsys.readouterr().out
    assert run(office.replica, "pull") == 0
    assert "Đã lấy về và dùng bản số liệu" in capsys.readouterr().out
    assert run(office.replica, "pull", "--check") == 0
    assert "Đang dùng đúng bản" in capsys.readouterr().out
    assert run(office.own, "pull") == 1
    assert "BAOPHU_SOURCE" in capsys.readouterr().err
    assert run(office.own, "push", "https://example.invalid/x") == 1
    assert "chỉ để đọc" in capsys.readouterr().err
    assert run(office.own, "push", "nonsense://x") == 1
    assert "nonsense" in capsys.readouterr().err


def test_a_snapshot_whose_map_file_is_damaged_is_not_pushed(office: Office):
    store = open_current(office.own)
    damage(office.own.value_directory / list_value_files(store)[0], cut)
    with pytest.raises(UserError) as refused:
        run_push(office.own, VI, str(office.place))
    assert refused.value.code == "STORE-FAULTY" and not office.place.exists()


def test_a_password_in_an_address_is_never_shown():
    assert hide_password("https://ten:bimat@kho.vn/a?token=1") == "https://…@kho.vn/a"
    assert Remote("https://ten:bimat@kho.vn/a").shown == "https://…@kho.vn/a"


def test_the_pointer_of_a_replica_is_that_of_the_office(office: Office):
    office.push()
    office.pull()
    assert parse_pointer(office.replica.pointer_file.read_text("utf-8")) == parse_pointer(
        office.own.pointer_file.read_text("utf-8")
    )
    assert run_pull(office.replica, VI) == 0
    get_settings.cache_clear()


def test_the_public_edition_travels_by_the_same_commands(
    public_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(public_settings.store_directory, tmp_path / "office" / "public")
    place = str(tmp_path / "place")
    monkeypatch.setattr(snapshot, "get_settings", lambda: Settings(var_directory=tmp_path / "office"))
    assert snapshot.main(["push", place, "--edition", "public"]) == 0
    replica = Settings(var_directory=tmp_path / "replica", edition="public", source_url=place)
    monkeypatch.setattr(snapshot, "get_settings", lambda: replica)
    assert snapshot.main(["pull"]) == 0
    store, sent = open_current(replica), open_current(public_settings)
    assert (store.snapshot_id, store.edition) == (sent.snapshot_id, "public")
    store.close()
    sent.close()
