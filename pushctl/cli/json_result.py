"""What commands print as JSON: documents that all begin alike, see `schemas/output.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.render import json_output


def json_result(options: GlobalOptions, document: Mapping[str, Any]) -> str:
    """Return a document behind its format, the version, the command and the environment."""
    context = click.get_current_context(silent=True)
    begin = {
        "format_version": json_output.FORMAT_VERSION,
        "pushctl_version": __version__,
        "command": context.command_path.partition(" ")[2] if context else "",
        "env": options.env,
    }
    return json_output.text({**begin, **document})
