"""What servers go through: crashes, cut sessions, standbys, restored dumps, few permissions."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from pushctl.errors import StateConflictError, StateError
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Taken, Unknown
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.postgresql import log as module
from pushctl.state.postgresql.log import PostgresLog, open_log
from tests.servers import postgresql as servers
from tests.servers.postgresql import address, postgresql, run_sql
from tests.servers.process import Server
from tests.servers.proxy import Proxy, proxy
from tests.unit.state.chain.log_suite import bodies, entry
from tests.unit.state.store_suite import began

__all__ = ["postgresql"]

ROOT = Path(__file__).parents[4]
IN_DOUBT = (NotSent, Unknown)


def opened(port: int, name: str = "", *, user: str = "postgres", schema: str = "") -> PostgresLog:
    place = f"{address(port, user)}?connect_timeout=2#{name or uuid.uuid4().hex}"
    environ = {"PG_SCHEMA_NAME": schema} if schema else {}
    return open_log(place, suffix="", folder=Path(), environ=environ)


def store(port: int, name: str, *, user: str = "postgres", schema: str = "") -> ChainStateStore:
    log = opened(port, name, user=user, schema=schema)
    return ChainStateStore(log, app="app", workspace="workspace")


# --- crashes --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_crash() -> None:
    """What dies are the processes, so `fsync` makes no difference, but a commit that does not wait
    for the log would: the server would allow that, were it not for the engine."""
    given: dict[int, list[str]] = {}
    enough = threading.Semaphore(0)
    with servers.running(*servers.FAST, "-c", "synchronous_commit=off") as (server, folder):

        def write(name: str) -> PutOutcome:
            """Ask for every number until nobody answers."""
            log = opened(server.port, "team")
            for slot in range(1, 100_000):
                outcome = log.put(slot, entry(slot, name))
                if outcome == Done():
                    given.setdefault(slot, []).append(name)
                    enough.release()
                elif outcome != Taken():
                    return outcome
            raise AssertionError("nobody stopped the server")

        for _ in range(3):
            with ThreadPoolExecutor(8) as pool:
                writing = [pool.submit(write, f"writer-{number}") for number in range(8)]
                for _ in range(300):
                    assert enough.acquire(timeout=30)
                servers.stop(server, immediate=True)
                assert all(isinstance(end.result(), IN_DOUBT) for end in writing)
            server = servers.start_postgresql(folder, *servers.FAST, port=server.port)
            kept = dict(bodies(opened(server.port, "team")))
            assert list(kept) == list(range(1, len(kept) + 1))
            assert len(kept) - max(given) in (0, 1)
            for slot, names in given.items():
                assert [entry(slot, name) for name in names] == [kept[slot]]


# --- sessions and connections that end ------------------------------------------------------------


def end_session(port: int, schema: str, waits_for: str) -> None:
    """End the session that asked last for something in a schema, once it waits."""
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE strpos(query, %s) > 0 AND wait_event = %s AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 10
    with psycopg.connect(address(port), autocommit=True) as connection:
        while not connection.execute(end, (schema, waits_for)).fetchall():
            assert time.monotonic() < deadline


def test_a_session_that_ends_before_its_commit_stores_nothing(postgresql: Server) -> None:
    schema = uuid.uuid4().hex
    log = opened(postgresql.port, schema=schema)
    assert log.put(1, entry(1)) == Done()
    with psycopg.connect(address(postgresql.port)) as other, ThreadPoolExecutor(1) as pool:
        other.execute(sql.SQL("LOCK TABLE {}.heads").format(sql.Identifier(schema)))
        putting = pool.submit(log.put, 2, entry(2, "lost"))
        end_session(postgresql.port, schema, "relation")
        assert isinstance(putting.result(), Unknown)
    assert bodies(log) == [(1, entry(1))]
    assert log.put(2, entry(2)) == Done()


def test_a_session_that_ended_meanwhile_is_replaced(postgresql: Server) -> None:
    schema = uuid.uuid4().hex
    log = opened(postgresql.port, schema=schema)
    assert log.put(1, entry(1)) == Done()
    end_session(postgresql.port, schema, "ClientRead")
    assert bodies(log) == [(1, entry(1))]
    end_session(postgresql.port, schema, "ClientRead")
    assert isinstance(log.put(2, entry(2)), Unknown)
    assert bodies(log) == [(1, entry(1))]
    assert log.put(2, entry(2)) == Done()


@pytest.fixture
def way(postgresql: Server) -> Iterator[Proxy]:
    with proxy(postgresql.port) as way:
        yield way


def test_a_lost_answer_is_in_doubt_and_found(way: Proxy, postgresql: Server) -> None:
    name = uuid.uuid4().hex
    log = opened(way.port, name)
    assert log.put(1, entry(1)) == Done()
    way.lose_answers(containing=b"INSERT")
    assert isinstance(log.put(2, entry(2)), Unknown)
    assert bodies(log) == bodies(opened(postgresql.port, name)) == [(1, entry(1)), (2, entry(2))]
    assert log.put(2, entry(2)) == Taken()


def test_a_server_that_does_not_answer_leaves_a_write_in_doubt(
    way: Proxy, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may come late: then it has the number, or somebody else has it, and never both."""
    monkeypatch.setattr(module, "LONGEST", 0.3)
    name = uuid.uuid4().hex
    log, other = opened(way.port, name), opened(postgresql.port, name)
    assert log.put(1, entry(1)) == Done()
    way.hold()
    assert isinstance(log.put(2, entry(2, "late")), Unknown)
    way.resume()
    won = other.put(2, entry(2, "other")) == Done()
    assert bodies(other, 1) == [(2, entry(2, "other" if won else "late"))]
    assert bodies(log) == bodies(other)


@pytest.mark.slow
def test_a_server_that_cannot_be_reached_gets_nothing(way: Proxy, postgresql: Server) -> None:
    log = opened(way.port, name := uuid.uuid4().hex)
    way.hold()
    assert isinstance(log.put(1, entry(1)), NotSent)
    with pytest.raises(StateError, match="timeout"):
        log.read(0)
    way.cut()
    way.resume()
    way.refuse()
    assert isinstance(log.put(1, entry(1)), NotSent)
    assert bodies(opened(postgresql.port, name)) == []


# --- standbys -------------------------------------------------------------------------------------


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary with an entry of the state `team`, and a standby that has it."""
    with servers.running(*servers.FAST) as (primary, _):
        assert opened(primary.port, "team").put(1, entry(1)) == Done()
        with servers.standby(primary) as replica:
            yield primary, replica


def waits_for_standby(primary: Server, name: str) -> None:
    """Let commits wait until a standby has them, as the documentation advises."""
    run_sql(primary.port, "ALTER SYSTEM SET synchronous_standby_names = {name}", name=name)
    run_sql(primary.port, "SELECT pg_reload_conf()")


@pytest.mark.slow
def test_a_standby_is_refused(pair: tuple[Server, Server]) -> None:
    log = opened(pair[1].port, "team")
    for attempt in (lambda: log.read(0), lambda: log.put(2, entry(2))):
        with pytest.raises(StateError) as refused:
            attempt()
        assert "connect to the primary" in refused.value.fix
    with pytest.raises(StateError, match="is a replica"):
        store(pair[1].port, "new").read()
    assert bodies(opened(pair[0].port, "team")) == [(1, entry(1))]


@pytest.mark.slow
def test_a_former_primary_acknowledges_nothing_where_commits_wait(
    pair: tuple[Server, Server],
) -> None:
    primary, replica = pair
    late, new = opened(primary.port, "team"), opened(replica.port, "team")
    waits_for_standby(primary, "standby")
    assert late.put(2, entry(2)) == Done()
    run_sql(replica.port, "SELECT pg_promote()")
    with ThreadPoolExecutor(1) as pool:
        putting = pool.submit(late.put, 3, entry(3, "late"))
        assert new.put(3, entry(3, "new")) == Done()
        end_session(primary.port, "heads", "SyncRep")
        assert isinstance(putting.result(), Unknown)
    assert bodies(new) == [(1, entry(1)), (2, entry(2)), (3, entry(3, "new"))]


@pytest.mark.slow
def test_whoever_followed_a_former_primary_is_stopped_by_the_new_one(
    pair: tuple[Server, Server],
) -> None:
    """Where commits do not wait, both give out a number; only reading can show it."""
    primary, replica = pair
    with proxy(primary.port) as way:
        former = store(way.port, "shop")
        with pytest.raises(StateConflictError), former.lock("apply") as lease:  # noqa: PT012
            lease.record(began("first"))
            run_sql(replica.port, "SELECT pg_promote()")
            lease.record(began("second"))
            way.cut()
            way.upstream = replica.port
            lease.record(began("third"))


@pytest.mark.slow
def test_a_session_that_ends_after_its_commit_is_in_doubt(pair: tuple[Server, Server]) -> None:
    """What waits for a standby is committed already, and seen by nobody until the wait ends."""
    primary, _ = pair
    log = opened(primary.port, "team")
    waits_for_standby(primary, "nobody")
    with ThreadPoolExecutor(1) as pool:
        putting = pool.submit(log.put, 2, entry(2))
        end_session(primary.port, "heads", "SyncRep")
        assert isinstance(putting.result(), Unknown)
    assert bodies(log) == [(1, entry(1)), (2, entry(2))]


# --- backups and permissions ----------------------------------------------------------------------


@pytest.mark.slow
def test_a_restored_backup_stops_whoever_saw_more() -> None:
    with servers.running(*servers.FAST) as (server, _):
        holder, reader = store(server.port, "team"), store(server.port, "team")
        with holder.lock("apply") as lease:
            lease.record(began("first"))
        backup = servers.dump(server.port)
        with pytest.raises(StateConflictError), holder.lock("apply") as lease:  # noqa: PT012
            lease.record(began("second"))
            reader.read()
            servers.restore(server.port, backup)
            lease.record(began("third"))
        with pytest.raises(StateConflictError, match="is not any more"):
            reader.read()
        fresh = store(server.port, "team").read()
        assert fresh is not None
        assert [*fresh.pushes] == ["first"]


DENIED = (
    "UPDATE {schema}.entries SET body = ''", "DELETE FROM {schema}.entries",
    "TRUNCATE {schema}.entries", "DELETE FROM {schema}.heads", "DROP TABLE {schema}.entries",
    "CREATE TABLE {schema}.more ()", "ALTER TABLE {schema}.heads ADD more text",
)  # fmt: skip


@pytest.fixture
def role(postgresql: Server) -> Iterator[str]:
    """A role, after which a schema with the state `team` is named, with what the page grants."""
    page = (ROOT / "docs/state/postgresql.md").read_text("utf-8")
    grants = page.split("```sql\n")[1].split("```")[0].rstrip()
    name = f"ci_{uuid.uuid4().hex}"
    with store(postgresql.port, "team", schema=name).lock("test"):
        pass
    run_sql(postgresql.port, "CREATE ROLE {name} LOGIN", name=name)
    for grant in grants.replace("pushctl_ci", name).replace("pushctl", name).splitlines():
        execute(postgresql.port, "postgres", grant)
    yield name
    execute(postgresql.port, "postgres", f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}")


def execute(port: int, user: str, statement: str) -> None:
    with psycopg.connect(address(port, user), autocommit=True) as connection:
        connection.execute(statement.encode())


def test_the_documented_permissions_are_enough_and_no_more(role: str, postgresql: Server) -> None:
    def change() -> None:
        with store(postgresql.port, "team", user=role, schema=role).lock("apply") as lease:
            lease.record(began())

    change()
    log = opened(postgresql.port, "team", user=role, schema=role)
    assert opened(postgresql.port, "new", user=role, schema=role).put(1, entry(1)) == Done()
    assert len(bodies(log, None)) < len(bodies(log, 0))  # it may note what was trimmed, too
    for statement in DENIED:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            execute(postgresql.port, role, statement.format(schema=role))
    for privilege in ("INSERT ON {}.heads", "UPDATE ON {}.heads", "SELECT ON {}.heads",
                      "INSERT ON {}.entries", "SELECT ON {}.entries"):  # fmt: skip
        execute(postgresql.port, "postgres", f"REVOKE {privilege.format(role)} FROM {role}")
        with pytest.raises(StateError, match="permission denied") as denied:
            change()
        assert "grant what `pushctl help state/postgresql` lists" in denied.value.fix
        execute(postgresql.port, "postgres", f"GRANT {privilege.format(role)} TO {role}")


def test_whoever_may_write_cannot_give_a_number_again(role: str, postgresql: Server) -> None:
    log = opened(postgresql.port, "team", user=role, schema=role)
    before = bodies(log)
    execute(postgresql.port, role, f"UPDATE {role}.heads SET slot = slot - 1")
    assert log.put(len(before), entry(len(before), "another")) == Taken()
    execute(postgresql.port, role, f"UPDATE {role}.heads SET slot = slot + 1")
    assert bodies(log) == before
