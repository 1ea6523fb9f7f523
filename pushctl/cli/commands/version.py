"""`pushctl version`: which pushctl this is."""

from __future__ import annotations

import platform

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.render import json_output


@click.command("version", short_help="Show the version.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(options: GlobalOptions, as_json: bool) -> None:
    """Show the version. Nothing is looked up anywhere."""
    if as_json:
        document = {"pushctl_version": __version__, "python_version": platform.python_version()}
        options.output.result(json_output.text(document))
    else:
        options.output.result(f"pushctl {__version__}\n")
