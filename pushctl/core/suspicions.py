"""What a plan shows only beside the state: a rename that nobody declared, an id used again. Pure.

Neither is wrong as such, so neither is refused; both look harmless in the manifest alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote

from pushctl.core.change import Blocked, BlockReason, Cancel, Change, Create, Forget, push_of
from pushctl.core.clocks import DAY_SECONDS
from pushctl.core.state import Phase, PushRecord, TaskRecord
from pushctl.core.task import DesiredPush, Source
from pushctl.diagnostics import Diagnostic, Position, Range, Severity

REMEMBERED = 7 * DAY_SECONDS
"""Seconds for which the service can withdraw what it delivered."""

DELIVERED = frozenset({Phase.SENT, Phase.ENDED})


def suspicions(
    changes: Sequence[Change], pushes: Mapping[str, PushRecord], now: int
) -> Iterator[Diagnostic]:
    """Yield what was most likely meant differently.

    `pushes` are the records that the changes were made from, `now` is in epoch seconds.
    """
    yield from _renamed(changes, pushes)
    yield from _used_again(changes, pushes, now)


def _renamed(changes: Sequence[Change], pushes: Mapping[str, PushRecord]) -> Iterator[Diagnostic]:
    """Find an entry that goes and one that comes, and both say the same."""
    gone = [item.id for item in changes if _goes(item, pushes)]
    if not gone:
        return
    fresh = [push for item in changes if (push := _comes(item, pushes)) is not None]
    for push in fresh:
        before = next((id for id in gone if pushes[id].spec == push.spec), None)
        if before is None:
            continue
        gone.remove(before)
        yield Diagnostic(
            Severity.WARNING,
            "PSH802",
            "A push was renamed without saying so",
            f"{before} left the manifest, and {push.id} is new and says just the same. What was "
            f"scheduled of {before} is not carried over: somebody could get it twice, or not at "
            "all.",
            _place(push.source),
            fix=f"if it is the same push, add `moved: [{{from: {before}, to: {push.id}}}]`",
            push=push.id,
        )


def _goes(change: Change, pushes: Mapping[str, PushRecord]) -> bool:
    """Tell whether an entry leaves that still has something scheduled."""
    leaves = isinstance(change, Forget) or (isinstance(change, Cancel) and change.push is None)
    record = pushes.get(change.id)
    return leaves and record is not None and bool(record.live)


def _comes(change: Change, pushes: Mapping[str, PushRecord]) -> DesiredPush | None:
    """Return an entry of which nothing is recorded, if it is to be created.

    Beside what is left to run out it is refused (`ADOPTION`), and that is the same mistake.
    """
    beside = isinstance(change, Blocked) and change.cause is BlockReason.ADOPTION
    if change.id in pushes or not (isinstance(change, Create) or beside):
        return None
    return push_of(change)


def _used_again(
    changes: Sequence[Change], pushes: Mapping[str, PushRecord], now: int
) -> Iterator[Diagnostic]:
    """Find an id under which something else was delivered lately."""
    for change in changes:
        record = pushes.get(change.id)
        if not isinstance(change, Create) or record is None:
            continue
        before, after = _words(record.spec), _words(change.push.spec)
        if before is None or after is None or not _all_differ(before, after):
            continue
        if any(_lately(task, now) for task in record.tasks):
            yield Diagnostic(
                Severity.WARNING,
                "PSH803",
                "An id is used again for something else",
                f"Under the id {change.id} another message was delivered in the last 7 days. "
                f"`pushctl stop {quote(change.id)} --revoke` would withdraw that one as well.",
                _place(change.push.source),
                fix="give the new push an id of its own",
                push=change.id,
            )


def _words(spec: Mapping[str, object]) -> tuple[object, object] | None:
    """Return title and body as they were said; None if they were not."""
    message = spec.get("message")
    if not isinstance(message, Mapping):
        return None
    return message.get("title"), message.get("body")


def _all_differ(before: tuple[object, object], after: tuple[object, object]) -> bool:
    """A corrected word is an edit; another title and another text are another message."""
    return all(one != other for one, other in zip(before, after, strict=True))


def _lately(task: TaskRecord, now: int) -> bool:
    at = task.over_at or task.created_at  # what goes out at once is over when it is made
    return task.phase in DELIVERED and at is not None and at > now - REMEMBERED


def _place(source: Source) -> Range:
    return Range(source.file, Position(source.line, 1), Position(source.line, 1))
