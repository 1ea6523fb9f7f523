"""Types that several fields of a manifest share; the schema says how their texts are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import NODEFAULT, Struct, convert
from msgspec.structs import fields, force_setattr, replace

from pushctl.text.duration import seconds

Date = str
"""A day, such as `2026-12-24`."""

Time = str
"""A time of day, such as `09:45` or `09:45:11`."""

Moment = str
"""A date and time, such as `2026-12-24T20:00`, with or without an offset."""

M = TypeVar("M", bound="Model")

Scalar = str | bool | int | float
Targets = tuple[str, ...]


if TYPE_CHECKING:
    Duration = int
    Integer = int
    Word = str
else:  # what a manifest says for it; `Model` turns it into what it means
    Duration = int | float | str
    """Seconds; written `90s`, `10m`, `12h`, `3d`, or as a number of seconds."""

    Integer = int | float
    """A whole number; `3.0` is one."""

    Word = str | int | float
    """A text or a number, which mean the same: `2` and `"2"`."""

MEANINGS: Mapping[str, Callable[[Any], object]] = {
    "Duration": lambda value: int(seconds(value) if isinstance(value, str) else value),
    "Integer": int,
    "Word": str,
}


class Model(Struct, frozen=True, rename={"from_": "from", "class_": "class"}):
    """A part of the manifest, decoded from data that the schema has accepted."""

    def __post_init__(self) -> None:
        for name, meaning in _meanings(type(self)):
            if (value := getattr(self, name)) is not None:
                force_setattr(self, name, meaning(value))

    def data(self, *, defaults: bool = True) -> dict[str, Any]:
        """Return it as plain data, which may leave out what is as it is by default."""
        found = {}
        for field, name, usual in _facts(type(self)):
            value = getattr(self, field)
            if defaults or (value is not usual and value != usual):
                found[name] = _plain(value, defaults=defaults)
        return found

    def replace(self: M, **changes: Any) -> M:
        """Return it with other values of fields."""
        return replace(self, **changes)


def decode(kind: type[M], data: object) -> M:
    """Return data that the schema has accepted as a value of a type."""
    return convert(data, kind)


@cache
def _meanings(kind: type[Model]) -> tuple[tuple[str, Callable[[Any], object]], ...]:
    written = ((name, type.removesuffix(" | None")) for name, type in kind.__annotations__.items())
    return tuple((name, MEANINGS[type]) for name, type in written if type in MEANINGS)


def _plain(value: Any, *, defaults: bool) -> Any:
    if isinstance(value, Model):
        return value.data(defaults=defaults)
    if isinstance(value, tuple):
        return [_plain(item, defaults=defaults) for item in value]
    return value


@cache
def _facts(kind: type[Model]) -> tuple[tuple[str, str, Any], ...]:
    """Return the fields of a type: what they are called, here and there, and their defaults."""
    return tuple(
        (
            field.name,
            field.encode_name,
            field.default if field.default_factory is NODEFAULT else field.default_factory(),
        )
        for field in fields(kind)
    )


class AudienceFile(Model, frozen=True):
    """A file with targets, and the column to take from it."""

    file: str
    column: str | None = None


AudienceSource = str | AudienceFile
"""The name of a file with targets, alone or with its column."""
