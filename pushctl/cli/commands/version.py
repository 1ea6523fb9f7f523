"""`pushctl version`: which pushctl this is."""

from __future__ import annotations

import platform

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.render import json_output
from pushctl.time_zones import edition


@click.command("version", short_help="Show the version.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(options: GlobalOptions, as_json: bool) -> None:
    """Show the version. Nothing is looked up anywhere."""
    data = edition().name
    if as_json:
        document = {"pushctl_version": __version__, "python_version": platform.python_version()}
        options.output.result(json_output.text({**document, "time_zone_data": data}))
    else:
        options.output.result(f"pushctl {__version__}\ntime zone data {data}\n")
