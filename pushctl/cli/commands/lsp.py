"""`pushctl lsp`: a language server on stdin and stdout, for editors to start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.project.project import clock_meant, open_store
from pushctl.cli.service.identity import service_of
from pushctl.errors import ConfigError, ExitCode, PushctlError
from pushctl.push.identity import hashed_label

if TYPE_CHECKING:
    from pushctl.lsp.project import CheckedProject, Surroundings
    from pushctl.manifest.schema.models import Manifest


@click.command("lsp", short_help="Serve editors: findings, deliveries and fixes while you type.")
@click.pass_obj
def command(options: GlobalOptions) -> int:
    """Serve editors over stdin and stdout with the Language Server Protocol.

    Editors start this by themselves; `pushctl help editors` says what to type into which one.
    """
    try:
        from pushctl.lsp.server import Server  # noqa: PLC0415  (optional, and not free to import)
    except ImportError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        detail = "it needs the package pygls"
        fix = "pip install '.[lsp]' where pushctl's sources are"
        raise ConfigError("The language server is not installed", detail, fix=fix) from error
    server = Server(__version__, options.file, lambda *what: check(options, *what))
    server.start_io()
    return ExitCode.DONE if server.left_properly else ExitCode.ERROR


def check(options: GlobalOptions, folder: Path, unsaved: Mapping[str, bytes]) -> CheckedProject:
    """Check the project in a folder, with these unsaved texts by file name."""
    from pushctl.lsp.project import check_project  # noqa: PLC0415  (`--help` needs none of it)

    here = replace(options, folder=folder)
    return check_project(
        folder,
        file=options.file,
        environment=options.env,
        unsaved=unsaved,
        surroundings=lambda manifest: _surroundings(here, manifest),
    )


def _surroundings(options: GlobalOptions, manifest: Manifest) -> Surroundings:
    """Say what time it is and what was applied; a state that cannot be read counts as none."""
    from pushctl.lsp.project import Surroundings  # noqa: PLC0415  (see above)

    try:
        state = open_store(options, service_of(manifest, os.environ).check).read()
    except PushctlError:
        state = None
    records = state.pushes.items() if state is not None else ()
    hashed = manifest.app.targets == "hashed"
    return Surroundings(
        now=int(clock_meant(options, manifest).now()),
        recorded=frozenset(id for id, record in records if record.tasks),
        label=hashed_label(state.lineage if state is not None else "") if hashed else str,
    )
