"""Several sandboxes over one data file, and files that are not ours."""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.storage.database import DataFileError
from tests.unit.sandbox.client import NOW, Client


def test_the_quota_holds_across_processes_worth_of_sandboxes(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    codes: list[str] = []

    def create(url: str) -> None:
        client = Client(url)
        for _ in range(15):
            codes.append(client.loop().body["ResultCode"])
        client.close()

    with Sandbox(data, now=NOW, quota_limit=40) as one, Sandbox(data) as two:
        threads = [threading.Thread(target=create, args=(s.url,)) for s in (one, two, one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tasks = Client(two.url).tasks()

    assert (codes.count("OK"), codes.count("3051")) == (40, 20)
    assert len(tasks) == 40


def test_everything_is_seen_by_everyone(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    with Sandbox(data, now=NOW) as one, Sandbox(data) as two:
        here, there = Client(one.url), Client(two.url)
        here.control("POST", "knobs", {"gmt_create": "millisecond"})
        here.fault("http-500", times=1)
        assert there.push().status == 500
        assert here.push().status == 200
        task_id = there.create()
        assert here.list()["List"][0]["UniqueId"] == task_id
        here.advance(3600)
        assert there.control("GET", "clock") == here.control("GET", "clock")
        assert len(there.deliveries()) == len(here.deliveries()) == 2
        assert there.control("GET", "knobs")["knobs"]["gmt_create"] == "millisecond"


def test_times_is_shared(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    statuses: list[int] = []

    def push(url: str) -> None:
        client = Client(url)
        statuses.extend(client.push().status for _ in range(10))
        client.close()

    with Sandbox(data, now=NOW) as one, Sandbox(data) as two:
        Client(one.url).fault("http-503", times=7)
        threads = [threading.Thread(target=push, args=(s.url,)) for s in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert statuses.count(503) == 7


CHILD = """
import sys
from pathlib import Path
from pushctl.sandbox import Sandbox
sandbox = Sandbox(Path(sys.argv[1])).start()
print(sandbox.url, flush=True)
sys.stdin.read()
"""


def test_a_killed_process_damages_nothing(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    root = Path(__file__).parents[4]
    created: list[str] = []
    with Sandbox(data, now=NOW, quota_limit=10_000) as survivor:
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
        ) as child:
            assert child.stdout is not None
            url = child.stdout.readline().decode().strip()
            busy = threading.Thread(target=_create_until_killed, args=(url, created))
            busy.start()
            while len(created) < 20:
                assert busy.is_alive()
            child.send_signal(signal.SIGKILL)
            busy.join()
        left = {task["id"] for task in Client(survivor.url).tasks()}
        assert left >= set(created)
        assert len(left) - len(created) <= 1
        assert Client(survivor.url).push().body["ResultCode"] == "OK"
    with closing(sqlite3.connect(data)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _create_until_killed(url: str, created: list[str]) -> None:
    client = Client(url)
    try:
        while True:
            created.append(client.loop().body["PushResult"]["Data"])
    except (OSError, http.client.HTTPException):
        client.close()


def test_many_starts_at_once(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    problems: list[Exception] = []

    def start() -> None:
        try:
            with Sandbox(data, now=NOW) as sandbox:
                assert Client(sandbox.url).control("GET", "clock")["now"] == NOW
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("these are notes, not data, and long enough to be read as such" * 50)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE precious (x)")
        connection.commit()

    with pytest.raises(DataFileError):
        Sandbox(tmp_path).start()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(DataFileError):
            Sandbox(path).start()
        assert path.read_bytes() == before


def test_another_version_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    Sandbox(data).start().close()
    with closing(sqlite3.connect(data)) as connection:
        connection.execute("PRAGMA user_version=99")

    with pytest.raises(DataFileError, match="another version"):
        Sandbox(data).start()


def make_version_1(connection: sqlite3.Connection) -> None:
    for name in ("TABLE templates", "TABLE phones", "TABLE apps", "TABLE messages",
                 "INDEX deliveries_target"):  # fmt: skip
        connection.execute(f"DROP {name}")
    for column in ("tasks.kind", "tasks.template", "tasks.texts", "deliveries.title",
                   "deliveries.content"):  # fmt: skip
        table, name = column.split(".")
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    connection.execute("PRAGMA user_version=1")


def test_a_file_of_version_1_goes_on(tmp_path: Path) -> None:
    data, new = tmp_path / "s.db", tmp_path / "new.db"
    Sandbox(new).start().close()
    with Sandbox(data, now=NOW) as sandbox:
        waiting = Client(sandbox.url).create()
        Client(sandbox.url).push()
    with closing(sqlite3.connect(data)) as connection:
        make_version_1(connection)
    with Sandbox(data) as sandbox:
        client = Client(sandbox.url)
        client.push(TargetMsgkey={"u2": "k2"})
        client.advance(3600)
        assert [row["target"] for row in client.deliveries()] == ["u1", "u2", "u1"]
        assert client.deliveries()[-1]["task_id"] == waiting
        assert client.control("GET", "inbox")["total"] == 3
    assert _schema(data) == _schema(new)


def _schema(data: Path) -> set[object]:
    with closing(sqlite3.connect(data)) as connection:
        versions = connection.execute("PRAGMA user_version").fetchall()
        return {*versions, *connection.execute("SELECT type, name FROM sqlite_master")}


def test_a_file_of_an_earlier_version_that_did_not_count_is_counted(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    with Sandbox(data, now=NOW, quota_limit=4) as sandbox:
        client = Client(sandbox.url)
        cancelled = client.create()
        client.create()
        client.loop()
        client.cancel(cancelled)
    with closing(sqlite3.connect(data)) as connection:
        for name in ("TRIGGER task_added", "TRIGGER task_changed", "TABLE waiting"):
            connection.execute(f"DROP {name}")
        make_version_1(connection)
    for _ in range(2):  # the second time it counts like any other
        with Sandbox(data) as sandbox:
            client = Client(sandbox.url)
            client.cancel(client.create())
            assert [client.loop().body["ResultCode"] for _ in range(3)] == ["OK", "OK", "3051"]
            for task in client.tasks()[-2:]:
                client.cancel(task["id"])


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_nobody_else_can_read_the_file(tmp_path: Path) -> None:
    data = tmp_path / "s.db"
    with Sandbox(data):
        modes = {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}

    assert modes == {0}
