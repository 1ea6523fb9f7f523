from __future__ import annotations

import time
from pathlib import Path

import pytest

from pushctl.manifest.read import MAX_FINDINGS, read_manifest
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


@pytest.mark.parametrize(
    ("wrong", "places"),
    [
        ("schedule: {at: '${wehn}'}", [7]),
        ("to: {users: '${vip}'}", [7]),
        ("message: {title: A, body: B, open: '${link}', style: '${style}'}", [7, 7]),
        ("message: {title: '${each.kye}', body: B}\n    for_each: [x, y]", [7]),
        ("message: {title: A, body: 'a ${each.value.x} b'}\n    for_each: {x: {y: 1}}", [7]),
    ],
)
def test_what_comes_of_an_unknown_variable_is_not_told(
    wrong: str, places: list[int], tmp_path: Path
) -> None:
    field = wrong.partition(":")[0]
    lines = [line for line in PUSH.splitlines(True) if not line.strip().startswith(field)]
    text = f"{HEAD}vars: {{}}\npushes:\n  a:\n    {wrong}\n{''.join(lines)}"
    found = project(tmp_path, {"pushctl.yaml": text})
    assert [item.code for item in found.diagnostics] == ["PSH105"] * len(places)
    assert [item.range.start.line for item in found.diagnostics if item.range] == places
    assert found.pushes == ()  # so nothing else is said of it either


def test_nor_is_what_comes_of_it_outside_of_pushes(tmp_path: Path) -> None:
    text = HEAD.replace("Asia/Shanghai", "${tz}")
    assert codes(project(tmp_path, {"pushctl.yaml": text})) == ["PSH105"]


def test_other_mistakes_of_such_a_push_are_told(tmp_path: Path) -> None:
    push = PUSH.replace("Hello", '"${x}"') + "    ownr: me\n"
    text = f"{HEAD}pushes:\n  a:\n{push}"
    assert codes(project(tmp_path, {"pushctl.yaml": text})) == ["PSH105", "PSH104"]


def test_a_field_without_a_value_must_exist_too(tmp_path: Path) -> None:
    text = f"{HEAD}pushes:\n  a:\n{PUSH}    vendors: null\n    colour:\n"
    assert codes(project(tmp_path, {"pushctl.yaml": text})) == ["PSH104"]
