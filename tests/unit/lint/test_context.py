"""Which deliveries are looked at: enough to know before people get them, and never too many."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only


@pytest.mark.parametrize(
    ("schedule", "first"),
    [
        ("every: day, at: '03:00', from: 2026-12-02", "Wed 2 Dec 2026 03:00"),
        ("every: day, at: '03:00', from: 2027-01-04", "Mon 4 Jan 2027 03:00"),
        ("every: day, at: '03:00', from: 2027-01-10", "Sun 10 Jan 2027 03:00"),
        ("every: day, at: '03:00', from: 2027-05-29", "Sat 29 May 2027 03:00"),
        ("rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=14, at: '03:00'", "Sun 14 Feb 2027 03:00"),
        ("every: day, at: '03:00', from: 2027-06-05", None),  # the service takes it later
    ],
)
def test_a_night_far_off_is_a_night(schedule: str, first: str | None, tmp_path: Path) -> None:
    items = only(found(tmp_path, manifest(entry("sale", schedule, marketing=True))), "PSH401")
    assert [first in item.detail for item in items if first] == [True] * (first is not None)
    assert bool(items) is (first is not None)


def test_what_begins_in_weeks_is_looked_at_for_weeks(tmp_path: Path) -> None:
    """16:30 in Berlin is 23:30 in China until the clocks change, on 28 March."""
    schedule = "every: day, at: '16:30', timezone: Europe/Berlin, from: 2027-03-10"
    operational = "    vendors: {vivo: {class: operational}}\n"
    item = one(found(tmp_path, manifest(entry("news", schedule, more=operational))), "PSH403")
    assert "Wed 10 Mar 2027 23:30" in item.detail
    assert "17 more of its deliveries" in item.detail


def test_two_that_begin_in_weeks_meet(tmp_path: Path) -> None:
    both = (
        entry("one", "every: day, at: '10:00', from: 2027-01-10"),
        entry("other", "every: day, at: '10:30', from: 2027-01-10"),
    )
    item = one(found(tmp_path, manifest(*both)), "PSH501")
    assert "first on Sun 10 Jan 2027 10:00" in item.detail


def test_a_freeze_without_an_end_counts_only_what_is_near(tmp_path: Path) -> None:
    freeze = "policy: {freezes: [{from: 2026-12-24, until: 9999-12-31, reason: over}]}\n"
    text = manifest(entry("push", "every: day, at: '10:00'"), head=freeze)
    begin = time.process_time()
    item = one(found(tmp_path, text), "PSH213")
    assert time.process_time() - begin < 5
    assert "Thu 24 Dec 2026 10:00" in item.detail
    assert "34 more of its deliveries" in item.detail


def test_what_comes_often_is_looked_at_for_a_week(tmp_path: Path) -> None:
    clocks = ", ".join(f"'{hour:02d}:{minute:02d}'" for hour in range(24) for minute in (0, 20, 40))
    text = manifest(entry("push", f"every: day, at: [{clocks}]", marketing=True))
    item = one(found(tmp_path, text), "PSH401")
    assert f"{7 * 10 * 3 - 1} more of its deliveries" in item.detail


def test_the_end_of_what_comes_often_is_seen(tmp_path: Path) -> None:
    clocks = ", ".join(f"'{hour:02d}:{minute:02d}'" for hour in range(24) for minute in (0, 20, 40))
    schedule = f"every: day, at: [{clocks}], from: 2026-06-01, until: 2026-12-%s"
    for last, told in (("12", True), ("16", False)):
        text = manifest(entry("push", schedule % last))
        items = only(found(tmp_path, text, recorded=frozenset({"push"})), "PSH210")
        assert bool(items) is told
        assert not told or "Sat 12 Dec 2026 23:40" in items[0].detail
