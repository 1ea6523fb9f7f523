"""`pushctl when`: the next deliveries of a push, in several zones, and its schedule in words."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any

import click

from pushctl import __version__
from pushctl.cli.invocation import Invocation
from pushctl.cli.options import format_option, option
from pushctl.cli.session import Choices, Session, begin
from pushctl.core.codec import iso
from pushctl.core.recurrence import Declared, Recurrence, coming
from pushctl.core.schedule import Horizon, OneShot, deliveries
from pushctl.errors import ExitCode, PushctlError
from pushctl.manifest.phrase import PhraseError, parse
from pushctl.manifest.times import TimeError, zone
from pushctl.render import documents, moments, recurrence
from pushctl.render.columns import table


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
    invocation: Invocation, what: tuple[str, ...], count: int, zones: tuple[str, ...], format_: str
) -> int:
    """Show when a push delivers next.

    SCHEDULE is a phrase such as `every day at 09:45`, `every mon,wed at 20:00 until 2026-12-31`,
    `every 1,15 at 09:00` or `at 2026-12-24T20:00`.
    """
    with begin(invocation, online=False) as session:
        schedule = _schedule(session, " ".join(what))
        now, horizon = int(session.clock.now()), session.horizon
        ahead = list(islice(_coming(schedule, now, horizon), count))
        local = zone(session.manifest.timezone)
        shown = [local, *(_known(name) for name in zones), horizon.zone, dt.UTC]
        unique = list({moments.zone_name(item): item for item in shown}.values())
        if format_ == "json":
            invocation.output.result(documents.text(_document(schedule, ahead, horizon.zone)))
        else:
            invocation.output.result(_text(schedule, ahead, unique, now, horizon.zone))
    return ExitCode.DONE


def _schedule(session: Session, what: str) -> Declared:
    if " " not in what:
        compiled = session.compiled(session.store.read(), Choices(send_late=True))
        found = next((push.schedule for push in compiled.pushes if push.id == what), None)
        if found is None:
            raise PushctlError(
                "The manifest has no such push", what, fix="pushctl state list, or write a phrase"
            )
        return found
    try:
        return parse(what, zone(session.manifest.timezone))
    except (PhraseError, TimeError) as error:
        raise PushctlError(
            "The schedule cannot be read", str(error), fix="write: every mon,wed at 09:45"
        ) from error


def _known(name: str) -> dt.tzinfo:
    try:
        return zone(name)
    except TimeError as error:
        raise PushctlError(error.summary, error.detail, fix=error.fix) from error


def _coming(schedule: Declared, now: int, horizon: Horizon) -> Any:
    """Yield the deliveries ahead; those of an endless recurrence go beyond the horizon."""
    if isinstance(schedule, Recurrence):
        return coming(schedule, now + 1)
    return (at for at in deliveries(schedule, horizon.zone) if at > now)


def _text(
    schedule: Declared, ahead: list[int], zones: list[dt.tzinfo], now: int, service: dt.tzinfo
) -> str:
    lines = [recurrence.english(schedule, zones[0] if isinstance(schedule, OneShot) else service)]
    for name, text in (("cron", recurrence.cron(schedule)), ("rrule", recurrence.rrule(schedule))):
        if text is not None:
            lines.append(f"{name:5}  {text}")
    lines.append("")
    if not ahead:
        lines.append("no deliveries ahead")
        return "\n".join(lines) + "\n"
    head = (*(moments.zone_name(item) for item in zones), "")
    rows = [
        (*(moments.moment(at, item, with_zone=False) for item in zones), moments.ahead(at, now))
        for at in ahead
    ]
    return "\n".join(lines) + "\n" + table([head, *rows]) + "\n"


def _document(schedule: Declared, ahead: list[int], service: dt.tzinfo) -> dict[str, Any]:
    return {
        "format_version": documents.FORMAT_VERSION,
        "pushctl_version": __version__,
        "english": recurrence.english(schedule, service),
        "cron": recurrence.cron(schedule),
        "rrule": recurrence.rrule(schedule),
        "deliveries": [iso(at) for at in ahead],
    }
