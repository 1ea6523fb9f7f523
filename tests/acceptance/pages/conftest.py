"""The browser of these tests: needed where CI says so, otherwise used if it is there."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.acceptance.pages.browser import Tab, Wire, browser, program, tab

REQUIRED = os.environ.get("CI") == "true" or os.environ.get("PUSHCTL_PAGES") == "1"
"""Read before the tests clean the environment."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Wire]:
    path = program()
    if path is None:
        reason = "there is no Chromium here; PUSHCTL_PAGES=1 makes that a failure"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    with browser(path) as wire:
        yield wire


@pytest.fixture
def screen(chromium: Wire) -> Tab:
    """A fresh tab of the size of a small phone."""
    opened = tab(chromium)
    opened.size(360, 780)
    return opened
