"""Types that fields share: how they are written, and what they become."""

from __future__ import annotations

from pathlib import Path

from pushctl.manifest.schema.fields import decode
from pushctl.manifest.schema.models import App, Policy, Quota
from pushctl.manifest.schema.schedule import Schedule
from tests.unit.manifest.project import HEAD, project


def test_durations_become_seconds(tmp_path: Path) -> None:
    head = HEAD.replace("prod}", "prod, settle_time: 2m}")
    text = head + "policy: {danger_window: 90, renew_before: 12h}\npushes: {}\n"
    manifest = project(tmp_path, {"pushctl.yaml": text}).manifest
    assert manifest is not None
    assert manifest.app.settle_time == 120
    assert (manifest.policy.danger_window, manifest.policy.renew_before) == (90, 43200)


def test_what_has_several_spellings_becomes_plain_values() -> None:
    """They go into the state and to the service, where another type might not be understood."""
    quota = decode(Quota, {"limit": 3.0})
    assert (quota.limit, type(quota.limit)) == (3, int)
    again = decode(Schedule, {"now": True, "again": 2}).again
    assert (again, type(again)) == ("2", str)
    kept = decode(App, {"id": "a", "workspace": "w", "settle_time": "1m"}).settle_time
    assert (kept, type(kept)) == (60, int)


def test_data_says_what_the_manifest_says() -> None:
    freeze = {"from": "2027-02-05", "until": "2027-02-11", "reason": "x"}
    policy = decode(Policy, {"freezes": [freeze], "min_gap": 3600, "links": {"hosts": ["a"]}})
    assert policy.data(defaults=False) == {"freezes": [freeze], "links": {"hosts": ["a"]}}
    assert policy.data()["quiet_hours"] == {"from": "22:00", "until": "08:00"}
