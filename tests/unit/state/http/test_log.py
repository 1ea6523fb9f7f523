"""The contract of engines on servers with GitLab's and Gitea's rules, and what servers do wrong."""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pushctl.errors import (
    ConfigError,
    StateConflictError,
    StateError,
    StateFormatError,
    StateLockedError,
)
from pushctl.http import client
from pushctl.state.chain import writer
from pushctl.state.chain.log import Done, NotSent, Taken, Unknown
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.http import log as http_log
from pushctl.state.http.log import HttpLog, open_log
from tests.servers.terraform_http import LOGIN, Careless, Reply, StateServer, serving
from tests.unit.state.chain.log_suite import *  # noqa: F403
from tests.unit.state.chain.log_suite import OpenLog, bodies, entry
from tests.unit.state.store_suite import began


@pytest.fixture(name="open_log")
def _open_log(server: StateServer) -> OpenLog:
    return lambda: opened(server)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "PAUSES", (0.0,))


def opened(server: StateServer, **environ: str) -> HttpLog:
    return open_log(server.url, suffix="", folder=Path(), environ=environ)


def stored(server: StateServer, seconds: float = 90.0) -> ChainStateStore:
    return ChainStateStore(opened(server), app="app", workspace="workspace", seconds=seconds)


def ids(server: StateServer) -> list[str]:
    state = stored(server).read()
    return sorted(state.pushes) if state else []


def record(server: StateServer, *names: str) -> None:
    with stored(server).lock("test") as lease:
        for name in names:
            lease.record(began(name))


def posts(reply: Reply, times: int = 1) -> Callable[..., Any]:
    """Answer so many posts with this, whether it is asked before or after they are looked at."""
    left = itertools.repeat(None, times)

    def answer(method: str, truth: Reply | None = None) -> Reply | None:
        hit = method == "POST" and next(left, reply) is None
        return reply if hit else truth

    return answer


CUT = (0, b"")


# --- the document ---------------------------------------------------------------------------------


def test_reading_and_appending_take_one_request_each(server: StateServer) -> None:
    record(server, "a")
    log = opened(server)
    last = log.read(None)[-1].slot
    server.requests.clear()
    assert log.put(last + 1, entry(last + 1)) == Done()
    assert log.put(last + 2, entry(last + 2)) == Done()
    assert len(log.read(last)) == 2
    assert server.requests == ["POST", "POST", "GET"]


def test_the_document_begins_with_the_newest_snapshot(server: StateServer) -> None:
    for name in "abcdef":
        record(server, name)
    assert ids(server) == [*"abcdef"]
    kept = [json.loads(body) for body in server.document()["pushctl"]["entries"]]
    assert len(kept) <= 4
    assert any("snapshot" in item for item in kept[0]["records"])


def test_what_the_newest_document_lacks_is_in_earlier_ones(server: StateServer) -> None:
    reader = stored(server)
    record(server, "a")
    assert reader.read() is not None
    for name in "bcdef":
        record(server, name)
    state = reader.read()
    assert state is not None
    assert sorted(state.pushes) == [*"abcdef"]
    slots = [slot for slot, _ in bodies(opened(server), 0)]
    assert slots == list(range(1, slots[-1] + 1))


def test_what_no_document_has_any_more_is_left_out(server: StateServer) -> None:
    for name in "abc":
        record(server, name)
    newest = server.versions["shop"].popitem()
    server.versions["shop"] = dict([newest])
    assert bodies(opened(server), 0) == bodies(opened(server), None)


def test_what_is_no_earlier_version_is_left_out(server: StateServer) -> None:
    for name in "abc":
        record(server, name)
    newest = server.versions["shop"].popitem()[1]
    server.before = lambda method: (200, newest)
    entries = bodies(opened(server), None)
    assert bodies(opened(server), 0) == entries
    assert entries[0][0] > 1


def test_gaps_are_never_posted(server: StateServer) -> None:
    opened(server).put(1, entry(1))
    late = opened(server)
    assert late.put(5, entry(5)) == Taken()
    assert bodies(opened(server)) == [(1, entry(1))]


# --- what is not ours -----------------------------------------------------------------------------


def terraform(serial: int, **more: Any) -> bytes:
    state = {"version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": "theirs"}
    return json.dumps({**state, "outputs": {}, "resources": [], **more}).encode()


def test_a_state_of_terraform_is_refused_and_kept(server: StateServer) -> None:
    server.versions["shop"] = {1: terraform(1)}
    with pytest.raises(StateFormatError, match="Terraform wrote it"):
        stored(server).read()
    with pytest.raises(StateFormatError, match="Terraform wrote it"):
        record(server, "a")
    with pytest.raises(StateFormatError, match="Terraform wrote it"):
        opened(server).put(1, entry(1))
    assert server.versions["shop"] == {1: terraform(1)}


def test_terraform_writing_over_a_held_state_ends_the_lease(server: StateServer) -> None:
    def lock() -> None:
        with stored(server).lock("test") as lease:
            lease.record(began("a"))
            serial = server.document()["serial"] + 1
            server.versions["shop"][serial] = terraform(serial)
            with pytest.raises(StateFormatError, match="Terraform wrote it"):
                lease.record(began("b"))
            assert not lease.still_held()

    with pytest.raises(StateFormatError):
        lock()


def test_a_page_of_somebody_else_is_not_empty(server: StateServer) -> None:
    server.after = lambda method, reply: (200, b"<html>Sign in</html>")
    with pytest.raises(StateFormatError):
        stored(server).read()


# --- the server refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "fix"),
    [(301, None), (400, None), (401, "TF_HTTP"), (403, "Maintainer"), (404, "address"),
     (413, "administrator")],
)  # fmt: skip
def test_what_cannot_get_better_is_an_error(
    server: StateServer, status: int, fix: str | None
) -> None:
    server.before = posts((status, b'{"message":"in its words"}'), 99)
    with pytest.raises(StateError, match="in its words") as caught:
        opened(server).put(1, entry(1))
    assert (fix or "") in (caught.value.fix or "")
    assert str(status) in caught.value.detail


@pytest.mark.parametrize("status", [301, 302, 401, 403, 500])
def test_a_read_that_was_refused_is_not_empty(server: StateServer, status: int) -> None:
    server.before = lambda method: (status, b"no")
    with pytest.raises(StateError, match=str(status)):
        opened(server).read(None)


def test_a_project_that_nobody_may_see_is_not_empty(gitlab: StateServer) -> None:
    gitlab.before = lambda method: (404, b'{"message":"404 Project Not Found"}')
    with pytest.raises(StateError, match="cannot be read"):
        opened(gitlab).read(None)


def test_no_content_is_empty(server: StateServer) -> None:
    server.before = lambda method: (204, b"")
    assert opened(server).read(None) == []


def test_the_login_is_sent_and_never_shown(server: StateServer) -> None:
    user, _, password = LOGIN.partition(":")
    log = opened(server, TF_HTTP_USERNAME=user, TF_HTTP_PASSWORD=password)
    assert log.put(1, entry(1)) == Done()
    wrong = opened(server, TF_HTTP_USERNAME=user, TF_HTTP_PASSWORD="secret-but-wrong")
    with pytest.raises(StateError, match="401") as caught:
        wrong.read(None)
    assert "secret" not in f"{caught.value} {caught.value.fix} {wrong.address}"


def test_a_state_above_the_servers_limit_is_refused(gitlab: StateServer) -> None:
    gitlab.largest = 1000
    with pytest.raises(StateError, match="413"):
        opened(gitlab).put(1, entry(1, "x" * 2000))


def test_what_nobody_could_read_again_is_not_sent(
    server: StateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_log, "LARGEST_ANSWER", 1000)
    with pytest.raises(StateError, match="too large"):
        opened(server).put(1, entry(1, "x" * 2000))
    assert server.versions == {}


def test_an_answer_that_never_ends_is_an_error(
    server: StateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(server, "a")
    monkeypatch.setattr(client, "LARGEST_ANSWER", 100)
    with pytest.raises(StateError, match="larger"):
        opened(server).read(None)


# --- locks of the server --------------------------------------------------------------------------

LOCK = {"ID": "1", "Operation": "OperationTypePlan", "Info": "", "Who": "bob@laptop"}


def test_a_lock_of_gitea_is_told_with_its_holder(gitea: StateServer) -> None:
    record(gitea, "a")
    gitea.locks["shop"] = LOCK
    with pytest.raises(StateLockedError, match="bob@laptop"):
        record(gitea, "b")
    del gitea.locks["shop"]
    assert ids(gitea) == ["a"]


def test_a_lock_that_is_told_as_a_conflict(server: StateServer) -> None:
    server.before = posts((409, json.dumps(LOCK).encode()), 99)
    with pytest.raises(StateLockedError, match="bob@laptop"):
        opened(server).put(1, entry(1))


def test_a_lock_of_gitlab_is_an_answer_that_may_mean_anything(gitlab: StateServer) -> None:
    gitlab.locks["shop"] = LOCK
    outcome = opened(gitlab).put(1, entry(1))
    assert isinstance(outcome, Unknown)
    assert "somebody locks the state" in outcome.reason


# --- answers get lost -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [0, 408, 429, 500, 502, 504])
def test_an_entry_whose_answer_was_lost_counts_once(server: StateServer, status: int) -> None:
    with stored(server).lock("test") as lease:
        server.after = posts((status, b""))
        lease.record(began("a"))
        lease.record(began("b"))
    assert ids(server) == ["a", "b"]
    told = [json.loads(body)["records"] for _, body in bodies(opened(server))]
    assert sum("event" in item for records in told for item in records) == 2


@pytest.mark.parametrize("status", [0, 408, 409, 422, 429, 500])
def test_an_entry_that_never_arrived_is_sent_again(server: StateServer, status: int) -> None:
    with stored(server).lock("test") as lease:
        server.before = posts((status, b""))
        lease.record(began("a"))
    assert ids(server) == ["a"]


def test_whether_a_cut_connection_brought_an_entry_is_unknown(server: StateServer) -> None:
    server.before = posts(CUT)
    assert isinstance(opened(server).put(1, entry(1)), Unknown)
    server.before, server.after = posts(CUT, 0), posts(CUT)
    log = opened(server)
    assert isinstance(log.put(1, entry(1)), Unknown)
    assert log.put(1, entry(1)) == Taken()


def test_a_refused_connection_brought_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/state/shop"
    log = open_log(url, suffix="", folder=Path(), environ={})
    assert isinstance(log.put(1, entry(1)), NotSent)
    with pytest.raises(StateError, match="no connection"):
        log.read(None)


# --- servers without rules, and versions that go back ---------------------------------------------


def test_a_server_that_takes_a_serial_twice_is_refused() -> None:
    with serving(Careless()) as careless, pytest.raises(ConfigError, match="two writers"):
        record(careless, "a")


def test_a_state_that_was_set_back_is_noticed(server: StateServer) -> None:
    record(server, "a")
    store = stored(server)
    before = dict(server.versions["shop"])
    record(server, "b")
    assert store.read() is not None
    server.versions["shop"] = before
    with pytest.raises(StateConflictError, match="not what it was"):
        store.read()


def test_a_state_that_begins_anew_is_noticed(server: StateServer) -> None:
    record(server, "a")
    store = stored(server)
    assert store.read() is not None
    del server.versions["shop"]
    record(server, "b")
    with pytest.raises(StateConflictError, match="not what it was"):
        store.read()


def test_a_holder_that_slept_is_refused_at_its_next_write(server: StateServer) -> None:
    def asleep() -> None:
        with stored(server).lock("slow") as lease:
            lease.record(began("a"))
            stored(server).unlock()
            record(server, "b")
            with pytest.raises(StateConflictError, match="taken"):
                lease.record(began("c"))

    with pytest.raises(StateConflictError):
        asleep()
    assert ids(server) == ["a", "b"]


def test_every_environment_has_a_document_of_its_own(server: StateServer) -> None:
    prod = open_log(server.url, suffix=".prod", folder=Path(), environ={})
    assert prod.put(1, entry(1, "prod")) == Done()
    assert opened(server).put(1, entry(1)) == Done()
    assert sorted(server.versions) == ["shop", "shop.prod"]
