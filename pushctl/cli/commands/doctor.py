"""`pushctl doctor`: what is wrong around here, and what to type."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pushctl.apply.observe import observe
from pushctl.cli.ci.state import LINE, hint
from pushctl.cli.ci.templates import LISTS, environment_name
from pushctl.cli.ci.upgrade import upgrades
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import format_option, option
from pushctl.cli.planning.git import root_of
from pushctl.cli.project.project import (
    Project,
    clock_meant,
    open_project,
    open_recorded,
    open_store,
    read,
)
from pushctl.cli.project.state_engine import address_of, seals
from pushctl.cli.service import endpoint as endpoints
from pushctl.cli.service.settings import local_zone
from pushctl.codehosts.environments import is_limited
from pushctl.diagnostics import Severity
from pushctl.errors import (
    AuthError,
    ConfigError,
    ExitCode,
    PushctlError,
    StateError,
    StateMovedError,
)
from pushctl.plan.doctor import (
    Check,
    CheckResult,
    check_clock,
    check_entries,
    check_list,
    worst_result,
)
from pushctl.portable import fcntl
from pushctl.render import json_output
from pushctl.render.text import doctor as doctor_text
from pushctl.state.interface import StateStore
from pushctl.state.state import State
from pushctl.text.plural import count
from pushctl.time_zones import edition

if TYPE_CHECKING:
    from pushctl.manifest.resolved import Reading
    from pushctl.manifest.schema.models import Manifest


@click.command("doctor", short_help="Say what is wrong around here, and what to type.")
@format_option("text", "json")
@option("--lock", is_flag=True, help="Take the lock of a state on an engine and give it back.")
@option("--ci", is_flag=True, help="Look at what the CI jobs need instead.")
@click.pass_obj
def command(options: GlobalOptions, format_: str, lock: bool, ci: bool) -> int:
    """Look at manifest, state, lock, endpoint, credentials, permissions and clock.

    Changes nothing, and calls nothing but the list. Exits 1 if something is wrong. With --lock it
    proves that the state's engine can be written, and refuses a second writer.
    """
    found = tuple(_ci_checks(options) if ci else _checks(options, lock=lock))
    output = options.output
    if format_ == "json":
        output.result(json_output.text(doctor_text.document(found)))
    else:
        output.show(doctor_text.checks(found, output.style))
    return ExitCode.ERROR if worst_result(found) is CheckResult.BAD else ExitCode.DONE


def _checks(options: GlobalOptions, *, lock: bool) -> Iterator[Check]:
    reading = read(options)
    store = open_store(options, manifest=reading.manifest)
    manifest = _manifest(options, reading)
    yield from _sandbox_clock(options, reading)
    yield manifest
    yield _folder(options)
    yield Check("time zones", CheckResult.GOOD, "edition {}, from {}".format(*edition()))
    state = _state(options, store, reading)
    yield state
    elsewhere = address_of(reading.manifest, os.environ)
    yield _lock(options, store, reading) if elsewhere or fcntl else _no_lock()
    if elsewhere:
        yield from _engine(store, lock=lock)
    if state.verdict is CheckResult.BAD:
        return
    try:
        if store.read() is None:
            yield from _unrecorded(options, manifest)
            return
        with open_recorded(options, online=True) as (project, recorded):
            yield from check_entries(recorded, typed=options.typed)
            yield from _service(project, recorded)
    except PushctlError as error:
        yield _failed("service", error)


def _unrecorded(options: GlobalOptions, manifest: Check) -> Iterator[Check]:
    """Ask the service all the same: a state that is lost leaves its tasks there."""
    data, wanted = options.folder / endpoints.SANDBOX_DATA, read(options).manifest
    where = endpoints.chosen(wanted.app.endpoint if wanted else endpoints.EMBEDDED, os.environ)
    if manifest.verdict is CheckResult.BAD or (where == endpoints.EMBEDDED and not data.exists()):
        yield Check("service", CheckResult.UNKNOWN, "nothing was applied yet", "pushctl plan")
        return
    with open_project(options) as project:
        yield from _service(project, project.state())


def _ci_checks(options: GlobalOptions) -> Iterator[Check]:
    """Look at the environments, the files, the state and the identity of the CI jobs."""
    yield from _environments(options)
    root = root_of(options.existing_folder)
    yield from (_files(root, ci) for ci, name in LISTS.items() if (root / name).is_file())
    if manifest := read(options).manifest:
        fix = f"write into the manifest: {LINE}"
        good, bad = "jobs and people share one", "every job begins without one"
        yield _check("state", address_of(manifest, os.environ), good, bad, fix)
        if os.environ.get("GITHUB_ACTIONS") or os.environ.get("GITLAB_CI"):
            yield _identity(manifest, os.environ)


def _environments(options: GlobalOptions) -> Iterator[Check]:
    """Check that not everybody's branch may deploy where pushes are made and stopped."""
    deploying = environment_name(options.env)
    for name in (deploying, f"{deploying}-stop"):
        fix = "make it, and limit who may deploy to it, as `pushctl help ci` says"
        limited, bad = False, "any branch may deploy to it"
        try:
            limited = is_limited(name, os.environ)
        except PushctlError as error:
            bad, fix = str(error), error.fix or fix
        yield _check(name, limited, "not every branch may deploy to it", bad, fix)


def _files(root: Path, ci: str) -> Check:
    """Check that the jobs are those that this version would write."""
    try:
        older = ", ".join(item.name for item in upgrades(root, ci))
    except PushctlError as error:
        return Check("CI files", CheckResult.NOTE, str(error), error.fix)
    if not older:
        return Check("CI files", CheckResult.GOOD, "as this version writes them")
    way = f"pushctl init --ci {ci} --upgrade"
    return Check("CI files", CheckResult.NOTE, f"out of date: {older}", way)


def _identity(manifest: Manifest, env: Mapping[str, str]) -> Check:
    """Check that a job has credentials; whether they are accepted, `status` tells."""
    sandbox = endpoints.chosen(manifest.app.endpoint, env) == endpoints.EMBEDDED
    token = env.get("ALIBABA_CLOUD_ROLE_ARN") and env.get("ALIBABA_CLOUD_OIDC_TOKEN_FILE")
    there = sandbox or env.get("ALIBABA_CLOUD_ACCESS_KEY_ID") or (token and Path(token).is_file())
    fix = "set PUSHCTL_PLAN_ROLE_ARN and the others, as `pushctl help ci` says"
    good = "the sandbox needs none" if sandbox else "a role with its token, or keys"
    return _check("identity", there, good, "neither a role with its token nor keys", fix)


def _check(name: str, right: object, good: str, bad: str, fix: str | None) -> Check:
    return Check(name, CheckResult.GOOD, good) if right else Check(name, CheckResult.BAD, bad, fix)


def _manifest(options: GlobalOptions, reading: Reading) -> Check:
    if not (options.folder / options.file).exists():
        text = f"{options.file} is not here"
        return Check("manifest", CheckResult.BAD, text, "pushctl init, or name its folder with -C")
    errors = sum(item.severity is Severity.ERROR for item in reading.diagnostics)
    if errors or reading.manifest is None:
        text = f"{max(errors, 1)} errors; `stop` and `state` work all the same"
        return Check("manifest", CheckResult.BAD, text, f"{options.typed} validate")
    return Check(
        "manifest", CheckResult.GOOD, f"{count(len(reading.pushes), 'push', 'pushes')}, no errors"
    )


def _sandbox_clock(options: GlobalOptions, reading: Reading) -> Iterator[Check]:
    """Say what time it is for all that follows, if a sandbox decides that."""
    wanted = reading.manifest
    if wanted and (clock := clock_meant(options, wanted).sandbox):
        yield Check("sandbox clock", CheckResult.GOOD, clock.text(local_zone(wanted)))


def _folder(options: GlobalOptions) -> Check:
    folder = options.folder
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check("folder", CheckResult.BAD, f"{folder} is not writable", "make it writable")
    from shutil import disk_usage  # noqa: PLC0415  (brings what packs files)

    megabytes = disk_usage(folder).free // 2**20
    if megabytes < 10:
        return Check("folder", CheckResult.BAD, f"{megabytes} MB are free", "free some space")
    return Check("folder", CheckResult.GOOD, "writable, with space left")


def _state(options: GlobalOptions, store: StateStore, reading: Reading) -> Check:
    try:
        state = store.read()
    except StateError as error:
        return _broken(options, store, error)
    if state is None:
        way = hint(options, reading.manifest) or "pushctl apply"
        return Check("state", CheckResult.NOTE, "nothing is recorded yet", way)
    pushes = count(len(state.pushes), "push", "pushes")
    text = f"#{state.serial}, {pushes} of {state.app}/{state.workspace}"
    if store.interrupted():
        text += "; the last command was cut short, the next one goes on from what it recorded"
        return Check("state", CheckResult.NOTE, text, f"{options.typed} apply")
    return Check("state", CheckResult.GOOD, text)


def _broken(options: GlobalOptions, store: StateStore, error: StateError) -> Check:
    """Say which way back there is."""
    if isinstance(error, StateMovedError):
        return _failed("state", error)
    text = f"{error.summary}: {error.detail}"
    try:
        recovered = store.recover()
    except StateError as newer:
        return _failed("state", newer)
    if recovered is None:
        return Check("state", CheckResult.BAD, text, f"{options.typed} state rebuild")
    rest = "all that the files tell of" if recovered.complete else "and then state rebuild"
    return Check("state", CheckResult.BAD, text, f"{options.typed} state restore, {rest}")


def _no_lock() -> Check:
    text = "none on this system for a state in files, which is only read here"
    return Check("lock", CheckResult.NOTE, text, "keep it on a branch: PUSHCTL_STATE=git+origin:")


def _lock(options: GlobalOptions, store: StateStore, reading: Reading) -> Check:
    try:
        holder = store.lock_info()
    except StateError as error:
        return _failed("lock", error)
    if holder is None:
        return Check("lock", CheckResult.GOOD, "free")
    text = f"held by {holder.text(local_zone(reading.manifest))}"
    return Check("lock", CheckResult.NOTE, text, f"{options.typed} state unlock")


def _engine(store: StateStore, *, lock: bool) -> Iterator[Check]:
    """Look at what keeps the state; taking the lock proves the rest."""
    sealed = "sealed" if seals(os.environ) else "not sealed: whoever can read it sees everything"
    text = f"{store.address}, {sealed}; `pushctl help state` says what it cannot promise"
    yield Check("engine", CheckResult.GOOD, text)
    if not lock:
        return
    began = time.monotonic()
    try:
        with store.lock("doctor") as lease:
            doubt = f"at most {lease.intents_ahead or 'one per worker'} in doubt after a crash"
    except PushctlError as error:
        yield _failed("writing", error)
        return
    took = f"locked and unlocked in {(time.monotonic() - began) * 1000:.0f} ms"
    yield Check("writing", CheckResult.GOOD, f"{took}; a second writer is refused; {doubt}")


def _service(project: Project, recorded: State) -> Iterator[Check]:
    where = project.settings.endpoint
    if where == endpoints.EMBEDDED:
        where = "the sandbox on this machine; no phone will ring"
    service = project.service()
    try:
        seen = observe(service, recorded, project.clock, project.observe_options)
    except AuthError as error:
        yield Check("service", CheckResult.GOOD, where)
        yield _failed("permission", error)
        return
    except ConfigError as error:
        yield _failed("credentials", error)
        return
    yield Check("service", CheckResult.GOOD, f"{where}, {count(len(seen.actual), 'task')} listed")
    yield Check(
        "permission", CheckResult.GOOD, "may list; whether it may push, only a push can tell"
    )
    yield from check_list(recorded, seen, project.horizon.zone)
    yield check_clock(0.0 if project.clock.sandbox else service.clock_offset)


def _failed(name: str, error: PushctlError) -> Check:
    text = f"{error.summary}: {error.detail}" if error.detail else error.summary
    return Check(name, CheckResult.BAD, text, error.fix)
