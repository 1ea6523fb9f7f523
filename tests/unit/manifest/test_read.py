from __future__ import annotations

import time
from pathlib import Path

import pytest

from pushctl.manifest.read import MAX_FINDINGS, read_manifest
from pushctl.manifest.schema.schedule import SkippedDays
from tests.unit.manifest.project import HEAD, PUSH, codes, project

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*/pushctl.yaml")), ids=lambda p: p.parent.name
)
def test_every_example_is_read_without_a_finding(path: Path) -> None:
    reading = read_manifest(path.parent)
    assert reading.diagnostics == ()
    assert reading.manifest is not None
    assert reading.pushes


def test_defaults_of_the_manifest(tmp_path: Path) -> None:
    reading = project(tmp_path, {"pushctl.yaml": HEAD + "pushes:\n  a:\n" + PUSH})
    manifest = reading.manifest
    assert manifest is not None
    app, policy = manifest.app, manifest.policy
    assert (app.region, app.endpoint, app.service_timezone) == (
        "cn-hangzhou",
        "sandbox",
        "Asia/Shanghai",
    )
    assert (app.chunking, app.targets, app.settle_time) == (True, "clear", None)
    assert (app.quota.limit, app.quota.overflow, app.quota.counts) == (100, "refuse", "tasks")
    assert (app.behaviour.horizon_days, app.behaviour.list_slack) == (180, 86400)
    assert app.behaviour.cancel_type is None
    assert (policy.danger_window, policy.renew_before) == (600, 30 * 86400)
    assert (policy.max_cancels, policy.allow_immediate) == (0.3, False)
    assert (policy.max_creates, policy.max_audience, policy.max_audience_change) == (
        None,
        None,
        0.5,
    )
    entry = reading.pushes[0].entry
    assert (entry.on_change, entry.on_remove, entry.enabled) == ("replace", "cancel", True)
    assert (entry.expires_after, entry.via, entry.message.silent) == (None, None, None)


def test_durations_become_seconds(tmp_path: Path) -> None:
    head = HEAD.replace("prod}", "prod, settle_time: 2m}")
    text = head + "policy: {danger_window: 90, renew_before: 12h}\npushes: {}\n"
    manifest = project(tmp_path, {"pushctl.yaml": text}).manifest
    assert manifest is not None
    assert manifest.app.settle_time == 120
    assert (manifest.policy.danger_window, manifest.policy.renew_before) == (90, 43200)


def test_now_every_and_month_days(tmp_path: Path) -> None:
    rest = "    to: {users: [a]}\n    message: {title: a, body: b}\n"
    text = (
        HEAD
        + "pushes:\n  a:\n    schedule: {now: true}\n"
        + rest
        + '  b:\n    schedule: {every: [1, 15], at: "09:45", from: 2026-12-01, until: 2026-12-31}\n'
        + rest
        + "  c:\n    schedule: {at: 2026-12-24T20:00:00+08:00, timezone: Asia/Tokyo}\n"
        + rest
    )
    now, month, once = project(tmp_path, {"pushctl.yaml": text}).pushes
    assert now.entry.schedule.now is True
    assert (month.entry.schedule.every, month.entry.schedule.from_) == ((1, 15), "2026-12-01")
    assert once.entry.schedule.at == "2026-12-24T20:00:00+08:00"
    assert (once.dimension, once.targets) == ("users", ("a",))


def test_recurrences_in_all_their_forms(tmp_path: Path) -> None:
    rest = "    to: {users: [a]}\n    message: {title: a, body: b}\n"
    schedules = [
        '{every: weekday, at: ["09:00", "18:00"]}',
        '{every: 2 weeks, at: "09:00", from: 2026-12-07, gap: skip, fold: second}',
        '{every: last day, at: "09:00"}',
        '{every: [1, last day], at: "09:00", short_months: last-day}',
        '{every: [1st mon, last fri], at: "09:00"}',
        '{rrule: FREQ=DAILY, at: "09:00", skip: [2026-12-25, '
        "{from: 2027-02-05, until: 2027-02-11}]}",
    ]
    pushes = "".join(f"  p{at}:\n    schedule: {text}\n{rest}" for at, text in enumerate(schedules))
    reading = project(tmp_path, {"pushctl.yaml": HEAD + "pushes:\n" + pushes})
    assert reading.diagnostics == ()
    found = [push.entry.schedule for push in reading.pushes]
    assert [item.every for item in found] == [
        "weekday",
        "2 weeks",
        "last day",
        (1, "last day"),
        ("1st mon", "last fri"),
        None,
    ]
    assert found[0].times == ("09:00", "18:00")
    assert (found[1].times, found[1].gap, found[1].fold) == (("09:00",), "skip", "second")
    assert found[3].short_months == "last-day"
    assert found[5].rrule == "FREQ=DAILY"
    assert found[5].skip == ("2026-12-25", SkippedDays.model_validate(STRETCH))


STRETCH = {"from": "2027-02-05", "until": "2027-02-11"}


def test_one_push_for_each_zone(tmp_path: Path) -> None:
    text = (
        HEAD
        + "pushes:\n  morning:\n    for_each: [Asia/Tokyo, America/Argentina/Buenos_Aires]\n"
        + '    schedule: {every: day, at: "09:00", timezone: "${each.key}"}\n'
        + '    to: {users_from: "people/${each.key}.txt"}\n    message: {title: a, body: b}\n'
    )
    reading = project(
        tmp_path,
        {
            "pushctl.yaml": text + "moved: [{from: dawn, to: 'morning[Asia/Tokyo]'}]\n",
            "people/Asia/Tokyo.txt": "user1\n",
            "people/America/Argentina/Buenos_Aires.txt": "user2\n",
        },
    )
    assert reading.diagnostics == ()
    assert [(push.id, push.entry.schedule.timezone, push.targets) for push in reading.pushes] == [
        ("morning[Asia/Tokyo]", "Asia/Tokyo", ("user1",)),
        (
            "morning[America/Argentina/Buenos_Aires]",
            "America/Argentina/Buenos_Aires",
            ("user2",),
        ),
    ]


def test_what_is_wrong_with_the_app_does_not_hide_the_pushes(tmp_path: Path) -> None:
    text = "version: 1\npushes:\n  a:\n" + PUSH + "    via: mpss\n  b:\n" + PUSH
    reading = project(tmp_path, {"pushctl.yaml": text})
    assert reading.manifest is None
    assert codes(reading) == ["PSH111", "PSH203", "PSH112"]
    assert [push.id for push in reading.pushes] == ["b"]


def test_findings_are_limited_and_errors_come_before_warnings(tmp_path: Path) -> None:
    text = HEAD + "vars:\n" + "".join(f"  v{at}: x\n" for at in range(1500)) + "pushes: {a: 1}\n"
    reading = project(tmp_path, {"pushctl.yaml": text})
    assert len(reading.diagnostics) == MAX_FINDINGS
    assert "PSH110" in codes(reading)


def test_one_mistake_in_the_defaults_is_one_finding(tmp_path: Path) -> None:
    pushes = "".join(f"  p{at}:\n{PUSH}" for at in range(50))
    text = HEAD + "defaults: {via: mpss}\npushes:\n" + pushes
    assert codes(project(tmp_path, {"pushctl.yaml": text})) == ["PSH112"]


def test_large_manifest_with_one_mistake_is_explained_soon(tmp_path: Path) -> None:
    pushes = "".join(f"  p{at}:\n{PUSH}" for at in range(3000))
    text = HEAD + "pushes:\n" + pushes + "  last:\n" + PUSH + "    vai: mps\n"
    before = time.monotonic()
    reading = project(tmp_path, {"pushctl.yaml": text})
    assert time.monotonic() - before < 10
    assert codes(reading) == ["PSH104"]
    assert len(reading.pushes) == 3000
