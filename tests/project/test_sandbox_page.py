"""Everything that docs/sandbox.md says to type or to write is tried, with another port."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.testing import PushSandbox
from tests.acceptance.cli import Here, example
from tests.acceptance.sandbox.test_node_clients import PACKAGES, node_program
from tests.acceptance.sandbox.test_recorded_sdks import requests

pytest_plugins = "pytester"

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text("utf-8")
ADDRESS = "127.0.0.1:4010"


BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


REMIND = """\
import datetime, os, time
import sys; sys.path[:0] = {path}
from tests.unit.sandbox.client import Client
client = Client(os.environ["PUSHCTL_ENDPOINT"])
at = datetime.datetime(2026, 12, 24, 20, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
content = {{"fixedTime": int(at.timestamp() * 1000)}}
wish = dict(Title="Tonight", TargetMsgkey={{"0042": "k"}}, StrategyType=1, StrategyContent=content)
client.push(**wish)
"""


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


TYPED = [line for block in blocks("") for line in block.splitlines()]
(CURL, DOCKER), (SEED,) = blocks("sh"), blocks("yaml")
TESTS, *PYTHON = blocks("python")
(NODE,) = blocks("js")
SERVERS = [line for line in TYPED if line.startswith("pushctl sandbox up")]
SERVERS += [
    line for line in re.findall("`(pushctl sandbox up [^`]*)`", PAGE) if "--host " not in line
]
"""Those that listen on this machine alone."""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[PushSandbox]:
    (tmp_path / "phones.yaml").write_text(SEED)
    with Sandbox(seed=tmp_path / "phones.yaml", now="2026-12-24T09:00+08:00") as sandbox:
        yield PushSandbox(sandbox)


def here(held: PushSandbox, text: str) -> str:
    return text.replace(ADDRESS, held.url.removeprefix("http://"))


def posted(url: str, body: str) -> dict[str, object]:
    with urllib.request.urlopen(url, body.encode()) as answer:
        return dict(json.load(answer))


# --- commands -------------------------------------------------------------------------------------


def test_the_commands_work_in_the_order_of_the_page(held: PushSandbox, tmp_path: Path) -> None:
    project, pushes = Here(tmp_path), example("quickstart", tmp_path / "pushes", Here)
    project.write(REMIND.format(path=sys.path), "remind.py")
    env = {**held.env, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    posted(held.url, curled())
    lines = [line for line in TYPED if line.startswith("pushctl ") and line not in SERVERS]
    assert len(lines) >= 25
    for line in lines:
        if " ID" in line:
            waiting = [task["id"] for task in held.ask("GET", "tasks")["tasks"]]
            line = line.replace("ID", waiting[-1])
        where = pushes if line.startswith("pushctl simulate") else project
        ran = where.run(*shlex.split(here(held, line))[1:], env=env)
        assert ran.code == 0, (line, ran)


def curled() -> str:
    words = shlex.split(CURL.replace("\\\n", ""))
    assert words[:2] == ["curl", f"http://{ADDRESS}/"]
    assert set(words[2::2]) == {"-d"}
    return "&".join(words[3::2])


def test_what_curl_sends_is_in_the_inbox(held: PushSandbox, tmp_path: Path) -> None:
    assert posted(held.url, curled())["ResultCode"] == "OK"
    assert "Good morning" in Here(tmp_path).run("sandbox", "inbox", "--url", held.url).out


def test_what_programs_may_ask_is_there(held: PushSandbox) -> None:
    pages = re.findall("/_sandbox/([a-z.]*)`", PAGE)
    assert set(pages) == {"", "openapi.json", "assumptions"}
    for page in pages:
        assert held.ask("GET", page)


@pytest.mark.slow
@pytest.mark.parametrize("line", SERVERS)
def test_a_server_starts(line: str, tmp_path: Path) -> None:
    (tmp_path / "phones.yaml").write_text(SEED)
    words = [sys.executable, "-m", *shlex.split(line), "--port", "0"]
    env = {**os.environ, "BROWSER": "true"}  # the program, which does nothing
    with subprocess.Popen(
        words, cwd=tmp_path, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("pushctl sandbox ready on http://127.0.0.1:")
        server.send_signal(signal.SIGTERM)


def test_the_image_is_given_commands_that_there_are(tmp_path: Path) -> None:
    """Docker is not tried: what it runs is."""
    told = re.findall("^docker run .* pushctl (.*)$", DOCKER, re.MULTILINE)
    assert len(told) == 2
    for words in told:
        assert "Usage:" in Here(tmp_path).run(*words.split(), "--help").out


# --- programs -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("program", PYTHON)
def test_a_program_in_python(held: PushSandbox, program: str) -> None:
    words = [sys.executable, "-W", "ignore", "-c", here(held, program)]
    assert subprocess.check_output(words, text=True) == "OK\n"
    assert len(held.deliveries("0042")) == 1


def test_the_program_in_node(held: PushSandbox) -> None:
    words = [node_program(), "-e", here(held, NODE)]
    env = {"NODE_PATH": str(PACKAGES)}
    assert subprocess.check_output(words, env=env, text=True) == "OK\n"
    assert len(held.deliveries("0042")) == 1


@pytest.mark.parametrize("language", ["java", "go", "php"])
def test_a_program_says_what_was_recorded_of_it(language: str) -> None:
    """It was run when the request was recorded; all that it sent is still in it."""
    (program,) = blocks(language)
    (request,) = requests(f"docs-{language}")
    _, _, body = request.decode().partition("\r\n\r\n")
    sent = {name: value for name, [value] in parse_qs(body).items()}
    written = program.replace('\\"', '"').replace("3L", "3").replace("600L", "600")
    names = {"AppId", "WorkspaceId", "TaskName", "Title", "Content", "DeliveryType"}
    for name in (*names, "ExpiredSeconds", "TargetMsgkey"):
        assert re.search(rf"{name}\W[^\n]*{re.escape(sent[name])}", written), name
    assert ADDRESS in program
    assert program.count("sandbox") == 2  # the key and its secret


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(remind=REMIND.format(path=sys.path), test_page=TESTS)
    pytester.runpytest("-p", "no:cacheprovider", "test_page.py").assert_outcomes(passed=2)
