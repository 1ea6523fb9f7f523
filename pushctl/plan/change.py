"""The closed union of changes: everything that a plan can hold, as data.

Whoever consumes a change does so with `match` and `assert_never`, so that a new kind breaks the
type check in apply and in every renderer at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from pushctl.push.push import Push
from pushctl.push.task import NewTask
from pushctl.state.state import TaskRecord


class FieldChange(Struct, frozen=True):
    """One field of the manifest that differs; `before` or `after` is None where it is absent."""

    path: str
    before: Any
    after: Any


class BlockReason(StrEnum):
    """Why a wanted change must not happen."""

    IN_DOUBT = "in-doubt"
    PROTECTED = "protected"
    FORBIDDEN = "forbidden"
    DANGER_WINDOW = "danger-window"
    PAST = "past"
    IMMEDIATE = "immediate"
    ADOPTION = "adoption"
    RENAME = "rename"


class NoOp(Struct, frozen=True):
    """Nothing to call. `noted` tells that owner, labels and the like will be written down.

    `telling` marks what the manifest asks for and cannot have, such as an edit of what was
    delivered.
    """

    id: str
    reason: str
    noted: bool = False
    push: Push | None = None
    telling: bool = False


class Create(Struct, frozen=True):
    """Tasks for an entry that has none which could still deliver."""

    id: str
    push: Push
    creates: tuple[NewTask, ...]
    reason: str
    fields: tuple[FieldChange, ...] = ()


class Replace(Struct, frozen=True):
    """Some or all tasks of an entry are cancelled, verified gone, and created anew."""

    id: str
    push: Push
    cancels: tuple[TaskRecord, ...]
    creates: tuple[NewTask, ...]
    keeps: tuple[TaskRecord, ...]
    fields: tuple[FieldChange, ...]
    reason: str


class Renew(Struct, frozen=True):
    """The follow-on window of a recurrence, before the service's horizon ends the current one."""

    id: str
    push: Push
    creates: tuple[NewTask, ...]
    keeps: tuple[TaskRecord, ...]
    reason: str


class Cancel(Struct, frozen=True):
    """The entry's scheduled tasks are cancelled. `push` is None if the entry left the manifest.

    `spec` is what is recorded of it, so that a reviewer sees what will not be sent.
    """

    id: str
    push: Push | None
    cancels: tuple[TaskRecord, ...]
    reason: str
    spec: Mapping[str, Any] = field(default_factory=dict)


class Forget(Struct, frozen=True):
    """The entry leaves the state without any call. `spec` is what was recorded of it."""

    id: str
    reason: str
    spec: Mapping[str, Any] = field(default_factory=dict)


class Adopt(Struct, frozen=True):
    """A task that exists on the service becomes the entry's."""

    id: str
    push: Push
    task: TaskRecord
    reason: str


class Rename(Struct, frozen=True):
    """The entry recorded as `before` continues as `id`, without any call."""

    id: str
    before: str
    reason: str


class Blocked(Struct, frozen=True):
    """A change that is wanted but impossible or unsafe; `fix` says the way out."""

    id: str
    push: Push | None
    cause: BlockReason
    reason: str
    fix: str


Change = NoOp | Create | Replace | Renew | Cancel | Forget | Adopt | Rename | Blocked


class Action(StrEnum):
    """The word for each kind of change in every output."""

    CREATE = "create"
    REPLACE = "replace"
    CANCEL = "cancel"
    RENEW = "renew"
    ADOPT = "adopt"
    FORGET = "forget"
    RENAME = "rename"
    BLOCKED = "blocked"
    NOOP = "noop"


ACTIONS: Mapping[type[Change], Action] = {
    Create: Action.CREATE,
    Replace: Action.REPLACE,
    Cancel: Action.CANCEL,
    Renew: Action.RENEW,
    Adopt: Action.ADOPT,
    Forget: Action.FORGET,
    Rename: Action.RENAME,
    Blocked: Action.BLOCKED,
    NoOp: Action.NOOP,
}


def action_of(change: Change) -> Action:
    """Return the word for a change."""
    return ACTIONS[type(change)]


def creates_of(change: Change) -> tuple[NewTask, ...]:
    """Return the tasks that a change would create."""
    return change.creates if isinstance(change, Create | Replace | Renew) else ()


def cancels_of(change: Change) -> tuple[TaskRecord, ...]:
    """Return the tasks that a change would cancel."""
    return change.cancels if isinstance(change, Replace | Cancel) else ()


def push_of(change: Change) -> Push | None:
    """Return the manifest's side of a change, None where there is none."""
    return None if isinstance(change, Forget | Rename) else change.push


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Compare two specs field by field, in the order of their dotted paths."""
    flat_before, flat_after = dict(_flat(before)), dict(_flat(after))
    return tuple(
        FieldChange(path, flat_before.get(path), flat_after.get(path))
        for path in sorted(flat_before.keys() | flat_after.keys())
        if flat_before.get(path) != flat_after.get(path)
    )


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        path = f"{prefix}{key}"
        if isinstance(item, Mapping) and item:
            yield from _flat(item, f"{path}.")
        else:
            yield path, item
