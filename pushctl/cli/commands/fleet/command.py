"""`pushctl fleet`: plan, status, drift and apply for many manifests at once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from pushctl.cli.commands.fleet.members import members
from pushctl.cli.commands.fleet.runs import Fleet, named
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import format_option, option, together
from pushctl.cli.output import Output
from pushctl.cli.signals import asks_to_stop
from pushctl.errors import ConfigError, ExitCode
from pushctl.render import fleet as render
from pushctl.render.fleet import FleetResult
from pushctl.text.escape import terminal
from pushctl.text.plural import count

chosen = together(
    click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path)),
    option("--env", "envs", multiple=True, metavar="NAME", help="Only this environment."),
    option("--parallelism", type=click.IntRange(1, 64), default=4, help="Manifests at a time."),
    format_option("text", "json", "markdown"),
)


@click.group("fleet", short_help="Plan, apply and look at many manifests at once.")
def group() -> None:
    """Do the same for every pushctl.yaml below PATHS, in each of its environments.

    Ends with the worst exit code of all. From the worst on: 6, 4, 130, 1, 64, 5, 3, 2, 0.
    """


@contextmanager
def _opened(
    options: GlobalOptions, paths: Sequence[Path], envs: Sequence[str], parallelism: int
) -> Iterator[Fleet]:
    wanted = envs or ([options.env] if options.env else [])
    found = members(paths or [options.existing_folder], options.file, wanted)
    if os.environ.get("PUSHCTL_STATE") and len({member.path for member in found}) > 1:
        detail = "PUSHCTL_STATE names one state, and every manifest needs one of its own."
        raise ConfigError("The state cannot be shared", detail, fix="write `state:` in each")
    with tempfile.TemporaryDirectory(prefix="pushctl-") as scratch:
        folders = {member: Path(scratch, str(number)) for number, member in enumerate(found)}
        fleet = Fleet(options, folders, parallelism)
        with asks_to_stop(fleet.stop, options.output.alarm):
            yield fleet


def _plan_words(*more: str) -> Callable[[Path], list[str]]:
    words = ["plan", "--detailed-exitcode", "--show-unchanged", *more]
    files = ("out", "json", "markdown")
    return lambda folder: [*words, *(f"--{name}={folder / name}" for name in files)]


def _shown(
    options: GlobalOptions, command: str, found: list[FleetResult], format: str, code: int
) -> int:
    output = options.output
    match format:
        case "json":
            output.result(options.json(render.document(found, code)))
        case "markdown":
            output.result(render.markdown(found, command))
        case _:
            output.result(render.text(found, output.style))
    return code


def _each(output: Output, found: list[FleetResult]) -> None:
    for item in found:
        if item.code and item.out:
            output.result(f"--- {terminal(item.title)}\n{item.out}\n")


def _looked(
    options: GlobalOptions,
    command: str,
    words: Callable[[Path], list[str]],
    format: str,
    where: Any,
) -> int:
    with _opened(options, **where) as fleet:
        found = render.ordered(fleet.run(words))
    if format == "text" and command != "status":
        _each(options.output, found)
    return _shown(options, command, found, format, render.worst(found))


@group.command("plan", short_help="Show what apply would do.")
@chosen
@option("--base", metavar="REF", help="Trace every change to an edit since this commit.")
@option("--detailed-exitcode", is_flag=True, help="Exit 2 if there are changes.")
@click.pass_obj
def plan(
    options: GlobalOptions, /, base: str, detailed_exitcode: bool, format_: str, **where: Any
) -> int:
    """Plan every manifest. The Markdown is one comment, for `pushctl comment`."""
    words = _plan_words(*([f"--base={base}"] if base else ()))
    code = _looked(options, "plan", words, format_, where)
    return ExitCode.DONE if code == ExitCode.CHANGES and not detailed_exitcode else code


@group.command("drift", short_help="Show how the service differs from what was applied.")
@chosen
@click.pass_obj
def drift(options: GlobalOptions, /, format_: str, **where: Any) -> int:
    """Compare what was applied with the service; exit 2 if anything differs."""
    return _looked(options, "drift", _plan_words("--refresh-only"), format_, where)


@group.command("status", short_help="Show what is scheduled, sent and in doubt.")
@chosen
@click.pass_obj
def status(options: GlobalOptions, /, format_: str, **where: Any) -> int:
    """Show how every manifest stands: next delivery, quota, what lapses, what is in doubt."""
    return _looked(options, "status", lambda _: ["status", "--format=json"], format_, where)


@group.command("apply", short_help="Make the service do what the manifests say.")
@chosen
@option("--yes", "-y", "--auto-approve", is_flag=True, help="Do not ask.")
@click.pass_obj
def apply(options: GlobalOptions, /, yes: bool, format_: str, **where: Any) -> int:
    """Plan every manifest, show it all, ask once, and apply exactly these plans.

    Nothing is applied unless everything could be planned. A plan that does not hold any more when
    its turn comes is refused, and the others are applied all the same.
    """
    output = options.output
    if not yes and (format_ != "text" or not sys.stdin.isatty()):
        raise click.UsageError("there is nobody to ask here; use --yes")
    with _opened(options, **where) as fleet:
        found = render.ordered(fleet.run(_plan_words()))
        _each(output, found if format_ == "text" else [])
        code = render.worst(found)
        if code not in (ExitCode.DONE, ExitCode.CHANGES):
            output.alarm("Nothing is applied, since not everything could be planned.")
            return _shown(options, "apply", found, format_, code)
        rest = [item for item in found if not item.open]
        kept = {item.name for item in rest}
        doing = {x: y for x, y in fleet.folders.items() if (named(x.path), x.env) not in kept}
        if doing and not yes and not _confirmed(output, found, len(doing)):
            return ExitCode.ERROR
        applied = []
        for item in replace(fleet, folders=doing).run(lambda path: ["apply", str(path / "out")]):
            applied.append(item)
            output.result(f"--- {terminal(item.title)}\n{item.out}\n" if format_ == "text" else "")
    found, code = render.ordered([*rest, *applied]), render.worst(rest, applied)
    return _shown(options, "apply", found, format_, code)


def _confirmed(output: Output, found: list[FleetResult], number: int) -> bool:
    output.result(render.text(found, output.style))
    output.alarm("Pushes that went out cannot be taken back.")
    asked = f"Apply {count(number, 'plan')}? Only `yes` is accepted"
    if click.prompt(asked, err=True) == "yes":
        return True
    output.alarm("Nothing was changed.")
    return False
