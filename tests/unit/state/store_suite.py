"""What every state engine must do: the contract of `pushctl.state.interface`, as tests.

An engine runs them in a module that provides a fixture `case` and imports `*` from here.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import pytest
from msgspec.structs import replace

from pushctl.errors import StateConflictError, StateError, StateLockedError, StateMovedError
from pushctl.push.task import Slot
from pushctl.state.events import CancelBegan, CreateBegan, CreateConfirmed, PushForgotten, advance
from pushctl.state.history import HistoryEntry
from pushctl.state.interface import StateStore
from pushctl.state.state import Phase, State
from tests.builders import NOW, desired, task

SLOT = Slot(0, 0, 1)


@dataclass(frozen=True)
class Case:
    """A place for a state that holds nothing yet.

    `again` opens a second store on it, as another process would. `stored` returns all that the
    engine keeps, to compare; None or empty if that is nothing.
    """

    store: StateStore
    again: Callable[[], StateStore]
    stored: Callable[[], object]


def began(id: str = "promo") -> CreateBegan:
    push = desired(id)
    record = task(push, phase=Phase.CREATING)
    return CreateBegan(id, record, push.fingerprint, push.spec, push.meta)


def seen(case: Case) -> State:
    found = case.again().read()
    assert found is not None
    return found


def test_read_of_nothing_is_none(case: Case) -> None:
    assert case.store.read() is None
    assert case.stored() in ([], None)


def test_lock_of_nothing_begins_an_empty_state(case: Case) -> None:
    with case.store.lock("test") as lease:
        assert lease.state.pushes == {}
        assert lease.state.serial == 0
        assert lease.state.lineage
        assert lease.push("promo") is None
    assert case.store.read() is None


def test_record_is_durable_when_it_returns(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        assert seen(case).pushes == lease.state.pushes
        lease.record(CreateConfirmed("promo", SLOT, "T1", "R1", NOW))
        lease.record(began("next"))  # an outcome may wait for the next intent
        assert seen(case).pushes["promo"].tasks[0].task_id == "T1"
        assert lease.push("promo") == seen(case).pushes["promo"]


def test_the_outcome_of_an_immediate_push_is_durable_when_it_returns(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        lease.record(CreateConfirmed("promo", SLOT, "T1", "R1", NOW, Phase.SENT))
        assert seen(case).pushes["promo"].tasks[0].phase is Phase.SENT


def test_an_outcome_that_nothing_follows_is_durable_at_the_end(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        lease.record(CreateConfirmed("promo", SLOT, "T1", "R1", NOW))
    assert seen(case).pushes["promo"].tasks[0].task_id == "T1"


def test_whoever_has_the_lock_knows_it_until_it_is_taken_away(case: Case) -> None:
    with case.store.lock("test") as lease:
        assert lease.still_held()


def test_record_keeps_the_lineage_from_the_first_event_on(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        lineage = lease.state.lineage
        assert seen(case).lineage == lineage
    assert seen(case).lineage == lineage


def test_record_refuses_what_does_not_fit_and_goes_on(case: Case) -> None:
    with case.store.lock("test") as lease:
        with pytest.raises(KeyError):
            lease.record(CancelBegan("promo", SLOT))
        assert case.again().read() is None
        lease.record(began())
    assert list(seen(case).pushes) == ["promo"]


def test_close_folds_once(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        lease.record(began("other"))
        assert lease.state.serial == 0
        lease.close()
        lease.close()
    assert seen(case).serial == 1
    with case.store.lock("test") as lease:
        assert lease.state == seen(case)
        lease.record(PushForgotten("other"))
    assert (seen(case).serial, seen(case).retired) == (2, {"other": 1})


def test_close_without_events_touches_nothing(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
    before = case.stored()
    with case.store.lock("test"):
        pass
    assert case.stored() == before


def test_close_folds_also_when_the_command_fails(case: Case) -> None:
    def fail() -> None:
        with case.store.lock("test") as lease:
            lease.record(began())
            raise ValueError("the command")

    with pytest.raises(ValueError, match="the command"):
        fail()
    assert seen(case).serial == 1
    with case.store.lock("test"):
        pass


def test_lock_excludes_and_names_the_holder(case: Case) -> None:
    with (
        case.store.lock("apply of ann"),
        pytest.raises(StateLockedError, match="apply of ann"),
        case.again().lock("other"),
    ):
        pass
    with case.again().lock("other"):
        pass


def test_read_needs_no_lock_and_writes_nothing(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        before = case.stored()
        assert seen(case) == seen(case)
        assert case.stored() == before
    before = case.stored()
    assert seen(case).serial == 1
    assert case.stored() == before


def test_record_from_several_threads(case: Case) -> None:
    ids = [f"p{number}" for number in range(40)]
    with case.store.lock("test") as lease, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda id: lease.record(began(id)), ids))
        assert sorted(seen(case).pushes) == sorted(ids)
    assert sorted(seen(case).pushes) == sorted(ids)


def test_in_doubt_holds_exactly_the_calls_without_an_outcome(case: Case) -> None:
    with case.store.lock("test") as lease:
        assert lease.in_doubt() == {}
        lease.record(began())
        lease.record(began("other"))
        assert set(lease.in_doubt()) == {"promo", "other"}
        lease.record(CreateConfirmed("promo", SLOT, "T1", "R1", NOW))
        assert set(lease.in_doubt()) == {"other"}
    with case.again().lock("test") as lease:
        assert set(lease.in_doubt()) == {"other"}
        lease.record(PushForgotten("other"))
        assert lease.in_doubt() == {}


def test_interrupted_until_what_was_recorded_is_folded(case: Case) -> None:
    assert not case.store.interrupted()
    with case.store.lock("test") as lease:
        lease.record(began())
        assert case.again().interrupted()
    assert not case.again().interrupted()


def test_lock_info_names_the_holder_without_taking_the_lock(case: Case) -> None:
    assert case.store.lock_info() is None
    with case.store.lock("apply of ann") as lease:
        found = case.again().lock_info()
        assert found is not None
        assert found.operation == "apply of ann"
        assert found.who
        assert found.host
        assert "apply of ann" in str(found)
        lease.record(began())
    assert case.again().lock_info() is None


def test_unlock_of_nothing_is_no_error(case: Case) -> None:
    case.store.unlock()
    with case.store.lock("test"):
        pass


def robbed(case: Case) -> None:
    with case.store.lock("first") as former:
        former.record(began())
        case.again().unlock()
        assert case.again().lock_info() is None
        with case.again().lock("second") as lease:
            assert list(lease.state.pushes) == ["promo"]
            with pytest.raises(StateConflictError):
                former.record(began("late"))
            found = case.again().lock_info()
            assert found is not None
            assert found.operation == "second"
            lease.record(began("other"))


def test_whoever_loses_the_lock_records_nothing_more(case: Case) -> None:
    with pytest.raises(StateConflictError):
        robbed(case)
    assert sorted(seen(case).pushes) == ["other", "promo"]
    with case.again().lock("third") as lease:
        assert sorted(lease.state.pushes) == ["other", "promo"]


def test_the_end_of_a_former_holder_does_not_free_the_lock_of_the_next(case: Case) -> None:
    with case.store.lock("first"):
        case.again().unlock()
        second = case.again().lock("second")
        second.__enter__()
    with pytest.raises(StateLockedError), case.again().lock("third"):
        pass
    second.__exit__(None, None, None)
    assert case.store.lock_info() is None


def test_new_state_is_empty_and_stores_nothing(case: Case) -> None:
    state = case.store.new_state()
    assert (state.serial, state.pushes, state.settings) == (0, {}, None)
    assert state.lineage
    assert case.stored() in ([], None)


def test_recover_of_nothing_is_none(case: Case) -> None:
    assert case.store.recover() is None


def test_recover_of_a_whole_state_is_that_state_and_stores_nothing(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        assert recovered(case) == seen(case)
    before = case.stored()
    assert recovered(case) == seen(case)
    assert case.stored() == before


def recovered(case: Case) -> State:
    found = case.again().recover()
    assert found is not None
    assert found.complete
    return found.state


def test_overwrite_puts_a_state_in_the_place_of_another(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
    other = State("other lineage", "app", "workspace", serial=7)
    written = case.store.overwrite("test", lambda: other)
    assert (written.lineage, written.serial, written.pushes) == ("other lineage", 8, {})
    assert seen(case) == written
    assert not case.again().interrupted()
    with case.again().lock("test") as lease:
        assert lease.state == written
        lease.record(began())
    assert (seen(case).serial, seen(case).lineage) == (9, "other lineage")


def test_overwrite_makes_the_state_under_the_lock(case: Case) -> None:
    def make() -> State:
        found = case.again().lock_info()
        assert found is not None
        assert found.operation == "state restore"
        return case.store.new_state()

    case.store.overwrite("state restore", make)
    with case.store.lock("other"), pytest.raises(StateLockedError):
        case.again().overwrite("state restore", make)


def test_an_overwrite_that_is_given_up_leaves_no_lock(case: Case) -> None:
    def make() -> State:
        raise StateConflictError("It is not wanted any more")

    with pytest.raises(StateConflictError):
        case.store.overwrite("state push", make)
    assert case.again().lock_info() is None


def test_history_keeps_what_commands_did_and_who_ran_them(case: Case) -> None:
    assert case.store.history() == ()
    with case.store.lock("test") as lease:
        lease.record(began())
    entry = HistoryEntry(
        what="apply: done", env="prod", exit=4, pushes={"create": ["a"], "stop": ("b",)}
    )
    case.store.append_history(entry)
    case.again().append_history(HistoryEntry(what="state rm a", made=(NOW, 2)))
    first, second = case.again().history()
    assert (first.what, first.env, first.exit, first.pushes) == (
        *("apply: done", "prod", 4, {"create": ("a",), "stop": ("b",)}),
    )
    assert (second.what, second.made) == ("state rm a", (NOW, 2))
    for found in (first, second):
        assert found.who
        assert found.host
        assert datetime.fromisoformat(found.at).tzinfo is not None


def test_history_needs_no_lock_and_changes_no_state(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        case.again().append_history(HistoryEntry(what="state unlock"))
    assert list(seen(case).pushes) == ["promo"]
    assert seen(case).serial == 1


# --- moving ---------------------------------------------------------------------------------------

COMING = advance(State("coming", "app", "workspace", 4), began("a"), began("b"))
TOLD = HistoryEntry("2026-12-01T09:00:00Z", "lin", "host", "apply: done")


def test_a_state_from_elsewhere_can_be_written_once_it_is_all_here(case: Case) -> None:
    with case.store.receive(COMING, [TOLD]), pytest.raises(StateError):
        case.again().lock("other").__enter__()
    assert replace(seen(case), serial=4) == COMING
    assert seen(case).serial == 5
    assert [entry.what for entry in case.again().history()] == ["apply: done"]
    with case.again().lock("test") as lease:
        lease.record(PushForgotten("a"))
    assert list(seen(case).pushes) == ["b"]


def test_what_was_cut_short_on_its_way_here_can_come_again_and_be_newer(case: Case) -> None:
    def cut_short() -> None:
        with case.store.receive(COMING, [TOLD]):
            raise StateError("The former place cannot be closed")

    for _ in range(2):
        with pytest.raises(StateError, match="former place"):
            cut_short()
        with pytest.raises(StateError), case.again().lock("other") as lease:
            lease.record(PushForgotten("a"))
    newer = replace(advance(COMING, PushForgotten("a")), serial=5)
    with case.again().receive(newer, [TOLD]):
        pass
    assert list(seen(case).pushes) == ["b"]
    assert [entry.what for entry in case.again().history()] == ["apply: done"]
    with case.again().lock("test") as lease:
        lease.record(PushForgotten("b"))


def test_a_state_never_comes_to_where_another_is_or_may_become(case: Case) -> None:
    with case.store.lock("test"), pytest.raises(StateLockedError):
        case.again().receive(COMING, []).__enter__()
    with case.store.lock("test") as lease:
        lease.record(began())
    before = case.stored()
    with pytest.raises(StateConflictError):
        case.again().receive(COMING, []).__enter__()
    own = replace(seen(case), serial=9)
    with pytest.raises(StateConflictError):
        case.again().receive(own, []).__enter__()
    assert case.stored() == before


def test_a_state_that_moved_is_found_nowhere_but_there(case: Case) -> None:
    with case.store.lock("test") as lease:
        lease.record(began())
        lease.move_to("s3://bucket/shop")
    before = case.stored()
    asks: list[Callable[[], object]] = [
        case.again().read,
        case.again().interrupted,
        case.again().lock("other").__enter__,
        lambda: case.again().overwrite("other", lambda: COMING),
    ]
    for ask in asks:
        with pytest.raises(StateMovedError, match="s3://bucket/shop") as error:
            ask()
        assert error.value.to == "s3://bucket/shop"
    assert case.stored() == before


def test_whoever_lost_the_lock_moves_nothing(case: Case) -> None:
    def moved() -> None:
        with case.store.lock("test") as lease:
            case.again().unlock()
            lease.move_to("s3://bucket/shop")

    with case.store.lock("test") as lease:
        lease.record(began())
    with pytest.raises(StateConflictError):
        moved()
    assert list(seen(case).pushes) == ["promo"]
