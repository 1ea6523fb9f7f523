"""`pushctl sent`: what went out, when, and to how many."""

from __future__ import annotations

import datetime as dt

import click
from msgspec import to_builtins

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import SEE_LIST, check_ids, family, format_option, option
from pushctl.cli.project.project import open_recorded
from pushctl.plan.reconcile.sent import SentDelivery, sent
from pushctl.state.decoding import iso
from pushctl.text import timestamps
from pushctl.text.duration import seconds
from pushctl.text.escape import plain, terminal
from pushctl.text.style import Style
from pushctl.text.width import fitting_table


@click.command("sent", short_help="Show what went out, when, and to how many.")
@click.argument("id", required=False)
@option("--since", default="7d", metavar="WHEN", show_default=True, help="2h, or 2026-12-01.")
@format_option("text", "json")
@click.pass_obj
def command(options: GlobalOptions, id: str | None, since: str, format_: str) -> None:
    """Show what went out, when, to how many, and whether the service lists it as delivered.

    Goes by the state, which forgets what has been over for more than a week.
    """
    with open_recorded(options, online=True, only_shows=True) as (project, state):
        if id is not None:
            check_ids([id], state.pushes, "state", otherwise=SEE_LIST)
        now = int(project.clock.now())
        first = beginning(since, now, project.zone)
        listed = project.service().list(since=first, until=now)
        every = sent(state, listed, since=first, now=now, zone=project.horizon.zone)
        found = [item for item in every if id in (None, item.id, family(item.id))]
        if format_ == "json":
            rows = [{**to_builtins(item), "at": iso(item.at)} for item in found]
            document = {"since": iso(first), "sent": rows} | project.clock_fields
            options.output.result(options.json(document))
        else:
            text = _text(found, first, project.zone, options.output.style)
            options.output.show(project.clock_line + text)


def _text(found: list[SentDelivery], since: int, zone: dt.tzinfo, style: Style) -> str:
    if not found:
        return f"Nothing went out since {timestamps.moment(since, zone)}.\n"
    rows = [(f"WHEN ({timestamps.zone_name(zone)})", "PUSH", "TARGETS", "SERVICE", "TITLE")]
    for item in found:
        when, title = timestamps.moment(item.at, zone, with_zone=False), plain(item.title, limit=60)
        rows.append((when, terminal(item.id), str(item.targets), item.service, f"“{title}”"))
    return fitting_table(rows, style.cells) + "\n"


def beginning(text: str, now: int, zone: dt.tzinfo) -> int:
    """Read `2h` before now, or a day of a zone, as epoch seconds; raises `click.UsageError`."""
    try:
        if text.count("-") < 2:
            return now - seconds(text)
        moment = dt.datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
    except ValueError:
        raise click.UsageError(f"--since {text}: write 2h, 3d or 2026-12-01") from None
