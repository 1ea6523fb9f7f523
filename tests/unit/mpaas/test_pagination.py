from __future__ import annotations

from collections.abc import Callable

import pytest

from pushctl.errors import AuthError, ConfigError, ServiceError
from pushctl.mpaas.failures import NO_CREDENTIALS, Failure
from pushctl.mpaas.interface import NotSent, Refused, Unknown
from pushctl.mpaas.pagination import MOST_PAGES, read_all
from pushctl.mpaas.responses import Page, Row
from pushctl.mpaas.retry import LIST_ATTEMPTS, READ_RETRIES


def rows(first: int, last: int) -> tuple[Row, ...]:
    return tuple(Row(f"u{n}", f"u{n}", n, "0", "T", "C", 3, 1, 0) for n in range(first, last))


class Pages:
    """Gives out pages, remembers what was asked and how long was waited."""

    def __init__(self, answer: Callable[[int], Page | Failure]) -> None:
        self.answer = answer
        self.asked: list[int] = []
        self.waits: list[float] = []

    def __call__(self, number: int) -> Page | Failure:
        self.asked.append(number)
        return self.answer(number)

    def read(self) -> tuple[Row, ...]:
        return read_all(self, sleep=self.waits.append, host="push.example")


def sliced(total: int | None, count: int, size: int = 10) -> Callable[[int], Page]:
    return lambda number: Page(rows((number - 1) * size, min(count, number * size)), total)


@pytest.mark.parametrize(
    ("total", "count", "size", "asked"),
    [
        (0, 0, 10, 1),
        (3, 3, 10, 2),
        (10, 10, 10, 2),
        (25, 25, 10, 4),
        (25, 25, 4, 8),  # the service gives less per page than it was asked for
        (2, 25, 10, 4),  # it counts something else than rows
        (None, 25, 10, 4),
    ],
)
def test_read_all_reads_to_the_end(total: int | None, count: int, size: int, asked: int) -> None:
    pages = Pages(sliced(total, count, size))
    assert pages.read() == rows(0, count)
    assert len(pages.asked) == asked


def test_read_all_takes_a_last_page_that_is_given_again() -> None:
    assert Pages(lambda number: Page(rows(0, 10), 10)).read() == rows(0, 10)


def test_read_all_reads_on_where_only_the_rows_of_a_page_are_counted() -> None:
    pages = Pages(lambda number: Page(found := sliced(0, 25)(number).rows, len(found)))
    assert pages.read() == rows(0, 25)


def test_read_all_begins_again_when_a_count_changes_or_a_row_comes_twice() -> None:
    changed = Pages(lambda number: Page(sliced(0, 25)(number).rows, 25 - number))
    moved = Pages(lambda number: Page(rows(9 * (number - 1), 9 * number + 1), 100))
    for pages in (changed, moved):
        with pytest.raises(ServiceError, match="incomplete"):
            pages.read()


@pytest.mark.parametrize(
    "answer",
    [
        lambda number: Page(rows(0, 10), 30),
        lambda number: Page((), 30),
        lambda number: Page(rows(0, 10), None),
        lambda number: Page(rows(0, 4) if number == 1 else (), 5),
    ],
)
def test_read_all_refuses_a_part_for_the_whole(answer: Callable[[int], Page]) -> None:
    pages = Pages(answer)
    with pytest.raises(ServiceError, match="incomplete"):
        pages.read()
    assert pages.asked.count(1) == LIST_ATTEMPTS


def test_read_all_begins_again_when_rows_shifted() -> None:
    def answer(number: int) -> Page:
        shifted = len(pages.asked) < 3
        return Page(rows(0, 10), 20) if shifted else Page(rows(0, 5 * (number == 1)), 5)

    pages = Pages(answer)
    assert pages.read() == rows(0, 5)


def test_read_all_ends_even_if_the_list_does_not() -> None:
    pages = Pages(lambda number: Page(rows(number, number + 1), 10**9))
    with pytest.raises(ServiceError, match="does not end"):
        pages.read()
    assert len(pages.asked) == MOST_PAGES


@pytest.mark.parametrize("failure", [Unknown("no answer"), NotSent("refused")])
def test_read_all_asks_again_and_then_gives_up(failure: Failure) -> None:
    pages = Pages(lambda number: failure)
    with pytest.raises(ServiceError, match="could not be read"):
        pages.read()
    assert len(pages.asked) == READ_RETRIES.attempts
    assert len(pages.waits) == READ_RETRIES.attempts - 1
    assert all(at <= wait <= 1.25 * at for wait, at in zip(pages.waits, (0.5, 1, 2), strict=True))


def test_read_all_goes_on_after_a_failure() -> None:
    pages = Pages(
        lambda number: Page(rows(0, number == 1), 1) if len(pages.asked) > 3 else Unknown("x")
    )
    assert pages.read() == rows(0, 1)


def test_read_all_waits_as_long_as_the_service_asks_but_not_for_ever() -> None:
    pages = Pages(lambda number: NotSent("x", 5.0 if len(pages.asked) == 1 else 9e9))
    with pytest.raises(ServiceError):
        pages.read()
    assert 5.0 <= pages.waits[0] <= 6.25
    longest = READ_RETRIES.longest_pause
    assert all(longest <= wait <= 1.25 * longest for wait in pages.waits[1:])


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (Refused("NoPermission", "no", "R", auth=True), AuthError),
        (Refused("3007", "no such app", "R"), ServiceError),
        (Refused(NO_CREDENTIALS, "none", "", auth=True), ConfigError),
    ],
)
def test_read_all_does_not_repeat_what_was_refused(
    refused: Refused, error: type[Exception]
) -> None:
    pages = Pages(lambda number: refused)
    with pytest.raises(error) as caught:
        pages.read()
    assert type(caught.value) is error
    assert pages.asked == [1]
