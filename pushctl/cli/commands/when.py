"""`pushctl when`: the next deliveries of a push, in several zones, and what its schedule takes."""

import datetime as dt
import os
from collections.abc import Sequence

import click
from msgspec.structs import replace

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import check_ids, format_option, option
from pushctl.cli.project.project import TOLERANT, Project, open_project
from pushctl.cli.service import endpoint as endpoints
from pushctl.cli.service import settings as service_settings
from pushctl.cli.service.clock import CommandClock, offline_clock
from pushctl.cli.service.sandbox_clock import fields_of, line_of
from pushctl.errors import ConfigError, ExitCode, PushctlError
from pushctl.manifest.schedule.parse import Calendars
from pushctl.manifest.schedule.phrase import EXAMPLE, PhraseError, parse, zone_in
from pushctl.manifest.schedule.timezones import TimeError, zone
from pushctl.push.push import Push
from pushctl.render.text import when as when_text
from pushctl.render.view.upcoming import Outlook, Silence, outlook
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.state import State


@click.command("when", short_help="Show when a push delivers next.")
@click.argument("what", nargs=-1, required=True, metavar="ID | SCHEDULE")
@option(
    "--count",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help="How many deliveries to show.",
)
@option("--zone", "zones", multiple=True, metavar="ZONE", help="Show this zone too (repeatable).")
@format_option("text", "json")
@click.pass_obj
def command(
    options: GlobalOptions, what: tuple[str, ...], count: int, zones: tuple[str, ...], format_: str
) -> int:
    """Show when a push delivers next, and what its schedule takes.

    SCHEDULE is a phrase such as `every day at 09:45`, `every mon,wed at 20:00 until 2026-12-31`,
    `every last fri at 09:00,18:00` or `at 2026-12-24T20:00`. It needs no manifest if it says `in
    ZONE`.
    """
    wanted = " ".join(what)
    shown = tuple(_zone(name) for name in zones)
    folder = options.folder
    if _is_phrase(wanted) and folder.is_dir() and not (folder / options.file).exists():
        seen, clock = _alone(options, wanted, shown, count)
    else:
        with open_project(options, online=False, only_shows=True) as project:
            seen = _of_manifest(project, wanted, shown, count)
            clock = project.clock
    local = seen.zones[0]
    if format_ == "json":
        document = when_text.document(seen) | fields_of(clock.sandbox, local)
        options.output.result(options.json(document))
    else:
        options.output.show(
            line_of(clock.sandbox, local) + when_text.text(seen, options.output.style)
        )
    return ExitCode.DONE


def _is_phrase(what: str) -> bool:
    return " " in what or what.upper().startswith(("FREQ=", "RRULE:"))


def _of_manifest(project: Project, what: str, shown: tuple[dt.tzinfo, ...], count: int) -> Outlook:
    local: dt.tzinfo = _zone(project.manifest.timezone)
    now = int(project.clock.now())
    if _is_phrase(what):
        schedule, local = _typed(what, local, project.reading.calendars)
        return _seen(schedule, now, project.horizon, (local, *shown), count)
    state = project.store.read()
    push = _entry(project.compiled(lambda: state, TOLERANT).pushes, what)
    seen = _seen(push.schedule, now, project.horizon, (local, *shown), count, len(push.targets))
    return replace(seen, silence=_silence(push, project, state))


def _alone(
    options: GlobalOptions, wanted: str, shown: tuple[dt.tzinfo, ...], count: int
) -> tuple[Outlook, CommandClock]:
    """Look at a phrase without a manifest, for a service like most; also say by which clock."""
    schedule, local = _typed(wanted, None, {})
    clock = offline_clock(options, endpoints.chosen("", os.environ))
    now = int(clock.now())
    horizon = service_settings.horizon(service_settings.defaults({}))
    return _seen(schedule, now, horizon, (local, *shown), count), clock


def _seen(
    schedule: Declared,
    now: int,
    horizon: Horizon,
    zones: tuple[dt.tzinfo, ...],
    count: int,
    targets: int | None = None,
) -> Outlook:
    """Look ahead, first in the zone that the schedule is meant in."""
    local, *shown = zones
    own = schedule.zone if isinstance(schedule, Recurrence) else local
    ordered = (own, *shown, horizon.zone, dt.UTC)
    return outlook(schedule, now=now, horizon=horizon, zones=ordered, count=count, targets=targets)


def _entry(pushes: Sequence[Push], id: str) -> Push:
    """Return the entry of an id; raises `click.UsageError` that names the likely ones."""
    known = {push.id: push for push in pushes}
    check_ids([id], known, exact=True, otherwise=f"Name one of its pushes, or {EXAMPLE}.")
    return known[id]


def _silence(push: Push, project: Project, state: State | None) -> Silence | None:
    """Say whether nothing of a push is delivered for now, whatever its schedule says."""
    if not push.enabled:
        return Silence(push.id, None)
    pushes = {} if state is None else state.pushes
    before = [item.from_ for item in project.manifest.moved if item.to == push.id]
    known = next((id for id in (push.id, *before) if id in pushes), None)
    if known is None or not pushes[known].silences(push, project.horizon.zone):
        return None
    return Silence(known, pushes[known].stopped_at)


def _typed(
    phrase: str, local: dt.tzinfo | None, calendars: Calendars
) -> tuple[Declared, dt.tzinfo]:
    """Return what a phrase says, and the zone to show it in."""
    try:
        return parse(phrase, local, calendars=calendars), zone_in(phrase) or local or dt.UTC
    except (PhraseError, TimeError) as error:
        if isinstance(error, TimeError) and error.code == "PSH203" and error.zone is None:
            detail = "there is no manifest here that would name one"
            fix = f"name it: {phrase} in Asia/Shanghai"
            raise ConfigError("The time zone is missing", detail, fix=fix) from error
        raise PushctlError("The schedule cannot be read", str(error), fix=error.fix) from error


def _zone(name: str) -> dt.tzinfo:
    try:
        return zone(name)
    except TimeError as error:
        raise PushctlError(error.summary, error.detail, fix=error.fix) from error
