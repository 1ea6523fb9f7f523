"""What `pushctl sandbox inbox` shows of phones, and when it goes on and ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.cli import Here
from tests.unit.sandbox.client import NOW, Client

SEED = """
users:
  "0042":
    - {id: red, vendor: vivo}
    - {id: blue, vendor: ios}
  "0043":
    - {id: grey, vendor: xiaomi, online: "20:00-21:00"}
"""
LONG = "a title that is longer than vivo takes it"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    seed = tmp_path / "seed.yaml"
    seed.write_text(SEED)
    with Sandbox(now=NOW, seed=seed) as running:
        monkeypatch.setenv("PUSHCTL_ENDPOINT", running.url)
        yield Client(running.url)


def test_it_says_what_became_of_each_and_why(client: Client, tmp_path: Path) -> None:
    here = Here(tmp_path)
    client.push(Title=LONG, TargetMsgkey={"0042": "k1", "0043": "k2"}, ExpiredSeconds=86_400)
    shown = here.run("sandbox", "inbox").out.splitlines()[::3]
    red = next(line for line in shown if "red" in line)
    assert red.startswith(f"{NOW}  0042 (red, vivo), rejected: ")
    assert any(line == f"{NOW}  0042 (blue, ios)" or "(blue, ios), cut" in line for line in shown)
    grey = next(line for line in shown if "grey" in line)
    assert grey.startswith(f"{NOW}  0043 (grey, xiaomi), waiting: ")
    assert ", kept until 2026-12-02T10:00:00+08:00" in grey


def test_it_searches(client: Client, tmp_path: Path) -> None:
    here = Here(tmp_path)
    client.push(Title=LONG, TargetMsgkey={"0042": "k1", "0043": "k2"})
    client.push(TargetMsgkey={"0042": "k3", '4"2': "k4"})

    def found(*words: str) -> list[str]:
        lines = here.run("sandbox", "inbox", *words).out.splitlines()[::3]
        return [line.split("  ")[1].split(",")[0] for line in lines]

    assert found("--search", "vendor:vivo is:rejected") == ["0042 (red"]
    assert len(found("--user", "0042")) == 4
    assert found("--user", "0042", "--search", "-vendor:ios -is:rejected") == ["0042 (red"]
    assert found("--user", '4"2') == ['4"2']
    assert found("--user", "004") == []
    wrong = here.run("sandbox", "inbox", "--search", "is:lost")
    assert (wrong.code, "is: takes one of" in wrong.err) == (1, True)


def test_json_tells_what_rows_of_deliveries_tell(client: Client, tmp_path: Path) -> None:
    client.push()
    message = json.loads(Here(tmp_path).run("sandbox", "inbox", "--json").out)
    (delivery,) = client.deliveries()
    assert message.keys() >= delivery.keys() >= {"target", "revoked", "payload"}


def test_a_document_has_all_that_was_waited_for_and_follow_writes_one_each_time(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.push(Title="first", TargetMsgkey={"u": "k1"})
    steps = [KeyboardInterrupt(), None, lambda: client.push(Title="next", TargetMsgkey={"u": "k2"})]

    def sleep(seconds: float) -> None:
        step = steps.pop()
        if isinstance(step, KeyboardInterrupt):
            raise step
        if step is not None:
            step()

    monkeypatch.setattr("time.sleep", sleep)
    words = ("sandbox", "inbox", "--format", "json")
    waited = Here(tmp_path).run(*words, "--wait", "2").json
    assert [message["title"] for message in waited["messages"]] == ["first", "next"]
    ran = Here(tmp_path).run(*words, "--follow")
    assert ran.code == 130
    assert [message["title"] for message in ran.json["messages"]] == ["first", "next"]


def test_it_pages_through_all_of_many(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pushctl.cli.commands.sandbox.inbox.PAGE", 3)
    for number in range(7):
        client.push(Title=f"push {number}", TargetMsgkey={"someone": f"k{number}"})
    titles = Here(tmp_path).run("sandbox", "inbox").out.splitlines()[1::3]
    assert titles == [f"  push {number}" for number in range(7)]


def test_follow_shows_what_comes_and_what_becomes_of_it(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.push(Title="first", TargetMsgkey={"0043": "k1"}, ExpiredSeconds=86_400)
    steps = iter(
        [
            lambda: client.push(Title="second", TargetMsgkey={"0042": "k2"}),
            lambda: None,
            lambda: client.advance(11 * 3600),
        ]
    )

    def sleep(seconds: float) -> None:
        if (step := next(steps, None)) is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr("time.sleep", sleep)
    ran = Here(tmp_path).run("sandbox", "inbox", "--follow")
    assert ran.code == 130
    heads, titles = ran.out.splitlines()[::3], ran.out.splitlines()[1::3]
    assert titles == ["  first", "  second", "  second", "  first"]
    assert "waiting" in heads[0]
    assert heads[3] == "2026-12-01T20:00:00+08:00  0043 (grey, xiaomi)"


def test_wait_ends_when_enough_is_there(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Here(tmp_path)
    monkeypatch.setattr("time.sleep", lambda seconds: client.push(TargetMsgkey={"0043": "k"}))
    ran = here.run("sandbox", "inbox", "--wait", "2", "--user", "0043")
    assert (ran.code, ran.out.count("0043 (grey")) == (0, 2)
    late = here.run("sandbox", "inbox", "--wait", "9", "--timeout", "0s")
    assert (late.code, late.err) == (1, "Only 2 of 9 messages arrived within 0s.\n")
