"""What is applied by one edition of the time zone data, and looked at by another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pushctl import time_zones
from pushctl.cli.planning import saved_plan
from pushctl.cli.service import settings as service_settings
from pushctl.time_zones import Edition
from tests.acceptance.cli import Ran
from tests.acceptance.repository import Tracked, causes, codes, git, tracked

MANIFEST = """\
version: 1
app:
  id: ONEX0000000000000
  workspace: test
  endpoint: sandbox
  sandbox: {now: "2026-12-01T09:00:00+08:00"}
timezone: Asia/Shanghai
pushes:
  once:
    schedule: {at: 2026-12-24T09:00, timezone: America/Vancouver}
    to: {users: [u1]}
    message: {title: Doors open, body: At nine.}
  daily:
    schedule: {every: day, at: "12:00", timezone: America/Vancouver, until: 2026-12-31}
    to: {users: [u1]}
    message: {title: Lunch, body: At noon.}
  here:
    schedule: {every: day, at: "18:00"}
    to: {users: [u1]}
    message: {title: Dinner, body: At six.}
"""


class Vancouver(dt.tzinfo):
    """What an edition says of it."""

    key = "America/Vancouver"

    def __init__(self, hours: int) -> None:
        self.fixed = dt.timezone(dt.timedelta(hours=hours))

    def __str__(self) -> str:
        return self.key

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        return self.fixed.utcoffset(None)

    dst = utcoffset

    def fromutc(self, moment: dt.datetime) -> dt.datetime:
        return moment + self.utcoffset(moment)


def use(monkeypatch: pytest.MonkeyPatch, edition: str, hours: int) -> None:
    """Go by an edition with another offset in Vancouver."""
    found = {Vancouver.key: Vancouver(hours)}
    monkeypatch.setattr(time_zones, "zone", lambda name: found.get(name) or ZoneInfo(name))
    for module in (saved_plan, service_settings):
        monkeypatch.setattr(module, "edition", lambda: Edition(edition, "here"))


def ok(ran: Ran, code: int = 0) -> Ran:
    assert ran.code == code, ran
    return ran


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tracked:
    """All is applied by edition 2025b, and the machine has 2026c by now."""
    use(monkeypatch, "2025b", -8)
    found = tracked(tmp_path)
    found.write(MANIFEST)
    found.commit()
    ok(found.run("apply", "--yes"))
    git(found.folder, "checkout", "-q", "-b", "branch")
    use(monkeypatch, "2026c", -7)
    return found


def test_what_moves_is_put_down_to_the_edition(project: Tracked) -> None:
    assert project.state()["site"]["time_zone_data"] == "2025b"
    ran = ok(project.since())
    assert causes(ran) == {"once": "zone_data", "daily": "zone_data"}
    assert codes(ran) == []
    text = project.run("plan").out
    assert text.count("made with time zone data 2025b, this machine has 2026c") == 2
    ok(project.run("apply", "--yes"))
    assert project.state()["site"]["time_zone_data"] == "2026c"
    assert ok(project.since()).json["changes"] == []


def test_what_does_not_move_is_left_alone_and_a_saved_plan_tells_the_difference(
    project: Tracked, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "2026c", -8)
    before = project.state()
    ok(project.run("apply", "--yes"))
    assert project.state() == before
    project.replace("pushctl.yaml", '"12:00"', '"13:00"')
    use(monkeypatch, "2025b", -8)
    ok(project.run("plan", "--out", "p.json"))
    use(monkeypatch, "2026c", -7)
    ran = ok(project.run("apply", "p.json"), 5)
    assert "made with time zone data 2025b, and this machine has 2026c" in ran.err
    use(monkeypatch, "2026c", -8)
    ok(project.run("apply", "p.json"))
