"""Reads the whole list, page by page and again if need be, or fails: never a part of it.

A row that goes missing here looks like a task that does not exist, and would be sent again.
"""

from __future__ import annotations

from collections.abc import Callable

from pushctl.errors import AuthError, PushctlError, ServiceError
from pushctl.mpaas.credentials import missing_credentials
from pushctl.mpaas.failures import NO_CREDENTIALS, Failure
from pushctl.mpaas.interface import NotSent, Refused, Unknown
from pushctl.mpaas.responses import Page, Row
from pushctl.mpaas.retry import LIST_ATTEMPTS, READ_RETRIES

MOST_PAGES = 1000
MOST_ROWS = 250_000

Ask = Callable[[int], Page | Failure]
"""Asks for one page by its number, from 1."""

Sleep = Callable[[float], None]


def read_all(ask: Ask, *, page_size: int, sleep: Sleep) -> tuple[Row, ...]:
    """Return every row. Raises `AuthError`, `ServiceError`, or `ConfigError` without a key.

    Pages shift while others create and cancel, so a listing that does not add up is begun again.
    """
    for _ in range(LIST_ATTEMPTS):
        rows = _once(ask, page_size=page_size, sleep=sleep)
        if rows is not None:
            return rows
    raise ServiceError(
        "The list of scheduled pushes is incomplete",
        f"the service gave fewer rows than it counted, {LIST_ATTEMPTS} times in a row",
        fix="Run again when nobody else is changing pushes of this app.",
    )


def _once(ask: Ask, *, page_size: int, sleep: Sleep) -> tuple[Row, ...] | None:
    """Read all pages; None if they do not add up.

    A full page is followed by another question even if the count says that it was the last:
    nobody knows whether the count is one of rows or one of tasks. A page that comes a second time
    is what some services give for a number beyond the end.
    """
    rows: dict[tuple[str, int], Row] = {}
    last: Page | None = None
    for number in range(1, MOST_PAGES + 1):
        page = _page(ask, number, sleep)
        repeated = last is not None and page.rows == last.rows
        rows.update({(row.unique_id, row.at): row for row in page.rows})
        if len(rows) > MOST_ROWS:
            break
        enough = page.total is not None and len(rows) >= page.total
        ended = not page.rows or repeated
        if enough and (ended or len(page.rows) < page_size):
            return tuple(rows.values())
        if ended:
            # Without a count, only an empty page proves that this was all.
            return tuple(rows.values()) if page.total is None and not repeated else None
        last = page
    raise ServiceError(
        "The list of scheduled pushes does not end",
        f"gave up after {number} pages with {len(rows)} rows",
    )


def _page(ask: Ask, number: int, sleep: Sleep) -> Page:
    """Read one page, again and again if need be: reading is harmless."""
    reason = ""
    for attempt in range(1, READ_RETRIES.attempts + 1):
        answer = ask(number)
        match answer:
            case Page():
                return answer
            case Refused():
                raise _refusal(answer)
            case NotSent() | Unknown():
                reason = answer.reason
                hint = answer.retry_after if isinstance(answer, NotSent) else None
                if attempt < READ_RETRIES.attempts:
                    sleep(READ_RETRIES.pause(attempt, hint))
    raise ServiceError(
        "The service could not be read",
        f"{reason} (asked {READ_RETRIES.attempts} times)",
        fix="check app.endpoint (or PUSHCTL_ENDPOINT) and the network, then run it again",
    )


def _refusal(refused: Refused) -> PushctlError:
    if refused.code == NO_CREDENTIALS:
        return missing_credentials()
    detail = f"{refused.code}: {refused.message}"
    if refused.request_id:
        detail += f" (request {refused.request_id})"
    if refused.auth:
        return AuthError("The service does not accept these credentials", detail)
    return ServiceError("The service refused to list the scheduled pushes", detail)
