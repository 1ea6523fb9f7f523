"""Reads the whole list, page by page and again if need be, or fails: never a part of it.

A row that goes missing here looks like a task that does not exist, and would be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pushctl.credentials import missing_credentials
from pushctl.errors import AuthError, PushctlError, ServiceError
from pushctl.mpaas.failures import NO_CREDENTIALS, Failure
from pushctl.mpaas.interface import NotSent, Refused, Unknown
from pushctl.mpaas.responses import Page, Row
from pushctl.mpaas.retry import LIST_ATTEMPTS, READ_RETRIES

MOST_PAGES = 1000
MOST_ROWS = 250_000

Ask = Callable[[int], Page | Failure]
"""Asks for one page by its number, from 1."""

Sleep = Callable[[float], None]


def read_all(ask: Ask, *, sleep: Sleep, host: str) -> tuple[Row, ...]:
    """Return every row. Raises `AuthError`, `ServiceError`, or `ConfigError` without a key.

    Pages shift while others create and cancel, so a listing that does not add up is begun again.
    """
    for _ in range(LIST_ATTEMPTS):
        rows = _once(ask, sleep, host)
        if rows is not None:
            return rows
    raise ServiceError(
        "The list of scheduled pushes is incomplete",
        f"the service gave fewer rows than it counted, {LIST_ATTEMPTS} times in a row",
        fix="Run again when nobody else is changing pushes of this app.",
    )


def _once(ask: Ask, sleep: Sleep, host: str) -> tuple[Row, ...] | None:
    """Read pages until one is empty or brings nothing new; None if they do not add up.

    That a page is not full, or that the count is reached, proves nothing: nobody knows how many
    rows the service gives at most, and what it counts.
    """
    rows: dict[tuple[str, int], Row] = {}
    pages: list[Page] = []
    for number in range(1, MOST_PAGES + 1):
        page = _page(ask, number, sleep, host)
        found = {(row.unique_id, row.at): row for row in page.rows}
        new = found.keys() - rows.keys()
        if not new:
            return tuple(rows.values()) if _complete(pages, len(rows), page) else None
        if len(new) < len(found):
            return None  # the pages have shifted, and a row may be on neither of two
        rows.update(found)
        if len(rows) > MOST_ROWS:
            break
        pages.append(page)
    raise ServiceError(
        "The list of scheduled pushes does not end",
        f"gave up after {number} pages with {len(rows)} rows",
    )


def _complete(pages: Sequence[Page], rows: int, last: Page) -> bool:
    """Tell whether pages hold as many rows as the service counted, whatever it counts.

    `last` is the page after them, without anything new. A count of each page's own rows says
    nothing; one that changes says that the pages shifted.
    """
    totals = {page.total for page in pages} or {last.total}
    if totals == {None}:
        return not last.rows  # a page that repeats proves nothing without a count
    if pages and all(page.total == len(page.rows) for page in pages):
        return True
    (total, *others) = totals
    return not others and total is not None and rows >= total


def _page(ask: Ask, number: int, sleep: Sleep, host: str) -> Page:
    """Read one page, again and again if need be: reading is harmless."""
    reason, fix = "", None
    for attempt in range(1, READ_RETRIES.attempts + 1):
        answer = ask(number)
        match answer:
            case Page():
                return answer
            case Refused():
                raise _refusal(answer)
            case NotSent() | Unknown():
                reason, fix = answer.reason, answer.fix
                hint = answer.retry_after if isinstance(answer, NotSent) else None
                if attempt < READ_RETRIES.attempts:
                    sleep(READ_RETRIES.pause(attempt, hint))
    raise ServiceError(
        "The service could not be read",
        f"{reason} (asked {host} {READ_RETRIES.attempts} times)",
        fix=f"{fix}, then run it again" if fix else "run it again later",
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
