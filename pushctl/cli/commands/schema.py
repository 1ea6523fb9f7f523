"""`pushctl schema`: the JSON Schema of the manifest, for editors and other tools."""

from __future__ import annotations

import click

from pushctl.cli.global_options import GlobalOptions


@click.command("schema", short_help="Print a JSON Schema.")
@click.argument(
    "name", type=click.Choice(["manifest", "output", "plan", "state"]), default="manifest"
)
@click.pass_obj
def command(options: GlobalOptions, name: str) -> None:
    """Print a JSON Schema: of the manifest, of `--format json`, of a plan, or of the state file."""
    from pushctl.schemas import read  # noqa: PLC0415  (`--help` needs none of it)

    options.output.result(read(name))
