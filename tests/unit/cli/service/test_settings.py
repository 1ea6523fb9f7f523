"""Which service is meant where the state, the manifest and the environment say something of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from pushctl.cli.service import settings as service_settings
from pushctl.errors import ConfigError, StateFormatError
from pushctl.manifest.read import read_manifest
from pushctl.plan.reconcile.in_doubt import LONGEST_CALL
from pushctl.state.state import ServiceSettings
from tests.acceptance.cli import Here

EMBEDDED = service_settings.defaults({})


def test_defaults_are_those_of_a_manifest_that_says_nothing_of_the_service(tmp_path: Path) -> None:
    Here(tmp_path).run("init")
    manifest = read_manifest(tmp_path).manifest
    assert manifest is not None
    assert service_settings.of_manifest(manifest, {}) == EMBEDDED
    assert EMBEDDED.endpoint == "sandbox"


def test_the_environment_decides_about_the_endpoint() -> None:
    environ = {"PUSHCTL_ENDPOINT": "https://x.example"}
    assert service_settings.defaults(environ).endpoint == "https://x.example"


def test_a_sandbox_at_an_address_lists_at_once_and_may_outlive_its_caller() -> None:
    settings = replace(EMBEDDED, endpoint="http://127.0.0.1:4010")
    found = service_settings.timeouts(settings, {}, sandboxed=True)
    assert found.settle_time == 0
    assert found.longest_call > 0


@pytest.mark.parametrize(
    ("endpoint", "recorded", "environ", "seconds"),
    [
        ("sandbox", None, {}, 0.0),
        ("https://x.example", None, {}, service_settings.LIST_LAG),
        ("https://x.example", 7, {}, 7.0),
        ("sandbox", 7, {"PUSHCTL_SETTLE_TIME": "2m"}, 120.0),
    ],
)
def test_settle_time(
    endpoint: str, recorded: int | None, environ: dict[str, str], seconds: float
) -> None:
    settings = replace(EMBEDDED, endpoint=endpoint, settle_time=recorded)
    assert service_settings.timeouts(settings, environ).settle_time == seconds


@pytest.mark.parametrize(
    ("endpoint", "environ", "seconds"),
    [
        ("sandbox", {}, 0.0),
        ("https://x.example", {}, LONGEST_CALL),
        ("https://x.example", {"PUSHCTL_LONGEST_CALL": "2s"}, 2.0),
    ],
)
def test_longest_call(endpoint: str, environ: dict[str, str], seconds: float) -> None:
    settings = replace(EMBEDDED, endpoint=endpoint)
    assert service_settings.timeouts(settings, environ).longest_call == seconds


@pytest.mark.parametrize("name", ["PUSHCTL_SETTLE_TIME", "PUSHCTL_LONGEST_CALL"])
def test_what_is_no_duration_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        service_settings.timeouts(EMBEDDED, {name: "soon"})


def test_zones_that_do_not_exist_any_more() -> None:
    lost = replace(EMBEDDED, timezone="Nowhere/Here", service_timezone="Nowhere/Here")
    assert str(service_settings.local_zone(lost)) == "UTC"
    with pytest.raises(StateFormatError, match="zone"):
        service_settings.horizon(lost)


OF_2025B = replace(service_settings.defaults({}), time_zone_data="2025b")


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        (None, None),
        (OF_2025B, "made with time zone data 2025b, this machine has 2026c"),
        (replace(OF_2025B, time_zone_data=None), "made with time zone data of unknown age, "),
        (replace(OF_2025B, time_zone_data="2026c"), None),
        (replace(OF_2025B, timezone="Europe/Berlin"), None),
    ],
)
def test_tasks_made_by_another_edition_are_known(
    recorded: ServiceSettings | None, told: str | None
) -> None:
    now = replace(OF_2025B, time_zone_data="2026c")
    found = service_settings.other_zone_data(recorded, now)
    assert (found or "").startswith(told) if told else found is None
