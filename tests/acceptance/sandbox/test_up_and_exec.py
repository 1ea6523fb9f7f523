"""A sandbox as a server, and one for the time of a command."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import Here, Ran

NOW = "2026-12-01T09:00:00+08:00"
Up = Callable[..., tuple[Ran, list[Any]]]


def asked(url: str, page: str) -> Any:
    with urllib.request.urlopen(f"{url}/_sandbox/{page}") as answer:
        return json.load(answer)


@pytest.fixture
def up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Up:
    """Run `sandbox up`, look at pages as soon as it shows its own in a browser, and end it."""

    def run(*words: str, pages: tuple[str, ...] = (), env: Any = None) -> tuple[Ran, list[Any]]:
        seen: list[Any] = []

        def open_browser(url: str) -> None:
            seen.extend([url, *(asked(url, page) for page in pages)])
            signal.raise_signal(signal.SIGTERM)

        monkeypatch.setattr("click.launch", open_browser)
        return Here(tmp_path).run("sandbox", "up", "--port", "0", "--open", *words, env=env), seen

    return run


def test_up_says_where_it_is_and_how_to_use_it(up: Up) -> None:
    ran, (url,) = up()
    assert (ran.code, ran.out) == (0, f"pushctl sandbox ready on {url}\n")
    host = url.removeprefix("http://")
    assert ran.err == (
        f"pushctl:      export PUSHCTL_ENDPOINT={url}\n"
        f"vendor's SDK: endpoint {host}, protocol HTTP, both keys sandbox\n"
    )
    ran, (url,) = up("--json")
    keys = {"access_key_id": "sandbox", "access_key_secret": "sandbox"}
    endpoint = url.removeprefix("http://")
    assert ran.json == {"url": url, "endpoint": endpoint, "protocol": "HTTP", **keys}


def test_up_begins_with_what_it_is_told(up: Up, tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text('users: {"0042": [{id: red, vendor: vivo}]}')
    words = ("--at", NOW, "--seed", "seed.yaml", "--app", "A/w", "--app", "B")
    knobs = ("--knob", "quota.limit=7", "--knob", "month31=last", "--data", "s.db")
    ran, (_, clock, apps, known) = up(*words, *knobs, pages=("clock", "apps", "knobs"))
    assert (ran.code, clock["now"]) == (0, NOW)
    assert apps == {"apps": ["A/w", "B"]}
    assert (known["knobs"]["quota.limit"], known["knobs"]["month31"]) == (7, "last")
    again, (_, clock) = up(pages=("clock",), env={"PUSHCTL_SANDBOX_DATA": "s.db"})
    assert (again.code, clock["now"]) == (0, NOW)


def test_up_warns_if_others_can_reach_it(up: Up) -> None:
    ran, (url,) = up("--host", "0.0.0.0", "--hostname", "sandbox.test")
    assert ran.err.startswith("Warning: on 0.0.0.0 others can reach it.")
    assert url.startswith("http://127.0.0.1:")
    assert "Warning" not in up("--host", "127.0.0.1")[0].err


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("--knob", "gravity=0"), 1, "no such knob: 'gravity'"),
        (("--knob", "port=0"), 1, "no such knob: 'port'"),
        (("--knob", "month31"), 64, "'month31' is not NAME=VALUE"),
        (("--at", "noon"), 1, "not an ISO 8601 time: 'noon'"),
        (("--seed", "none.yaml"), 1, "none.yaml: No such file"),
        (("--data", "nofolder/x.db"), 1, "nofolder: No such file"),
        (("--app", "a/b/c"), 1, "a/b/c"),
        (("--host", "203.0.113.7"), 1, "address of this machine with --host"),
    ],
)
def test_up_does_not_start_with_what_it_cannot_do(
    up: Up, words: tuple[str, ...], code: int, why: str
) -> None:
    ran, seen = up(*words)
    assert (ran.code, why in ran.err, seen) == (code, True, []), ran


def test_up_names_the_port_that_is_in_use(up: Up, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = Here(tmp_path).run("sandbox", "up", "--port", str(port))
    assert (ran.code, f"port {port} is in use" in ran.err, "--port" in ran.err) == (1, True, True)


PROGRAM = """
import json, os, urllib.request
with urllib.request.urlopen(os.environ["PUSHCTL_ENDPOINT"] + "/_sandbox/clock") as answer:
    print(json.dumps({**json.load(answer), **os.environ}))
raise SystemExit(7)
"""


def test_a_command_runs_beside_a_sandbox_of_its_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    here, token = Here(tmp_path), {"ALIBABA_CLOUD_SECURITY_TOKEN": "of real keys"}
    words = ("sandbox", "exec", "--at", NOW, "--", sys.executable, "-c", PROGRAM)
    assert here.run(*words, env=token).code == 7
    found = json.loads(capfd.readouterr().out)
    assert found["now"] == NOW
    assert found["PUSHCTL_ENDPOINT"] == f"http://{found['ALIBABA_CLOUD_ENDPOINT']}"
    assert found["ALIBABA_CLOUD_ACCESS_KEY_ID"] == "sandbox"
    assert found["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] == "sandbox"
    assert not token.keys() & found.keys()
    with pytest.raises(OSError, match="refused"):
        asked(found["PUSHCTL_ENDPOINT"], "clock")


def test_a_command_that_cannot_run_and_one_that_a_signal_ends(tmp_path: Path) -> None:
    here = Here(tmp_path)
    missing = here.run("sandbox", "exec", "--", str(tmp_path / "none"))
    assert (missing.code, "The command cannot be run" in missing.err) == (127, True)
    assert here.run("sandbox", "exec", "--", "sh", "-c", "kill -KILL $$").code == 128 + 9


WAITING = """
import os, signal, sys
def end(number, frame):
    print(signal.Signals(number).name, flush=True)
    sys.exit(3)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, end)
print(os.environ["PUSHCTL_ENDPOINT"], flush=True)
while True:
    signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command(number: signal.Signals) -> None:
    words = [
        sys.executable,
        "-m",
        "pushctl",
        "sandbox",
        "exec",
        "--",
        sys.executable,
        "-c",
        WAITING,
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True) as ran:
        assert ran.stdout is not None
        url = ran.stdout.readline().strip()
        os.kill(ran.pid, number)
        try:
            assert ran.communicate(timeout=20)[0] == f"{number.name}\n"
        finally:
            with suppress(ProcessLookupError):  # it ends with the command
                os.killpg(ran.pid, signal.SIGKILL)
    assert ran.returncode == 3
    with pytest.raises(OSError, match="refused"):
        asked(url, "clock")
