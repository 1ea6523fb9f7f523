"""`pushctl init`: a manifest to start from, with completion in editors."""

from __future__ import annotations

from pathlib import Path

import click

from pushctl.cli.git import prefix_of
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import option
from pushctl.errors import ConfigError
from pushctl.text.escape import terminal

IGNORE = (
    "# pushctl: the sandbox and what only this machine needs. Keep pushctl.state.json safe: it",
    "# knows which task belongs to which push.",
    ".pushctl/",
    "*.state.lock",
    "*.state.gate",
    "*.state.backup.*",
)

NEXT = {
    "github": (
        "Next: commit these files, then docs/ci.md: make the environments, the roles and the rules "
        "for the branches."
    ),
    "gitlab": (
        "Next: include .gitlab/ from your .gitlab-ci.yml if it was there already, commit these "
        "files, then docs/ci.md: make the environments, the roles, the tokens and a schedule."
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
    is none. Never overwrites anything.
    """
    folder = options.folder
    manifest = folder / options.file
    there = manifest.exists() or manifest.is_symlink()
    if there and ci is None:
        raise ConfigError(
            "There is a manifest already", str(manifest), fix="edit it, or use -C DIR"
        )
    jobs = None if ci is None else _jobs(options, ci, branch)
    output = options.output
    if not there:
        output.result(_starter(folder, manifest))
    if jobs is None:
        output.talk("Next: pushctl validate, pushctl plan, pushctl apply")
        return
    root = _root(folder)
    for name, text in jobs.items():
        output.result(_written(root, name, text))
    output.talk(NEXT[str(ci)])


def _starter(folder: Path, manifest: Path) -> str:
    """Write a manifest to start from, and say what was written."""
    from pushctl.cli.ci_templates import template  # noqa: PLC0415  (not cheap)
    from pushctl.schemas import read  # noqa: PLC0415  (see above)

    schema = folder / ".pushctl" / "manifest.schema.json"
    for path in (schema.parent, schema, folder / ".gitignore"):
        _refuse_link(path)
    schema.parent.mkdir(parents=True, exist_ok=True)
    schema.write_text(read("manifest"), "utf-8")
    manifest.write_text(template("pushctl.yaml"), "utf-8")
    ignored = _ignore(folder / ".gitignore")
    written = f"Wrote {manifest}, {schema}{' and ' + str(ignored) if ignored else ''}."
    return terminal(written) + "\n"


def _jobs(options: GlobalOptions, ci: str, branch: str) -> dict[str, str]:
    from pushctl.cli.ci_templates import TemplateValues, files  # noqa: PLC0415  (see above)

    folder = options.existing_folder
    if options.file != "pushctl.yaml":
        raise ConfigError(
            "CI needs the manifest to be called pushctl.yaml", options.file, fix="rename it"
        )
    return files(ci, TemplateValues(prefix_of(folder), options.env, branch))


def _root(folder: Path) -> Path:
    """Return the folder from which a code host reads its configuration."""
    here, depth = folder.resolve(), len(prefix_of(folder).parts)
    return here.parents[depth - 1] if depth else here


def _written(root: Path, name: str, text: str) -> str:
    """Write one file, unless there is one, and say what became of it."""
    path = root / name
    for part in (path, *path.parents):
        if part == root:
            break
        _refuse_link(part)
    if path.exists():
        same = path.is_file() and path.read_bytes() == text.encode()
        why = "is there already" if same else "is there and differs; it was left as it is"
        return f"{terminal(name)} {why}.\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    if path.suffix == ".sh":
        path.chmod(path.stat().st_mode | 0o111 & path.stat().st_mode >> 2)
    return f"Wrote {terminal(name)}.\n"


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise ConfigError(
            "A link is in the way", f"{path} leads elsewhere", fix="delete it, or use -C DIR"
        )


def _ignore(path: Path) -> Path | None:
    """Add what is missing to a .gitignore; returns the path if it was written."""
    present = path.read_text("utf-8").splitlines() if path.exists() else []
    missing = [line for line in IGNORE if line not in present]
    if all(line.startswith("#") for line in missing):
        return None
    path.write_text("\n".join([*present, *missing]) + "\n", "utf-8")
    return path
