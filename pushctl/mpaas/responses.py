"""What the service's answers mean: the text of a 2xx body -> an outcome, or rows of the list.

Pure, and total: no text makes a function here raise. Keys are read whatever their case, and
`PushResult` and `ResultContent` both as an object and as JSON text, because the vendor's pages and
its client libraries disagree on both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Any, TypeGuard, assert_never

from pushctl.mpaas import result_codes
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

LOOP = 2
"""The `StrategyType` whose rows are single occurrences of one task."""

_LONGEST_TEXT = 300

_LAST_MOMENT = 253_370_764_800
"""The beginning of the year 9999 (epoch seconds); later ones are no dates in every zone."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: a task, or one occurrence of a loop. Times in epoch seconds."""

    unique_id: str
    task_id: str
    at: int
    executed: bool | None
    title: str
    content: str
    delivery_type: int
    strategy_type: int
    created_at: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `total` is None if the service did not say."""

    rows: tuple[Row, ...]
    total: int | None


def created(text: str, *, scheduled: bool) -> CreateOutcome:
    """Read an answer to PushSimple; `scheduled` if its StrategyType was not 0."""
    body = _parsed(text)
    if not isinstance(body, dict):
        return Unknown("the answer was not a JSON object")
    code, request_id = _result_code(body), _request_id(body)
    inner = _nested(_get(body, "PushResult"))
    success = _flag(_get(inner, "Success")) if inner is not None else None
    task_id = _task_id(_get(inner, "Data")) if inner is not None else ""
    if not _succeeded(code):
        # A refusal that brings a success or a task id along contradicts itself.
        contradicts = success is True or bool(task_id)
        return Unknown(_contradiction(code), request_id) if contradicts else _no(body, code)
    if success is False:
        return Unknown(_contradiction(code), request_id) if task_id else _inner_no(inner, body)
    if success is None:
        return Unknown("the answer said OK but not that the push succeeded", request_id)
    if scheduled and not task_id:
        return Unknown("the answer said OK but named no task", request_id)
    return Created(task_id, request_id, _warning(code))


def accepted(text: str) -> CancelOutcome:
    """Read an answer to CancelPushScheduler or RevokePushMessage."""
    body = _parsed(text)
    if not isinstance(body, dict):
        return Unknown("the answer was not a JSON object")
    code = _result_code(body)
    if not _succeeded(code):
        return _no(body, code)
    for key in ("PushResult", "ResultContent"):
        inner = _nested(_get(body, key))
        if inner is not None and _flag(_get(inner, "Success")) is False:
            return _inner_no(inner, body)
    return Accepted(_request_id(body))


def page(text: str) -> Page | Refused | Unknown:
    """Read an answer to QueryPushSchedulerList. One row that makes no sense spoils the page.

    A row that was left out would look like a task that does not exist, and would be sent again.
    """
    body = _parsed(text)
    if not isinstance(body, dict):
        return Unknown("the answer was not a JSON object")
    code = _result_code(body)
    if not _succeeded(code):
        return _no(body, code)
    content = _nested(_get(body, "ResultContent"))
    data = _nested(_get(content, "Data")) if content is not None else None
    listed = _get(data, "List") if data is not None else None
    if data is None or not isinstance(listed, list):
        return Unknown("the answer held no list", _request_id(body))
    try:
        rows = tuple(_row(item) for item in listed)
        said = _get(data, "TotalCount")
        total = None if said is None else _integer(said, "TotalCount")
    except _OddRowError as odd:
        return Unknown(f"a row of the list made no sense: {odd}", _request_id(body))
    return Page(rows, total)


def tasks(rows: Iterable[Row]) -> tuple[ActualTask, ...]:
    """Group rows into tasks, soonest first.

    "0" is documented as not executed and "1" taken for executed. What other values mean (cancelled,
    failed?) is not known; they are not deliveries to come, nor proof of one, so they are left out.
    """
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        if row.executed is not None:
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
        deliveries=tuple(Delivery(row.at, row.executed is True) for row in rows),
    )


class _OddRowError(ValueError):
    """A row lacks a field or has a wrong type in it; says which."""


def _row(item: object) -> Row:
    if not isinstance(item, dict):
        raise _OddRowError("it is not an object")
    strategy = _integer(_get(item, "StrategyType"), "StrategyType")
    # A loop's occurrences have ids of their own; the task that can be cancelled is their parent.
    key = "ParentId" if strategy == LOOP else "UniqueId"
    stamp = _get(item, "GmtCreate")
    return Row(
        unique_id=_id(_get(item, "UniqueId"), "UniqueId"),
        task_id=_id(_get(item, key), key),
        at=_moment(_get(item, "PushTime"), "PushTime"),
        executed=_executed(_get(item, "ExecutedStatus")),
        title=_words(_get(item, "PushTitle"), "PushTitle"),
        content=_words(_get(item, "PushContent"), "PushContent"),
        delivery_type=_integer(_get(item, "DeliveryType"), "DeliveryType"),
        strategy_type=strategy,
        created_at=0 if stamp in (None, "") else _moment(stamp, "GmtCreate"),
    )


def _executed(value: object) -> bool | None:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise _OddRowError("ExecutedStatus is missing or neither a number nor a text")
    return {"0": False, "1": True}.get(str(value).strip())


def _id(value: object, key: str) -> str:
    if not is_task_id(value):
        raise _OddRowError(f"{key} is not an id")
    return value


def _words(value: object, key: str) -> str:
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
    targets = _nested(parameters.get("TargetMsgkey")) or {}
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
    body = _parsed(text)
    return (_result_code(body), _request_id(body)) if isinstance(body, dict) else ("", "")


def _moment(value: object, key: str) -> int:
    """Read milliseconds as seconds."""
    seconds = _integer(value, key) // 1000
    if seconds > _LAST_MOMENT:
        raise _OddRowError(f"{key} is not a moment")
    return seconds


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _get(fields: Mapping[str, Any], key: str) -> Any:
    """Return a field whatever the case of its name; None if it is there in two odd spellings."""
    if key in fields:
        return fields[key]
    found = [value for name, value in fields.items() if name.lower() == key.lower()]
    return found[0] if len(found) == 1 else None


def _nested(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str):
        value = _parsed(value)
    return value if isinstance(value, dict) else None


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return None


def is_task_id(value: object) -> TypeGuard[str]:
    """Tell whether something can be the id of one task."""
    return isinstance(value, str) and TASK_ID.fullmatch(value) is not None


def _task_id(value: object) -> str:
    return value if is_task_id(value) else ""


def _result_code(body: Mapping[str, Any]) -> str:
    """Return the result code; empty if there is none that can be read as one."""
    code = _get(body, "ResultCode")
    if isinstance(code, int) and not isinstance(code, bool) and abs(code) < 10**9:
        code = str(code)
    return code if isinstance(code, str) and result_codes.is_code(code) else ""


def _succeeded(code: str) -> bool:
    return code in (result_codes.SUCCESS, result_codes.LEGACY_SUCCESS)


def _warning(code: str) -> str | None:
    if code == result_codes.SUCCESS:
        return None
    return (
        f"the service reported success with the old code {code} instead of {result_codes.SUCCESS}"
    )


def _contradiction(code: str) -> str:
    return f"the answer contradicted itself (result code {code or 'missing'})"


def _no(body: Mapping[str, Any], code: str) -> Refused | Unknown:
    said, request_id = _said(body, "ResultMessage"), _request_id(body)
    if not code:
        return Unknown("the answer had no result code", request_id)
    if result_codes.is_trouble(code) or result_codes.is_trouble(said):
        return Unknown(f"the service failed ({code} {said})".replace(" )", ")"), request_id)
    return Refused(
        code, result_codes.explain(code, said), request_id, auth=result_codes.is_auth(code)
    )


def _inner_no(inner: Mapping[str, Any] | None, body: Mapping[str, Any]) -> Refused | Unknown:
    """Read a refusal that stands inside an answer which says OK on the outside."""
    said, request_id = _said(inner or {}, "ResultMsg"), _request_id(body)
    if result_codes.is_trouble(said):
        return Unknown(f"the service failed ({said})", request_id)
    known = said in result_codes.SENTENCES
    code = said if known else _result_code(body)
    return Refused(code, result_codes.explain(code, said) or "no reason given", request_id)


def _said(fields: Mapping[str, Any], key: str) -> str:
    value = _get(fields, key)
    return " ".join(value[:4096].split())[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _request_id(body: Mapping[str, Any]) -> str:
    value = _get(body, "RequestId")
    return value[:128] if isinstance(value, str) else ""


def clock_offset(headers: Mapping[str, str], *, now: float) -> float | None:
    """Return how many seconds an answer's `Date` is ahead of `now`; None if it has none."""
    date = next((value for name, value in headers.items() if name.lower() == "date"), None)
    try:
        return None if date is None else parsedate_to_datetime(date).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return None
