"""One page of the control API: its method and path, what it is told and what answers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from pushctl.sandbox.gateway.decoding import strict_json
from pushctl.sandbox.http.messages import Request


class ControlError(Exception):
    """A control request that is refused; `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a page; `id` is what stood for `{id}` in its path."""

    request: Request
    id: str = ""

    def text(self, name: str) -> str:
        """Returns a field of the query, empty if it is absent; the last one counts."""
        return parse_qs(self.request.query).get(name, [""])[-1]

    def number(self, name: str, default: int) -> int:
        """Returns a field of the query that is a whole number; raises ControlError."""
        text = self.text(name)
        if text and not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise ControlError(400, f"{name} must be a whole number")
        return int(text or default)

    def object(self) -> dict[str, object]:
        """Returns the body, which is empty or a JSON object; raises ControlError."""
        if not self.request.body:
            return {}
        try:
            value = strict_json(self.request.body)
        except ValueError as error:
            raise ControlError(400, "the body is not proper JSON") from error
        if not isinstance(value, dict):
            raise ControlError(400, "the body must be a JSON object")
        return value

    def body(self, kind: str) -> Any:
        """Returns the body as the type of `bodies` that has this name; raises ControlError."""
        from pushctl.sandbox.control import bodies  # noqa: PLC0415  (few sandboxes are told much)

        try:
            return bodies.read(getattr(bodies, kind), self.object())
        except ValueError as error:
            raise ControlError(400, str(error)) from error


Answer = Callable[[Any, Asked], object]
"""Takes a session, or the store, and what is asked; returns what is said, as JSON."""


@dataclass(frozen=True, slots=True)
class Route:
    """A page. `path` may hold `{id}`; `body` names a type of `bodies`; `query` are its fields.

    Without `in_session` the answer is given the store.
    """

    method: str
    path: str
    summary: str
    answer: Answer
    body: str | None = None
    query: tuple[str, ...] = ()
    in_session: bool = True

    def match(self, path: str) -> str | None:
        """Returns what stands for `{id}` (empty if there is none), None for another path."""
        if "{id}" not in self.path:
            return "" if path == self.path else None
        before, _, after = self.path.partition("{id}")
        found = re.fullmatch(f"{re.escape(before)}([^/]{{1,200}}){re.escape(after)}", path)
        return found[1] if found else None
