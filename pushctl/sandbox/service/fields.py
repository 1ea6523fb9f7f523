"""Reads single parameters of a call."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from pushctl.sandbox.errors import RefusedError, invalid
from pushctl.sandbox.knobs import Knobs

Params = Mapping[str, object]
Result = dict[str, object]  # fields of a response body, without RequestId and ResultCode

DONE: Result = {"PushResult": {"Success": True, "ResultMsg": "OK", "Data": ""}}

_INTEGER = re.compile("-?[0-9]{1,18}")


def text(params: Params, name: str) -> str:
    """Returns a text, empty if it is absent or blank; raises RefusedError."""
    value = params.get(name)
    if isinstance(value, str):
        return value if value.strip() else ""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise invalid(f"{name} must be a text")


def required(params: Params, name: str, code: str = "3028") -> str:
    """Returns a text that is not empty; raises RefusedError with this code."""
    found = text(params, name)
    if not found:
        raise RefusedError(code, f"{name} is mandatory")
    return found


def integer(params: Params, name: str, default: int | None = None) -> int:
    """Returns a whole number, sent as text; raises RefusedError, also if absent with no default."""
    value = params.get(name)
    if value is None or value == "":
        if default is None:
            raise invalid(f"{name} is mandatory")
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        raise invalid(f"{name} must be a whole number")
    return int(value)


def required_integer(params: Params, name: str, code: str) -> int:
    """Returns a whole number; raises RefusedError with this code."""
    try:
        return integer(params, name)
    except RefusedError as error:
        raise RefusedError(code, error.detail) from error


def one_of(params: Params, name: str, numbers: tuple[int, ...], default: int) -> int:
    """Returns one of these numbers; raises RefusedError."""
    value = integer(params, name, default)
    if value not in numbers:
        raise invalid(f"{name} must be one of {numbers}")
    return value


def choice(params: Params, name: str, texts: Collection[str]) -> str:
    """Returns one of these texts, empty if it is absent; raises RefusedError."""
    value = text(params, name)
    if value and value not in texts:
        raise invalid(f"{name} must be one of {', '.join(texts)}")
    return value


def mapping(params: Params, name: str, code: str = "3028") -> Mapping[str, object]:
    """Returns a decoded JSON object, empty if it is absent; raises RefusedError with this code."""
    value = params.get(name)
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        raise RefusedError(code, f"{name} must be a JSON object")
    return value


def page(params: Params, number: str, size: str, default: int, knobs: Knobs) -> tuple[int, int]:
    """Returns the offset and the size of a page, by the names of its number and its size."""
    at, rows = integer(params, number, 1), integer(params, size, default)
    if at < 1 or rows < 1:
        raise invalid(f"{number} and {size} start at 1")
    rows = min(rows, knobs.number("max_page_size"))
    return min((at - 1) * rows, 2**60), rows
