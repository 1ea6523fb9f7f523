"""`pushctl version`: which pushctl this is."""

from __future__ import annotations

import platform

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import format_option
from pushctl.render import json_output
from pushctl.time_zones import edition


@click.command("version", short_help="Show the version.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, the version first.")
@format_option("text", "json", envvar="PUSHCTL_VERSION_FORMAT")
@click.pass_obj
def command(options: GlobalOptions, as_json: bool, format_: str) -> None:
    """Show the version. Nothing is looked up anywhere."""
    data = edition().name
    more = {"python_version": platform.python_version(), "time_zone_data": data}
    if as_json:
        options.output.result(json_output.text({"pushctl_version": __version__, **more}))
    elif format_ == "json":
        options.output.result(options.json(more))
    else:
        options.output.result(f"pushctl {__version__}\ntime zone data {data}\n")
