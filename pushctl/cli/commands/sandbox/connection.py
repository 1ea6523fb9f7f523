"""Asks the control pages of a sandbox: of one that runs, or of the one in a folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from pushctl.cli.options import option
from pushctl.cli.service import endpoint
from pushctl.errors import ConfigError, ServiceError

PREFIX = "/_sandbox/"

url_option = option(
    "--url",
    metavar="URL",
    envvar="PUSHCTL_ENDPOINT",
    help="The sandbox to talk to; without it, the one of the manifest's folder.",
)
json_option = option("--json", "as_json", is_flag=True, help="Write what the sandbox says as JSON.")


def common(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of all, and the global ones."""
    return url_option(json_option(click.pass_obj(function)))


Ask = Callable[..., Any]
"""Asks a page: its method, its name, and what to tell it; returns what it says."""


@contextlib.contextmanager
def asked(url: str | None, folder: Path) -> Iterator[Ask]:
    """Yield what asks a sandbox; raises `ConfigError` if there is none."""
    with endpoint.opened(url or endpoint.EMBEDDED, folder=folder) as found:
        if not found.sandboxed:
            detail = f"{found.address} is no address of this machine"
            fix = "name one that `pushctl sandbox up` printed"
            raise ConfigError("This is no sandbox", detail, fix=fix)
        from pushctl.http.client import HttpClient  # noqa: PLC0415  (a call is about to be made)

        client = HttpClient(found.address, connect_timeout=3, read_timeout=30)
        yield partial(_ask, client, found.address)


def _ask(client: Any, address: str, method: str, page: str, body: Any = None) -> Any:
    from pushctl.http.client import NoAnswerError, NotSentError  # noqa: PLC0415  (loaded by now)

    data = None if body is None else json.dumps(body).encode()
    try:
        answer = client.call(method, f"{address}{PREFIX}{page}", headers={}, body=data)
        said = json.loads(answer.body)
    except (NotSentError, NoAnswerError) as error:
        raise ServiceError("The sandbox does not answer", str(error)) from error
    except ValueError:
        fix = "name one that `pushctl sandbox up` printed"
        raise ConfigError("This is no sandbox", f"at {address}", fix=fix) from None
    if answer.status != 200:
        raise ConfigError("The sandbox refuses that", str(said.get("error")))
    return said
