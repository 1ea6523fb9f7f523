"""The contract of an engine on OSS, and what can go wrong there.

The contract is tested against the real service too if PUSHCTL_TEST_OSS is an address, such as
`oss://bucket/prefix?region=cn-hangzhou`, the environment has a key, and pytest is told to
`--force-enable-socket`. Each test leaves a small object there.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from pushctl.errors import ConfigError, StateConflictError, StateError, StateFormatError
from pushctl.state.chain import waiting
from pushctl.state.chain.log import Done, NotSent, SlotLog, Taken, Unknown
from pushctl.state.chain.store import ChainStateStore
from pushctl.state.events import CreateFailed
from pushctl.state.oss import log as module
from pushctl.state.oss.log import open_log as open_address
from tests.servers.oss import BUCKET, KEY_ID, REGION, SECRET, Oss, Refused, Stored, running
from tests.unit.state.chain.log_suite import *  # noqa: F403
from tests.unit.state.chain.log_suite import OpenLog, bodies, entry
from tests.unit.state.store_suite import SLOT, began

REAL = os.environ.get("PUSHCTL_TEST_OSS")
KEYS = {name: value for name, value in os.environ.items() if name.startswith("ALIBABA_CLOUD_")}

OBJECT = "apps/pushctl.log"


@pytest.fixture(params=["plain", "versions"])
def fake(request: pytest.FixtureRequest) -> Iterator[Oss]:
    with running(versioning=request.param == "versions") as oss:
        yield oss


@pytest.fixture(params=["plain", "versions", *(["real"] if REAL else [])])
def open_log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenLog]:
    if request.param == "real":
        assert REAL
        suffix = f".{secrets.token_hex(8)}"
        yield lambda: open_address(REAL, suffix=suffix, folder=tmp_path, environ=KEYS)
        return
    with running(versioning=request.param == "versions") as oss:
        yield lambda: opened(oss)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "sleep", lambda seconds: None)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRIM", 100)


def address(oss: Oss, bucket: str = BUCKET) -> str:
    return f"oss://{bucket}/apps/?region={REGION}&endpoint={oss.endpoint}"


def opened(oss: Oss, bucket: str = BUCKET, **environ: str) -> SlotLog:
    keys = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
        **environ,
    }
    return open_address(address(oss, bucket), suffix="", folder=Path(), environ=keys)


def stored(oss: Oss) -> bytes:
    found = oss.current(OBJECT)
    assert found is not None
    return found.data


def stored_on(oss: Oss) -> ChainStateStore:
    return ChainStateStore(opened(oss), app="app", workspace="workspace")


def set_back(oss: Oss, data: bytes) -> None:
    found = oss.current(OBJECT)
    assert found is not None
    found.data = data


# --- lost answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kept"), [("before", False), ("refuse", False), ("after", True), ("stumble", True)]
)
def test_without_an_answer_nobody_knows(fake: Oss, fault: str, kept: bool) -> None:
    log = opened(fake)
    fake.faults["POST"] = [fault]
    assert isinstance(log.put(1, entry(1)), Unknown)
    assert len(fake.requests) == 1
    assert log.put(1, entry(1)) == (Taken() if kept else Done())
    assert bodies(opened(fake)) == [(1, entry(1))]


def test_a_lost_answer_is_settled(fake: Oss) -> None:
    store = stored_on(fake)
    fake.faults["POST"] = ["after", "after"]
    with store.lock("apply"):
        pass
    assert [slot for slot, _ in bodies(opened(fake))] == [1, 2]


def test_a_call_that_arrives_late_changes_nothing(fake: Oss) -> None:
    log = opened(fake)
    log.put(1, entry(1))
    fake.faults["POST"] = ["late"]
    assert isinstance(log.put(2, entry(2, "late")), Unknown)
    assert opened(fake).put(2, entry(2, "in time")) == Done()
    with pytest.raises(Refused, match="PositionNotEqualToLength"):
        fake.carry_out(fake.held.pop())
    assert bodies(log) == [(1, entry(1)), (2, entry(2, "in time"))]


def test_many_holders_follow_one_another(fake: Oss) -> None:
    def hold(number: int) -> None:
        store = stored_on(fake)
        for _ in range(3):
            with store.lock(f"apply {number}", timeout=30.0) as lease:
                lease.record(began(f"push-{number}"))
                lease.record(CreateFailed(f"push-{number}", SLOT, "reason"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(hold, range(6)))
    state = stored_on(fake).read()
    assert state is not None
    assert state.serial == 18


def test_where_nobody_listens_nothing_was_sent(fake: Oss) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fake.port = listener.getsockname()[1]
    log = opened(fake)
    assert log.put(1, entry(1)) == NotSent("no answer (NewConnectionError)")
    with pytest.raises(StateError, match=r"cannot be reached: .*NewConnectionError"):
        log.read(None)


def test_an_answer_that_is_cut_off_is_no_answer(fake: Oss) -> None:
    log = opened(fake)
    log.put(1, entry(1))
    fake.faults["GET"] = ["cut"]
    with pytest.raises(StateError, match="no answer") as caught:
        log.read(0)
    assert not isinstance(caught.value, StateFormatError)
    assert bodies(log) == [(1, entry(1))]


@pytest.mark.parametrize("fault", ["before", "refuse"])
def test_what_cannot_be_read_is_not_nothing(fake: Oss, fault: str) -> None:
    log = opened(fake)
    fake.faults["GET"] = [fault]
    with pytest.raises(StateError, match="cannot be reached"):
        log.read(None)


# --- refusals -------------------------------------------------------------------------------------

Break = Callable[[Oss], object]


def deny(permission: str) -> Break:
    return lambda oss: oss.denied.add(permission)


def set_clock(oss: Oss) -> None:
    oss.ahead = timedelta(minutes=-16)


def retain(oss: Oss) -> None:
    oss.retention = True


def replace_by_a_copy(oss: Oss) -> None:
    oss.store(OBJECT, Stored("Normal", stored(oss), oss.now()))


@pytest.mark.parametrize(
    ("wrong", "code", "fix"),
    [
        (deny("oss:PutObject"), "AccessDenied", "the permission oss:PutObject"),
        (retain, "FileImmutable", "without a retention policy"),
        (set_clock, "RequestTimeTooSkewed", "set the clock of this machine"),
        (replace_by_a_copy, "ObjectNotAppendable", "former version"),
    ],
)
@pytest.mark.usefixtures("small")
def test_why_nothing_can_be_written_is_said(fake: Oss, wrong: Break, code: str, fix: str) -> None:
    log = opened(fake)
    log.put(1, entry(1, "x" * 200))
    log.put(2, entry(2))
    wrong(fake)
    with pytest.raises(StateError, match=code) as caught:
        log.put(3, entry(3))
    assert fix in (caught.value.fix or "")
    log.trim(2)
    assert fake.requests[-1].startswith("POST")
    assert len(fake.requests) == 4


@pytest.mark.parametrize(
    ("wrong", "code", "fix"),
    [
        (deny("oss:GetObject"), "AccessDenied", "the permission oss:GetObject"),
        (set_clock, "RequestTimeTooSkewed", "set the clock of this machine"),
    ],
)
def test_why_nothing_can_be_read_is_said(fake: Oss, wrong: Break, code: str, fix: str) -> None:
    wrong(fake)
    with pytest.raises(StateError, match=code) as caught:
        opened(fake).read(None)
    assert fix in (caught.value.fix or "")


def test_a_wrong_key_is_named(fake: Oss) -> None:
    for name, code in (("ID", "InvalidAccessKeyId"), ("SECRET", "SignatureDoesNotMatch")):
        log = opened(fake, **{f"ALIBABA_CLOUD_ACCESS_KEY_{name}": "another-key-of-somebody"})
        with pytest.raises(StateError, match=code) as caught:
            log.read(None)
        assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in (caught.value.fix or "")
        assert "another-key" not in str(caught.value)


def test_a_temporary_key_is_sent_with_its_token(fake: Oss) -> None:
    fake.token = "token-of-a-temporary-key"
    with pytest.raises(StateError, match="InvalidSecurityToken"):
        opened(fake).read(None)
    assert opened(fake, ALIBABA_CLOUD_SECURITY_TOKEN=fake.token).read(None) == []


def test_a_bucket_that_is_not_there_is_named(fake: Oss) -> None:
    for call in (lambda log: log.read(None), lambda log: log.put(1, entry(1))):
        with pytest.raises(StateError, match=r"oss://no-such-bucket/.*NoSuchBucket") as caught:
            call(opened(fake, "no-such-bucket"))
        assert "create it" in (caught.value.fix or "")


def test_no_key_at_all_is_said(fake: Oss, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pushctl.credentials._vendors_chain", lambda: 1 / 0)
    log = open_address(address(fake), suffix="", folder=Path(), environ={})
    for call in (lambda: log.read(None), lambda: log.put(1, entry(1))):
        with pytest.raises(StateError, match="CredentialsFetchError") as caught:
            call()
        assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in (caught.value.fix or "")
    assert fake.requests == []


def test_a_deleted_log_is_not_an_empty_one(fake: Oss) -> None:
    log = opened(fake)
    log.put(1, entry(1))
    if not fake.versioning:  # then there is nothing to see
        return
    fake.store(OBJECT, Stored("", b"", fake.now()))
    with pytest.raises(StateError, match="ObjectNotAppendable") as caught:
        opened(fake).read(None)
    assert "former version" in (caught.value.fix or "")
    assert log.put(2, entry(2)) == Taken()


# --- what others did to the object ----------------------------------------------------------------


def test_a_restored_backup_is_noticed(fake: Oss) -> None:
    log = opened(fake)
    store = ChainStateStore(log, app="app", workspace="workspace")
    with store.lock("apply"):
        pass
    backup = stored(fake)
    with store.lock("apply"):
        pass
    slot = store.chain().last + 1
    set_back(fake, backup)
    with pytest.raises(StateConflictError, match="was there and is not any more"):
        store.read()
    assert log.put(slot, entry(slot)) == Taken()
    assert stored(fake) == backup


def test_half_a_line_is_damage(fake: Oss) -> None:
    log = opened(fake)
    log.put(1, entry(1))
    set_back(fake, stored(fake) + b'{"slot":2')
    with pytest.raises(StateFormatError, match=f"oss://{BUCKET}/{OBJECT} ends within a line"):
        opened(fake).read(0)


def test_a_line_of_somebody_else_is_damage_that_can_be_overwritten(fake: Oss) -> None:
    store = stored_on(fake)
    with store.lock("apply"):
        pass
    set_back(fake, stored(fake) + b"not of pushctl\n")
    again = stored_on(fake)
    with pytest.raises(StateFormatError, match="entry 3"):
        again.read()
    again.overwrite("state rebuild", again.new_state)
    assert ChainStateStore(opened(fake)).read() is not None


# --- where the newest state begins ----------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_only_what_the_newest_state_needs_is_read(fake: Oss) -> None:
    log = opened(fake)
    for slot in range(1, 8):
        assert log.put(slot, entry(slot)) == Done()
    log.trim(5)
    assert log.put(8, entry(8)) == Done()
    fresh = opened(fake)
    assert [slot for slot, _ in bodies(fresh, None)] == [5, 6, 7, 8]
    assert fresh.put(9, entry(9)) == Done()
    assert [slot for slot, _ in bodies(opened(fake), None)] == [5, 6, 7, 8, 9]
    assert [slot for slot, _ in bodies(opened(fake), 0)] == list(range(1, 10))
    assert log.put(9, entry(9, "late")) == Taken()
    assert bodies(log, 8) == [(9, entry(9))]


@pytest.mark.usefixtures("small")
def test_a_state_is_read_from_a_late_snapshot_on(fake: Oss) -> None:
    for _ in range(4):
        with stored_on(fake).lock("apply") as lease:
            lease.record(began())
            lease.record(CreateFailed("promo", SLOT, "reason"))
    assert opened(fake).read(None)[0].slot > 1
    state = stored_on(fake).read()
    assert state is not None
    assert state.serial == 4


@pytest.mark.usefixtures("small")
def test_a_trim_takes_no_number_from_others(fake: Oss) -> None:
    log, other = opened(fake), opened(fake)
    for slot in range(1, 8):
        log.put(slot, entry(slot))
    assert len(bodies(other)) == 7
    log.trim(7)
    assert other.put(8, entry(8)) == Taken()
    assert bodies(other, 6) == [(7, entry(7))]
    assert other.put(8, entry(8)) == Done()
    assert bodies(log, 7) == [(8, entry(8))]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("fault", ["before", "after", "refuse"])
def test_a_trim_may_fail(fake: Oss, fault: str) -> None:
    log = opened(fake)
    for slot in range(1, 8):
        log.put(slot, entry(slot))
    fake.faults["POST"] = [fault]
    log.trim(7)
    if log.put(8, entry(8)) == Taken():
        assert [slot for slot, _ in bodies(log, 6)] == [7]
        assert log.put(8, entry(8)) == Done()
    assert [slot for slot, _ in bodies(opened(fake))] == list(range(1, 9))
    assert bodies(opened(fake), None)[-1] == (8, entry(8))


def test_little_is_not_worth_a_line(fake: Oss) -> None:
    log = opened(fake)
    log.put(1, entry(1))
    log.put(2, entry(2))
    made = len(fake.requests)
    log.trim(2)
    assert len(fake.requests) == made


def test_only_news_are_asked_for(fake: Oss) -> None:
    log = opened(fake)
    log.put(1, entry(1, "x" * 1000))
    log.put(2, entry(2))
    assert bodies(log, 1) == [(2, entry(2))]
    assert fake.sent[-1] < 100
    assert bodies(log, 2) == []


def test_the_clock_of_the_service_tells_how_old_the_end_is(fake: Oss) -> None:
    log = opened(fake)
    log.put(1, entry(1))
    fake.ahead += timedelta(seconds=60)
    [item] = opened(fake).read(None)
    assert item.age is not None
    assert 57 <= item.age <= 60
    [again] = log.read(0)
    assert again.age == item.age


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "suffix", "place"),
    [
        ("oss://bucket/prefix?region=cn-hangzhou", "", "oss://bucket/prefix/pushctl.log"),
        ("oss://bucket/a/b/?region=cn-hangzhou", ".prod", "oss://bucket/a/b/pushctl.prod.log"),
        ("oss://bucket?region=cn-hangzhou", "", "oss://bucket/pushctl.log"),
        (
            "oss://bucket/p?region=cn-hangzhou&endpoint=oss-cn-hangzhou-internal.aliyuncs.com",
            "",
            "oss://bucket/p/pushctl.log",
        ),
        (
            "oss://bucket/p?region=me-east-1&endpoint=https://host:8443",
            "",
            "oss://bucket/p/pushctl.log",
        ),
    ],
)
def test_an_address_names_an_object(text: str, suffix: str, place: str) -> None:
    assert open_address(text, suffix=suffix, folder=Path(), environ={}).address == place


@pytest.mark.parametrize(
    "text",
    [
        "oss://bucket/prefix",
        "oss://bucket/prefix?region=",
        "oss://bucket/prefix?region=cn-hangzhou&reigon=x",
        "oss://Bucket/prefix?region=cn-hangzhou",
        "oss://bucKet/prefix?region=cn-hangzhou",
        "oss://team.state/prefix?region=cn-hangzhou",
        "oss://bucket/prefix/../other?region=cn-hangzhou#x",
        "oss://key:secret@bucket/prefix?region=cn-hangzhou",
        "oss:///prefix?region=cn-hangzhou",
        "oss://bucket/prefix?region=cn-hangzhou&endpoint=http://oss-cn-hangzhou.aliyuncs.com",
        "oss://bucket/prefix?region=cn-hangzhou&endpoint=http://127.0.0.1.example.com",
    ],
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_address(text, suffix="", folder=Path(), environ={})
    assert "oss://BUCKET/PREFIX?region=REGION" in (caught.value.fix or "")
    assert "secret" not in str(caught.value)


def test_half_a_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="Half of the credentials"):
        open_address(
            "oss://bucket?region=cn-hangzhou",
            suffix="",
            folder=Path(),
            environ={"ALIBABA_CLOUD_ACCESS_KEY_ID": "id"},
        )
