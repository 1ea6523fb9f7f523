"""`version`: which pushctl this is, for people and for scripts."""

from __future__ import annotations

import platform
from pathlib import Path

import tzdata

from pushctl import __version__
from tests.acceptance.cli import Here


def test_the_version_for_people_and_for_scripts(tmp_path: Path) -> None:
    here = Here(tmp_path)
    assert (
        here.run("version").out == f"pushctl {__version__}\ntime zone data {tzdata.IANA_VERSION}\n"
    )
    assert here.run("version", "--json").json == {
        "pushctl_version": __version__,
        "python_version": platform.python_version(),
        "time_zone_data": tzdata.IANA_VERSION,
    }
