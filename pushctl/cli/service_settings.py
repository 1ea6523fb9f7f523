"""Which service a state is about and how to talk to it: from values to a service and options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pushctl.apply.observe import ObserveOptions
from pushctl.cli import endpoint as endpoints
from pushctl.errors import ConfigError, StateFormatError
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.state import Site

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest
    from pushctl.mpaas.call_log import Call
    from pushctl.mpaas.client import CloudPushService

LAG = 30.0
"""Seconds that the real service's list is given to follow; nobody published how long it takes."""


USUAL = Site(
    endpoint=endpoints.EMBEDDED,
    region="cn-hangzhou",
    tenant=None,
    timezone="Asia/Shanghai",
    service_timezone="Asia/Shanghai",
    horizon_days=180,
    settle_time=None,
    list_slack=86400,
    cancel_type=None,
    hashed=False,
)
"""Where a state is about that says nothing of it; `PUSHCTL_ENDPOINT` still decides."""


def site_of(manifest: Manifest, environ: Mapping[str, str]) -> Site:
    """Return what a manifest and the environment say about the service."""
    app = manifest.app
    return Site(
        endpoint=endpoints.chosen(app.endpoint, environ),
        region=app.region,
        tenant=app.tenant,
        timezone=manifest.timezone,
        service_timezone=app.service_timezone,
        horizon_days=app.behaviour.horizon_days,
        settle_time=None if app.settle_time is None else int(app.settle_time),
        list_slack=int(app.behaviour.list_slack),
        cancel_type=app.behaviour.cancel_type,
        hashed=app.targets == "hashed",
    )


def settle_time(site: Site, environ: Mapping[str, str]) -> float:
    """Seconds that the service's list may lag; none for the embedded sandbox."""
    configured = environ.get("PUSHCTL_SETTLE_TIME")
    if configured is not None:
        from pushctl.text.duration import seconds  # noqa: PLC0415  (rarely needed)

        try:
            return float(seconds(configured))
        except ValueError as error:
            raise ConfigError(
                "PUSHCTL_SETTLE_TIME cannot be read",
                f"{configured!r} is not a duration",
                fix="write it like 30s or 2m",
            ) from error
    if site.settle_time is not None:
        return float(site.settle_time)
    return 0.0 if site.endpoint == endpoints.EMBEDDED else LAG


def local_zone(site: Site) -> dt.tzinfo:
    """Return the zone in which people read times; UTC if the recorded one does not exist."""
    from pushctl.manifest.schedule.timezones import zone  # noqa: PLC0415  (`--help` needs no zones)

    try:
        return zone(site.timezone)
    except ValueError:
        return dt.UTC


def horizon(site: Site) -> Horizon:
    """Return what the service accepts."""
    from pushctl.manifest.schedule.timezones import zone  # noqa: PLC0415  (`--help` needs no zones)

    try:
        return Horizon(zone(site.service_timezone), site.horizon_days)
    except ValueError as error:
        raise StateFormatError(
            "The state names a zone that does not exist", site.service_timezone
        ) from error


def observe_options(site: Site, environ: Mapping[str, str]) -> ObserveOptions:
    """Return how to look at the service."""
    return ObserveOptions(horizon(site), settle_time(site, environ), site.list_slack)


def service(
    app: str,
    workspace: str,
    site: Site,
    endpoint: endpoints.Endpoint | None,
    environ: Mapping[str, str],
    *,
    observe: Callable[[Call], None],
) -> CloudPushService:
    """Return the service behind an endpoint; credentials are looked for on the first call.

    `observe` is told of every call.
    """
    if endpoint is None:
        raise ConfigError("This command was told not to ask the service")
    from pushctl.mpaas.client import CloudPushService  # noqa: PLC0415  (see above)
    from pushctl.mpaas.credentials import CredentialChain, Credentials, find_credentials  # noqa: PLC0415  (only where calls are made)

    embedded = site.endpoint == endpoints.EMBEDDED
    credential = find_credentials({} if embedded else environ)
    if endpoint.sandboxed and isinstance(credential, CredentialChain):
        # Nobody set a key for something on this machine: it is taken to be the sandbox.
        credential = Credentials("sandbox", "sandbox")
    return CloudPushService(
        app_id=app,
        workspace_id=workspace,
        tenant_id=site.tenant,
        endpoint=endpoint.address,
        credential=credential,
        cancel_type=site.cancel_type,
        observe=observe,
        name_targets=not site.hashed,
        plain_http=endpoints.plain_http(environ),
    )
