"""`pushctl schema`: the JSON Schema of the manifest, for editors and other tools."""

from __future__ import annotations

import click

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import option
from pushctl.cli.write_file import write_file


@click.command("schema", short_help="Print a JSON Schema.")
@click.argument(
    "name", type=click.Choice(["manifest", "output", "plan", "state"]), default="manifest"
)
@option("--write", is_flag=True, help="Write it beside the manifest, to commit it.")
@click.pass_obj
def command(options: GlobalOptions, name: str, write: bool) -> None:
    """Print a JSON Schema: of the manifest, of `--format json`, of a plan, or of the state file."""
    from pushctl.schemas import read  # noqa: PLC0415  (`--help` needs none of it)

    if not write:
        options.output.result(read(name))
        return
    path = options.existing_folder / f"{name}.schema.json"
    older = options.folder / ".pushctl" / path.name  # which manifests of earlier versions name
    for place in (path, older) if older.is_file() else (path,):
        write_file(place, read(name), exact=True)
        options.output.talk(f"Wrote {place}.")
