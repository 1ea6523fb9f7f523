"""Which service a command talks to."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from pushctl.cli.service.endpoint import SANDBOX_DATA, Endpoint, behaviour_of, chosen, opened
from pushctl.errors import ConfigError
from pushctl.manifest.schema.models import App, Quota


def test_the_environment_decides_before_the_manifest() -> None:
    assert chosen("sandbox", {}) == "sandbox"
    assert chosen("sandbox", {"PUSHCTL_ENDPOINT": ""}) == "sandbox"
    assert chosen("sandbox", {"PUSHCTL_ENDPOINT": "https://x.example"}) == "https://x.example"


@pytest.mark.parametrize(
    ("address", "sandboxed"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost:1", True),
        ("https://mpaas.example", False),
        ("http://127.0.0.1.example", False),
    ],
)
def test_only_this_machine_is_a_sandbox(address: str, sandboxed: bool, tmp_path: Path) -> None:
    with opened(address, folder=tmp_path) as endpoint:
        assert endpoint == Endpoint(address, sandboxed)
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_sandbox_runs_meanwhile_and_tells_its_time(tmp_path: Path) -> None:
    with opened("sandbox", folder=tmp_path) as endpoint:
        assert endpoint.sandboxed
        assert endpoint.clock is not None
        assert (endpoint.clock.now > 1_700_000_000, endpoint.clock.speed) == (True, 1.0)
    assert (tmp_path / SANDBOX_DATA).is_file()


def test_the_embedded_sandbox_does_not_start_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / ".pushctl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError) as raised, opened("sandbox", folder=tmp_path):
        pass
    assert raised.value.detail == f"{tmp_path / SANDBOX_DATA} is behind a link"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / ".pushctl").touch()
    with pytest.raises(ConfigError) as raised, opened("sandbox", folder=tmp_path):
        pass
    assert raised.value.detail == f"{tmp_path / SANDBOX_DATA}: File exists"


def test_a_sandbox_learns_the_apps_of_manifests_and_knows_no_others(tmp_path: Path) -> None:
    for workspace in ("test", "prod", "a/b"):
        behaviour = behaviour_of(App(id="A", workspace=workspace))
        with (
            opened("sandbox", folder=tmp_path, behaviour=behaviour) as endpoint,
            urllib.request.urlopen(f"{endpoint.address}/_sandbox/apps") as answer,
        ):
            known = json.load(answer)["apps"]
    assert sorted(known) == ["A/prod", "A/test"]


def test_a_sandbox_is_like_the_service_that_a_manifest_describes() -> None:
    app = App(id="A", workspace="t", quota=Quota(limit=7, counts="deliveries"))
    assert behaviour_of(app) == {
        "apps": ("A/t",),
        "quota_limit": 7,
        "quota_counts": "occurrences",
        "service_timezone": "Asia/Shanghai",
        "window_days": 180,
    }
