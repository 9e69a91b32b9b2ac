"""The page that checks a file before it is sent, block by block; the checking is ui/check_file.py."""

from __future__ import annotations

import hashlib
from datetime import datetime

import streamlit as st

from data.settings import get_settings
from ui import parts
from ui.check_file import SECONDS, CheckedFile, check_dropped
from ui.documents.templates import list_templates
from ui.drop_file import LARGEST, draw_drop
from ui.frame import Frame
from ui.loading_help import SHELF
from ui.operators import split_sentences
from ui.takeaway import bar
from ui.takeaway.offers import WORKBOOK

KINDS = ".xlsx,.xls,.csv"
KEPT, COUNTED = "checked_file", "checked_files"
SHOWN_FINDINGS = 200
REFUSED = 2
MEGABYTE = 1_000_000


def is_open(page: Frame) -> bool:
    """Whether this edition has the page; the public one says that it has not."""
    if get_settings().edition == "internal":
        return True
    parts.empty(page.words.say("check.public"))
    return False


def draw_drop_place(page: Frame) -> None:
    """Title, what happens to a file, and the place to drop it."""
    words = page.words
    may_submit = get_settings().dropbox_allowed
    parts.headline(words.say("check.title"))
    parts.prose(words.say("check.lead_dropbox" if may_submit else "check.lead"))
    most = page.formats.count(LARGEST // MEGABYTE)

    def dropped() -> None:
        if found := page.read_trigger("drop", "dropped"):
            page.keep(KEPT, check_dropped(dict(found)))
            page.keep(COUNTED, (page.kept(COUNTED) or 0) + 1)

    said = (words.say("check.drop"), words.say("check.drop_hint", most=most), words.say("check.busy"))
    draw_drop("drop", said, KINDS, page.kept(COUNTED) or 0, dropped)


def draw_templates(page: Frame) -> None:
    """Every empty workbook: its name, what it is for, and the link to it."""
    words = page.words
    parts.section(words.say("check.templates_title"), "mau")
    parts.prose(words.say("check.templates_note"))
    items = ""
    for name in list_templates():
        what = words.say(f"takeaway.what.{SHELF}_{name}")
        taken = bar.link(page, SHELF, name, *WORKBOOK, what)
        title, purpose = parts.escape(words.say(f"check.template.{name}")), parts.escape(words.say(f"check.use.{name}"))
        items += f"<li><b>{title}</b> {taken}<br>{purpose}</li>"
    label = parts.escape(words.say("check.templates_title"))
    parts.markup(f'<nav class="bp-take bp-prose" aria-label="{label}"><ul>{items}</ul></nav>')


def last_checked(page: Frame) -> CheckedFile | None:
    """The file checked last in this session; its problem is said where the check did not come to an end."""
    checked: CheckedFile | None = page.kept(KEPT)
    if checked is None or not checked.problem:
        return checked
    most, seconds = page.formats.count(LARGEST // MEGABYTE), page.formats.count(SECONDS)
    said = page.words.say(checked.problem, name=parts.escape(checked.name), most=most, seconds=seconds)
    parts.banner(said, words=page.words, kind="error")
    return None


def is_known(checked: CheckedFile) -> bool:
    """Whether the very same file was loaded before: then nothing in it was looked at anew."""
    return [file["outcome"] for file in checked.report["files"]] == ["already_loaded"]


def draw_result(page: Frame, checked: CheckedFile) -> None:
    """One sentence, and below it what the command says of each part of the file, without what only an operator can do."""
    outcome = "known" if is_known(checked) else checked.status
    parts.section(page.words.say(f"check.result_{outcome}", name=checked.name))
    said = [split_sentences(sentence)[0] or sentence for sentence in checked.report["sentences"]]
    parts.bullets(said)


def draw_findings(page: Frame, checked: CheckedFile) -> None:
    """Every cell that needs a look: where, what stands there, why, and what to do."""
    words, findings = page.words, checked.report["findings"]
    if is_known(checked) or (checked.status == REFUSED and not findings):
        return  # the sentence above says it all
    parts.section(words.say("check.findings_title"))
    if not findings:
        parts.prose(words.say("check.findings_none"))
        return
    rows = [
        [finding[part] for part in ("sheet", "cell", "value", "reason", "what_to_do", "severity")]
        for finding in findings[:SHOWN_FINDINGS]
    ]
    parts.plain_table(list(words.section("check.findings_head").values()), rows, is_stacked=True)
    if len(findings) > len(rows):
        shown, whole = page.formats.count(len(rows)), page.formats.count(len(findings))
        parts.prose(words.say("check.findings_first", shown=shown, rows=whole))


def draw_downloads(page: Frame, checked: CheckedFile) -> None:
    """The same report as a workbook; and, where the operator allows it, handing the file in."""
    words = page.words
    if is_known(checked):
        return
    with st.container(horizontal=True):
        st.download_button(
            words.say("check.download"), checked.workbook, file_name=f"kiem_tra_{checked.name}.xlsx", on_click="ignore"
        )
        if get_settings().dropbox_allowed and checked.status != REFUSED and st.button(words.say("check.submit")):
            submit_file(checked)
            time = page.formats.time(datetime.now())
            parts.banner(words.say("check.submitted", name=parts.escape(checked.name), time=time), words=words)


def submit_file(checked: CheckedFile) -> None:
    """Put the file into the inbox folder under its hash and name; whole or not at all, and twice is once."""
    inbox = get_settings().inbox_directory
    inbox.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(checked.content).hexdigest()[:12]
    part = inbox / f".{mark}.partial"
    part.write_bytes(checked.content)
    part.replace(inbox / f"{mark}_{checked.name}")
