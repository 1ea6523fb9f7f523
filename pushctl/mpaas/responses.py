"""What the service's answers mean: the text of a 2xx body -> an outcome, or rows of the list.

No text makes a function here raise. `PushResult` and `ResultContent` are read both as an object, as
in an answer that was seen and in the vendor's typed clients, and as JSON text, as on its pages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, TypeGuard, assert_never

from msgspec import Struct
from msgspec.structs import replace

from pushctl.masking import mask
from pushctl.mpaas import answer_fields, result_codes
from pushctl.mpaas.interface import (
    Accepted,
    CancelOutcome,
    Created,
    CreateOutcome,
    NotSent,
    Refused,
    Unknown,
)
from pushctl.push.task import TASK_ID, ActualTask, Delivery
from pushctl.state.decoding import LATEST

LOOP = 2
"""The `StrategyType` whose rows are single occurrences of one task."""

EXECUTED: Mapping[str, bool] = {"0": False, "1": True}
"""`ExecutedStatus`: the vendor's page names only "0", not executed; "1" is taken for executed."""

_FOREIGN = "check app.endpoint (or PUSHCTL_ENDPOINT): the service does not answer like that"

_LAST_SECOND = 253_370_764_800
"""The beginning of the year 9999 (epoch seconds); later ones are no dates in every zone."""


class Row(Struct, frozen=True):
    """One line of the list: a task, or one occurrence of a loop. Times in epoch seconds."""

    unique_id: str
    task_id: str
    at: int
    status: str
    title: str
    content: str
    delivery_type: int
    strategy_type: int
    created_at: int


class Page(Struct, frozen=True):
    """One page of the list; `total` is None if the service did not say."""

    rows: tuple[Row, ...]
    total: int | None


def created(text: str, *, scheduled: bool) -> CreateOutcome:
    """Read an answer to PushSimple; `scheduled` if its StrategyType was not 0."""
    body = answer_fields.nested(text)
    if body is None:
        return Unknown("the answer was not a JSON object")
    code, request_id = _result_code(body), answer_fields.request_id(body)
    inner = answer_fields.nested(answer_fields.get(body, "PushResult"))
    success = answer_fields.flag(answer_fields.get(inner, "Success")) if inner is not None else None
    data = answer_fields.get(inner, "Data") if inner is not None else None
    task_id = data if is_task_id(data) else ""
    if not _succeeded(code):
        # A refusal that brings a success or a task id along contradicts itself.
        contradicts = success is True or bool(task_id)
        return Unknown(_contradiction(code), request_id) if contradicts else _refusal(body)
    if success is False:
        return Unknown(_contradiction(code), request_id) if task_id else _refusal(body, inner)
    if success is None:
        return Unknown("the answer message OK but not that the push succeeded", request_id)
    if scheduled and not task_id:
        return Unknown("the answer message OK but named no task", request_id)
    return Created(task_id, request_id)


def accepted(text: str) -> CancelOutcome:
    """Read an answer to RevokePushMessage, or what every answer to a cancel says."""
    body = answer_fields.nested(text)
    if body is None:
        return Unknown("the answer was not a JSON object")
    if not _succeeded(_result_code(body)):
        return _refusal(body)
    for key in ("PushResult", "ResultContent"):
        inner = answer_fields.nested(answer_fields.get(body, key))
        if inner is not None and answer_fields.flag(answer_fields.get(inner, "Success")) is False:
            return _refusal(body, inner)
    return Accepted(answer_fields.request_id(body))


def cancelled(text: str, task_id: str) -> CancelOutcome:
    """Read an answer to CancelPushScheduler, which may say for each id whether it was cancelled."""
    outcome = accepted(text)
    if not isinstance(outcome, Accepted):
        return outcome
    content = answer_fields.get(answer_fields.nested(text) or {}, "ResultContent")
    said = answer_fields.nested(content)
    if said is None and content in _NOTHING_SAID:
        return outcome
    match str((said or {}).get(task_id)).lower():
        case "1" | "true":
            return outcome
        case "0" | "false":
            return Refused("0", "the service did not cancel it", outcome.request_id)
        case _:
            return Unknown("the answer did not say whether it was cancelled", outcome.request_id)


_NOTHING_SAID = (None, "", "null", "OK", "success", "true", True)


def page(text: str) -> Page | NotSent | Refused | Unknown:
    """Read an answer to QueryPushSchedulerList. One row that makes no sense spoils the page.

    A row that was left out would look like a task that does not exist, and would be sent again.
    """
    body = answer_fields.nested(text)
    if body is None:
        return Unknown("the answer was not a JSON object", fix=_FOREIGN)
    if not _succeeded(_result_code(body)):
        return _refusal(body)
    content = answer_fields.nested(answer_fields.get(body, "ResultContent"))
    data = answer_fields.nested(answer_fields.get(content, "Data")) if content is not None else None
    listed = answer_fields.get(data, "List") if data is not None else None
    if data is None or not isinstance(listed, list):
        return Unknown("the answer held no list", answer_fields.request_id(body), _FOREIGN)
    try:
        texts: dict[str, str] = {}
        rows = tuple(_row(item, texts) for item in listed)
        message = answer_fields.get(data, "TotalCount")
        total = None if message is None else _integer(message, "TotalCount")
    except _OddRowError as odd:
        return Unknown(f"a row of the list made no sense: {odd}", answer_fields.request_id(body))
    return Page(rows, total)


def tasks(rows: Iterable[Row], gone: Collection[str] = ()) -> tuple[ActualTask, ...]:
    """Group rows into tasks, soonest first.

    Rows with a status of `gone` are those of deliveries that will not happen. Of any other value of
    `ExecutedStatus` but the known ones nobody knows what it means, so it does not mean gone.
    """
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        if row.status not in gone:
            grouped.setdefault(row.task_id, []).append(row)
    found = (_task(task_id, group) for task_id, group in grouped.items())
    return tuple(sorted(found, key=lambda task: (task.deliveries[0].at, task.task_id)))


def _task(task_id: str, rows: list[Row]) -> ActualTask:
    rows = sorted(rows, key=lambda row: (row.at, row.unique_id))
    first = rows[0]
    return ActualTask(
        task_id=task_id,
        title=first.title,
        content=first.content,
        delivery_type=first.delivery_type,
        strategy_type=first.strategy_type,
        created_at=min(row.created_at for row in rows),
        deliveries=tuple(_delivery(row) for row in rows),
    )


def _delivery(row: Row) -> Delivery:
    executed = EXECUTED.get(row.status)
    return Delivery(row.at, executed, row.status if executed is None else "")


class _OddRowError(ValueError):
    """A row lacks a field or has a wrong type in it; says which."""


def _row(item: object, texts: dict[str, str]) -> Row:
    """Read a row; what it says like one before is the same text, of which there is one."""
    if not isinstance(item, dict):
        raise _OddRowError("it is not an object")
    strategy = _integer(answer_fields.get(item, "StrategyType"), "StrategyType")
    # A loop's occurrences have ids of their own; the task that can be cancelled is their parent.
    key = "ParentId" if strategy == LOOP else "UniqueId"
    task_id = _id(answer_fields.get(item, key), key)
    title = _text(answer_fields.get(item, "PushTitle"), "PushTitle")
    content = _text(answer_fields.get(item, "PushContent"), "PushContent")
    return Row(
        unique_id=_id(answer_fields.get(item, "UniqueId"), "UniqueId"),
        task_id=texts.setdefault(task_id, task_id),
        at=_seconds(answer_fields.get(item, "PushTime"), "PushTime"),
        status=_status(answer_fields.get(item, "ExecutedStatus")),
        title=texts.setdefault(title, title),
        content=texts.setdefault(content, content),
        delivery_type=_integer(answer_fields.get(item, "DeliveryType"), "DeliveryType"),
        strategy_type=strategy,
        created_at=_created_at(answer_fields.get(item, "GmtCreate")),
    )


def _created_at(value: object) -> int:
    """Read when a task was made; 0, which is unknown, for a number that is no such moment."""
    if value in (None, "") or (isinstance(value, int | float) and not 0 <= value < 1e18):
        return 0
    at = _integer(value, "GmtCreate") // 1000
    return at if at <= LATEST else 0


def _status(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise _OddRowError("ExecutedStatus is missing or neither a number nor a text")
    return str(value).strip()[:20]


def _id(value: object, key: str) -> str:
    if not is_task_id(value):
        raise _OddRowError(f"{key} is not an id")
    return value


def _text(value: object, key: str) -> str:
    # Rows of template and broadcast pushes may have no text of their own.
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _OddRowError(f"{key} is not a text")
    return value


def _integer(value: object, key: str) -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", value, re.ASCII):
        return int(value)
    if isinstance(value, float) and 0 <= value < 1e18 and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        return value
    raise _OddRowError(f"{key} is not a whole number")


def nameless(outcome: CreateOutcome, parameters: Mapping[str, object]) -> CreateOutcome:
    """Take the targets of a call out of what the service says about it."""
    targets = answer_fields.nested(parameters.get("TargetMsgkey")) or {}
    match outcome:
        case Refused(message=text):
            return replace(outcome, message=_without(text, targets))
        case Unknown(reason=text) | NotSent(reason=text):
            return replace(outcome, reason=_without(text, targets))
        case Created():
            return outcome
        case _:
            assert_never(outcome)


def _without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "(a target)", text)
    return text


def codes_of(text: str) -> tuple[str, str]:
    """Return result code and request id of any answer; empty where there is none."""
    body = answer_fields.nested(text) or {}
    return _result_code(body), answer_fields.request_id(body)


def _seconds(value: object, key: str) -> int:
    """Read epoch milliseconds, as the service writes all times, as epoch seconds."""
    seconds = (_integer(value, key) + 500) // 1000
    if seconds > _LAST_SECOND:
        raise _OddRowError(f"{key} is not a moment")
    return seconds


def is_task_id(value: object) -> TypeGuard[str]:
    """Tell whether something can be the id of one task."""
    return isinstance(value, str) and TASK_ID.fullmatch(value) is not None


def _result_code(body: Mapping[str, Any]) -> str:
    """Return the result code; empty if there is none that can be read as one."""
    code = answer_fields.get(body, "ResultCode")
    if isinstance(code, int) and not isinstance(code, bool) and abs(code) < 10**9:
        code = str(code)
    return mask(code) if isinstance(code, str) and result_codes.is_code(code) else ""


def _succeeded(code: str) -> bool:
    return code in (result_codes.SUCCESS, result_codes.LEGACY_SUCCESS)


def _contradiction(code: str) -> str:
    return f"the answer contradicted itself (result code {code or 'missing'})"


def _refusal(
    body: Mapping[str, Any], inner: Mapping[str, Any] | None = None
) -> NotSent | Refused | Unknown:
    """Read a refusal; one that stands `inner` to an answer which says OK on the outside."""
    message = answer_fields.text(inner or body, "ResultMsg" if inner else "ResultMessage")
    said, request_id = _result_code(body), answer_fields.request_id(body)
    code = result_codes.known(said, message)
    if not code:
        return Unknown("the answer had no result code", request_id)
    if result_codes.is_trouble(code) or result_codes.is_trouble(message):
        return Unknown(f"the service failed ({said} {message})".replace(" )", ")"), request_id)
    if code == result_codes.NOT_NOW:
        return NotSent(f"the service asked for fewer calls ({code})")
    text = result_codes.explain(code, message) or "no reason given"
    return Refused(code, text, request_id, auth=result_codes.is_auth(code))


def clock_offset(headers: Mapping[str, str], *, now: float) -> float | None:
    """Return how many seconds an answer's `Date` is ahead of `now` (epoch); None if it has none."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return None
