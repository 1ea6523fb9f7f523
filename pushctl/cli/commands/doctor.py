"""`pushctl doctor`: what is wrong around here, and what to type."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import click

from pushctl.apply.observe import observe
from pushctl.cli import endpoint as endpoints
from pushctl.cli.global_options import Invocation
from pushctl.cli.offline_project import Recorded, open_recorded, store_of
from pushctl.cli.options import format_option
from pushctl.diagnostics import Severity
from pushctl.errors import AuthError, ConfigError, ExitCode, PushctlError, StateError
from pushctl.plan.doctor import Check, Verdict, of_clock, of_entries, worst
from pushctl.render import json_output
from pushctl.render.text import doctor as doctor_text
from pushctl.state.file.store import FileStateStore


@click.command("doctor", short_help="Say what is wrong around here, and what to type.")
@format_option("text", "json")
@click.pass_obj
def command(invocation: Invocation, format_: str) -> int:
    """Look at manifest, state, lock, endpoint, credentials, permissions and clock.

    Changes nothing, and calls nothing but the list. Exits 1 if something is wrong.
    """
    found = tuple(_checks(invocation))
    output = invocation.output
    if format_ == "json":
        output.result(json_output.text(doctor_text.document(found)))
    else:
        output.result(doctor_text.checks(found, output.style))
    return ExitCode.ERROR if worst(found) is Verdict.BAD else ExitCode.DONE


def _checks(invocation: Invocation) -> Iterator[Check]:
    store = store_of(invocation)
    yield _manifest(invocation)
    yield _folder(invocation)
    state = _state(invocation, store)
    yield state
    yield _lock(invocation, store)
    if state.verdict is Verdict.BAD:
        return
    try:
        recorded_state = store.read()
        if recorded_state is None:
            yield Check("service", Verdict.UNKNOWN, "nothing was applied yet", "pushctl plan")
            return
        with open_recorded(invocation, online=True) as recorded:
            yield from of_entries(recorded.state, typed=invocation.typed)
            yield from _service(recorded)
    except PushctlError as error:
        yield _failed("service", error)


def _manifest(invocation: Invocation) -> Check:
    from pushctl.cli.project import read  # noqa: PLC0415  (only after everything else is loaded)

    if not (invocation.folder / invocation.file).exists():
        text = f"{invocation.file} is not here"
        return Check("manifest", Verdict.BAD, text, "pushctl init, or name its folder with -C")
    reading = read(invocation)
    errors = sum(item.severity is Severity.ERROR for item in reading.diagnostics)
    if errors or reading.manifest is None:
        text = f"{max(errors, 1)} errors; `stop` and `state` work all the same"
        return Check("manifest", Verdict.BAD, text, f"{invocation.typed} validate")
    return Check("manifest", Verdict.GOOD, f"{len(reading.pushes)} pushes, no errors")


def _folder(invocation: Invocation) -> Check:
    folder = invocation.folder
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check("folder", Verdict.BAD, f"{folder} is not writable", "make it writable")
    free = os.statvfs(folder)
    megabytes = free.f_bavail * free.f_frsize // 2**20
    if megabytes < 10:
        return Check("folder", Verdict.BAD, f"{megabytes} MB are free", "free some space")
    return Check("folder", Verdict.GOOD, "writable, with space left")


def _state(invocation: Invocation, store: FileStateStore) -> Check:
    try:
        state = store.read()
    except StateError as error:
        return _broken(invocation, store, error)
    if state is None:
        return Check("state", Verdict.NOTE, "nothing is recorded yet", "pushctl apply")
    text = f"#{state.serial}, {len(state.pushes)} pushes of {state.app}/{state.workspace}"
    if store.unfolded():
        text += "; the last command was cut short, the next one goes on from what it recorded"
        return Check("state", Verdict.NOTE, text, f"{invocation.typed} apply")
    return Check("state", Verdict.GOOD, text)


def _broken(invocation: Invocation, store: FileStateStore, error: StateError) -> Check:
    """Say which way back there is."""
    text = f"{error.summary}: {error.detail}"
    try:
        salvaged = store.salvage()
    except StateError as newer:
        return _failed("state", newer)
    if salvaged is None:
        return Check("state", Verdict.BAD, text, f"{invocation.typed} state rebuild")
    rest = "which brings back everything" if salvaged.complete else "which brings back most of it"
    return Check("state", Verdict.BAD, text, f"{invocation.typed} state restore, {rest}")


def _lock(invocation: Invocation, store: FileStateStore) -> Check:
    if not store.locked():
        return Check("lock", Verdict.GOOD, "free")
    holder = store.holder() or "another process"
    return Check("lock", Verdict.NOTE, f"held by {holder}", f"{invocation.typed} state unlock")


def _service(recorded: Recorded) -> Iterator[Check]:
    site = recorded.site
    where = site.endpoint
    if site.endpoint == endpoints.EMBEDDED:
        where = "the sandbox on this machine; no phone will ring"
    service = recorded.service()
    try:
        seen = observe(service, recorded.state, recorded.clock, recorded.observe_options)
    except AuthError as error:
        yield Check("service", Verdict.GOOD, where)
        yield _failed("permission", error)
        return
    except ConfigError as error:
        yield _failed("credentials", error)
        return
    except PushctlError as error:
        yield _failed("service", error)
        return
    yield Check("service", Verdict.GOOD, f"{where}, {len(seen.actual)} tasks listed")
    yield Check("permission", Verdict.GOOD, "may list; whether it may push, only a push can tell")
    yield of_clock(_offset(recorded, service.clock_offset))


def _offset(recorded: Recorded, offset: float | None) -> float | None:
    """Return how far ahead the service's clock is of the one that this command goes by."""
    return None if offset is None else offset - (recorded.clock.now() - time.time())


def _failed(name: str, error: PushctlError) -> Check:
    text = f"{error.summary}: {error.detail}" if error.detail else error.summary
    return Check(name, Verdict.BAD, text, error.fix)
