"""Sealed entries: who has a key reads them, nobody else takes them for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from pushctl.errors import ConfigError, StateError
from pushctl.state.chain.age import AgeSeal, open_seal
from pushctl.state.chain.store import ChainStateStore
from tests.memory_log import MemoryLog
from tests.unit.state.store_suite import began

ANN, BEN, EVE = (Identity.generate() for _ in range(3))
TEAM = f"{ANN.to_public()}, {BEN.to_public()}"


def seal_of(key: Identity | str, recipients: str = TEAM) -> AgeSeal:
    return open_seal({"PUSHCTL_AGE_RECIPIENTS": recipients, "PUSHCTL_AGE_KEY": str(key)})


def opened(log: MemoryLog, seal: AgeSeal | None) -> ChainStateStore:
    return ChainStateStore(log, app="app", workspace="workspace", seal=seal)


def applied(log: MemoryLog, seal: AgeSeal | None, id: str = "promo") -> None:
    with opened(log, seal).lock("test") as lease:
        lease.record(began(id))


def ids(log: MemoryLog, seal: AgeSeal | None) -> set[str]:
    state = opened(log, seal).read()
    return set(state.pushes) if state else set()


def test_whoever_holds_a_key_reads_what_another_wrote() -> None:
    log = MemoryLog()
    applied(log, seal_of(ANN))
    assert ids(log, seal_of(BEN)) == {"promo"}
    stored = b"\n".join(log.bodies)
    assert b"promo" not in stored
    assert b'"lineage"' in stored


def test_a_sealed_state_without_the_right_key_is_an_error_and_never_absence() -> None:
    log = MemoryLog()
    applied(log, seal_of(ANN))
    before = [*log.bodies]
    for seal, words in ((None, "sealed"), (AgeSeal(seal_of(ANN).recipients, [EVE]), "opened")):
        with pytest.raises(StateError, match=words):
            ids(log, seal)
        with pytest.raises(StateError, match=words):
            applied(log, seal)
    assert log.bodies == before


def test_a_state_in_the_clear_is_sealed_from_the_next_entry_on() -> None:
    log = MemoryLog()
    applied(log, None, "first")
    clear = len(log.bodies)
    applied(log, seal_of(ANN), "second")
    assert ids(log, seal_of(BEN)) == {"first", "second"}
    assert all(b'"sealed"' in body for body in log.bodies[clear:])


def test_a_key_alone_reads_and_does_not_write_in_the_clear() -> None:
    log = MemoryLog()
    applied(log, seal_of(ANN))
    reader = seal_of(BEN, recipients="")
    assert ids(log, reader) == {"promo"}
    before = [*log.bodies]
    with pytest.raises(StateError, match="PUSHCTL_AGE_RECIPIENTS"):
        applied(log, reader)
    assert log.bodies == before


def test_whoever_could_not_read_it_again_writes_nothing() -> None:
    log = MemoryLog()
    with pytest.raises(StateError, match="opened"):
        applied(log, seal_of(EVE))
    assert log.bodies == []


def test_a_key_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    path.write_text(f"# created: today\n# public key: {ANN.to_public()}\n{ANN}\n")
    sealed = seal_of(BEN).close(b"words")
    assert seal_of(str(path)).open(sealed) == b"words"


@pytest.mark.parametrize(
    ("recipients", "key"),
    [
        (TEAM, ""),
        (TEAM, "AGE-SECRET-KEY-1NOT"),
        (TEAM, "/nowhere/key.txt"),
        ("age1not", str(ANN)),
    ],
    ids=["no key", "not a key", "no file", "not a recipient"],
)
def test_keys_that_cannot_be_used_are_refused_and_not_quoted(recipients: str, key: str) -> None:
    with pytest.raises(ConfigError) as error:
        seal_of(key, recipients)
    told = f"{error.value.summary} {error.value.detail} {error.value.fix}"
    assert "PUSHCTL_AGE_KEY" in told
    assert not key or key not in told
