"""How the service refuses a call: result codes, and errors of the gateway before it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

QUOTA_NAME = "SCHEDULED_TASK_TOO_MUCH"


@cache
def _result_names() -> Mapping[str, str]:
    return tomllib.loads(Path(__file__).with_name("result_codes.toml").read_text("utf-8"))


def result_name(code: str) -> str:
    """Returns the ResultMessage of a result code."""
    return _result_names().get(code, f"CODE_{code}")


class RefusedError(Exception):
    """A refusal by the service: HTTP 200 with a result code."""

    def __init__(self, code: str, detail: str, name: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.name = name or result_name(code)
        self.detail = detail


@dataclass(eq=False)
class GatewayError(Exception):
    """A refusal by the gateway: HTTP 4xx or 5xx with a Code; `extra` are more body fields."""

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)


def invalid(detail: str) -> RefusedError:
    """Returns the refusal (3028) of a parameter that has no code of its own."""
    return RefusedError("3028", detail)
