"""Which two services are one, and what is said where they are not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.cli.service import settings as service_settings
from pushctl.cli.service.identity import Service, service_of
from pushctl.errors import StateConflictError
from pushctl.state.state import State
from tests.builders import desired, scheduled

REAL = replace(service_settings.defaults({}), endpoint="push.example.com", tenant="T")
SERVICE = Service("app", "workspace", REAL)


def state(**changes: object) -> State:
    """Return a state with a task, on `REAL` unless something else is said."""
    settings = replace(REAL, **changes)  # type: ignore[arg-type]
    return replace(scheduled(desired()), settings=settings)


@pytest.mark.parametrize(
    "endpoint",
    ["push.example.com", "https://push.example.com", "HTTPS://Push.Example.com.:443/"],
)
def test_one_endpoint_has_many_spellings(endpoint: str) -> None:
    SERVICE.check(state(endpoint=endpoint))


@pytest.mark.parametrize(
    "other",
    [
        {"endpoint": "sandbox"},
        {"endpoint": "http://push.example.com"},
        {"endpoint": "push.example.com:8443"},
        {"endpoint": "push2.example.com"},
        {"endpoint": "not a host"},
        {"tenant": None},
        {"tenant": "t"},
        {"region": "cn-beijing"},
    ],
)
def test_another_service_is_refused_both_ways(other: dict[str, str | None]) -> None:
    with pytest.raises(StateConflictError, match=f"{next(iter(other))}: recorded is"):
        SERVICE.check(state(**other))
    with pytest.raises(StateConflictError, match=f"{next(iter(other))}: recorded is"):
        replace(SERVICE, settings=replace(REAL, **other)).check(state())  # type: ignore[arg-type]


def test_how_the_service_is_looked_at_is_no_part_of_it() -> None:
    SERVICE.check(state(timezone="UTC", settle_time=1, hashed=True, horizon_days=7, list_slack=1))


def test_a_state_without_tasks_moves_but_not_to_another_app() -> None:
    empty = replace(state(endpoint="sandbox"), pushes={})
    SERVICE.check(empty)
    with pytest.raises(StateConflictError, match="app: recorded is app, meant is other"):
        replace(SERVICE, app="other").check(empty)


def test_a_state_of_an_earlier_version_says_nothing_of_where_it_is() -> None:
    SERVICE.check(replace(state(), settings=None))
    SERVICE.check(State("", "", ""))


def test_what_is_not_an_endpoint_is_not_quoted() -> None:
    with pytest.raises(StateConflictError) as refused:
        Service("app", "workspace", replace(REAL, endpoint="http://k:pass@x")).check(state())
    assert "pass" not in str(refused.value)


def test_the_state_of_a_sandbox_is_called_one() -> None:
    for endpoint, said in (("sandbox", True), ("http://[::1]:4010", True), ("x.example", False)):
        with pytest.raises(StateConflictError) as refused:
            SERVICE.check(state(endpoint=endpoint))
        assert ("the state of a sandbox" in refused.value.detail) == said
        assert f"PUSHCTL_ENDPOINT={endpoint}" in str(refused.value.fix).replace("'", "")


def test_without_a_manifest_the_recorded_service_is_meant_unless_the_environment_says() -> None:
    assert service_of(None, {}, state()).parts == SERVICE.parts
    elsewhere = service_of(None, {"PUSHCTL_ENDPOINT": "other.example"}, state())
    with pytest.raises(StateConflictError, match="endpoint"):
        elsewhere.check(state())
