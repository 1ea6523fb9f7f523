"""Wall-clock times of instants, and windows of the day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pushctl.lint.context import project
from pushctl.lint.wall_times import daily_window, wall_times
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.unit.lint.manifests import APP, HEAD, NOW

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("begin", "end", "within", "outside"),
    [
        ("09:00", "18:00", ["09:00:00", "17:59:59"], ["08:59:59", "18:00:00"]),
        ("22:00", "08:00", ["22:00:00", "00:00:00", "07:59:59"], ["08:00:00", "21:59:59"]),
        ("09:00", "09:00", [], ["09:00:00", "08:59:59", "00:00:00"]),
    ],
)
def test_a_window_has_its_beginning_and_not_its_end(
    begin: str, end: str, within: list[str], outside: list[str]
) -> None:
    window = daily_window(dt.time.fromisoformat(begin), dt.time.fromisoformat(end))
    for clock, expected in [*((item, True) for item in within), *((x, False) for x in outside)]:
        time = dt.time.fromisoformat(clock)
        second = time.hour * 3600 + time.minute * 60 + time.second
        assert window.contains(second) is expected, clock


def test_the_next_beginning_may_be_tomorrow() -> None:
    window = daily_window(dt.time(22), dt.time(8, 0, 5))
    assert (window.seconds_until(21 * 3600), window.seconds_until(23 * 3600)) == (3600, 23 * 3600)
    assert window.seconds_until(22 * 3600) == 0
    assert str(window) == "22:00 to 08:00:05"


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("first", ["2026-12-02T12:00+01:00", "2027-03-27T23:30+01:00"])
def test_clocks_are_those_of_the_zone_at_each_instant(
    first: str, count: int, tmp_path: Path
) -> None:
    """The second one begins after what checks look ahead to, around a change of the clocks."""
    (tmp_path / "pushctl.yaml").write_text(f"{HEAD}{APP}pushes: {{}}\n")
    reading = read_manifest(tmp_path)
    made = project(reading, compile_manifest(reading, now=NOW), now=NOW)
    assert made is not None
    begin = int(dt.datetime.fromisoformat(first).timestamp())
    instants = [begin + at * 7200 for at in range(count)]
    shown = [dt.datetime.fromtimestamp(at, BERLIN).replace(tzinfo=dt.UTC) for at in instants]
    expected = [int(moment.timestamp()) for moment in shown]
    assert list(wall_times(instants, BERLIN, made.context)) == expected
