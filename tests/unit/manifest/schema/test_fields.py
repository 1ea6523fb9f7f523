"""Types that fields share: how they are written, and what they become."""

from __future__ import annotations

from pathlib import Path

from tests.unit.manifest.project import HEAD, project


def test_durations_become_seconds(tmp_path: Path) -> None:
    head = HEAD.replace("prod}", "prod, settle_time: 2m}")
    text = head + "policy: {danger_window: 90, renew_before: 12h}\npushes: {}\n"
    manifest = project(tmp_path, {"pushctl.yaml": text}).manifest
    assert manifest is not None
    assert manifest.app.settle_time == 120
    assert (manifest.policy.danger_window, manifest.policy.renew_before) == (90, 43200)
