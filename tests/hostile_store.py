"""A store in which every name and text is an attack: what an office could write into a workbook, or a map file into its names.

Rows are changed in the file itself, past the loader, which would refuse some of them: the pages must hold by themselves.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb

from data.settings import PROJECT_ROOT, Settings
from data.store import hash_file, parse_pointer

MARK = "pwned"
PAYLOADS = (
    f"<script>window.{MARK}=1</script>",
    f'"><img src=x onerror="window.{MARK}=2">',
    f"'><svg onload=window.{MARK}=3>",
    f'" autofocus onfocus="window.{MARK}=4" x="',
    f"</table></div></section><iframe srcdoc='<script>parent.{MARK}=5</script>'></iframe>",
    f"</style><style>@import 'https://evil.example/{MARK}.css';*{{display:none}}</style>",
    f"</title></text></svg><script>window.{MARK}=6</script>",
    f"javascript:window.{MARK}=7",
    f"[bấm](javascript:window.{MARK}=8) ![ảnh](https://evil.example/{MARK}.png)",
    f'<a href="https://evil.example/{MARK}">bấm</a><b>đậm<br>',
    f"&lt;img src=x onerror=window.{MARK}=9&gt;",
    f"{{{{7*7}}}} ${{7*7}} {{name}} %s window.{MARK}=10",
    f"<!-- {MARK} --!> <![CDATA[ ]]> <?php {MARK} ?>",
    f'#eval("{MARK}") $x^2$ *đậm* _nghiêng_ @label <nhãn> \\ `{MARK}`',
    f":red[{MARK}] :material/delete: $\\href{{javascript:window.{MARK}=11}}{{x}}$",
    f'=HYPERLINK("https://evil.example/{MARK}","bấm")',
    f"+cmd|' /C calc'!{MARK}",
    f"-2+3+cmd|' /C {MARK}'!A0",
    f"@SUM(1+1)*{MARK}",
    f"\t=1+1 {MARK}",
    f"\r=1+1 {MARK}",
    f"\u202e\u2066gpj.{MARK}\u2069\u202c\x0b\x08\x1f",
)
TEXTS = {
    "unit": ("name", "short_name"),
    "region": ("name", "name_en"),
    "source": ("name", "sheet", "note"),
    "rejection": ("cell", "value", "message"),
    "load_audit": ("file_name", "loaded_by", "message"),
    "published_coverage": ("wording",),
    "published_commune_coverage": ("district", "commune", "wording"),
    "target": ("decision", "wording"),
    "ntm_recognition": ("decision", "note"),
    "custom_group": ("group_name", "note"),
    "plan_item": ("task", "in_charge", "note"),
    "plan_month": ("task", "in_charge", "note"),
    "activity": ("content", "in_charge", "result"),
    "initiative": ("holder", "title", "description", "recognised_by", "problem", "copied_to"),
    "award": ("recipient", "form", "decision"),
    "responsibility": ("content", "in_charge", "works_with", "note"),
    "ntm_progress": ("pct_wording", "note"),
}


def poison(settings: Settings) -> None:
    """Write the attacks into every row of the current snapshot of a store that is the caller's own, and into the map's names."""
    pointer = parse_pointer(settings.pointer_file.read_text("utf-8"))
    path = settings.snapshot_directory / pointer.file
    # Another id: answers are kept by it, and other tests of this process read the store that was copied.
    new_id = pointer.id[::-1]
    with duckdb.connect(str(path)) as store:
        store.execute("UPDATE meta SET value = ? WHERE key = 'snapshot_id'", [new_id])
        for table, columns in TEXTS.items():
            for at, column in enumerate(columns):
                # The old text stays behind the attack: names must go on being told apart.
                store.execute(
                    f"UPDATE {table} SET {column} = list_extract(?, 1 + ((rowid + {at}) % ?)::INT) || ' ' || {column} "
                    f"WHERE {column} IS NOT NULL",
                    [list(PAYLOADS), len(PAYLOADS)],
                )
    changed = replace(pointer, id=new_id, sha256=hash_file(path))
    settings.pointer_file.write_text(changed.to_json(), "utf-8")
    (settings.snapshot_directory / f"{pointer.id}.json").unlink()
    (settings.snapshot_directory / f"{changed.id}.json").write_text(changed.to_json(), "utf-8")
    poison_outlines(settings)


def poison_outlines(settings: Settings) -> None:
    """An import whose file of names holds the attacks; the outlines are the shipped ones."""
    shipped = PROJECT_ROOT / "static" / "outlines"
    folder = settings.store_directory / "outlines"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((shipped / "manifest.json").read_text("utf-8"))
    entry = manifest["2019-10"]
    names = json.loads(gzip.decompress((shipped / Path(entry["names"]).name).read_bytes()))
    for own in names.values():
        if isinstance(own, dict) and "names" in own:
            own["names"] = [f"{PAYLOADS[at % len(PAYLOADS)]} {name}" for at, name in enumerate(own["names"])]
    file = "2019-10.names.0123456789ab.json.gz"
    (folder / file).write_bytes(gzip.compress(json.dumps(names).encode(), mtime=0))
    source = {"source": {"attribution": PAYLOADS[1], "licence": PAYLOADS[2], "approximate": False, "rest": PAYLOADS[0]}}
    (folder / "manifest.json").write_text(json.dumps({"2019-10": entry | {"names": file} | source}), "utf-8")


def make_hostile(kept_settings: Settings, folder: Path) -> Settings:
    """A poisoned copy of a store in `folder`."""
    shutil.copytree(kept_settings.var_directory, folder, dirs_exist_ok=True)
    settings = replace(kept_settings, var_directory=folder)
    poison(settings)
    return settings


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)
