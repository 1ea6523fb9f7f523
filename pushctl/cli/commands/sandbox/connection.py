"""Asks the control pages of a sandbox: of one that runs, or of the one in a folder."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import click

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import F, format_option, option, together
from pushctl.cli.service import endpoint
from pushctl.errors import ConfigError, ExitCode, ServiceError
from pushctl.render import json_output

PAUSE = 0.2
"""Seconds between two looks at what arrives."""


def sandbox_option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Declare an option that the environment can set as PUSHCTL_SANDBOX_<NAME>."""
    long = next(name for name in names if name.startswith("--"))
    name = long.lstrip("-").replace("-", "_").upper()
    return option(*names, envvar=f"PUSHCTL_SANDBOX_{name}", **settings)


url_option = option(
    "--url",
    metavar="URL",
    envvar="PUSHCTL_ENDPOINT",
    help="The sandbox to talk to; without it, the one of the manifest's folder.",
)
json_option = together(
    option("--json", "as_json", is_flag=True, help="Write what the sandbox says as JSON."),
    format_option("text", "json", envvar="PUSHCTL_SANDBOX_FORMAT"),
)


@dataclass(frozen=True)
class Connection:
    """A sandbox to talk to, and how to tell what it says."""

    options: GlobalOptions
    format: str  # text, json, or bare: JSON that is only what the sandbox says
    address: str
    client: Any

    def ask(self, method: str, page: str, body: Any = None) -> Any:
        """Return what a page says; raises `ConfigError` if it refuses, and `ServiceError`."""
        from pushctl.http.client import NoAnswerError, NotSentError  # noqa: PLC0415  (loaded by now)

        data = None if body is None else json.dumps(body).encode()
        url = f"{self.address}/_sandbox/{page}"
        try:
            answer = self.client.call(method, url, headers={}, body=data)
            said = json.loads(answer.body)
        except (NotSentError, NoAnswerError) as error:
            raise ServiceError("The sandbox does not answer", str(error)) from error
        except ValueError:
            fix = "name one that `pushctl sandbox up` printed"
            raise ConfigError("This is no sandbox", f"at {self.address}", fix=fix) from None
        if answer.status != 200:
            raise ConfigError("The sandbox refuses that", str(said.get("error")))
        return said

    def tell(self, said: Any, text: str, name: str = "") -> int:
        """Write what it said, a list under a name in documents; returns the exit code."""
        output = self.options.output
        if self.format == "bare":
            output.result(json_output.text(said))
        elif self.format == "json":
            output.result(self.options.json({name: said} if name else said))
        else:
            output.show(text)
        return ExitCode.DONE


def common(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of all, and a `Connection` as its first argument."""

    @click.pass_obj
    def command(options: GlobalOptions, /, **said: Any) -> int:
        where = {name: said.pop(name) for name in ("url", "as_json", "format_")}
        with connected(options, **where) as sandbox:
            return function(sandbox, **said)

    return url_option(json_option(functools.update_wrapper(command, function)))


@contextlib.contextmanager
def connected(
    options: GlobalOptions, url: str | None, as_json: bool = False, format_: str = "text"
) -> Iterator[Connection]:
    """Yield a connection; raises `ConfigError` if there is no sandbox."""
    with endpoint.opened(url or endpoint.EMBEDDED, folder=options.existing_folder) as found:
        if not found.sandboxed:
            detail = f"{found.address} is no address of this machine"
            fix = "name one that `pushctl sandbox up` printed"
            raise ConfigError("This is no sandbox", detail, fix=fix)
        from pushctl.http.client import HttpClient  # noqa: PLC0415  (a call is about to be made)

        client = HttpClient(found.address, connect_timeout=3, read_timeout=30)
        format_ = "bare" if as_json else format_
        yield Connection(options, format_, found.address, client)


def pairs(items: Iterable[str]) -> dict[str, Any]:
    """Read texts such as NAME=VALUE; raises `click.BadParameter`."""
    found = [item.partition("=") for item in items]
    if wrong := next((name for name, sign, _ in found if not (name and sign)), None):
        raise click.BadParameter(f"{wrong!r} is not NAME=VALUE")
    return {name: value for name, _, value in found}
