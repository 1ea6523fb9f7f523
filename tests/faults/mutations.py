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

from pushctl.cli.session import Session
from pushctl.cloud.service import CloudPushService
from pushctl.core import tasks
from pushctl.core.change import Change, cancels_of, creates_of, push_of
from pushctl.core.state import CreateBegan, CreateConfirmed
from pushctl.engine import apply, cancel, create, looking
from pushctl.engine.cancel import cancel_task
from pushctl.engine.create import create_task
from pushctl.engine.tools import Halt, Tools
from pushctl.ports import CreateOutcome, NotSent, Unknown
from pushctl.store import durable, file, journal
from pushctl.store.journal import JournalWriter
from pushctl.store.lock import HeldLock


@dataclass(frozen=True)
class Mutation:
    """`broken` says what is no longer true; `made` makes it so for a while."""

    name: str
    broken: str
    made: Callable[[], AbstractContextManager[Any]]


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
    def trusting(tools: Tools, *_: object) -> tuple[None, float]:
        return None, tools.clock.now()

    with mock.patch.object(cancel, "_verified", trusting):
        yield


@contextlib.contextmanager
def create_first() -> Iterator[None]:
    def hasty(tools: Tools, change: Change) -> None:
        push = push_of(change)
        with contextlib.suppress(Halt):
            for new in creates_of(change):
                assert push is not None
                create_task(tools, change.id, push, new)
            for task in cancels_of(change):
                cancel_task(tools, change.id, task)
            apply._finished(tools, change)

    with mock.patch.object(apply, "_one", hasty):
        yield


@contextlib.contextmanager
def no_settle_time() -> Iterator[None]:
    with mock.patch.object(Session, "settle_time", property(lambda self: 0.0)):
        yield


@contextlib.contextmanager
def random_keys() -> Iterator[None]:
    def drawn(**_: object) -> str:
        return secrets.token_hex(13)

    with mock.patch.object(tasks, "message_key", drawn):
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
    with mock.patch.object(looking, "_missing", return_value=frozenset()):
        yield


@contextlib.contextmanager
def the_lock_is_never_asked() -> Iterator[None]:
    with mock.patch.object(HeldLock, "check", return_value=None):
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
        for module in (durable, file, journal):
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
        Mutation("no-intent", "the intent is durable before the call leaves", no_intent),
        Mutation("unknown-is-not-sent", "an unknown outcome is never repeated",
                 unknown_is_not_sent),
        Mutation("no-look-after-a-cancel", "a cancel is believed only after a look",
                 no_look_after_a_cancel),
        Mutation("create-first", "nothing is created before the former task is gone", create_first),
        Mutation("no-settle-time", "what the list does not show may still come", no_settle_time),
        Mutation("random-keys", "every attempt at an intent has the same keys", random_keys),
        Mutation("no-outcome", "an outcome is durable before the next step", no_outcome),
        Mutation("one-look-is-enough", "a missing task is looked for twice", one_look_is_enough),
        Mutation("lock-never-asked", "who lost the lock writes nothing more",
                 the_lock_is_never_asked),
        Mutation("journal-not-synced", "a journal line survives a power cut",
                 the_journal_is_not_synced),
        Mutation("folder-not-synced", "a file's name survives a power cut",
                 the_folder_is_not_synced),
        Mutation("twins-together", "one create at a time of those that look alike",
                 twins_in_doubt_together),
    )
}  # fmt: skip
