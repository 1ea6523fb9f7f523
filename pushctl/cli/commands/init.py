"""`pushctl init`: a manifest to start from, with completion in editors."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pushctl.cli.global_options import MANIFEST, GlobalOptions
from pushctl.cli.options import option
from pushctl.cli.planning.git import prefix_of, root_of
from pushctl.cli.project.state_engine import address_of
from pushctl.cli.write_file import write_file
from pushctl.errors import ConfigError, ExitCode
from pushctl.text.escape import terminal

if TYPE_CHECKING:
    from pushctl.cli.ci.templates import TemplateValues


@click.command("init", short_help="Write a starter manifest.")
@option(
    "--ci",
    type=click.Choice(["github", "gitlab"]),
    help="Write the jobs of this CI system as well, for --env if that is given.",
)
@option(
    "--branch",
    default="main",
    metavar="NAME",
    show_default=True,
    help="With --ci github: the branch from which pushes are applied.",
)
@option("--upgrade", is_flag=True, help="With --ci: show what is new in its files, and write it.")
@option("--yes", "-y", is_flag=True, help="With --upgrade: do not ask.")
@click.pass_obj
def command(options: GlobalOptions, ci: str | None, branch: str, upgrade: bool, yes: bool) -> int:
    """Write a starter manifest, its schema for editors, and a .gitignore.

    With --ci it also writes the jobs that plan, apply, watch and stop, and a manifest only if there
    is none; for another folder or --env, one more line into their list. Without a manifest here
    they are for all that are below. Overwrites nothing; with --upgrade it shows what a newer
    version changes in the jobs, keeps what you changed, and asks before it writes.
    """
    if upgrade:
        if ci is None:
            raise click.UsageError("--upgrade needs --ci.")
        return _upgrade(options, ci, yes=yes)
    manifest = options.folder / options.file
    there = manifest.exists() or manifest.is_symlink()
    if ci is not None:
        _write_ci(options, ci, branch, there=there)
    elif there:
        raise ConfigError(
            "There is a manifest already", str(manifest), fix="edit it, or use -C DIR"
        )
    else:
        options.output.result(_starter(options.folder, manifest))
        options.output.talk("Next: pushctl validate, pushctl plan, pushctl apply")
    return ExitCode.DONE


def _write_ci(options: GlobalOptions, ci: str, branch: str, *, there: bool) -> None:
    # Not cheap, and few ask for it.
    from pushctl.cli.ci.templates import TemplateValues, state_address, steps  # noqa: PLC0415

    folder, output = options.folder, options.output
    if options.file != MANIFEST:
        raise ConfigError(
            f"CI needs the manifest to be called {MANIFEST}", options.file, fix="rename it"
        )
    places = _places(options, there=there)
    wanted = [TemplateValues(prefix_of(at.existing_folder), at.env, branch) for at in places]
    states = [f'state: "{state_address(ci, values)}"\n' for values in wanted]
    told = _jobs(root_of(folder), ci, wanted)
    if places == (options,) and not there:
        told = _starter(folder, folder / MANIFEST, states[0]) + told
    told += "".join(_ignored(at) for at in sorted({place.folder for place in places}))
    output.result(told)
    found = zip(places, states, strict=True)
    unsaid = {at.folder / MANIFEST: state for at, state in found if not _knows_its_state(at)}
    for path, state in unsaid.items():
        output.talk(f"Write where the state is into {terminal(str(path))}:\n\n  {state}")
    output.talk(steps(ci, wanted))


def _upgrade(options: GlobalOptions, ci: str, *, yes: bool) -> int:
    """Show what is new in the files of a CI system, and write it if nothing is in conflict."""
    from pushctl.cli.ci.upgrade import upgrades  # noqa: PLC0415  (not cheap)

    output, root = options.output, root_of(options.existing_folder)
    found = upgrades(root, ci)
    output.result("".join(item.diff() for item in found) or "The CI files are up to date.\n")
    if broken := [f"{item.name} ({item.conflicts})" for item in found if item.conflicts]:
        summary = "Your changes are where new ones are; nothing was written"
        fix = "delete the file, run this again, and redo your changes; git diff shows them"
        raise ConfigError(summary, ", ".join(broken), fix=fix)
    if found and not (yes or click.confirm("Write this?", err=True)):
        output.alarm("Nothing was written.")
        return ExitCode.ERROR
    for item in found:
        _refuse_links(root, root / item.name)
        output.result(_written(root, item.name, item.after, again=True))
    return ExitCode.DONE


def _places(options: GlobalOptions, *, there: bool) -> tuple[GlobalOptions, ...]:
    """Return every manifest below in its environments; the folder itself if it has or gets one."""
    from pushctl.cli.commands.fleet.members import members  # noqa: PLC0415  (not cheap)

    envs = [options.env] if options.env else []
    try:
        below = members([options.folder / MANIFEST if there else options.folder], MANIFEST, envs)
    except click.UsageError:
        if there or envs:
            raise
        return (options,)
    found = (replace(options, folder=item.path.parent, env=item.env) for item in below)
    return (options,) if there else tuple(found)


def _starter(folder: Path, manifest: Path, state: str = "") -> str:
    """Write a manifest to start from, and say what was written."""
    from pushctl.cli.ci.templates import template  # noqa: PLC0415  (not cheap)
    from pushctl.schemas import read  # noqa: PLC0415  (see above)

    schema = folder / "manifest.schema.json"
    for path in (schema, folder / ".gitignore"):
        _refuse_links(folder, path)
    folder.mkdir(parents=True, exist_ok=True)
    schema.write_text(read("manifest"), "utf-8", newline="\n")
    zone = "timezone: Asia/Shanghai\n"
    manifest.write_text(template(MANIFEST).replace(zone, zone + state), "utf-8", newline="\n")
    return terminal(f"Wrote {manifest} and {schema}.") + "\n" + _ignored(folder)


def _knows_its_state(options: GlobalOptions) -> bool:
    from pushctl.cli.project.project import read  # noqa: PLC0415  (see above)

    return bool(address_of(read(options).manifest, os.environ))


def _jobs(root: Path, ci: str, wanted: list[TemplateValues]) -> str:
    """Write the files of a CI system that are not there, and say what became of each."""
    from pushctl.cli.ci.templates import ACTION, LISTS, USES, added, files  # noqa: PLC0415  (see above)

    texts, told, name = files(ci, wanted[0]), "", LISTS[ci]
    for path in texts:
        _refuse_links(root, root / path)
    there = (root / name).exists()
    before = text = (root / name).read_text("utf-8") if there else texts[name]
    for values in wanted:
        text = added(text, ci, values)
    texts[name] = text
    if USES not in text:
        texts.pop(ACTION, None)
    if there and text != before:
        (root / name).write_text(texts.pop(name), "utf-8", newline="\n")
        told = f"Added {', '.join(terminal(values.target) for values in wanted)} to {name}.\n"
    return told + "".join(_written(root, name, text) for name, text in texts.items())


def _written(root: Path, name: str, text: str, *, again: bool = False) -> str:
    """Write one file, `again` or unless there is one, and say what became of it."""
    path = root / name
    if path.exists() and not again:
        same = path.is_file() and path.read_bytes() == text.encode()
        why = "is there already" if same else "is there and differs; it was left as it is"
        return f"{terminal(name)} {why}.\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text, exact=True)
    return f"Wrote {terminal(name)}.\n"


def _refuse_links(root: Path, path: Path) -> None:
    """Refuse links on the way from a folder to a path below it."""
    links = [
        str(part) for part in (path, *path.parents) if root in part.parents and part.is_symlink()
    ]
    if links:
        detail = f"{links[-1]} leads elsewhere"
        raise ConfigError("A link is in the way", detail, fix="delete it, or use -C DIR")


def _ignored(folder: Path) -> str:
    """Add what is missing to the .gitignore of a folder, and say so."""
    from pushctl.cli.ci.templates import template  # noqa: PLC0415  (not cheap)

    path, wanted = folder / ".gitignore", template("gitignore").splitlines()
    _refuse_links(folder, path)
    present = path.read_text("utf-8").splitlines() if path.exists() else []
    missing = [line for line in wanted if line not in present]
    if all(line.startswith("#") for line in missing):
        return ""
    path.write_text("\n".join([*present, *missing]) + "\n", "utf-8", newline="\n")
    return terminal(f"Wrote {path}.") + "\n"
