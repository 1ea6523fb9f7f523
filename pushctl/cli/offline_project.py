"""The other composition root: for commands that need only what is recorded, and no manifest.

An incident does not wait until a manifest is valid again, and what the state says about the service
was true when its tasks were made.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pushctl.apply.observe import ObserveOptions
from pushctl.cli import endpoint as endpoints
from pushctl.cli import service_settings as sites
from pushctl.cli.clock import CommandClock, instant, start_of
from pushctl.cli.global_options import Invocation
from pushctl.errors import ConfigError, PushctlError
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import PushRecord, Site, State

if TYPE_CHECKING:
    from pushctl.mpaas.client import CloudPushService


@dataclass(frozen=True, slots=True)
class Recorded:
    """A state that was read, and the way to the service that it is about."""

    invocation: Invocation
    store: FileStateStore
    state: State
    site: Site
    clock: CommandClock
    endpoint: endpoints.Endpoint | None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def horizon(self) -> Horizon:
        """What the service accepts."""
        return sites.horizon(self.site)

    @property
    def observe_options(self) -> ObserveOptions:
        """How to look at the service."""
        return sites.observe_options(self.site, os.environ)

    @property
    def zone(self) -> dt.tzinfo:
        """The zone in which people read times."""
        return sites.local_zone(self.site)

    def service(self) -> CloudPushService:
        """Return the service behind the endpoint; credentials are looked for on the first call."""
        state = self.state
        return sites.service(
            state.app,
            state.workspace,
            self.site,
            self.endpoint,
            os.environ,
            observe=self.invocation.debug.call,
        )


def store_of(invocation: Invocation) -> FileStateStore:
    """Return the store of whatever is recorded in the folder."""
    if not invocation.folder.is_dir():
        raise ConfigError("There is no such folder", str(invocation.folder), fix="correct -C")
    return FileStateStore(invocation.folder, name=invocation.state_name)


@contextlib.contextmanager
def open_recorded(invocation: Invocation, *, online: bool = False) -> Iterator[Recorded]:
    """Read the state and, if asked to, open the way to its service."""
    store = store_of(invocation)
    state = store.read() or State("", "", "")
    site = _site(invocation, state)
    stop = threading.Event()
    if not online:
        start = None if invocation.now is None else instant(invocation.now)
        clock = CommandClock(start or _pinned(invocation, site), stop)
        yield Recorded(invocation, store, state, site, clock, None, stop)
        return
    if not state.lineage:
        store.fresh()  # says that nothing is recorded here
    with endpoints.opened(site.endpoint, folder=invocation.folder, emulated=None) as endpoint:
        clock = CommandClock(start_of(invocation, endpoint), stop)
        yield Recorded(invocation, store, state, site, clock, endpoint, stop)


def record_of(state: State, id: str) -> PushRecord:
    """Return what is recorded of an entry; raises `PushctlError` if nothing is."""
    record = state.pushes.get(id)
    if record is None:
        raise PushctlError("Nothing is recorded under this id", id, fix="pushctl state list")
    return record


def _site(invocation: Invocation, state: State) -> Site:
    """Return where the tasks are: as recorded, else as the manifest says, else as usual."""
    recorded = state.site or _of_manifest(invocation) or sites.USUAL
    return replace(recorded, endpoint=endpoints.chosen(recorded.endpoint, os.environ))


def _of_manifest(invocation: Invocation) -> Site | None:
    """Ask the manifest, for a state that was written before sites were recorded."""
    from pushctl.cli.project import read  # noqa: PLC0415  (the manifest is rarely needed here)

    manifest = read(invocation).manifest
    return None if manifest is None else sites.site_of(manifest, os.environ)


def _pinned(invocation: Invocation, site: Site) -> float | None:
    """Return the time of an embedded sandbox, which may stand still; None for the machine's own."""
    data = invocation.folder / endpoints.SANDBOX_DATA
    if site.endpoint != endpoints.EMBEDDED or not data.exists():
        return None
    with endpoints.opened(site.endpoint, folder=invocation.folder, emulated=None) as endpoint:
        return endpoint.now
