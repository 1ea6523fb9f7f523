"""The vendor's clients for Node, unmodified: two of the signature in parameters, two of headers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
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


def node_program() -> str:
    """Return where Node is; skip the test, or fail it in CI, if it or the packages are not here."""
    program = shutil.which("node")
    if program is None or not PACKAGES.exists():
        reason = "Node or the vendor's packages are not here: `make clients` installs the packages"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    return program


CLIENTS = sorted(set(json.loads((PROGRAMS / "package.json").read_text("utf-8"))["dependencies"]))
NAMES = [name.removeprefix("@alicloud/") for name in CLIENTS]


@dataclass(frozen=True)
class Program:
    """One of the clients, as a process that makes calls."""

    name: str
    process: subprocess.Popen[str]

    def calls(self, url: str, secret: str = "sandbox", version: str = "2020-10-28") -> Call:
        where = {"endpoint": url.removeprefix("http://"), "secret": secret, "version": version}

        def call(action: str, params: dict[str, Any]) -> dict[str, Any]:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(
                json.dumps({**where, "action": action, "params": params}) + "\n"
            )
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
            if "error" in answer:
                raise Refused(answer["error"]["code"])
            return dict(answer["body"])

        return call


@pytest.fixture(scope="module", params=NAMES)
def program(request: pytest.FixtureRequest) -> Iterator[Program]:
    process = subprocess.Popen(
        [node_program(), str(PROGRAMS / "run.js"), request.param],
        env={"NODE_PATH": str(PACKAGES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    yield Program(request.param, process)
    process.communicate()


def test_it_schedules_lists_cancels_and_revokes(strict: Sandbox, program: Program) -> None:
    live(program.calls(strict.url), Client(strict.url))


def test_it_reads_the_codes_of_errors(strict: Sandbox, program: Program) -> None:
    suffix = SUFFIX.get(program.name, "")
    assert code_of(program.calls(strict.url, "wrong")) == f"SignatureDoesNotMatch{suffix}"
    Client(strict.url).fault("forbidden")
    assert code_of(program.calls(strict.url)) == f"Forbidden.RAM{suffix}"


def test_it_speaks_the_first_version(strict: Sandbox, program: Program) -> None:
    call = program.calls(strict.url, version="2019-08-21")
    assert call("PushSimple", encoded(push_params()))["ResultCode"] == "OK"


@pytest.mark.parametrize("program", ["rpc-client"], indirect=True)
def test_what_the_vendors_sample_asks_of_this_engine(strict: Sandbox, program: Program) -> None:
    """Its package is not in npm: these are the fields that it sets."""
    fields = {
        "AppId": "ONEX570DA89211721",
        "WorkspaceId": "test",
        "Title": "Node Test",
        "Content": "Test",
        "DeliveryType": 3,
        "TaskName": "Node Test Task",
        "ExpiredSeconds": 600,
        "ExtendedParams": '{"test":"Custom extended parameter"}',
        "TargetMsgkey": '{"userid1024":"1796090400000"}',
    }
    answer = program.calls(strict.url, version="2019-08-21")("PushSimple", fields)
    assert answer["ResultCode"] == "OK"
    (delivery,) = Client(strict.url).deliveries()
    assert delivery["payload"]["ExtendedParams"] == {"test": "Custom extended parameter"}
