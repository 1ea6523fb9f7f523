"""The composition root: from the options of a command to a manifest, a state and a service.

The only module that knows every part. What is heavy is imported inside the function that needs it,
so that a command pays for nothing it does not use.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from pushctl.cli.ci.state import hint, kept_on_branch
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import SEE_LIST, check_ids
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.project.manifest_identity import with_manifest
from pushctl.cli.project.recorded import RecordedIds
from pushctl.cli.project.state_engine import address_of, open_engine
from pushctl.cli.service import endpoint as endpoints
from pushctl.cli.service import settings as service_settings
from pushctl.cli.service.clock import CommandClock, clock_of, offline_clock
from pushctl.cli.service.identity import Service, service_of, service_of_tasks, whose
from pushctl.cli.service.sandbox_clock import fields_of, line_of
from pushctl.diagnostics import Diagnostic, Severity, in_reading_order
from pushctl.errors import ConfigError, ManifestError
from pushctl.push.identity import digest, hashed_label
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.history import is_whole
from pushctl.state.interface import StateStore
from pushctl.state.state import PushRecord, ServiceSettings, State
from pushctl.text.escape import terminal
from pushctl.text.messages import choose

if TYPE_CHECKING:
    from pushctl.apply.observe import ObserveOptions
    from pushctl.manifest.compile import Compiled
    from pushctl.manifest.resolved import Reading
    from pushctl.manifest.schema.models import Manifest
    from pushctl.mpaas.client import CloudPushService
    from pushctl.plan.planner import PlanRequest

TOLERANT = PlanOptions(send_late=True)
"""For commands that only look: a time that was missed is no reason to show nothing."""


class Project(Struct, frozen=True):
    """One app's workspace: its state, the way to its service, and the manifest if one was read.

    `endpoint` is None for a command that does not ask the service. `stop` is set when somebody asks
    the command to stop. `parsed` is None where nobody has looked for a manifest.
    """

    options: GlobalOptions
    store: StateStore
    app: str
    workspace: str
    settings: ServiceSettings
    clock: CommandClock
    stop: threading.Event = field(default_factory=threading.Event)
    endpoint: endpoints.Endpoint | None = None
    parsed: Reading | None = None

    @property
    def reading(self) -> Reading:
        """The manifest and what it was read from; only where the project was opened with it."""
        assert self.parsed is not None
        return self.parsed

    @property
    def manifest(self) -> Manifest:
        """The manifest; only where the project was opened with it."""
        assert self.reading.manifest is not None
        return self.reading.manifest

    @property
    def horizon(self) -> Horizon:
        """What the service accepts."""
        return service_settings.horizon(self.settings)

    @property
    def zone(self) -> dt.tzinfo:
        """The zone in which people read times."""
        return service_settings.local_zone(self.settings)

    @property
    def clock_line(self) -> str:
        """The first line of what people read: the sandbox's clock; empty without one."""
        return line_of(self.clock.sandbox, self.zone)

    @property
    def clock_fields(self) -> dict[str, Any]:
        """The same as a field of a JSON object; no field without one."""
        return fields_of(self.clock.sandbox, self.zone)

    @property
    def observe_options(self) -> ObserveOptions:
        """How to look at the service."""
        sandboxed = self.clock.sandbox is not None
        options = service_settings.observe_options(self.settings, os.environ, sandboxed=sandboxed)
        timeouts = replace(options.timeouts, call_delay=self.store.call_delay)
        return replace(options, timeouts=timeouts)

    @property
    def service_meant(self) -> Service:
        """Whose tasks it is about."""
        return Service(self.app, self.workspace, self.settings)

    def state(self, slot: int | None = None) -> State:
        """Return the state, read now; an empty one without a lineage if there never was one.

        With a `slot`, as it was after that entry. Raises what `StateStore.read_at` raises.
        """
        found = self.store.read() if slot is None else self.store.read_at(slot)
        manifest = self.parsed.manifest if self.parsed else None
        if found is None and (note := hint(self.options, manifest)):
            self.options.output.talk(f"Note: {terminal(note)}")
        return found or State("", self.app, self.workspace)

    def service(self) -> CloudPushService:
        """Return the service behind the endpoint; credentials are looked for on the first call.

        Raises `ConfigError` for a project that was opened offline.
        """
        if self.endpoint is None:
            raise ConfigError("This command was told not to ask the service")
        from pushctl.credentials import CredentialChain, Credentials, find_credentials  # noqa: PLC0415  (only where calls are made)
        from pushctl.mpaas.client import CloudPushService  # noqa: PLC0415  (see above)

        settings = self.settings
        embedded = settings.endpoint == endpoints.EMBEDDED
        credential = find_credentials({} if embedded else os.environ)
        if self.endpoint.sandboxed and isinstance(credential, CredentialChain):
            # Nobody set a key for something on this machine: it is taken to be the sandbox.
            credential = Credentials("sandbox", "sandbox")
        return CloudPushService(
            app_id=self.app,
            workspace_id=self.workspace,
            tenant_id=settings.tenant,
            endpoint=self.endpoint.address,
            credential=credential,
            cancel_type=settings.cancel_type,
            gone_statuses=settings.gone_statuses,
            now=self.clock.now if self.options.now is None else None,
            observe=self.options.debug.call,
            name_targets=not settings.hashed,
            plain_http=endpoints.plain_http(os.environ),
        )

    def with_reading(self, reading: Reading) -> Project:
        """Return the same project with another version of its manifest, which must be there."""
        assert reading.manifest is not None
        settings = service_settings.of_manifest(reading.manifest, os.environ)
        return replace(self, parsed=reading, settings=settings)

    def online(self, endpoint: endpoints.Endpoint) -> Project:
        """Return the same project with a service to ask, going by its time if it has one."""
        clock = clock_of(self.options, endpoint, self.stop)
        return replace(self, endpoint=endpoint, clock=clock)

    def compiled(
        self, read: Callable[[], State | None], plan_options: PlanOptions, *, lint: bool = False
    ) -> Compiled:
        """Compile every entry; its `diagnostics` are all there are about the manifest.

        `read` returns the state, and is called if something depends on what was applied before.
        Raises `ManifestError` with all of them if one keeps an entry from being understood. With
        `lint` they include what the schema allows and a reviewer would not: whoever gets those
        shows them, and refuses to go on if one is an error.
        """
        from pushctl.lint.runner import linted  # noqa: PLC0415  (see above)
        from pushctl.manifest.compile import compile_manifest  # noqa: PLC0415  (see above)

        recorded = RecordedIds(read)
        now = int(self.clock.now())
        compiled = compile_manifest(
            self.reading, now=now, recorded=recorded, send_late=plan_options.send_late
        )
        found = [*self.reading.diagnostics, *compiled.diagnostics]
        if lint:
            label = self._label(read)
            found += linted(self.reading, compiled, now=now, recorded=recorded, label=label)
        findings = in_reading_order(self.effective(found))
        if _has_fatal_errors(findings):
            raise ManifestError(findings, self.options.folder)
        return replace(compiled, diagnostics=findings)

    def effective(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return what is left of findings, by what the policy and the entries accept."""
        from pushctl.lint.runner import accepted  # noqa: PLC0415  (see above)
        from pushctl.lint.severity import with_effective_severity  # noqa: PLC0415  (see above)

        levels = self.manifest.policy.rules
        return tuple(with_effective_severity(findings, levels, accepted(self.reading)))

    def _label(self, read: Callable[[], State | None]) -> Callable[[str], str]:
        """Return what a target is called where people read."""
        if not self.settings.hashed:
            return str
        state = read()
        return hashed_label(state.lineage if state else "")

    def plan_request(
        self, state: State, plan_options: PlanOptions, *, lint: bool = False
    ) -> PlanRequest:
        """Say what is to be planned, by manifest and options; raises what `compiled` raises."""
        from pushctl.cli.project.policy import diff_options, thresholds  # noqa: PLC0415  (see above)
        from pushctl.manifest.diff.versions import Version  # noqa: PLC0415  (see above)
        from pushctl.manifest.files.reader import Files  # noqa: PLC0415  (see above)
        from pushctl.plan.inputs import PlanContext  # noqa: PLC0415  (see above)
        from pushctl.plan.planner import PlanRequest  # noqa: PLC0415  (see above)

        compiled = self.compiled(lambda: state, plan_options, lint=lint)
        manifest, app, folder = self.manifest, self.manifest.app, self.options.folder
        policy = {key: item for key, item in manifest.policy.data().items() if key != "language"}
        return PlanRequest(
            app=app.id,
            workspace=app.workspace,
            env=self.options.env,
            timezone=self.zone,
            desired=compiled.pushes,
            context=PlanContext(
                now=int(self.clock.now()),
                horizon=self.horizon,
                options=diff_options(manifest, plan_options),
                label=self._label(lambda: state),
                zone_data=service_settings.other_zone_data(state.settings, self.settings),
            ),
            limits=thresholds(manifest, plan_options),
            manifest_digest=self.reading.digest,
            policy_digest=digest(policy),
            quota_limit=app.quota.limit,
            weigh_deliveries=app.quota.counts == "deliveries",
            soonest=app.quota.overflow == "soonest",
            timeouts=self.observe_options.timeouts,
            hashed=self.settings.hashed,
            adopts={item.id: item.task for item in manifest.adopt},
            only=frozenset(plan_options.target),
            exclude=frozenset(plan_options.exclude),
            diagnostics=compiled.diagnostics,
            whole=is_whole(state, self.store.history()),
            judge=self.effective,
            not_included=Version(self.reading, Files(folder), self.options.env).not_included,
        )


def _has_fatal_errors(findings: Iterable[Diagnostic]) -> bool:
    """Tell whether something cannot be understood, whatever a policy says."""
    from pushctl.lint.severity import adjustable  # noqa: PLC0415  (see above)

    return any(item.severity is Severity.ERROR and not adjustable(item) for item in findings)


# --- the state ------------------------------------------------------------------------------------


def open_store(
    options: GlobalOptions,
    check: Callable[[State], None] = lambda state: None,
    *,
    manifest: Manifest | None = None,
) -> StateStore:
    """Return the store of what is recorded; without a manifest it begins no state.

    `check` raises if a state that is read is not the one meant. A manifest that is not given is
    read here, unless `PUSHCTL_STATE` says where the state is.
    """
    needed = manifest is None and "PUSHCTL_STATE" not in os.environ
    found = read(options).manifest if needed else manifest
    address, zone = address_of(found, os.environ), service_settings.local_zone(found)
    app, workspace = (manifest.app.id, manifest.app.workspace) if manifest else (None, None)
    return open_engine(
        address, options, os.environ, check=check, app=app, workspace=workspace, zone=zone
    )


def record_of(state: State, id: str) -> PushRecord:
    """Return what is recorded of an entry; raises `click.UsageError` if nothing is."""
    check_ids([id], state.pushes, "state", exact=True, otherwise=SEE_LIST)
    return state.pushes[id]


def read(options: GlobalOptions, *, fetch: bool = True) -> Reading:
    """Read the manifest, and `fetch` what it extends; findings are values. Raises `ConfigError`."""
    from pushctl.manifest.files.reader import Files  # noqa: PLC0415  (`--help` needs none of it)
    from pushctl.manifest.read import read_manifest  # noqa: PLC0415  (see above)

    files = Files(options.existing_folder, fetch=fetch)
    reading = read_manifest(files, file=options.file, environment=options.env)
    if options.lang is None and reading.manifest is not None:
        choose(reading.manifest.policy.language)
    return reading


def clock_meant(options: GlobalOptions, manifest: Manifest) -> CommandClock:
    """Return the clock of the service that a manifest is for, without talking to it."""
    address = endpoints.chosen(manifest.app.endpoint, os.environ)
    return offline_clock(options, address, manifest.app.sandbox.now)


@contextlib.contextmanager
def open_project(
    options: GlobalOptions,
    *,
    online: bool = True,
    plan_options: PlanOptions = TOLERANT,
    only_shows: bool = False,
) -> Iterator[Project]:
    """Read the manifest and open the way to its service; raises `ManifestError`.

    A state of another service is refused when it is read, unless the command `only_shows` it.
    Findings of severity error end it here only if nothing at all could be understood; otherwise
    `Project.compiled` adds its own first, so that one run shows everything.
    """
    reading = read(options)
    manifest = reading.manifest
    if manifest is None:
        raise ManifestError(in_reading_order(reading.diagnostics), options.folder)
    app = manifest.app
    if app.targets == "hashed":
        options.debug.hide(target for push in reading.pushes for target in push.targets)
    stop = threading.Event()
    service = service_of(manifest, os.environ)
    check = whose(service, options, reading.files, only_shows=only_shows)
    asked = online and service.settings.endpoint != endpoints.EMBEDDED
    project = Project(
        options,
        open_store(options, check, manifest=manifest),
        app.id,
        app.workspace,
        with_manifest(service.settings, options),
        CommandClock() if asked else clock_meant(options, manifest),
        stop,
        parsed=reading,
    )
    if not online or _has_fatal_errors(reading.diagnostics):
        yield project
        return
    address = project.settings.endpoint
    if address == endpoints.EMBEDDED and not (options.folder / endpoints.SANDBOX_DATA).exists():
        # A manifest with errors leaves nothing behind, not even a sandbox.
        project.compiled(project.store.read, plan_options)
    behaviour = {"now": app.sandbox.now, **endpoints.behaviour_of(app)}
    with endpoints.opened(address, folder=options.folder, behaviour=behaviour) as endpoint:
        yield project.online(endpoint)


@contextlib.contextmanager
def open_recorded(
    options: GlobalOptions, *, online: bool = False, only_shows: bool = False, stops: bool = False
) -> Iterator[tuple[Project, State]]:
    """Read the state and, if asked to, open the way to the service that it is about.

    An incident does not wait until a manifest is valid again, and what the state says about the
    service was true when its tasks were made; but a manifest that can be read must mean the same
    service, and so must the environment. The state is empty where nothing is recorded; with
    `online` that raises `StateError`. What `stops` reads the manifest that the state is of.
    """
    reading = read(options, fetch=False)
    address = address_of(reading.manifest, os.environ)
    checks: list[Callable[[State], None]] = []  # which ones, only the state itself can tell
    store = open_engine(
        address,
        options,
        os.environ,
        check=lambda state: [check(state) for check in checks],
        zone=service_settings.local_zone(reading.manifest),
    )
    state = store.read() or State("", "", "")
    service = service_of(reading.manifest, os.environ, recorded=state)
    shows = whose(service, options, reading.files, only_shows=only_shows or stops)
    check = service.check if stops else shows
    check(state)
    shows(state)
    checks.append(check)
    settings = service_of_tasks(state) or service.settings
    own = state.settings.manifest if stops and state.settings else ""
    if own and own not in reading.files and (options.folder / own).is_file():
        reading = read(dataclasses.replace(options, file=own), fetch=False)
    stop = threading.Event()
    clock = CommandClock() if online else offline_clock(options, settings.endpoint)
    project = Project(
        options, store, state.app, state.workspace, settings, clock, stop, parsed=reading
    )
    if not online:
        yield project, state
        return
    if not state.lineage:
        if error := kept_on_branch(options, reading.manifest):
            raise error
        store.new_state()  # raises: nothing is recorded here
    with endpoints.opened(settings.endpoint, folder=options.folder) as endpoint:
        yield project.online(endpoint), state
