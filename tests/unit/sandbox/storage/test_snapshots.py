"""Snapshots: everything as it was, in memory and as files, whoever else uses the data."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from tests.unit.sandbox.client import NOW, Client
from tests.unit.sandbox.storage.test_database import make_version_1


@pytest.fixture(params=["memory", "file"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    data = tmp_path / "s.db" if request.param == "file" else None
    with Sandbox(data, now=NOW) as running:
        yield Client(running.url)


def everything(client: Client) -> list[object]:
    pages = ("clock", "knobs", "tasks", "deliveries", "faults", "requests")
    return [client.control("GET", page) for page in pages]


def test_everything_is_as_it_was(anywhere: Client) -> None:
    client = anywhere
    client.create()
    client.push()
    client.control("POST", "knobs", {"quota.limit": 2})
    client.fault("http-503", op="CancelPushScheduler", times=3)
    before = everything(client)
    assert client.control("POST", "snapshots/two-tasks") == {
        "saved": "two-tasks",
        "replaced": False,
    }

    client.list()
    client.create()
    client.advance(7200)
    client.control("POST", "reset", {"all": True})
    loaded = client.control("POST", "snapshots/two-tasks/load")

    assert (loaded["loaded"], loaded["now"]) == ("two-tasks", NOW)
    assert everything(client) == before
    assert client.list()["TotalCount"] == 1
    client.create()
    assert client.loop().body["ResultCode"] == "3051"
    client.control("POST", "snapshots/two-tasks/load")
    assert len(client.tasks()) == 2, "a load does not change what is saved"


def test_what_was_listed_before_a_load_is_not_listed_after_it(anywhere: Client) -> None:
    first = anywhere.create()
    anywhere.control("POST", "snapshots/one")
    second, third = anywhere.create(), anywhere.create()
    anywhere.cancel(first)
    listed = [row["UniqueId"] for row in anywhere.list()["List"]]
    assert listed == [third, second]
    anywhere.control("POST", "snapshots/one/load")
    second, third = anywhere.create(), anywhere.create()
    anywhere.cancel(second)
    assert [row["UniqueId"] for row in anywhere.list()["List"]] == [third, first]


def test_they_are_listed_replaced_and_deleted(anywhere: Client) -> None:
    assert anywhere.control("GET", "snapshots") == {"snapshots": []}
    anywhere.control("POST", "snapshots/b")
    anywhere.control("POST", "snapshots/a")
    assert anywhere.control("POST", "snapshots/b")["replaced"] is True
    assert anywhere.control("GET", "snapshots") == {"snapshots": [{"name": "a"}, {"name": "b"}]}
    assert anywhere.control("DELETE", "snapshots/a") == {"deleted": "a"}
    for method, page in (("DELETE", "snapshots/a"), ("POST", "snapshots/a/load")):
        said = anywhere.control(method, page, status=404)
        assert said["error"] == "no such snapshot; there are: b"


def test_a_name_is_no_path(anywhere: Client, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for name in ("..", ".a", "-a", "A", "a.db", "a%2fb", "..%2f..%2fs", "a" * 51, "%00", "%C3%A9"):
        anywhere.control("POST", f"snapshots/{name}", status=400)
        anywhere.control("POST", f"snapshots/{name}/load", status=404)
        anywhere.control("DELETE", f"snapshots/{name}", status=404)
    anywhere.control("POST", "snapshots/a/b", status=404)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_clock_that_runs_goes_on_from_what_it_showed(
    anywhere: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    anywhere.control("POST", "clock", {"speed": 60})
    anywhere.create()
    anywhere.control("POST", "snapshots/a")
    monkeypatch.setattr("time.time", lambda: 1_000_100_000.0)
    loaded = anywhere.control("POST", "snapshots/a/load")
    assert (loaded["now"], loaded["speed"]) == (NOW, 60)
    assert anywhere.deliveries() == []
    monkeypatch.setattr("time.time", lambda: 1_000_100_060.0)
    assert len(anywhere.deliveries()) == 1


def test_all_who_use_the_data_file_see_what_is_loaded(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    with Sandbox(data, now=NOW) as one, Sandbox(data) as two:
        here, there = Client(one.url), Client(two.url)
        here.create()
        there.control("POST", "snapshots/a")
        there.create()
        there.advance(60)
        assert here.list()["TotalCount"] == 2
        here.control("POST", "snapshots/a/load")
        assert here.list()["TotalCount"] == there.list()["TotalCount"] == 1
        assert everything(here) == everything(there)
    assert [path.name for path in (tmp_path / "s.db.snapshots").iterdir()] == ["a.db"]
    with Sandbox(data) as later:
        assert Client(later.url).control("GET", "snapshots")["snapshots"][0]["name"] == "a"
    with closing(sqlite3.connect(data)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_snapshot_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    with Sandbox(data, now=NOW) as running:
        client = Client(running.url)
        client.create()
        client.control("POST", "snapshots/a")
        with closing(sqlite3.connect(tmp_path / "s.db.snapshots" / "a.db")) as connection:
            make_version_1(connection)
        client.control("POST", "snapshots/a/load")
        client.cancel(client.create())
        assert len(client.tasks()) == 2


def test_files_of_something_else_and_links_are_refused(tmp_path: Path) -> None:
    data, folder = tmp_path / "s.db", tmp_path / "s.db.snapshots"
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE precious (x)")
    before = other.read_bytes()
    with Sandbox(data, now=NOW) as running:
        client = Client(running.url)
        client.create()
        client.control("POST", "snapshots/a")
        (folder / "notes.db").write_text("these are notes and no database" * 100)
        (folder / "other.db").write_bytes(before)
        (folder / "link.db").symlink_to(other)
        for name in ("notes", "other", "link"):  # a link leads to no database of a sandbox
            client.control("POST", f"snapshots/{name}/load", status=400)
        assert len(client.tasks()) == 1
        client.control("POST", "snapshots/link")
        assert not (folder / "link.db").is_symlink()
        folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(tmp_path / "elsewhere")
        client.control("POST", "snapshots/b", status=400)
        client.control("POST", "snapshots/a/load", status=400)
    assert other.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_nobody_else_can_read_the_files(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "s.db", now=NOW) as running:
        Client(running.url).control("POST", "snapshots/a")
    (saved,) = (tmp_path / "s.db.snapshots").iterdir()
    assert saved.stat().st_mode & 0o077 == 0
