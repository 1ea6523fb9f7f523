"""The composition root: from the options of a command to values, a store, and a service.

The only place that knows every part. What is heavy is imported inside the function that needs it,
so that a command pays for nothing it does not use.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pushctl.apply.observe import Sight
from pushctl.cli import endpoint as endpoints
from pushctl.cli import service_settings as sites
from pushctl.cli.clock import CommandClock, instant, start_of
from pushctl.cli.global_options import Invocation
from pushctl.diagnostics import Diagnostic, Severity, in_reading_order
from pushctl.errors import ConfigError, ManifestError
from pushctl.plan.guards.thresholds import Limits
from pushctl.plan.inputs import Context, Intent
from pushctl.plan.planner import Wishes
from pushctl.push.identity import digest, hashed_label
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.file.store import FileStateStore
from pushctl.state.history import is_whole
from pushctl.state.state import Site, State

if TYPE_CHECKING:
    from pushctl.manifest.compile import Compiled
    from pushctl.manifest.resolved import Reading
    from pushctl.manifest.schema.models import Manifest
    from pushctl.mpaas.client import CloudPushService


@dataclass(frozen=True, slots=True)
class Choices:
    """What the options of plan and apply say."""

    target: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    now_or_never: bool = False
    send_late: bool = False
    allow_immediate: bool = False
    force: bool = False
    max_cancels: int | None = None
    max_creates: int | None = None
    max_audience: int | None = None


TOLERANT = Choices(send_late=True)
"""For commands that only look: a time that was missed is no reason to show nothing."""


@dataclass(frozen=True, slots=True)
class Session:
    """A manifest that was read, and what it is about."""

    invocation: Invocation
    reading: Reading
    manifest: Manifest
    store: FileStateStore
    clock: CommandClock
    endpoint: endpoints.Endpoint | None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def site(self) -> Site:
        """Which service this is about, and how to look at it."""
        return sites.site_of(self.manifest, os.environ)

    @property
    def horizon(self) -> Horizon:
        """What the service accepts."""
        return sites.horizon(self.site)

    @property
    def local_zone(self) -> dt.tzinfo:
        """The zone in which people read times."""
        return sites.local_zone(self.site)

    @property
    def sight(self) -> Sight:
        """How to look at the service."""
        return sites.sight(self.site, os.environ)

    def compiled(self, state: State | None, choices: Choices, *, lint: bool = False) -> Compiled:
        """Compile every entry; its `diagnostics` are all there are about the manifest.

        Raises `ManifestError` with all of them if one keeps an entry from being understood. With
        `lint` they include what the schema allows and a reviewer would not: whoever gets those
        shows them, and refuses to go on if one is an error.
        """
        from pushctl.lint.runner import linted  # noqa: PLC0415  (see above)
        from pushctl.manifest.compile import compile_manifest  # noqa: PLC0415

        recorded = frozenset(
            id for id, record in (state.pushes if state else {}).items() if record.tasks
        )
        now = int(self.clock.now())
        compiled = compile_manifest(
            self.reading, now=now, recorded=recorded, send_late=choices.send_late
        )
        found = [*self.reading.diagnostics, *compiled.diagnostics]
        if lint:
            label = self._label(state)
            found += linted(self.reading, compiled, now=now, recorded=recorded, label=label)
        findings = in_reading_order(self.judged(found))
        if _hopeless(findings):
            raise ManifestError(findings, self.invocation.folder)
        return replace(compiled, diagnostics=findings)

    def judged(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return what is left of findings, by what the policy and the entries accept."""
        from pushctl.lint.runner import accepted  # noqa: PLC0415  (see above)
        from pushctl.lint.severity import judged  # noqa: PLC0415

        return tuple(judged(findings, self.manifest.policy.rules, accepted(self.reading)))

    def _label(self, state: State | None) -> Callable[[str], str]:
        """Return what a target is called where people read."""
        if self.manifest.app.targets != "hashed":
            return str
        return hashed_label(state.lineage if state else "")

    def wishes(self, state: State, choices: Choices, *, lint: bool = False) -> Wishes:
        """Say what is wanted, by the manifest, the policy and the options."""
        from pushctl.manifest.schedule.timezones import zone  # noqa: PLC0415  (see above)

        compiled = self.compiled(state, choices, lint=lint)
        manifest, app = self.manifest, self.manifest.app
        hashed = app.targets == "hashed"
        intent = Intent(
            moved={item.from_: item.to for item in manifest.moved},
            let_run=frozenset(item.id for item in manifest.removed if not item.cancel),
            danger_window=int(manifest.policy.danger_window),
            renew_before=int(manifest.policy.renew_before),
            now_or_never=choices.now_or_never,
            send_late=choices.send_late,
            allow_immediate=choices.allow_immediate or manifest.policy.allow_immediate,
        )
        return Wishes(
            app=app.id,
            workspace=app.workspace,
            env=self.invocation.env,
            timezone=zone(manifest.timezone),
            desired=compiled.pushes,
            context=Context(
                now=int(self.clock.now()),
                horizon=self.horizon,
                intent=intent,
                label=self._label(state),
            ),
            limits=self._limits(choices),
            manifest_digest=self.reading.digest,
            policy_digest=digest(manifest.policy.model_dump(mode="json")),
            quota_limit=app.quota.limit,
            weigh_deliveries=app.quota.counts == "deliveries",
            soonest=app.quota.overflow == "soonest",
            settle_time=self.sight.settle_time,
            hashed=hashed,
            adopts={item.id: item.task for item in manifest.adopt},
            only=frozenset(choices.target),
            exclude=frozenset(choices.exclude),
            diagnostics=compiled.diagnostics,
            whole=is_whole(state, self.store.changes()),
            judge=self.judged,
        )

    def _limits(self, choices: Choices) -> Limits:
        """Return the thresholds in force: what was typed, and the policy."""
        policy = self.manifest.policy
        return Limits(
            max_cancels=choices.max_cancels,
            max_creates=choices.max_creates,
            max_audience=choices.max_audience,
            cancel_share=policy.max_cancels,
            creates=policy.max_creates,
            audience=policy.max_audience,
            audience_change=policy.max_audience_change,
            force=choices.force,
        )

    def empty_state(self) -> State:
        """Return the state of a workspace in which nothing was ever applied."""
        return State("", self.manifest.app.id, self.manifest.app.workspace)

    def service(self) -> CloudPushService:
        """Return the service behind the endpoint; credentials are looked for on the first call."""
        app = self.manifest.app
        return sites.service(
            app.id,
            app.workspace,
            self.site,
            self.endpoint,
            os.environ,
            observe=self.invocation.debug.call,
        )


def _hopeless(findings: Iterable[Diagnostic]) -> bool:
    """Tell whether something cannot be understood, whatever a policy says."""
    from pushctl.lint.severity import adjustable  # noqa: PLC0415  (see above)

    return any(item.severity is Severity.ERROR and not adjustable(item) for item in findings)


def read(invocation: Invocation) -> Reading:
    """Read the manifest; findings are values in what this returns."""
    from pushctl.manifest.read import read_manifest  # noqa: PLC0415  (`--help` needs none of it)

    return read_manifest(invocation.folder, file=invocation.file, environment=invocation.env)


def store_of(invocation: Invocation, manifest: Manifest) -> FileStateStore:
    """Return the store beside the manifest; an environment has files of its own."""
    app = manifest.app
    return FileStateStore(
        invocation.folder, app=app.id, workspace=app.workspace, name=invocation.state_name
    )


def present(invocation: Invocation, manifest: Manifest) -> float | None:
    """Return the moment that an offline command goes by; None for the machine's own."""
    sandboxed = endpoints.chosen(manifest.app.endpoint, os.environ) == endpoints.EMBEDDED
    if invocation.now is not None:
        return instant(invocation.now)
    if sandboxed and manifest.app.sandbox.now is not None:
        return instant(manifest.app.sandbox.now)
    return None


@contextlib.contextmanager
def begin(
    invocation: Invocation, *, online: bool = True, choices: Choices = TOLERANT
) -> Iterator[Session]:
    """Read the manifest and open the way to its service; raises `ManifestError`.

    Findings of severity error end it here only if nothing at all could be understood; otherwise
    `Session.compiled` adds its own first, so that one run shows everything.
    """
    if not invocation.folder.is_dir():
        raise ConfigError("There is no such folder", str(invocation.folder), fix="correct -C")
    reading = read(invocation)
    if reading.manifest is None:
        raise ManifestError(in_reading_order(reading.diagnostics), invocation.folder)
    manifest = reading.manifest
    if manifest.app.targets == "hashed":
        invocation.debug.hide(target for push in reading.pushes for target in push.targets)
    store = store_of(invocation, manifest)
    stop = threading.Event()
    if not online or _hopeless(reading.diagnostics):
        clock = CommandClock(present(invocation, manifest), stop)
        yield Session(invocation, reading, manifest, store, clock, None, stop)
        return
    address = endpoints.chosen(manifest.app.endpoint, os.environ)
    if address == endpoints.EMBEDDED and not (invocation.folder / endpoints.SANDBOX_DATA).exists():
        # A manifest with errors leaves nothing behind, not even a sandbox.
        clock = CommandClock(present(invocation, manifest), stop)
        Session(invocation, reading, manifest, store, clock, None, stop).compiled(
            store.read(), choices
        )
    app = manifest.app
    emulated = endpoints.Emulated(
        pinned=app.sandbox.now,
        quota_limit=app.quota.limit,
        quota_counts="tasks" if app.quota.counts == "tasks" else "occurrences",
        service_timezone=app.service_timezone,
        window_days=app.behaviour.horizon_days,
    )
    opened = endpoints.opened(address, folder=invocation.folder, emulated=emulated)
    with opened as endpoint:
        start = start_of(invocation, endpoint)
        yield Session(
            invocation, reading, manifest, store, CommandClock(start, stop), endpoint, stop
        )
