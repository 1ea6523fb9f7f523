"""Which service a state is about and how to look at it, from the manifest and the environment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pushctl.cli.service import endpoint as endpoints
from pushctl.errors import ConfigError, StateFormatError
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.state import ServiceSettings
from pushctl.time_zones import edition, zone

if TYPE_CHECKING:
    from pushctl.apply.observe import ObserveOptions
    from pushctl.manifest.schema.models import App, Manifest
    from pushctl.plan.reconcile.in_doubt import Timeouts

LIST_LAG = 30.0
"""Seconds that the real service's list is given to follow; nobody published how long it takes."""


def of_manifest(manifest: Manifest, environ: Mapping[str, str]) -> ServiceSettings:
    """Return what a manifest and the environment say about the service."""
    return _of_app(manifest.app, manifest.timezone, environ)


def defaults(environ: Mapping[str, str]) -> ServiceSettings:
    """Return what a manifest that says nothing about the service would mean."""
    from pushctl.manifest.schema.models import App  # noqa: PLC0415  (most commands never need it)

    app = App(id="", workspace="")
    return _of_app(app, app.service_timezone, environ)


def _of_app(app: App, timezone: str, environ: Mapping[str, str]) -> ServiceSettings:
    return ServiceSettings(
        endpoint=endpoints.chosen(app.endpoint, environ),
        region=app.region,
        tenant=app.tenant,
        timezone=timezone,
        service_timezone=app.service_timezone,
        horizon_days=app.behaviour.horizon_days,
        settle_time=None if app.settle_time is None else int(app.settle_time),
        list_slack=int(app.behaviour.list_slack),
        cancel_type=app.behaviour.cancel_type,
        hashed=app.targets == "hashed",
        gone_statuses=tuple(app.behaviour.gone_statuses),
        time_zone_data=edition().name,
    )


def observe_options(
    settings: ServiceSettings, environ: Mapping[str, str], *, sandboxed: bool = False
) -> ObserveOptions:
    """Return how to look at the service; raises `ConfigError`, `StateFormatError`."""
    from pushctl.apply.observe import ObserveOptions  # noqa: PLC0415  (only where it is asked)

    found = timeouts(settings, environ, sandboxed=sandboxed)
    return ObserveOptions(horizon(settings), found, settings.list_slack)


def timeouts(
    settings: ServiceSettings, environ: Mapping[str, str], *, sandboxed: bool = False
) -> Timeouts:
    """Return how long an absence is not believed; raises `ConfigError`.

    `PUSHCTL_SETTLE_TIME` and `PUSHCTL_LONGEST_CALL` come first. A sandbox lists at once, and no
    call to an embedded one outlives its caller.
    """
    from pushctl.plan.reconcile.in_doubt import LONGEST_CALL, Timeouts  # noqa: PLC0415  (see above)

    embedded = settings.endpoint == endpoints.EMBEDDED
    lag = 0.0 if embedded or sandboxed else LIST_LAG
    longest = 0.0 if embedded else LONGEST_CALL
    if settings.settle_time is not None:
        lag = float(settings.settle_time)
    return Timeouts(
        duration("PUSHCTL_SETTLE_TIME", environ, lag),
        duration("PUSHCTL_LONGEST_CALL", environ, longest),
    )


def duration(name: str, environ: Mapping[str, str], otherwise: float) -> float:
    """Return the seconds that a variable says; raises `ConfigError`."""
    if name not in environ:
        return otherwise
    from pushctl.text.duration import seconds  # noqa: PLC0415  (rarely needed)

    try:
        return float(seconds(environ[name]))
    except ValueError as error:
        detail = f"{environ[name]!r} is not a duration"
        fix = "write it like 30s or 2m"
        raise ConfigError(f"{name} cannot be read", detail, fix=fix) from error


def local_zone(meant: ServiceSettings | Manifest | None) -> dt.tzinfo:
    """Return the zone in which people read times; UTC if nobody names one that exists."""
    try:
        return dt.UTC if meant is None else zone(meant.timezone)
    except (KeyError, ValueError, OSError):
        return dt.UTC


def horizon(settings: ServiceSettings) -> Horizon:
    """Return what the service accepts; raises `StateFormatError` if its zone does not exist."""
    try:
        return Horizon(zone(settings.service_timezone), settings.horizon_days)
    except (KeyError, ValueError, OSError) as error:
        raise StateFormatError(
            "The state names a zone that does not exist", settings.service_timezone
        ) from error


def other_zone_data(recorded: ServiceSettings | None, now: ServiceSettings) -> str | None:
    """Say by which time zone data the tasks were made, if by others, and in the same zone."""
    before, edition = recorded and recorded.time_zone_data, now.time_zone_data
    if recorded is None or recorded.timezone != now.timezone or before == edition:
        return None
    return f"made with time zone data {before or 'of unknown age'}, this machine has {edition}"
