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
from pushctl.errors import ConfigError
from pushctl.text.escape import terminal

if TYPE_CHECKING:
    from pushctl.cli.ci.templates import TemplateValues

NEXT = {
    "github": (
        "Next: commit these files, then make the environments, the roles and the rules for the "
        "branches, as `pushctl help ci` says."
    ),
    "gitlab": (
        "Next: include .gitlab/pushctl.yml from your .gitlab-ci.yml if that was there, commit "
        "these files, then make the environments, the roles, a token and a schedule, as "
        "`pushctl help ci` says."
    ),
}


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
@click.pass_obj
def command(options: GlobalOptions, ci: str | None, branch: str) -> None:
    """Write a starter manifest, its schema for editors, and a .gitignore.

    With --ci it also writes the jobs that plan, apply, watch and stop, and a manifest only if there
    is none; for another folder or --env, one more line into their list. Without a manifest here
    they are for all that are below. Never overwrites anything.
    """
    folder = options.folder
    manifest = folder / options.file
    there = manifest.exists() or manifest.is_symlink()
    if there and ci is None:
        raise ConfigError(
            "There is a manifest already", str(manifest), fix="edit it, or use -C DIR"
        )
    output = options.output
    if ci is None:
        output.result(_starter(folder, manifest))
        output.talk("Next: pushctl validate, pushctl plan, pushctl apply")
        return
    from pushctl.cli.ci.templates import TemplateValues, state_address  # noqa: PLC0415  (not cheap)

    if options.file != MANIFEST:
        raise ConfigError(
            f"CI needs the manifest to be called {MANIFEST}", options.file, fix="rename it"
        )
    places = (options,) if there else _places(options)
    wanted = [TemplateValues(prefix_of(at.existing_folder), at.env, branch) for at in places]
    states = [f'state: "{state_address(ci, values)}"\n' for values in wanted]
    told = _jobs(root_of(folder), ci, wanted)
    if places == (options,) and not there:
        told = _starter(folder, manifest, states[0]) + told
    output.result(told)
    found = zip(places, states, strict=True)
    unsaid = {at.folder / MANIFEST: state for at, state in found if not _knows_its_state(at)}
    for path, state in unsaid.items():
        output.talk(f"Write where the state is into {terminal(str(path))}:\n\n  {state}")
    output.talk(NEXT[ci])


def _places(options: GlobalOptions) -> tuple[GlobalOptions, ...]:
    """Return every manifest below in its environments; the folder itself if there is none."""
    from pushctl.cli.commands.fleet.members import members  # noqa: PLC0415  (not cheap)

    try:
        below = members([options.folder], MANIFEST, ())
    except click.UsageError:
        return (options,)
    if options.env:
        below = members([options.folder], MANIFEST, [options.env])
    return tuple(replace(options, folder=item.path.parent, env=item.env) for item in below)


def _starter(folder: Path, manifest: Path, state: str = "") -> str:
    """Write a manifest to start from, and say what was written."""
    from pushctl.cli.ci.templates import template  # noqa: PLC0415  (not cheap)
    from pushctl.schemas import read  # noqa: PLC0415  (see above)

    schema = folder / ".pushctl" / "manifest.schema.json"
    for path in (schema.parent, schema, folder / ".gitignore"):
        _refuse_link(path)
    schema.parent.mkdir(parents=True, exist_ok=True)
    schema.write_text(read("manifest"), "utf-8", newline="\n")
    zone = "timezone: Asia/Shanghai\n"
    manifest.write_text(template(MANIFEST).replace(zone, zone + state), "utf-8", newline="\n")
    ignored = _ignore(folder / ".gitignore", template("gitignore").splitlines())
    written = f"Wrote {manifest}, {schema}{' and ' + str(ignored) if ignored else ''}."
    return terminal(written) + "\n"


def _knows_its_state(options: GlobalOptions) -> bool:
    from pushctl.cli.project.project import read  # noqa: PLC0415  (see above)

    return bool(address_of(read(options).manifest, os.environ))


def _jobs(root: Path, ci: str, wanted: list[TemplateValues]) -> str:
    """Write the files of a CI system that are not there, and say what became of each."""
    from pushctl.cli.ci.templates import LISTS, added, files  # noqa: PLC0415  (see above)

    texts, told, name = files(ci, wanted[0]), "", LISTS[ci]
    for path in texts:
        _refuse_links(root, root / path)
    there = (root / name).exists()
    before = text = (root / name).read_text("utf-8") if there else texts[name]
    for values in wanted:
        text = added(text, ci, values)
    texts[name] = text
    if there and text != before:
        (root / name).write_text(texts.pop(name), "utf-8", newline="\n")
        told = f"Added {', '.join(terminal(values.target) for values in wanted)} to {name}.\n"
    return told + "".join(_written(root, name, text) for name, text in texts.items())


def _written(root: Path, name: str, text: str) -> str:
    """Write one file, unless there is one, and say what became of it."""
    path = root / name
    if path.exists():
        same = path.is_file() and path.read_bytes() == text.encode()
        why = "is there already" if same else "is there and differs; it was left as it is"
        return f"{terminal(name)} {why}.\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    return f"Wrote {terminal(name)}.\n"


def _refuse_links(root: Path, path: Path) -> None:
    """Refuse links on the way from a folder to a path below it."""
    for part in (path, *path.parents):
        if part == root:
            break
        _refuse_link(part)


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise ConfigError(
            "A link is in the way", f"{path} leads elsewhere", fix="delete it, or use -C DIR"
        )


def _ignore(path: Path, wanted: list[str]) -> Path | None:
    """Add what is missing to a .gitignore; returns the path if it was written."""
    present = path.read_text("utf-8").splitlines() if path.exists() else []
    missing = [line for line in wanted if line not in present]
    if all(line.startswith("#") for line in missing):
        return None
    path.write_text("\n".join([*present, *missing]) + "\n", "utf-8", newline="\n")
    return path
