"""The product, made wrong in one way each: the matrix has to notice every one of them."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from pushctl import atomic_write
from pushctl.apply import cancel, create, executor, observe
from pushctl.apply.cancel import cancel_task
from pushctl.apply.context import ApplyContext, EntryAborted
from pushctl.apply.create import create_task
from pushctl.mpaas.client import CloudPushService
from pushctl.mpaas.interface import CreateOutcome, NotSent, Unknown
from pushctl.plan.change import Change, cancels_of, creates_of, push_of
from pushctl.plan.diff import task_reuse
from pushctl.state.events import CreateBegan, CreateConfirmed
from pushctl.state.file import journal, store
from pushctl.state.file.journal import JournalWriter
from pushctl.state.file.lock import HeldLock
from tests.faults import simulation


@dataclass(frozen=True)
class Mutation:
    """`broken` says what is no longer true; `made` makes it so for a while.

    `scenario` and `mode` are where it has to show, whatever a sample has.
    """

    name: str
    broken: str
    made: Callable[[], AbstractContextManager[Any]]
    scenario: str
    mode: str


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


@contextlib.contextmanager
def no_settle_time() -> Iterator[None]:
    with mock.patch.object(simulation, "SETTLE_TIME", "0s"):
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
    with mock.patch.object(observe.Observer, "_missing", return_value=frozenset()):
        yield


@contextlib.contextmanager
def the_lock_is_never_asked() -> Iterator[None]:
    with mock.patch.object(HeldLock, "_check", return_value=None):
        yield


class Unsynced:
    """The `os` module, whose `fsync` does nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def fsync(self, descriptor: int) -> None:
        return None


@contextlib.contextmanager
def the_journal_is_not_synced() -> Iterator[None]:
    with mock.patch.object(journal, "os", Unsynced()):
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
    with mock.patch.object(create, "confusable", return_value=False):
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
                 no_settle_time, "create", "acted late"),
        Mutation("random-keys", "every attempt at an intent has the same keys",
                 random_keys, "create", "throttled for good"),
        Mutation("no-outcome", "an outcome is durable before the next step",
                 no_outcome, "create", "killed after"),
        Mutation("one-look-is-enough", "a missing task is looked for twice",
                 one_look_is_enough, "rename", "list empty once"),
        Mutation("lock-never-asked", "who lost the lock writes nothing more",
                 the_lock_is_never_asked, "saved-plan", "overtaken"),
        Mutation("journal-not-synced", "a journal line survives a power cut",
                 the_journal_is_not_synced, "create", "power cut"),
        Mutation("folder-not-synced", "a file's name survives a power cut",
                 the_folder_is_not_synced, "create", "power cut"),
        Mutation("twins-together", "one create at a time of those that look alike",
                 twins_in_doubt_together, "create", "500 for good, acting"),
    )
}  # fmt: skip
