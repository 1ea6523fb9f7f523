"""The vendor's clients for Node, unmodified: two of the signature in parameters, two of headers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.sandbox.life import Call, Refused, code_of, live
from tests.unit.sandbox.client import Client, encoded, push_params

PROGRAMS = Path(__file__).with_name("node")
PACKAGES = Path(sys.prefix) / "node" / "node_modules"
REQUIRED = os.environ.get("CI") == "true"
"""Read before the tests clean the environment."""

SUFFIX = {"rpc-client": "Error"}
"""What a client writes behind the code of an error."""

Started = Callable[..., Call]


def node_program() -> str:
    """Return where Node is; skip the test, or fail it in CI, if it or the packages are not here."""
    program = shutil.which("node")
    if program is None or not PACKAGES.exists():
        reason = "Node or the vendor's packages are not here: `make clients` installs the packages"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture
def node(strict: Sandbox) -> Iterator[Started]:
    """What starts one of the clients as a process, which ends with the test."""
    program = node_program()
    running: list[subprocess.Popen[str]] = []

    def start(name: str, secret: str = "sandbox", version: str = "2020-10-28") -> Call:
        process = subprocess.Popen(
            [program, str(PROGRAMS / "run.js"), name, strict.url.removeprefix("http://"), secret],
            env={"NODE_PATH": str(PACKAGES)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        running.append(process)

        def call(action: str, params: dict[str, Any]) -> dict[str, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            wish = {"action": action, "version": version, "params": params}
            process.stdin.write(json.dumps(wish) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "error" in answer:
                raise Refused(answer["error"]["code"])
            return dict(answer["body"])

        return call

    yield start
    for process in running:
        process.communicate()


CLIENTS = sorted(set(json.loads((PROGRAMS / "package.json").read_text("utf-8"))["dependencies"]))
NAMES = [name.removeprefix("@alicloud/") for name in CLIENTS]


@pytest.mark.parametrize("name", NAMES)
def test_it_schedules_lists_cancels_and_revokes(strict: Sandbox, node: Started, name: str) -> None:
    live(node(name), Client(strict.url))


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_the_codes_of_errors(strict: Sandbox, node: Started, name: str) -> None:
    suffix = SUFFIX.get(name, "")
    assert code_of(node(name, secret="wrong")) == f"SignatureDoesNotMatch{suffix}"
    Client(strict.url).fault("forbidden")
    assert code_of(node(name)) == f"Forbidden.RAM{suffix}"


@pytest.mark.parametrize("name", NAMES)
def test_it_speaks_the_first_version(strict: Sandbox, node: Started, name: str) -> None:
    call = node(name, version="2019-08-21")
    assert call("PushSimple", encoded(push_params()))["ResultCode"] == "OK"
