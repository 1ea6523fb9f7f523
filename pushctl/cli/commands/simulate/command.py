"""`pushctl simulate`: what everybody would get, when, and what of it a phone would drop."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import PATH, format_option, option
from pushctl.cli.project.project import Project, open_project
from pushctl.cli.service.endpoint import behaviour_of
from pushctl.cli.write_file import write_file
from pushctl.errors import ExitCode
from pushctl.push.identity import hashed_label
from pushctl.render.simulation import Message, Simulation
from pushctl.text.escape import terminal


@click.command("simulate", short_help="Live the manifest through, in memory.")
@option("--until", metavar="DATE", help="To the end of this day; 30 days if not given.")
@option("--user", metavar="TARGET", help="Only what this person gets.")
@option("--seed", type=PATH, metavar="FILE", help="Who has which phones.")
@format_option("text", "json", "html")
@option("--out", type=PATH, metavar="FILE", envvar="PUSHCTL_SIMULATE_OUT", help="Write it there.")
@click.pass_obj
def command(
    options: GlobalOptions,
    until: str | None,
    user: str | None,
    seed: Path | None,
    format_: str,
    out: Path | None,
) -> int:
    """Show everything that each person would get, when, and what of it a phone would drop.

    The manifest is applied to a sandbox in memory whose clock runs ahead, and again whenever a
    daily job would have something to do. It begins with nothing scheduled, sent or stopped,
    whatever is recorded. Writes nothing but FILE, and asks nobody.
    """
    with open_project(options, online=False, only_shows=True) as project:
        last = end_of(until, int(project.clock.now()), project.zone)
        text = _written(options, _lived(project, last, user, seed), format_)
    if out is None:
        options.output.result(text)
    else:
        write_file(out, text)
        options.output.talk(terminal(f"Wrote {out}."))
    return ExitCode.DONE


def end_of(text: str | None, now: int, zone: dt.tzinfo) -> int:
    """Return the last second of a day, or a moment; raises `click.UsageError` if it is not ahead.

    30 days from now (epoch seconds) if none is given.
    """
    if text is None:
        return now + 30 * 86400
    try:
        moment = dt.datetime.fromisoformat(text)
        if len(text) == len("2026-12-31"):
            moment += dt.timedelta(days=1, seconds=-1)
        found = int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError):
        raise click.UsageError(f"--until {text}: write 2026-12-31 or 2026-12-31T20:00") from None
    if found <= now:
        raise click.UsageError(f"--until {text} is not ahead")
    return found


def _lived(project: Project, until: int, user: str | None, seed: Path | None) -> Simulation:
    from pushctl.cli.commands.sandbox.server import started  # noqa: PLC0415  (not for `--help`)
    from pushctl.cli.commands.simulate.life import Life  # noqa: PLC0415  (see above)
    from pushctl.sandbox.testing import PushSandbox  # noqa: PLC0415  (see above)

    now = dt.datetime.fromtimestamp(int(project.clock.now()), dt.UTC).isoformat()
    with started(now, (), seed=seed, **behaviour_of(project.manifest.app)) as running:
        sandbox = PushSandbox(running)
        life = Life(project, sandbox)
        life.live(until)
        rows = sorted(sandbox.inbox(), key=lambda row: (row["user"], row["at_ms"], row["id"]))
    name = hashed_label(project.state().lineage) if project.settings.hashed else str
    people: dict[str, list[Message]] = {
        name(who): list(got)
        for who, got in groupby(rows, itemgetter("user"))
        if user in (None, who)
    }
    place = f"{project.app}/{project.workspace}"
    passed = (life.began, until, life.applies)
    return Simulation(place, project.zone, *passed, people, life.left, seed is not None)


def _written(options: GlobalOptions, lived: Simulation, format: str) -> str:
    if format == "html":
        from pushctl.render.html.simulation import page  # noqa: PLC0415  (each format loads its own)

        return page(lived, version=__version__)
    from pushctl.render import simulation  # noqa: PLC0415  (see above)

    if format == "json":
        return options.json(simulation.document(lived))
    return simulation.text(lived, options.output.style)
