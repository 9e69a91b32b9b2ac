"""The map component: what Python sends, what gets installed, and the pixels that the shipped outlines give."""

import json
import re
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from charts.coverage_map import wheel_backend
from charts.coverage_map.message import pack_message
from geo.outlines import CRS, STEP
from geo.units import SETS_DIR, map_order

ROOT = Path(__file__).parents[1]
COMPONENT = ROOT / "charts" / "coverage_map"
needs_node = pytest.mark.usefixtures("node")


@pytest.fixture(scope="session")
def node() -> str:
    """Where node is; a machine without it fails, since what it runs is half of the map."""
    return shutil.which("node") or pytest.fail("node is not installed: sudo apt-get install nodejs", pytrace=False)


@pytest.fixture
def header() -> dict:
    """The example of the component's README: it must stay a working one."""
    return json.loads(re.search(r"```json\n(.*?)```", (COMPONENT / "README.md").read_text("utf-8"), re.S)[1])


def test_a_message_is_length_then_json_then_one_byte_per_unit(header):
    classes = np.array([0, 6, 255], dtype=np.uint8)
    message = pack_message(header, classes)
    (length,) = struct.unpack_from("<I", message)
    assert json.loads(message[4 : 4 + length]) == header
    assert message[4 + length :] == bytes([0, 6, 255])


def test_names_travel_as_utf8_and_not_as_escapes(header):
    assert "Bản đồ".encode() in pack_message(header, np.zeros(1, np.uint8))


def test_a_change_of_period_stays_within_25_kilobytes(header):
    header["uncounted"] = list(range(11_160, 11_164))
    assert len(pack_message(header, np.zeros(11_164, np.uint8))) <= 25_000


@pytest.mark.parametrize("key", ["outlines", "order_hash", "words", "legend"])
def test_a_header_without_a_needed_key_is_refused(header, key):
    del header[key]
    with pytest.raises(ValueError, match=key):
        pack_message(header, np.zeros(3, np.uint8))


def test_classes_that_are_not_one_row_of_bytes_are_refused(header):
    with pytest.raises(ValueError, match="int64"):
        pack_message(header, np.zeros(3, np.int64))
    with pytest.raises(ValueError, match="2 dimensions"):
        pack_message(header, np.zeros((3, 1), np.uint8))


def test_a_class_without_legend_entry_is_refused_because_its_units_would_vanish(header):
    with pytest.raises(ValueError, match="no entry for class 7"):
        pack_message(header, np.array([0, 7], np.uint8))


def test_an_unknown_legend_level_or_selected_unit_is_refused(header):
    for change, words in (({"legend": "other"}, "legend"), ({"level": "ward"}, "level"), ({"selected": 3}, "selected")):
        with pytest.raises(ValueError, match=words):
            pack_message(header | change, np.zeros(3, np.uint8))


def test_every_key_of_the_example_is_explained(header):
    readme = (COMPONENT / "README.md").read_text("utf-8")
    explained = set(re.findall(r"`(\w+)`", "\n".join(line for line in readme.splitlines() if line.startswith("| `"))))
    assert header.keys() <= explained


def test_every_word_that_the_map_says_is_in_the_example(header):
    asked = set()
    for path in (COMPONENT / "assets").glob("*.js"):
        asked |= set(re.findall(r"\bwords\.(\w+)", path.read_text("utf-8")))
    assert asked <= header["words"].keys()
    assert header["words"].keys() - asked == {"legend_classes", "legend_met"}, "a word that nobody says"


def test_the_wheel_holds_script_and_style_and_what_streamlit_looks_for(tmp_path):
    name = wheel_backend.build_wheel(str(tmp_path))
    with zipfile.ZipFile(tmp_path / name) as wheel:
        files = set(wheel.namelist())
        metadata = wheel.read("baophu_coverage_map-1.0.0.dist-info/METADATA").decode()
    names = {re.sub(r"\.[0-9a-f]{12}\.", ".", file) for file in files if "/assets/" in file}
    assert names == {f"baophu_coverage_map/assets/{name}" for name in ("index.js", "start.js", "map.css")}
    assert not names & files, "a name that does not say the content would be kept by browsers beyond an upgrade"
    assert "baophu_coverage_map/pyproject.toml" in files
    assert "streamlit" in metadata.lower(), "Streamlit only looks into distributions that name it"
    assert not any(file.startswith("charts/") for file in files)


def test_the_same_sources_give_the_same_wheel(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = (tmp_path / part / wheel_backend.build_wheel(str(tmp_path / part)) for part in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_a_changed_source_has_another_name(tmp_path, monkeypatch):
    before = set(wheel_backend.list_assets())
    shutil.copytree(COMPONENT / "assets", tmp_path / "assets")
    (tmp_path / "assets" / "values.js").open("a").write("// more\n")
    monkeypatch.setattr(wheel_backend, "HERE", tmp_path)
    after = set(wheel_backend.list_assets())
    assert {name.split(".")[0] for name in before ^ after} == {"index"} and len(after) == len(before)


@needs_node
def test_the_script_of_each_host_is_one_valid_module_that_fetches_no_other(tmp_path):
    """`index.js` is Streamlit's side, `start.js` starts it, `alone.js` is that of a page without a server."""
    joined = set()
    for entry, exports in (("index.js", 1), ("start.js", 0), ("alone.js", 0)):
        script = wheel_backend.bundle_modules(COMPONENT / "assets", entry)
        assert not re.search(r"^import ", script, re.M)
        assert (
            len(re.findall(r"^export default .*", script, re.M))
            == len(re.findall(r"^export .*", script, re.M))
            == exports
        )
        joined |= set(re.findall(r"^// (\w+\.js)$", script, re.M))
        written = tmp_path / f"{entry}.mjs"
        written.write_text(script, encoding="utf-8")
        done = subprocess.run(["node", "--check", str(written)], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
    assert {path.name for path in (COMPONENT / "assets").glob("*.js")} == joined


def test_the_pure_modules_touch_no_page():
    for name in ("arcs.js", "core.js", "values.js", "layout.js", "circles.js"):
        code = re.sub(r"//.*|/\*[\s\S]*?\*/", "", (COMPONENT / "assets" / name).read_text("utf-8"))
        assert not re.search(r"\b(document|window|fetch|requestAnimationFrame)\b", code), name


@needs_node
def test_the_javascript_tests_pass():
    tests = sorted(map(str, (COMPONENT / "tests").glob("*.test.mjs")))
    done = subprocess.run(["node", "--test", *tests], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stdout[-4000:]


ASK_NODE = """
import fs from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeOutlines } from "./charts/coverage_map/assets/arcs.js";
import { fillScene, unitAt } from "./charts/coverage_map/assets/core.js";
const { file, places } = JSON.parse(fs.readFileSync(0));
const outlines = decodeOutlines(new Uint8Array(gunzipSync(fs.readFileSync(file))));
const [width, height] = [2400, 4600], scale = 1 / 10; // 400 m a pixel
const view = { x: -100, y: height / scale - 100, scale };
const cells = fillScene({ files: [outlines] }, new Uint16Array(width * height), width, height, view);
const found = places.map(([x, y]) => unitAt(cells, width, height, (x - view.x) * scale, (view.y - y) * scale));
console.log(JSON.stringify(found));
"""


@needs_node
@pytest.mark.parametrize("boundary_set", ["2019-10", "2025-07"])
def test_the_browser_finds_each_commune_where_its_outline_lies(boundary_set, tmp_path):
    """From GeoParquet to the pixel: places at least 1 km from any border, so no grid matters."""
    outlines = (
        gpd.read_parquet(SETS_DIR / boundary_set / "communes.parquet").to_crs(CRS).set_index("unit_code").geometry
    )
    codes = map_order(boundary_set, "commune")
    manifest = json.loads((ROOT / "static" / "outlines" / "manifest.json").read_text())[boundary_set]
    file = ROOT / "static" / "outlines" / manifest["commune"]
    shapes = outlines.reindex(codes).dropna()
    places = shapely.point_on_surface(shapes.to_numpy())
    deep = shapely.distance(places, shapely.boundary(shapes.to_numpy())) > 1000
    origin = np.floor(shapely.total_bounds(outlines.to_numpy())[:2] / 1000) * 1000
    xy = (shapely.get_coordinates(places[deep]) - origin) / STEP
    east = xy[:, 0] < 23_000
    script = tmp_path / "ask.mjs"
    script.write_text(ASK_NODE.replace("./charts", f"{ROOT.as_uri()}/charts"))
    asked = json.dumps({"file": str(file), "places": xy[east].tolist()})
    done = subprocess.run(["node", str(script)], input=asked, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = np.array(json.loads(done.stdout))
    expected = codes.get_indexer(shapes.index[deep][east])
    assert len(expected) > 1000
    assert (found == expected).all(), f"{(found != expected).sum()} of {len(expected)} communes lie elsewhere"


def test_two_maps_travel_in_one_message_and_the_second_says_only_what_differs(header):
    second = header | {"period": "2019-12", "boundary_set": "2025-01"}
    message = pack_message(header, np.array([0, 6], np.uint8), (second, np.array([255], np.uint8)))
    (length,) = struct.unpack_from("<I", message)
    told = json.loads(message[4 : 4 + length])
    assert told["second"] == {"period": "2019-12", "boundary_set": "2025-01"} and told["count"] == 2
    assert message[4 + length :] == bytes([0, 6, 255])


def test_two_maps_with_two_legends_are_refused(header):
    second = header | {"legends": {"classes": header["legends"]["classes"][:-1]}}
    with pytest.raises(ValueError, match="one legend"):
        pack_message(header, np.zeros(1, np.uint8), (second, np.zeros(1, np.uint8)))
    with pytest.raises(ValueError, match="no entry for class 7"):
        pack_message(header, np.zeros(1, np.uint8), (header, np.array([7], np.uint8)))
