"""Loops expand, and every rule about schedules answers with what it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.client import DAY_MS, MIDNIGHT_MS, NOW_MS, Client

# 2026-12-01 is a Tuesday, and it is 10:00 in China.


def days(client: Client) -> list[str]:
    (task,) = client.tasks()
    return [item["at"][:16].removeprefix("2026-") for item in task["occurrences"]]


def test_daily_runs_to_the_end_of_the_last_day(client: Client) -> None:
    client.loop(endTime=MIDNIGHT_MS + 2 * DAY_MS)

    assert days(client) == ["12-01T12:00", "12-02T12:00", "12-03T12:00"]


def test_weekly_counts_from_monday(client: Client) -> None:
    client.loop(circleType=2, circleValue=[1, 3, 7], endTime=MIDNIGHT_MS + 9 * DAY_MS)

    assert days(client) == ["12-02T12:00", "12-06T12:00", "12-07T12:00", "12-09T12:00"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", ["12-31T12:00", "2027-01-31T12:00"]),
        ("last", ["12-31T12:00", "2027-01-31T12:00", "2027-02-28T12:00"]),
    ],
)
def test_a_short_month(client: Client, policy: str, expected: list[str]) -> None:
    client.control("POST", "knobs", {"month31": policy})
    client.loop(circleType=3, circleValue=[31], endTime=MIDNIGHT_MS + 100 * DAY_MS)

    assert days(client) == expected


def test_a_short_month_can_be_an_error(client: Client) -> None:
    client.control("POST", "knobs", {"month31": "error"})

    for values in ([31], [28, 31]):
        answer = client.loop(circleType=3, circleValue=values, endTime=MIDNIGHT_MS + 100 * DAY_MS)
        assert answer.hint == "2027-02 has no day 31"


@pytest.mark.parametrize(
    ("policy", "first"), [("skip", "12-02T09:00"), ("send-now", "12-01T09:00")]
)
def test_the_time_of_today_has_passed(client: Client, policy: str, first: str) -> None:
    client.control("POST", "knobs", {"past_today": policy})
    client.loop(time="09:00:00")

    assert days(client)[0] == first
    assert len(client.deliveries()) == (policy == "send-now")


def test_another_zone(client: Client) -> None:
    client.control("POST", "knobs", {"service_timezone": "UTC"})
    start = MIDNIGHT_MS + 8 * 3_600_000
    client.loop(startTime=start, endTime=start, time="12:00:00")

    assert client.tasks()[0]["occurrences"][0]["at"] == "2026-12-01T12:00:00+00:00"


def test_a_loop_is_a_parent_with_children(client: Client) -> None:
    parent = client.loop().body["PushResult"]["Data"]

    rows = client.list(UniqueId=parent)["List"]
    assert len(rows) == 7
    assert {row["ParentId"] for row in rows} == {parent}
    assert parent not in {row["UniqueId"] for row in rows}
    child = rows[3]["UniqueId"]
    assert [row["UniqueId"] for row in client.list(UniqueId=child)["List"]] == [child]


def test_a_loop_of_180_days_is_accepted_and_one_more_is_not(client: Client) -> None:
    assert client.loop(endTime=MIDNIGHT_MS + 180 * DAY_MS).body["ResultCode"] == "OK"
    assert client.list()["TotalCount"] == 181

    answer = client.loop(endTime=MIDNIGHT_MS + 181 * DAY_MS)
    assert answer.body["ResultCode"] == "3028"
    assert "180 days" in answer.hint


BAD_LOOPS: list[tuple[dict[str, Any], str]] = [
    ({"startTime": MIDNIGHT_MS - 1}, "startTime is before today"),
    ({"startTime": MIDNIGHT_MS + DAY_MS, "endTime": MIDNIGHT_MS}, "before startTime"),
    ({"endTime": MIDNIGHT_MS - 1}, "endTime is before startTime"),
    ({"startTime": None}, "startTime"),
    ({"startTime": True}, "`int`, got `bool` - at `$.startTime`"),
    ({"startTime": "1796054400000"}, "startTime"),
    ({"endTime": 10**30}, "endTime"),
    ({"time": "9:00:00"}, "HH:mm:ss"),
    ({"time": "24:00:00"}, "HH:mm:ss"),
    ({"time": "09:00"}, "HH:mm:ss"),
    ({"time": "09:00:00Z"}, "HH:mm:ss"),
    ({"time": "１２:00:00"}, "HH:mm:ss"),
    ({"circleType": 4}, "circleType"),
    ({"circleType": None}, "circleType"),
    ({"circleType": 2}, "circleValue"),
    ({"circleType": 2, "circleValue": []}, "length >= 1 - at `$.circleValue`"),
    ({"circleType": 2, "circleValue": [0]}, ">= 1"),
    ({"circleType": 2, "circleValue": [8]}, "<= 7"),
    ({"circleType": 3, "circleValue": [32]}, "<= 31"),
    ({"circleType": 3, "circleValue": ["1"]}, "circleValue"),
    ({"circleType": 2, "circleValue": [1], "endTime": MIDNIGHT_MS}, "no occurrence"),
]


@pytest.mark.parametrize(("content", "gist"), BAD_LOOPS)
def test_a_bad_loop_says_why(client: Client, content: dict[str, Any], gist: str) -> None:
    answer = client.loop(**content)

    assert (answer.body["ResultCode"], answer.body["ResultMessage"]) == ("3028", "INVALID_PARAM")
    assert gist in answer.hint
    assert client.tasks() == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nonsense",
        "[]",
        "[" * 100_000,
        {},
        {"fixedTime": NOW_MS - 1000},
        {"fixedTime": 1.5},
        {"fixedTime": 1_796_090_400},
        '{"fixedTime": NaN}',
        '{"fixedTime": 1e999}',
        '{"\\ud800": 1}',
    ],
)
def test_a_bad_fixed_time(client: Client, content: object) -> None:
    answer = client.push(StrategyType=1, StrategyContent=content)

    assert answer.body["ResultCode"] == "3028"


def test_a_fixed_time_is_cut_to_the_second(client: Client) -> None:
    client.create(StrategyContent={"fixedTime": NOW_MS + 1999})
    assert client.list()["List"][0]["PushTime"] == NOW_MS + 1000

    client.control("POST", "knobs", {"time_precision": "strict"})
    answer = client.push(StrategyType=1, StrategyContent={"fixedTime": NOW_MS + 1999})
    assert answer.body["ResultCode"] == "3028"
    assert client.loop(startTime=NOW_MS).body["ResultCode"] == "3028"


def test_a_past_fixed_time_may_be_sent_at_once(client: Client) -> None:
    client.control("POST", "knobs", {"past_fixed_time": "send-now"})
    client.create(StrategyContent={"fixedTime": NOW_MS - 60_000})

    (delivery,) = client.deliveries()
    assert (delivery["due_ms"], delivery["at_ms"]) == (NOW_MS - 60_000, NOW_MS)


def test_extra_keys_are_tolerated(client: Client) -> None:
    client.create(StrategyContent={"fixedTime": NOW_MS + 5000, "circleType": 9, "time": "x"})
