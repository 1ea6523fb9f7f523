"""Nothing that a command prints or writes holds a secret, or a person where targets are hashed.

Everything is searched: both streams and every file of the folder, whatever the command and however
it ended. Only the manifest and the audience, where people have to be, are left out.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest

from pushctl.cli import main
from pushctl.cli.commands import apply as apply_command
from pushctl.mpaas.client import CloudPushService
from pushctl.render.text import plan as plan_text
from pushctl.sandbox import Sandbox
from tests.loopback import Behaviour, Request, loopback, reply, reset, silence

KEY_ID = "probe-key"
SECRET = "S3cret/of+Nobody&=%22"
TOKEN = "T0ken/of+Nobody&=Temporary"
PEOPLE = ("zhang-wei-known", 'o\'hara "jo" known', "李小龙-known", "mary@known.example")
NOW = "2026-12-01T09:00:00+08:00"
SETTINGS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
    "ALIBABA_CLOUD_SECURITY_TOKEN": TOKEN,
    "PUSHCTL_DEBUG": "1",
    "PUSHCTL_SETTLE_TIME": "0s",
    "DEBUG": "sdk",
    "TZ": "UTC",
}
MANIFEST = f"""\
version: 1
app: {{id: ONEX0000000000000, workspace: test, targets: hashed}}
timezone: Asia/Shanghai
defaults: {{expires_after: 4h}}
policy: {{rules: {{PSH506: warning}}}}  # an address among the people is told of, and stops nothing
pushes:
  inline:
    schedule: {{every: day, at: "09:45"}}
    to: {{users: {json.dumps(PEOPLE[:2])}}}
    message: {{title: Hello, body: World}}
  filed:
    schedule: {{at: 2026-12-24T20:00}}
    to: {{users_from: people.csv}}
    message: {{title: Sale, body: Tonight}}
"""
AUDIENCE = "user_id\n" + "\n".join((*PEOPLE[2:], PEOPLE[2])) + "\n"
INPUT = frozenset({"pushctl.yaml", "people.csv"})


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass
class Place:
    """A folder with a manifest about people, and whatever commands leave there."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    endpoint: str = "http://127.0.0.1:9"

    def run(self, *arguments: str, **settings: str) -> Ran:
        """Run a command in this process, then search everything it left."""
        words = ["pushctl", "-C", str(self.folder), *arguments]
        with self.monkeypatch.context() as patch:
            for name, value in {**SETTINGS, "PUSHCTL_ENDPOINT": self.endpoint, **settings}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", words)
            code = main._guarded()
        captured = self.capsys.readouterr()
        ran = Ran(code, captured.out, captured.err)
        search(self.folder, ran)
        return ran

    def edit(self, before: str, after: str) -> None:
        path = self.folder / "pushctl.yaml"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), "utf-8")


def spellings(word: str) -> set[bytes]:
    """Every form in which a word may have been written, prefixes of encodings included."""
    raw = word.encode()
    forms = {word, quote(word, safe=""), quote_plus(word), json.dumps(word)[1:-1], repr(word)[1:-1]}
    found = {form.encode() for form in forms} | {raw.hex().encode()}
    for shift in range(3):
        # Inside a longer base64 text a word looks different at each offset; its ends do not count.
        encoded = base64.b64encode(b"\0" * shift + raw)
        found |= {encoded[4:-4], encoded[4:-4].replace(b"+", b"-").replace(b"/", b"_")}
    return found


HIDDEN = {word: spellings(word) for word in (SECRET, TOKEN, *PEOPLE)}


def found_in(data: bytes) -> list[str]:
    return [word for word, forms in HIDDEN.items() if any(form in data for form in forms)]


def search(folder: Path, ran: Ran) -> None:
    """Fail if a secret or a person stands anywhere in what a command left."""
    assert found_in(ran.out.encode("utf-8", "surrogatepass")) == [], ran
    assert found_in(ran.err.encode("utf-8", "surrogatepass")) == [], ran
    for name in ("Authorization", "ACS3-HMAC", "Signature=", "x-acs-security-token"):
        assert name.lower() not in (ran.out + ran.err).lower(), ran
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in INPUT:
            assert found_in(path.read_bytes()) == [], path


@pytest.fixture
def place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Place:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pushctl.yaml").write_text(MANIFEST, "utf-8")
    (folder / "people.csv").write_text(AUDIENCE, "utf-8")
    # What is not about waiting needs no waiting.
    defaults = CloudPushService.__init__.__kwdefaults__
    impatient = {**defaults, "read_timeout": 0.3, "sleep": lambda seconds: None}
    monkeypatch.setattr(CloudPushService.__init__, "__kwdefaults__", impatient)
    return Place(folder, monkeypatch, capsys)


@pytest.fixture
def sandbox(place: Place) -> Iterator[str]:
    with Sandbox(keys={KEY_ID: SECRET}, now=NOW) as running:
        place.endpoint = running.url
        place.monkeypatch.setenv("PUSHCTL_NOW", NOW)
        yield running.url


def control(url: str, path: str, document: Any) -> None:
    body = json.dumps(document).encode()
    headers = {"Content-Type": "application/json"}
    urlopen(HttpRequest(f"{url}/_sandbox/{path}", body, headers), timeout=10).close()


def test_the_search_finds_what_it_looks_for() -> None:
    """The tests below prove something only if a word is found in any spelling."""
    for word in HIDDEN:
        for text in (
            word,
            f"?token={quote(word, safe='')}&x",
            f"token={quote_plus(word)}",
            json.dumps({"a": word}),
            f"{word!r} in {[word]}",
        ):
            assert found_in(text.encode()) == [word]
        for padding in (b"", b"a", b"ab", b"abc"):
            encoded = base64.b64encode(padding + b":" + word.encode() + b":rest")
            assert found_in(b"x" + encoded + b"y") == [word]


def test_no_command_tells(place: Place, sandbox: str) -> None:
    plan = str(place.folder / "approved.json")
    first = place.run("plan", "--out", plan, "--json", str(place.folder / "plan.json"))
    assert (first.code, "2 to create" in first.out) == (0, True), first
    assert "QueryPushSchedulerList at 127.0.0.1" in first.err
    assert place.run("apply", plan).code == 0
    recorded = json.loads((place.folder / "pushctl.state.json").read_text("utf-8"))
    assert all(len(push["tasks"]) == 1 for push in recorded["pushes"].values())
    task = recorded["pushes"]["filed"]["tasks"][0]["task_id"]
    for arguments in (
        ("validate",),
        ("validate", "--format", "json"),
        ("plan",),
        ("plan", "--format", "json", "--show-unchanged"),
        ("plan", "--offline"),
        ("plan", "--refresh-only"),
        ("drift",),
        ("drift", "--format", "json"),
        ("status",),
        ("status", "inline"),
        ("status", "--format", "json"),
        ("state", "list"),
        ("state", "list", "--format", "json"),
        ("state", "show"),
        ("state", "show", "inline"),
        ("state", "show", "filed", "--format", "json"),
        ("state", "resolve", "inline"),
        ("state", "unlock"),
        ("when", "filed"),
        ("when", "filed", "--format", "json"),
        ("calendar",),
        ("adopt", "filed", task),
        ("apply", "--yes", "--format", "jsonl"),
        ("state", "mv", "filed", "other"),
        ("state", "mv", "other", "filed"),
    ):
        ran = place.run(*arguments)
        assert ran.code == 0, (arguments, ran)
    place.edit("Tonight", "Today")
    place.edit('"09:45"', '"09:46"')
    for ran in (place.run("plan"), place.run("apply", "--yes", "--format", "jsonl")):
        assert ran.code == 0, ran
    assert place.run("state", "rm", "filed").code == 0


WRONG = {
    "a name twice": ("to: {users: [", 'to: {users: ["zhang-wei-known", '),
    "a number for a name": ("to: {users: [", "to: {users: [20261201, "),
    "an empty name": ("to: {users: [", 'to: {users: ["  ", '),
    "a name with spaces": ("to: {users: [", 'to: {users: [" mary@known.example", '),
    "a name with a control character": ("to: {users: [", 'to: {users: ["mary@known.example\\t", '),
    "an unknown kind": ("to: {users:", "to: {usres:"),
    "a wrong field beside": ("title: Hello", "titel: Hello"),
    "all on one line": ("    to: {users:", "    bogus: 1\n    to: {users:"),
    "a column that is not there": ("people.csv}", "{file: people.csv, column: none}}"),
    "a past time": ("2026-12-24", "2020-12-24"),
    "too many for one task": ("targets: hashed", "targets: hashed, chunking: false"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "gitlab"])
def test_findings_do_not_tell(name: str, format: str, place: Place) -> None:
    place.edit(*WRONG[name])
    ran = place.run("validate", "--format", format)
    assert "PSH" in ran.out, ran
    assert place.run("plan", "--offline").code in (0, 1)


@pytest.mark.parametrize(
    "audience",
    [
        f"user_id\n{PEOPLE[2]}\x07\n",
        f'user_id\n{PEOPLE[2]}"x\n"open\n',
        f"{PEOPLE[2]},{PEOPLE[3]}\n{PEOPLE[3]},{PEOPLE[2]}\n",
        f"user_id\n{PEOPLE[2]}\n\n{PEOPLE[2]}\n,\n",
        PEOPLE[2].encode("utf-16"),
        f"user_id\n{PEOPLE[2]}\n".encode("gb18030"),
    ],
    ids=["control", "quote", "no header", "twice", "utf-16", "gb18030"],
)
def test_findings_about_an_audience_do_not_tell(audience: str | bytes, place: Place) -> None:
    raw = audience if isinstance(audience, bytes) else audience.encode()
    (place.folder / "people.csv").write_bytes(raw)
    for arguments in (("validate",), ("validate", "--format", "json"), ("plan", "--offline")):
        ran = place.run(*arguments)
        assert "people.csv" in ran.out + ran.err, ran


FAULTS = (
    "lost-response", "reset-before", "http-500", "http-502-html", "throttle", "partial-json",
    "ok-no-data", "auth-404", "forbidden", "wrong-types", "redirect", "quota-full", "string-result",
    "business-3001", "business-9000", "business-3012",
)  # fmt: skip


@pytest.mark.parametrize("operation", ["PushSimple", "QueryPushSchedulerList"])
def test_no_failure_tells(operation: str, place: Place, sandbox: str) -> None:
    codes = set()
    for number, kind in enumerate(FAULTS if operation == "PushSimple" else FAULTS[::3]):
        place.edit("Hello", f"Hello{number}")
        control(sandbox, "faults", {"op": operation, "kind": kind, "times": 1})
        codes.add(place.run("apply", "--yes", "--max-cancels", "9", "--force").code)
        request = HttpRequest(f"{sandbox}/_sandbox/faults", method="DELETE")
        urlopen(request, timeout=10).close()
        place.run("apply", "--yes", "--max-cancels", "9", "--force")
    assert codes > {0}, "no fault was felt"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET + "x"}, "does not accept"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_ID": "nobody"}, "does not accept"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_ID": ""}, "Half of the credentials"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_ID": SECRET, "MPAAS_SK_ENV": SECRET}, "does not accept"),
    ],
)
def test_refused_credentials_do_not_tell(
    settings: dict[str, str], told: str, place: Place, sandbox: str
) -> None:
    for arguments in (("plan",), ("apply", "--yes"), ("status",)):
        ran = place.run(*arguments, **settings)
        assert ran.code == 1, ran
        assert told in ran.err, ran


def echo(connection: socket.socket, request: Request) -> None:
    """Answer with everything that came in, in every field that is shown to people."""
    told = json.dumps(request.headers) + request.body.decode()
    told += " ".join(request.form.get("TargetMsgkey", "").split('"'))
    body = {"Code": "SignatureDoesNotMatch", "Message": told, "RequestId": "R", "HostId": told}
    reply(body, 400)(connection, request)


def complain(connection: socket.socket, request: Request) -> None:
    """List nothing, and refuse every push by naming who it was for."""
    if request.headers["x-acs-action"] == "QueryPushSchedulerList":
        content = {"Data": {"TotalCount": 0, "List": []}}
        reply({"ResultCode": "OK", "ResultContent": content})(connection, request)
        return
    people = ", ".join(json.loads(request.form["TargetMsgkey"]))
    told = {"ResultCode": "3012", "ResultMessage": f"no such user: {people}", "RequestId": "R"}
    reply(told)(connection, request)


def mumble(connection: socket.socket, request: Request) -> None:
    """As `complain`, but from a service in trouble, which leaves the push in doubt."""
    if request.headers["x-acs-action"] == "QueryPushSchedulerList":
        complain(connection, request)
        return
    people = ", ".join(json.loads(request.form["TargetMsgkey"]))
    reply({"ResultCode": "9000", "ResultMessage": f"SYSTEM_ERROR {people}"})(connection, request)


def quote_keys(code: str) -> Behaviour:
    """List nothing, and answer every push with this code and the keys that it came with."""

    def behave(connection: socket.socket, request: Request) -> None:
        if request.headers["x-acs-action"] == "QueryPushSchedulerList":
            complain(connection, request)
            return
        told = f"not with {TOKEN}, {SECRET}, {request.headers['authorization']}"
        reply({"ResultCode": code, "ResultMessage": told, "RequestId": told})(connection, request)

    return behave


@pytest.mark.parametrize(
    "behaviour",
    [
        quote_keys("3012"),
        quote_keys("9000"),
        echo,
        complain,
        mumble,
        reset,
        silence,
        reply("{", 500),
        reply("<html>", 200),
    ],
    ids=["keys", "keys in doubt", "echo", "complain", "mumble", "reset", "silence", "500", "html"],
)
def test_no_service_makes_it_tell(behaviour: Behaviour, place: Place) -> None:
    with loopback(behaviour) as server:
        place.endpoint = server.url
        for arguments in (("apply", "--yes"), ("plan", "--format", "json"), ("status",)):
            ran = place.run(*arguments, PUSHCTL_NOW=NOW)
            signatures = [item.headers["authorization"][-64:] for item in server.requests]
            assert not any(mark in ran.out + ran.err for mark in signatures)
        assert server.requests
        assert all(item.headers["x-acs-security-token"] == TOKEN for item in server.requests)


Crash = Callable[..., Any]


def crash(error: BaseException) -> Crash:
    def fail(*arguments: Any, **options: Any) -> Any:
        raise error

    return fail


@pytest.mark.parametrize("debug", ["0", "1"])
def test_a_crash_does_not_tell(debug: str, place: Place, sandbox: str) -> None:
    words = f"{SECRET} {TOKEN} {PEOPLE} {json.dumps(PEOPLE)} {quote(SECRET, safe='')}"
    for error in (RuntimeError(words), KeyError(PEOPLE[1]), OSError(5, words, PEOPLE[2])):
        place.monkeypatch.setattr(plan_text, "plan", crash(error))
        ran = place.run("plan", PUSHCTL_DEBUG=debug)
        assert ran.code == 1, ran
        assert ("test_secrets.py:" in ran.err) == (debug == "1" or not isinstance(error, OSError))
        assert ("(hidden)" in ran.err) == (debug == "1" or isinstance(error, OSError))


def test_an_interrupt_does_not_tell(place: Place, sandbox: str) -> None:
    place.monkeypatch.setattr(apply_command, "apply_plan", crash(KeyboardInterrupt()))
    assert place.run("apply", "--yes").code == 130


def test_debug_tells_what_support_asks_for(place: Place, sandbox: str) -> None:
    ran = place.run("apply", "--yes")
    calls = [line for line in ran.err.splitlines() if line.startswith("debug: ")]
    assert "pushctl 0" in calls[0]
    created = [line for line in calls if "PushSimple at 127.0.0.1:" in line]
    assert len(created) == 2
    assert all("answered OK" in line and "request " in line for line in created)
    assert all(line.endswith(" ms") for line in created)
    assert "debug" not in place.run("plan", PUSHCTL_DEBUG="0").err


def test_the_real_command_does_not_tell(place: Place, sandbox: str) -> None:
    """As a process of its own, where the vendor's logging is set up as it is in life."""
    env = {**os.environ, **SETTINGS, "PUSHCTL_ENDPOINT": sandbox, "PYTHONWARNINGS": "ignore"}
    wrong = {**env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET + "x"}
    for arguments, settings, code in (
        (("apply", "--yes"), env, 0),
        (("plan", "--format", "json"), wrong, 1),
    ):
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "pushctl", *arguments],
            cwd=place.folder,
            env=settings,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == code, done
        search(place.folder, Ran(done.returncode, done.stdout, done.stderr))
        assert "debug: " in done.stderr
