"""Which edition of the time zone data is used, and what is no zone.

The choice is one for a whole process, so it is made in another one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import tzdata

from pushctl import time_zones

ZONES = Path(sysconfig.get_path("purelib")) / "tzdata" / "zoneinfo"
PROGRAM = """
import datetime, json, sys, zoneinfo
from pushctl import time_zones

def refused(name):
    try:
        time_zones.zone(name)
    except (KeyError, ValueError, OSError):
        return True

at, found = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), []
for folders, names in json.loads(sys.argv[1]):
    zoneinfo.reset_tzpath(folders)
    for item in (time_zones.edition, time_zones.names, time_zones.zone):
        item.cache_clear()
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.ZoneInfo("Europe/Berlin")  # somebody was faster
    chosen = time_zones.edition()
    hours = at.astimezone(time_zones.zone("Europe/Berlin")).utcoffset().total_seconds() / 3600
    found.append([*chosen, hours, [name for name in names if refused(name)]])
print(json.dumps(found))
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


def seen(*cases: tuple[list[Path], list[str]]) -> list[list[Any]]:
    """Return what is chosen on machines with some folders, and which names are refused there."""
    asked = [([str(path) for path in folders], names) for folders, names in cases]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(asked)],
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


def test_the_newer_edition_is_used(tmp_path: Path) -> None:
    cases: list[tuple[dict[str, str], str | None]] = [
        ({"tzdata.zi": OLDER}, None),
        ({"tzdata.zi": NEWER}, "2999c"),
        ({"+VERSION": "2999za\n"}, "2999za"),
        ({"version": "2999a"}, "2999a"),
        ({"tzdata.zi": "# version 2999b-12-gabc\n"}, "2999b"),
        ({"tzdata.zi": f"# version {tzdata.IANA_VERSION}\n"}, None),
        ({"tzdata.zi": "\xff\x00"}, None),
        ({}, None),
    ]
    folders = [folder(tmp_path / str(at), **files) for at, (files, _) in enumerate(cases)]
    found = seen(*(([here], []) for here in folders))
    assert [tuple(item[:3]) for item in found] == [
        (tzdata.IANA_VERSION, "the package tzdata", PACKAGE)
        if edition is None
        else (edition, str(here), HERE)
        for here, (_, edition) in zip(folders, cases, strict=True)
    ]


def test_of_several_folders_the_newest_is_used(tmp_path: Path) -> None:
    first = folder(tmp_path / "first", **{"tzdata.zi": OLDER})
    second = folder(tmp_path / "second", **{"tzdata.zi": "# version 2998a\n"})
    third = folder(tmp_path / "third", **{"tzdata.zi": NEWER})
    (third / "Europe" / "Berlin").write_bytes((ZONES / "UTC").read_bytes())
    (found,) = seen(([first, second, third], []))
    assert found[:3] == ["2999c", str(third), 0]


def test_what_stands_among_the_zones_and_is_none_is_refused(tmp_path: Path) -> None:
    here = folder(tmp_path, **{"tzdata.zi": NEWER})
    none = [
        *("localtime", "LOCALTIME", "posixrules", "Factory", "FACTORY", "posix/UTC", "right/UTC"),
        *("tzdata.zi", "zone.tab", "Europe", "europe/berlin", "", ".", "../x", "\x01"),
        *(str(here / "Europe" / "Berlin"), "Asia" + "/S" * 5000),
    ]
    (found,) = seen(([here], [*none, "Europe/Berlin", "Asia/Tokyo", "UTC"]))
    assert found[3] == none


def test_a_disk_that_knows_no_case_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    time_zones.edition()
    monkeypatch.setattr(time_zones.zoneinfo, "ZoneInfo", str)
    assert time_zones.zone.__wrapped__("Asia/Tokyo") == "Asia/Tokyo"
    with pytest.raises(KeyError):
        time_zones.zone.__wrapped__("asia/tokyo")
