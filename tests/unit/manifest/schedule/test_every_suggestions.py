"""What people write for days, and what they are told to write instead."""

from __future__ import annotations

import pytest

from pushctl.manifest.schedule.cron import Item
from pushctl.manifest.schedule.every_suggestions import fix_for, suggestion, wrong


@pytest.mark.parametrize(
    ("written", "better"),
    [
        (["Mon"], ("mon",)),
        (["Last  Friday"], ("last fri",)),
        (["every weekday"], ("weekday",)),
        (["Wednesdays"], ("wed",)),
        (["mon wed"], ("mon", "wed")),
        (["mon and wed"], ("mon", "wed")),
        (["mon,wed"], ("mon", "wed")),
        (["mon", "wed fri"], ("mon", "wed", "fri")),
        (["Mon-Fri"], ("weekday",)),
        (["weekends"], ("sat", "sun")),
        (["first monday", "last friday"], ("1st mon", "last fri")),
        (["31st"], (31,)),
        (["1st and 15th"], (1, 15)),
        (["3 month"], ("3 months",)),
        (["workdays"], ("workday",)),
        (["first working day"], ("1st workday",)),
        (["Last business day"], ("last workday",)),
        (["first and last workday"], None),
        (["last workday", "last fri"], None),
        (["month"], None),
        (["sunshine"], None),
        (["hourly"], None),
        (["99th"], None),
        (["a b"], None),
        (["mon", 15], None),
        (["last fri", 15], None),
        (["day", "weekday"], None),
        ([], None),
    ],
)
def test_what_was_most_likely_meant(written: list[Item], better: tuple[Item, ...] | None) -> None:
    assert suggestion(written) == better


KINDS = "[mon, wed], [1st mon, last fri] or [1, 15, last day] (days 1 to 31)"


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        (["mon wed"], "write [mon, wed]"),
        (["15th"], "write [15]"),
        (["day"], "write day"),
        (["week"], f"write day, weekday, 2 weeks, {KINDS}"),
        ([32], f"write day, weekday, 2 weeks, {KINDS}"),
        (
            ["mon", 15],
            f"keep one kind of days, such as {KINDS}; another kind needs a push of its own",
        ),
        (["0 9 * * *"], 'write `every: day` and `at: "09:00"`'),
    ],
)
def test_what_to_write_instead(written: list[Item], fix: str) -> None:
    assert fix_for(written) == fix


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["mon", "last fri"], '"mon, last fri" mixes kinds of days; a list holds one kind only.'),
        (["0 9 * * *"], '"0 9 * * *" looks like cron, which is not read here.'),
        (["mon", "day"], '"mon, day" mixes kinds of days; a list holds one kind only.'),
        (["day"], '"day" stands alone, not in a list.'),
        (["mon", "tuesday"], '"tuesday" is not written as it has to be.'),
        (["mon", "sometimes"], '"sometimes" says no days that could be repeated.'),
        (["x" * 99], f'"{"x" * 59}…" says no days that could be repeated.'),
    ],
)
def test_why_days_cannot_be_used(written: list[Item], says: str) -> None:
    assert wrong(written) == says
