"""The product, made wrong in one way each: the matrix has to notice every one of them."""

from __future__ import annotations

import contextlib
import errno
import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from pushctl import atomic_write
from pushctl.apply import cancel, create, executor, observe
from pushctl.apply.cancel import cancel_task
from pushctl.apply.context import ApplyContext, EntryAborted
from pushctl.apply.create import create_task
from pushctl.cli.output import Unfailing
from pushctl.mpaas import client as cloud
from pushctl.mpaas import pagination, responses
from pushctl.mpaas.client import CloudPushService
from pushctl.mpaas.interface import CreateOutcome, NotSent, Unknown
from pushctl.plan.change import Change, cancels_of, creates_of, push_of
from pushctl.plan.diff import task_reuse
from pushctl.plan.reconcile import in_doubt
from pushctl.plan.reconcile.in_doubt import Timeouts
from pushctl.state.chain import lease
from pushctl.state.chain.writer import ChainWriter
from pushctl.state.events import CreateBegan, CreateConfirmed
from pushctl.state.file import journal, store
from pushctl.state.file.journal import JournalWriter
from pushctl.state.file.lock import HeldLock


@dataclass(frozen=True)
class Mutation:
    """`broken` says what is no longer true; `made` makes it so for a while.

    `scenario` and `mode` are where it has to show, whatever a sample has; `engine` is what keeps
    the state there, files if it is empty.
    """

    name: str
    broken: str
    made: Callable[[], AbstractContextManager[Any]]
    scenario: str
    mode: str
    engine: str = ""


@contextlib.contextmanager
def no_intent() -> Iterator[None]:
    """An intent reaches the disk only together with what follows it."""
    append, held = JournalWriter.append, list[Any]()

    def late(self: JournalWriter, event: Any) -> None:
        held.append(event)
        if not isinstance(event, CreateBegan):
            while held:
                append(self, held.pop(0))

    def forgetful(self: JournalWriter) -> None:
        held.clear()
        close(self)

    close = JournalWriter.close
    with mock.patch.multiple(JournalWriter, append=late, close=forgetful):
        yield


@contextlib.contextmanager
def a_reader_is_needed() -> Iterator[None]:
    def fail(self: Unfailing, do: Callable[..., object], *what: str) -> None:
        try:
            do(*what)
        except OSError as error:
            raise OSError(errno.EIO, "nobody reads") from error

    with mock.patch.object(Unfailing, "_try", fail):
        yield


@contextlib.contextmanager
def unknown_is_not_sent() -> Iterator[None]:
    made = CloudPushService.create

    def sure(self: CloudPushService, parameters: Any) -> CreateOutcome:
        outcome = made(self, parameters)
        return NotSent(outcome.reason) if isinstance(outcome, Unknown) else outcome

    with mock.patch.object(CloudPushService, "create", sure):
        yield


@contextlib.contextmanager
def no_look_after_a_cancel() -> Iterator[None]:
    def trusting(context: ApplyContext, *_: object) -> tuple[None, float]:
        return None, context.clock.now()

    with mock.patch.object(cancel, "_verified", trusting):
        yield


@contextlib.contextmanager
def create_first() -> Iterator[None]:
    def hasty(context: ApplyContext, change: Change) -> None:
        push = push_of(change)
        with contextlib.suppress(EntryAborted):
            for new in creates_of(change):
                assert push is not None
                create_task(context, change.id, push, new)
            for task in cancels_of(change):
                cancel_task(context, change.id, task)
            executor._finished(context, change)

    with mock.patch.object(executor, "_one", hasty):
        yield


def given_up_after(seconds: float) -> Callable[[], AbstractContextManager[None]]:
    """What the list does not show is believed so many seconds after the call began."""

    @contextlib.contextmanager
    def impatient() -> Iterator[None]:
        with mock.patch.object(Timeouts, "certain_at", lambda self, began: began + seconds):
            yield

    return impatient


@contextlib.contextmanager
def an_unknown_status_means_gone() -> Iterator[None]:
    made = responses.tasks

    def sure(rows: Iterable[responses.Row], gone: Any = ()) -> Any:
        return made((row for row in rows if row.status in responses.EXECUTED), gone)

    with mock.patch.object(responses, "tasks", sure):
        yield


@contextlib.contextmanager
def a_count_says_where_the_list_ends() -> Iterator[None]:
    def trusting(ask: pagination.Ask, **_: object) -> Any:
        rows: list[responses.Row] = []
        for number in itertools.count(1):
            page = ask(number)
            assert isinstance(page, responses.Page)
            rows += page.rows
            if not page.rows or len(rows) >= (page.total or 0):
                break
        return tuple(rows)

    with mock.patch.object(cloud, "read_all", trusting), nobody_is_asked_for():
        yield


@contextlib.contextmanager
def the_list_is_the_truth() -> Iterator[None]:
    with mock.patch.object(in_doubt.LostCreates, "_why_unsure", return_value=None):
        yield


@contextlib.contextmanager
def our_clock_is_right() -> Iterator[None]:
    with mock.patch.object(observe, "service_ahead", return_value=0.0):
        yield


@contextlib.contextmanager
def random_keys() -> Iterator[None]:
    def drawn(**_: object) -> str:
        return secrets.token_hex(13)

    with mock.patch.object(task_reuse, "message_key", drawn):
        yield


@contextlib.contextmanager
def no_outcome() -> Iterator[None]:
    """That a task was created is never written to the journal."""
    append = JournalWriter.append

    def forgetful(self: JournalWriter, event: Any) -> None:
        if not isinstance(event, CreateConfirmed):
            append(self, event)

    with mock.patch.object(JournalWriter, "append", forgetful):
        yield


@contextlib.contextmanager
def one_look_is_enough() -> Iterator[None]:
    with (
        mock.patch.object(observe.Observer, "_missing", return_value=frozenset()),
        nobody_is_asked_for(),
    ):
        yield


def nobody_is_asked_for() -> AbstractContextManager[Any]:
    """A task that the list lacks is not asked for by its own id."""
    return mock.patch.object(observe, "missing_tasks", return_value=())


@contextlib.contextmanager
def the_lock_is_never_asked() -> Iterator[None]:
    with mock.patch.object(HeldLock, "_check", return_value=None):
        yield


@contextlib.contextmanager
def the_journal_is_not_synced() -> Iterator[None]:
    with mock.patch.object(journal, "sync"):
        yield


@contextlib.contextmanager
def the_folder_is_not_synced() -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for module in (atomic_write, store, journal):
            stack.enter_context(mock.patch.object(module, "sync_folder"))
        yield


@contextlib.contextmanager
def twins_in_doubt_together() -> Iterator[None]:
    """A create is begun beside one in doubt that the list could take for it."""
    with mock.patch.object(create, "is_confusable", return_value=False):
        yield


@contextlib.contextmanager
def calls_are_made_at_any_time() -> Iterator[None]:
    def call(self: ApplyContext, began: float, send: Callable[[], Any]) -> Any:
        return send()

    with mock.patch.object(ApplyContext, "call", call):
        yield


@contextlib.contextmanager
def no_intent_waits() -> Iterator[None]:
    with mock.patch.object(lease, "_can_wait", return_value=True):
        yield


@contextlib.contextmanager
def the_entries_of_others_are_not_looked_at() -> Iterator[None]:
    with mock.patch.object(ChainWriter, "_allowed"):
        yield


@contextlib.contextmanager
def any_entry_is_taken_for_ours() -> Iterator[None]:
    def caught_up(self: ChainWriter, nonce: str, deadline: float) -> bool:
        self.refresh()
        return True

    with mock.patch.object(ChainWriter, "_caught_up", caught_up):
        yield


MUTATIONS = {
    mutation.name: mutation
    for mutation in (
        Mutation("no-intent", "the intent is durable before the call leaves",
                 no_intent, "create", "killed in flight"),
        Mutation("unknown-is-not-sent", "an unknown outcome is never repeated",
                 unknown_is_not_sent, "create", "response lost"),
        Mutation("no-look-after-a-cancel", "a cancel is believed only after a look",
                 no_look_after_a_cancel, "change-one-chunk", "500"),
        Mutation("create-first", "nothing is created before the former task is gone",
                 create_first, "change-one-chunk", "killed before"),
        Mutation("no-settle-time", "what the list does not show may still come",
                 given_up_after(0), "create", "acted late"),
        Mutation("over-when-nobody-waits", "a call may have its effect within a minute",
                 given_up_after(15 + 30), "create", "killed, done 59 s later"),
        Mutation("unknown-means-gone", "only what is known to mean gone means gone",
                 an_unknown_status_means_gone, "create", "response lost, list status in words"),
        Mutation("count-trusted", "pages are read until one is empty",
                 a_count_says_where_the_list_ends, "change-one-chunk",
                 "list pages of 2, counts the page"),
        Mutation("list-is-truth", "a list that alters texts proves no absence",
                 the_list_is_the_truth, "create", "killed after, list texts cut"),
        Mutation("our-clock-is-right", "moments are compared by the service's clock",
                 our_clock_is_right, "create", "killed, done 59 s later, clock 2 h behind"),
        Mutation("random-keys", "every attempt at an intent has the same keys",
                 random_keys, "create", "throttled for good"),
        Mutation("no-outcome", "an outcome is durable before the next step",
                 no_outcome, "create", "killed after"),
        Mutation("one-look-is-enough", "a missing task is looked for twice",
                 one_look_is_enough, "change-one-chunk", "list flapping"),
        Mutation("lock-never-asked", "who lost the lock writes nothing more",
                 the_lock_is_never_asked, "saved-plan", "overtaken"),
        Mutation("reader-needed", "whoever prints need not mind whether anybody reads",
                 a_reader_is_needed, "change-one-chunk", "reader gone"),
        Mutation("journal-not-synced", "a journal line survives a power cut",
                 the_journal_is_not_synced, "create", "power cut"),
        Mutation("folder-not-synced", "a file's name survives a power cut",
                 the_folder_is_not_synced, "create", "power cut"),
        Mutation("twins-together", "one create at a time of those that look alike",
                 twins_in_doubt_together, "create", "500 for good, acting"),
        Mutation("calls-at-any-time", "who was asleep for long makes no call",
                 calls_are_made_at_any_time, "create", "frozen after storing", "memory"),
        Mutation("no-intent-waits", "an intent is stored before the call leaves",
                 no_intent_waits, "create", "killed after", "memory"),
        Mutation("others-not-looked-at", "who lost the lock appends nothing more",
                 the_entries_of_others_are_not_looked_at, "create", "frozen before storing",
                 "memory"),
        Mutation("any-entry-is-ours", "a lost answer is settled by whose entry is there",
                 any_entry_is_taken_for_ours, "create", "frozen before storing", "memory"),
    )
}  # fmt: skip
