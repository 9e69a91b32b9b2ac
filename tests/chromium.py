"""Which Chromium the tests drive: the shell without a window where there is one (the same engine in two thirds of the processor
time), else the whole browser."""

import shutil

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")


def find_chromium() -> str:
    """Its path; the test fails, and says what to install, where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    pytest.fail(
        "This test needs Chromium, and there is none. Install it: sudo apt-get install chromium-headless-shell",
        pytrace=False,
    )
