"""What people write for days, and what they are told to write instead."""

from __future__ import annotations

import pytest

from pushctl.manifest.schedule.every_suggestions import (
    Item,
    cron_instead,
    instead,
    is_cron,
    meant,
    wrong,
)


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
        (["fri to mon"], ("fri", "sat", "sun", "mon")),
        (["weekends"], ("sat", "sun")),
        (["first monday", "last friday"], ("1st mon", "last fri")),
        (["31st"], (31,)),
        (["1st and 15th"], (1, 15)),
        (["first day"], (1,)),
        (["3 month"], ("3 months",)),
        (["two weeks"], ("2 weeks",)),
        (["other week"], ("2 weeks",)),
        (["2 years"], ("24 months",)),
        (["1 day"], ("day",)),
        (["month"], None),
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
    assert meant(written) == better


@pytest.mark.parametrize(
    ("written", "fix", "typed"),
    [
        (["mon wed"], "write [mon, wed]", "write mon,wed"),
        (["15th"], "write [15]", "write 15"),
        (["day"], "write day", "write day"),
        (["week"], "write the weekday, such as mon", "write the weekday, such as mon"),
        (
            ["1 month"],
            "write the day of the month, such as [1] for the first",
            "write the day of the month, such as 1 for the first",
        ),
        (
            ["yearly"],
            "write 12 months, with the first day in `from`",
            "write 12 months, with the first day in `from`",
        ),
        (
            ["hour"],
            'write day, with the times in `at`: ["09:00", "10:00"]',
            "write day, with the times in `at`: 09:00,10:00",
        ),
        (
            ["mon", 15],
            "keep one kind of days, such as [mon, wed], [1st mon, last fri] or [1, 15, last day] "
            "(days 1 to 31); another kind needs a push of its own",
            "keep one kind of days, such as mon,wed, 1st mon,last fri or 1,15,last day "
            "(days 1 to 31); another kind needs a push of its own",
        ),
        (
            [32],
            "write day, weekday, 2 weeks, [mon, wed], [1st mon, last fri] or [1, 15, last day] "
            "(days 1 to 31)",
            "write day, weekday, 2 weeks, mon,wed, 1st mon,last fri or 1,15,last day "
            "(days 1 to 31)",
        ),
    ],
)
def test_what_to_write_instead(written: list[Item], fix: str, typed: str) -> None:
    assert instead(written) == fix
    assert instead(written, phrase=True) == typed


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["mon", "last fri"], '"mon, last fri" mixes kinds of days; a list holds one kind only.'),
        (["mon", "day"], '"mon, day" mixes kinds of days; a list holds one kind only.'),
        (["day"], '"day" stands alone, not in a list.'),
        (["mon", "tuesday"], '"tuesday" is not written as it has to be.'),
        (["mon", "sometimes"], '"sometimes" says no days that could be repeated.'),
        (["x" * 99], f'"{"x" * 60}…" says no days that could be repeated.'),
    ],
)
def test_why_days_cannot_be_used(written: list[Item], says: str) -> None:
    assert wrong(written) == says


@pytest.mark.parametrize(
    ("fields", "phrase"),
    [
        ("0 9 * * *", "every day at 09:00"),
        ("30 9,18 * * 1-5", "every weekday at 09:30,18:30"),
        ("0 9 ? * MON,wed", "every mon,wed at 09:00"),
        ("0 9 * * 0", "every sun at 09:00"),
        ("0 9 * * 5-7", "every fri,sat,sun at 09:00"),
        ("5 0 1,15 * *", "every 1,15 at 00:05"),
        ("@daily", "every day at 00:00"),
        ("*/5 * * * *", None),
        ("0 9 1 * 1", None),
        ("0 9 1 1 *", None),
        ("0 9 32 * *", None),
        ("0 0 9 * * ?", None),
    ],
)
def test_cron_is_known_and_said_in_our_words(fields: str, phrase: str | None) -> None:
    assert is_cron(fields)
    example = "write days and times, such as: every mon,wed at 09:45"
    assert cron_instead(fields, phrase=True) == (f"write: {phrase}" if phrase else example)


def test_cron_is_said_in_the_words_of_the_manifest() -> None:
    assert cron_instead("0 9 * * 1-5") == 'write `every: weekday` and `at: "09:00"`'
    assert cron_instead("0 9,18 1 * *") == 'write `every: [1]` and `at: ["09:00", "18:00"]`'
    example = 'write days and times, such as `every: [mon, wed]` and `at: "09:45"`'
    assert cron_instead("*/5 * * * *") == cron_instead("") == example
    assert instead(["0 9 * * *"]) == 'write `every: day` and `at: "09:00"`'
    assert wrong(["0 9 * * *"]) == '"0 9 * * *" looks like cron, which is not read here.'


@pytest.mark.parametrize("text", ["every day at 09:00", "mon wed fri sat sun", "", "9:00 * x y z"])
def test_other_words_are_not_taken_for_cron(text: str) -> None:
    assert not is_cron(text)
