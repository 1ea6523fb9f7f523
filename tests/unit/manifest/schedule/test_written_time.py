"""Dates and times as people write them: what they may mean, and what is not understood."""

from __future__ import annotations

import pytest

from pushctl.manifest.schedule.written_time import LONGEST, read, times_in


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-24 8pm", "2026-12-24T20:00"),
        ("2026/12/24 20:00", "2026-12-24T20:00"),
        ("24.12.2026 20:00", "2026-12-24T20:00"),
        ("12/24/2026 8pm", "2026-12-24T20:00"),
        ("24-Dec-2026, 20:00", "2026-12-24T20:00"),
        ("8:30 p.m. on December 24th, 2026", "2026-12-24T20:30"),
        ("5/5/2026 12am", "2026-05-05T00:00"),
        ("2026-12-24 12 pm", "2026-12-24T12:00"),
        ("2026年12月24日20点", "2026-12-24T20:00"),
        ("2026年12月24日晚上8点半", "2026-12-24T20:30"),
        ("２０２６年１月５日　下午３：０５", "2026-01-05T15:05"),
        ("2026-12-24t20:00:11z", "2026-12-24T20:00:11Z"),
        ("2026-12-24T20:00+0800", "2026-12-24T20:00+08:00"),
        ("2026-12-24T20:00-05", "2026-12-24T20:00-05:00"),
        ("2026-12-24T20:00:00.000+08:00", "2026-12-24T20:00:00+08:00"),
        ("2026-12-24T12:00:00.000Z", "2026-12-24T12:00:00Z"),
        ("2026-12-24 12:00 UTC", "2026-12-24T12:00Z"),
        ("2026-12-24 20:00 GMT+8:00", None),
        ("2026-12-24T12:00:00.500Z", None),
        ("2026-12-24 20:00 CST", None),
        ("2026-12-24 25:00", None),
        ("2026-12-24 20am", None),
        ("2026-12-24 晚上12点", None),
        ("2026-02-30 20:00", None),
        ("2026-12-24 or 2026-12-25 20:00", None),
        ("2026-12-24 20:00 or 21:00", None),
        ("12026-12-24 20:00", None),
        ("2026-12-24T20:00" + " " * LONGEST, None),
    ],
)
def test_a_date_and_a_time_mean_one_thing_or_are_not_understood(
    text: str, meant: str | None
) -> None:
    assert read(text).moments == (() if meant is None else (meant,))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("03.04.2026 20:00", ("2026-04-03T20:00", "2026-03-04T20:00")),
        ("3/4/2026 8pm", ("2026-04-03T20:00", "2026-03-04T20:00")),
        ("2026年12月24日8点", ("2026-12-24T08:00", "2026-12-24T20:00")),
        ("Dec 24 8pm", ("YYYY-12-24T20:00",)),
        ("12月24日20点15分", ("YYYY-12-24T20:15",)),
    ],
)
def test_what_may_mean_several_things_means_all_of_them(text: str, meant: tuple[str, ...]) -> None:
    assert read(text).moments == meant


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("晚上8点", ("20:00",)),
        ("9:45", ("09:45",)),
        ("8", ()),
        ("mon 20:00", ()),
        ("凌晨12点", ("00:00",)),
    ],
)
def test_a_time_of_day_alone(text: str, times: tuple[str, ...]) -> None:
    assert read(text) == ((), times, "")


def test_times_are_found_between_other_words() -> None:
    assert times_in("mon at 8pm") == {"20:00"}
    assert times_in("2026-12-24T20:00") == {"20:00"}
    assert times_in("day 7") == set()
