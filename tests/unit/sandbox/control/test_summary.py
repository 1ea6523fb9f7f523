"""What the control API sums up: revision, counters, days and quota."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import DAY_MS, MIDNIGHT_MS, NOW, NOW_MS, Client


def revision(client: Client) -> str:
    return str(client.control("GET", "summary")["revision"])


def test_the_revision_changes_with_anything_and_with_nothing_else(client: Client) -> None:
    seen = [revision(client)]
    for change in (
        client.create,
        client.push,
        lambda: client.fault("throttle", op="RevokePushMessage"),
        lambda: client.control("POST", "knobs", {"month31": "last"}),
        lambda: client.advance(60),
        lambda: client.control("DELETE", "faults"),
        lambda: client.control("POST", f"tasks/{client.tasks()[0]['id']}/cancel"),
        lambda: client.control("POST", "reset"),
    ):
        change()
        seen.append(revision(client))
    assert len(set(seen)) == len(seen)
    for page in ("tasks", "deliveries", "requests", "inbox", "calendar", "quota", "assumptions"):
        client.control("GET", page)
    assert revision(client) == seen[-1]


def test_another_process_changes_the_revision_too(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "s.db", now=NOW) as one, Sandbox(tmp_path / "s.db") as other:
        client = Client(one.url)
        before = revision(client)
        Client(other.url).push()
        assert revision(client) != before


def test_a_summary(client: Client) -> None:
    client.loop()
    client.create(Title="Soon", StrategyContent={"fixedTime": NOW_MS + 60_000})
    client.push(TargetMsgkey={"u1": "a", "u2": "b"})
    client.fault("throttle", times=1, op="RevokePushMessage")
    summary = client.control("GET", "summary")
    assert summary["counters"] == {
        "tasks": 3,
        "waiting": 8,
        "waiting_tasks": 2,
        "deliveries": 2,
        "messages": 2,
        "requests": 3,
        "faults": 1,
    }
    assert summary["clock"] == client.control("GET", "clock")
    assert summary["zone"] == "Asia/Shanghai"
    first = summary["next"][0]
    assert (first["title"], first["at_ms"], first["targets"]) == ("Soon", NOW_MS + 60_000, 1)
    assert [item["at_ms"] for item in summary["next"]] == sorted(
        item["at_ms"] for item in summary["next"]
    )
    client.control("POST", "reset")
    assert set(client.control("GET", "summary")["counters"].values()) == {0}
    client.push()
    assert client.control("GET", "summary")["counters"]["tasks"] == 1


def test_a_month_is_counted_by_days_of_the_service(client: Client) -> None:
    late = MIDNIGHT_MS + DAY_MS - 1000  # 23:59:59 in Shanghai
    for ms in (late, late + 1000):
        client.create(StrategyContent={"fixedTime": ms})
    client.cancel(client.create(StrategyContent={"fixedTime": late}))
    client.push()
    month = client.control("GET", "calendar?month=2026-12")
    assert (month["month"], len(month["days"])) == ("2026-12", 31)
    assert month["days"][0] == {"day": "2026-12-01", "waiting": 1, "executed": 1, "cancelled": 1}
    assert month["days"][1] == {"day": "2026-12-02", "waiting": 1, "executed": 0, "cancelled": 0}
    assert client.control("GET", "calendar") == month
    client.control("POST", "knobs", {"service_timezone": "UTC"})
    assert client.control("GET", "calendar")["days"][0]["waiting"] == 2


def test_a_day_that_has_an_hour_more(client: Client) -> None:
    client.control("POST", "knobs", {"service_timezone": "Europe/Berlin", "window_days": 400})
    for hour in (22, 46):  # the first and the last hour of 31 October 2027, by UTC
        client.create(StrategyContent={"fixedTime": 1_824_854_400_000 + hour * 3_600_000})
    days = client.control("GET", "calendar?month=2027-10")["days"]
    assert [(day["day"], day["waiting"]) for day in days if day["waiting"]] == [("2027-10-31", 2)]
    assert len(client.control("GET", "calendar/2027-10-31")["occurrences"]) == 2


def test_a_day_comes_in_pages(client: Client) -> None:
    for minute in (3, 1, 2):
        client.create(
            TaskName=f"m{minute}", StrategyContent={"fixedTime": NOW_MS + minute * 60_000}
        )
    first = client.control("GET", "calendar/2026-12-01?limit=2")
    assert [item["task_name"] for item in first["occurrences"]] == ["m1", "m2"]
    rest = client.control("GET", f"calendar/2026-12-01?limit=2&offset={first['next']}")
    assert [item["task_name"] for item in rest["occurrences"]] == ["m3"]
    assert (first["next"], rest["next"]) == (2, None)
    assert client.control("GET", "calendar/2026-12-02")["occurrences"] == []


@pytest.mark.parametrize(
    "page",
    ["calendar?month=x", "calendar?month=2026-13", "calendar?month=9999-12", "calendar/2026-02-30"],
)
def test_days_that_are_none(client: Client, page: str) -> None:
    assert "2026-12-24" in client.control("GET", page, status=400)["error"]


def test_the_quota(client: Client) -> None:
    client.loop()
    client.create(AppId="B")
    quota = client.control("GET", "quota")
    assert (quota["limit"], quota["counts"]) == (100, "tasks")
    assert quota["apps"] == [
        {"app": "A", "workspace": "w", "tasks": 1, "occurrences": 7, "used": 1},
        {"app": "B", "workspace": "w", "tasks": 1, "occurrences": 1, "used": 1},
    ]
    client.control("POST", "knobs", {"quota.counts": "occurrences", "quota.limit": 9})
    quota = client.control("GET", "quota")
    assert (quota["limit"], [app["used"] for app in quota["apps"]]) == (9, [7, 1])
