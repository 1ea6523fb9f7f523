"""`pushctl simulate`: what everybody would get, when, and what of it a phone would drop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import PATH, format_option, option
from pushctl.cli.project.project import Project, open_project
from pushctl.cli.service.endpoint import behaviour_of
from pushctl.cli.write_file import write_file
from pushctl.errors import ConfigError, ExitCode
from pushctl.push.identity import hashed_label
from pushctl.render import simulation
from pushctl.render.simulation import Message, Simulation
from pushctl.text.duration import seconds
from pushctl.text.escape import terminal
from pushctl.text.style import Style


@click.command("simulate", short_help="Live the manifest through, in memory.")
@option(
    *("--until", "until"),
    default="30d",
    metavar="WHEN",
    show_default=True,
    help="90d, or 2026-12-31: to the end of that day.",
)
@option("--user", metavar="TARGET", help="Only what this person gets.")
@format_option("text", "json", "html")
@option("--out", type=PATH, metavar="FILE", help="Write it to a file.")
@click.pass_obj
def command(
    options: GlobalOptions, until: str, user: str | None, format_: str, out: Path | None
) -> int:
    """Show everything that each person would get, when, and what of it a phone would drop.

    The manifest is applied to a sandbox in memory whose clock runs ahead, and again whenever a
    daily job would have something to do. It begins with nothing scheduled. Writes nothing but
    FILE, and asks nobody.
    """
    with open_project(options, online=False, only_shows=True) as project:
        lived = _lived(project, end(until, int(project.clock.now()), project.zone), user)
        text = _written(lived, format_, options.output.style)
    if out is None:
        options.output.result(text)
    else:
        write_file(out, text)
        options.output.talk(terminal(f"Wrote {out}."))
    return ExitCode.DONE


def end(text: str, now: int, zone: dt.tzinfo) -> int:
    """Read `90d` from now, a moment, or the end of a day in a zone, as epoch seconds.

    Raises `click.UsageError`, also for what is not after now.
    """
    try:
        if text.count("-") < 2:
            found = now + seconds(text)
        else:
            moment = dt.datetime.fromisoformat(text)
            if len(text) == len("2026-12-31"):
                moment += dt.timedelta(days=1, seconds=-1)
            found = int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError):
        raise click.UsageError(f"--until {text}: write 90d or 2026-12-31") from None
    if found <= now:
        raise click.UsageError(f"--until {text} is not ahead")
    return found


def _lived(project: Project, until: int, user: str | None) -> Simulation:
    from pushctl.cli.commands.sandbox.connection import asked  # noqa: PLC0415  (`--help` needs none)
    from pushctl.cli.commands.simulate.life import Life  # noqa: PLC0415  (see above)
    from pushctl.sandbox import Sandbox  # noqa: PLC0415  (see above)

    now = dt.datetime.fromtimestamp(int(project.clock.now()), dt.UTC).isoformat()
    try:
        sandbox = Sandbox(now=now, **behaviour_of(project.manifest.app)).start()
    except (OSError, ValueError) as error:
        raise ConfigError("The simulation cannot start", str(error)) from error
    with sandbox, asked(sandbox.url, project.options.folder) as ask:
        life = Life(project, sandbox.url, ask)
        life.live(until)
        people: dict[str, list[Message]] = {}
        for row in life.messages():
            if user in (None, row["user"]):
                people.setdefault(row["user"], []).append(_message(row))
    name = hashed_label(project.state().lineage) if project.settings.hashed else str
    got = {name(who): tuple(sorted(people[who][::-1], key=_at)) for who in sorted(people)}
    where = (project.app, project.workspace, project.options.env, project.zone)
    return Simulation(*where, life.began, until, life.applies, got, life.left)


def _at(message: Message) -> int:
    return message.at


def _message(row: Mapping[str, Any]) -> Message:
    named = ("device", "channel", "outcome", "rule", "title", "content")
    return Message(row["at_ms"] // 1000, row["task_name"], *(row[name] for name in named))


def _written(lived: Simulation, format: str, style: Style) -> str:
    if format == "json":
        from pushctl.render import json_output  # noqa: PLC0415  (each format loads its own)

        return json_output.text(simulation.document(lived, version=__version__))
    if format == "html":
        from pushctl.render.html.simulation import page  # noqa: PLC0415  (see above)

        return page(lived, version=__version__)
    return simulation.text(lived, style)
