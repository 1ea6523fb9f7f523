"""Which edition of the time zone data is used, and what is no zone.

The choice is one for a whole process, so these are processes; they import nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import tzdata

ZONES = Path(sysconfig.get_path("purelib")) / "tzdata" / "zoneinfo"
PROGRAM = """
import datetime, json, sys
from zoneinfo import ZoneInfo
ZoneInfo("Europe/Berlin")  # somebody was faster
from pushctl.time_zones import edition, zone
at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
refused = []
for name in sys.argv[1:]:
    try:
        zone(name)
    except (KeyError, ValueError, OSError):
        refused.append(name)
hours = at.astimezone(zone("Europe/Berlin")).utcoffset().total_seconds() / 3600
print(json.dumps([*edition(), hours, refused]))
"""
OLDER, NEWER = "# version 2025b\n", "# version 2999c\n"
HERE, PACKAGE = 9, 1
"""Hours ahead of UTC that Berlin is in the folders of these tests, and really."""


def folder(path: Path, **files: str) -> Path:
    """Make the zone data of a machine, on which it is Tokyo's time in Berlin."""
    tokyo = (ZONES / "Asia" / "Tokyo").read_bytes()
    for name in ("Europe/Berlin", "localtime", "posixrules", "Factory", "posix/UTC", "right/UTC"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(tokyo)
    for name, text in {"zone.tab": "text", **files}.items():
        (path / name).write_bytes(text.encode())
    return path


def seen(*folders: Path, names: tuple[str, ...] = ()) -> tuple[Any, ...]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        env={**os.environ, "PYTHONTZPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("files", "edition"),
    [
        ({"tzdata.zi": OLDER}, None),
        ({"tzdata.zi": NEWER}, "2999c"),
        ({"+VERSION": "2999za\n"}, "2999za"),
        ({"version": "2999a"}, "2999a"),
        ({"tzdata.zi": "# version 2999b-12-gabc\n"}, "2999b"),
        ({"tzdata.zi": f"# version {tzdata.IANA_VERSION}\n"}, None),
        ({"tzdata.zi": "\xff\x00"}, None),
        ({}, None),
    ],
)
def test_the_newer_edition_is_used(
    files: dict[str, str], edition: str | None, tmp_path: Path
) -> None:
    here = folder(tmp_path, **files)
    chosen, place, hours, _ = seen(here)
    if edition is None:
        assert (chosen, place, hours) == (tzdata.IANA_VERSION, "the package tzdata", PACKAGE)
    else:
        assert (chosen, place, hours) == (edition, str(here), HERE)


def test_of_several_folders_the_newest_is_used(tmp_path: Path) -> None:
    first = folder(tmp_path / "first", **{"tzdata.zi": OLDER})
    second = folder(tmp_path / "second", **{"tzdata.zi": "# version 2998a\n"})
    third = folder(tmp_path / "third", **{"tzdata.zi": NEWER})
    (third / "Europe" / "Berlin").write_bytes((ZONES / "UTC").read_bytes())
    assert seen(first, second, third)[:3] == ("2999c", str(third), 0)


def test_what_stands_among_the_zones_and_is_none_is_refused(tmp_path: Path) -> None:
    here = folder(tmp_path, **{"tzdata.zi": NEWER})
    none = (
        *("localtime", "LOCALTIME", "posixrules", "Factory", "FACTORY", "posix/UTC", "right/UTC"),
        *("tzdata.zi", "zone.tab", "Europe", "europe/berlin", "", ".", "../x", "\x01"),
        *(str(here / "Europe" / "Berlin"), "Asia" + "/S" * 5000),
    )
    assert seen(here, names=(*none, "Europe/Berlin", "Asia/Tokyo", "UTC"))[3] == list(none)
