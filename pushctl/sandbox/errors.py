"""How the service refuses a call: result codes, and errors of the gateway before it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

QUOTA_NAME = "SCHEDULED_TASK_TOO_MUCH"


@cache
def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


def nearest(word: str, words: Iterable[str]) -> str:
    """Returns the known word that is most like another as a question, empty if none is alike."""
    import difflib  # noqa: PLC0415  (only where a word is wrong)

    found = difflib.get_close_matches(word[:100], words, n=1)
    return f" (did you mean {found[0]}?)" if found else ""


def result_name(code: str) -> str:
    """Returns the ResultMessage of a result code."""
    return str(_table("result_codes.toml").get(code, f"CODE_{code}"))


class RefusedError(Exception):
    """A refusal by the service: HTTP 200 with a result code.

    `name` is what the service says of it, `detail` what the sandbox has to say besides.
    """

    def __init__(self, code: str, detail: str, name: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.name = name or result_name(code)
        self.detail = self.hint = detail


@dataclass(eq=False)
class GatewayError(Exception):
    """A refusal by the gateway: HTTP 4xx or 5xx with a Code; `extra` are more body fields.

    `hint` is what the sandbox has to say besides.
    """

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    hint: str = ""


def gateway_error(
    code: str,
    hint: str = "",
    *,
    message: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> GatewayError:
    """Returns the error of a code with its status and, unless another is given, its message."""
    status, usual = _table("gateway_errors.toml").get(code, (400, f"The call was refused: {code}."))
    return GatewayError(status, code, message or usual, headers, hint=hint)


def invalid(detail: str) -> RefusedError:
    """Returns the refusal (3028) of a parameter that has no code of its own."""
    return RefusedError("3028", detail)
