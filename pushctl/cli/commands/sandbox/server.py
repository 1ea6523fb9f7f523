"""`pushctl sandbox up | exec`: the emulator as a server, and for the time of one command."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pushctl.cli.commands.sandbox.connection import json_option, pairs, sandbox_option
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import together
from pushctl.cli.signals import asks_to_stop, passed_on, wait
from pushctl.errors import ConfigError, ExitCode
from pushctl.http.loopback import is_loopback
from pushctl.render import json_output

if TYPE_CHECKING:
    from pushctl.sandbox import Sandbox

KEY = "sandbox"
"""An access key that every sandbox accepts, and its secret."""

TOKEN = "ALIBABA_CLOUD_SECURITY_TOKEN"
"""A variable that is of somebody's real keys, and would be sent along with these."""

_FILE = click.Path(path_type=Path, dir_okay=False)
_PORT = click.IntRange(0, 65535)
settings = together(
    sandbox_option("--data", type=_FILE, metavar="FILE", help="Keep everything in this file."),
    sandbox_option("--at", metavar="MOMENT", help="Where the clock of a new sandbox stands."),
    sandbox_option("--seed", type=_FILE, metavar="FILE", help="Who has which phones."),
    sandbox_option(
        "--app",
        "apps",
        multiple=True,
        metavar="APP[/WORKSPACE]",
        help="Refuse calls for any other app (repeatable).",
    ),
    sandbox_option(
        "--knob",
        "knobs",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a knob, one of those of `sandbox knob` (repeatable).",
    ),
)


@click.command("up", short_help="Run it as a server.")
@sandbox_option("--port", type=_PORT, default=4010, show_default=True, help="0 takes a free one.")
@sandbox_option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Where to listen; anything else lets others reach it.",
)
@sandbox_option(
    "--hostname",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="What others call it, such as the name of a container (repeatable).",
)
@settings
@sandbox_option("--open", "opens", is_flag=True, help="Show its page in a browser.")
@json_option
@click.pass_obj
def up(options: GlobalOptions, /, opens: bool, as_json: bool, format_: str, **said: Any) -> int:
    """Run the sandbox until it is interrupted; prints its URL when it is ready."""
    output, stop = options.output, threading.Event()
    if not is_loopback(said["host"]):
        output.alarm(
            f"Warning: on {said['host']} others can reach it. It shows whoever asks what was pushed"
            " to whom, and lets them change it."
        )
    with started(**said) as sandbox, asks_to_stop(stop, lambda _: None):
        endpoint = sandbox.url.removeprefix("http://")
        keys = {"access_key_id": KEY, "access_key_secret": KEY}
        shown = {"url": sandbox.url, "endpoint": endpoint, "protocol": "HTTP", **keys}
        ready = f"pushctl sandbox ready on {sandbox.url}\n"
        told = json_output.text(shown) if as_json else ready
        output.result(options.json(shown) if format_ == "json" else told)
        output.talk(f"pushctl:      export PUSHCTL_ENDPOINT={sandbox.url}")
        output.talk(f"vendor's SDK: endpoint {endpoint}, protocol HTTP, both keys {KEY}")
        if opens:
            click.launch(sandbox.url)
        wait(stop)
    return ExitCode.DONE


def started(at: str | None, knobs: Collection[str], **said: Any) -> Sandbox:
    """Return a sandbox that runs; raises `ConfigError`."""
    from pushctl.sandbox import Sandbox  # noqa: PLC0415  (most commands here run none)
    from pushctl.sandbox.knobs import accept_knobs  # noqa: PLC0415  (see above)

    try:
        assumed: Any = accept_knobs(pairs(knobs))
        return Sandbox(now=at, **said, **assumed).start()
    except (OSError, ValueError) as error:
        raise ConfigError("The sandbox cannot start", str(error)) from error


@click.command(
    "exec",
    short_help="Run a command beside one.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, required=True, metavar="-- COMMAND...", type=click.UNPROCESSED)
@settings
def run(words: tuple[str, ...], **said: Any) -> int:
    """Run a command beside a sandbox of its own, which ends with it.

    The command finds its URL in PUSHCTL_ENDPOINT, its host and port in ALIBABA_CLOUD_ENDPOINT, and
    keys that it accepts in ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Signals
    are passed on. The exit code is the command's; 128 and the number of a signal that ended it.
    """
    from pushctl.sandbox.testing import PushSandbox  # noqa: PLC0415  (loads the server)

    with started(**said) as sandbox:
        environ = {**os.environ, **PushSandbox(sandbox).env}
        environ.pop(TOKEN, None)
        try:
            process = subprocess.Popen(words, env=environ)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError("The command cannot be run", f"{words[0]}: {reason}") from error
        with passed_on(process.send_signal):
            code = process.wait()
    return code if code >= 0 else 128 - code
