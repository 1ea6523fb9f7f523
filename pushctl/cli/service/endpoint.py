"""Which service a command talks to: the embedded sandbox, another sandbox, or the real one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pushctl.cli.service.sandbox_clock import SandboxClock, of_data
from pushctl.errors import ConfigError
from pushctl.mpaas.endpoint import is_local

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import App

EMBEDDED = "sandbox"
SANDBOX_DATA = Path(".pushctl") / "sandbox.db"


class Endpoint(Struct, frozen=True):
    """Where calls go. `clock` is the one of the embedded sandbox; another one has to be asked."""

    address: str
    sandboxed: bool
    clock: SandboxClock | None = None


def chosen(configured: str, environ: Mapping[str, str]) -> str:
    """Return the endpoint in force: `PUSHCTL_ENDPOINT`, else what the manifest says."""
    return environ.get("PUSHCTL_ENDPOINT") or configured


def plain_http(environ: Mapping[str, str]) -> bool:
    """Tell whether somebody allowed calls that are not encrypted, to another machine.

    Only the environment can: a manifest comes with a pull request.
    """
    return environ.get("PUSHCTL_PLAIN_HTTP", "").strip().lower() in ("1", "true", "yes", "on")


def behaviour_of(app: App) -> dict[str, Any]:
    """Return how a sandbox is to behave so that it is like the service of a manifest."""
    named = f"{app.id}/{app.workspace}"
    return {
        "apps": (named,) if named.count("/") == 1 else (),  # a sandbox could not tell them apart
        "quota_limit": app.quota.limit,
        "quota_counts": "tasks" if app.quota.counts == "tasks" else "occurrences",
        "service_timezone": app.service_timezone,
        "window_days": app.behaviour.horizon_days,
    }


@contextlib.contextmanager
def opened(
    address: str, *, folder: Path, behaviour: Mapping[str, Any] | None = None
) -> Iterator[Endpoint]:
    """Yield the endpoint, running the embedded sandbox meanwhile if that is what is asked for.

    `behaviour` holds the sandbox's own settings; without it, it behaves as it did before. Raises
    `ConfigError`.
    """
    if address != EMBEDDED:
        yield Endpoint(address, is_local(address))
        return
    from pushctl.sandbox import Sandbox  # noqa: PLC0415  (only the sandbox needs an HTTP server)

    data = folder / SANDBOX_DATA
    if data.is_symlink() or data.parent.is_symlink():
        # It would write into whatever file a pull request points it to.
        raise ConfigError(
            "The embedded sandbox cannot start", f"{data} is behind a link", fix="delete the link"
        )
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        sandbox = Sandbox(data, **(behaviour or {})).start()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        detail = f"{data}: {reason}"
        fix = "make the folder writable, or set PUSHCTL_ENDPOINT to a service"
        raise ConfigError("The embedded sandbox cannot start", detail, fix=fix) from error
    with sandbox:
        yield Endpoint(sandbox.url, True, of_data(data))
