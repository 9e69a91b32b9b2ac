"""What nginx answers by itself: the same security headers and the same plain pages as the app's.

A command of its own (`python -m deploy.answers FOLDER`), since it imports the app's rooms: who only watches processes need
not hold them in memory.
"""

from __future__ import annotations

import sys
from pathlib import Path

from data.atomic import write_atomically
from text.words import Words
from ui.error_pages import error_page
from ui.security import security_headers

# By file: the status whose page it is, and the sentence that is said instead of the usual one.
PAGES = {"busy": (503, "server.crowded"), "not_found": (404, "")}


def header_lines() -> str:
    """The app's security headers as nginx writes them; for answers that the app has no part in."""
    lines = [f'add_header {name} "{value}" always;' for name, value in security_headers().items()]
    return "# Written by deploy/answers.py from ui/security.py.\n" + "\n".join(lines) + "\n"


def write_answers(into: Path) -> None:
    """headers.conf and the pages."""
    (into / "pages").mkdir(parents=True, exist_ok=True)
    write_atomically(into / "headers.conf", header_lines())
    words = Words("vi")
    for name, (status, key) in PAGES.items():
        body = bytes(error_page(status, "vi", words.say(key) if key else "").body).decode("utf-8")
        write_atomically(into / "pages" / f"{name}.html", body)


if __name__ == "__main__":
    write_answers(Path(sys.argv[1]))
