"""Reads a seed file: who has which phones."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pushctl.sandbox.devices.hours import parse_hours
from pushctl.sandbox.devices.vendors import vendors

_MOST_BYTES = 10 * 1024 * 1024


class SeedError(ValueError):
    """A seed file that cannot be used; the message says where it is wrong."""


def _vendor(text: str) -> str:
    if text not in vendors():
        raise ValueError(f"one of {', '.join(vendors())}")
    return text


def _online(text: str) -> str:
    parse_hours(text)
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SeedPhone(_Strict):
    """A phone; `online` are the hours of each day in which it has a connection."""

    id: Text
    vendor: Annotated[str, AfterValidator(_vendor)]
    system: Text | None = None
    token: Text | None = None
    online: Annotated[str, AfterValidator(_online)] = "always"
    notifications: bool = True
    number: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,15}$")] | None = None


class Seed(_Strict):
    """Phones by user and those of nobody; ids of tasks are made of `number`.

    `apps` are written app/workspace, or app for every workspace; `sms_templates` are texts with
    ${variables}, by code.
    """

    number: int = Field(default=1, ge=0)
    apps: list[Annotated[str, StringConstraints(pattern=r"^[^/]+(/[^/]+)?$")]] = []
    users: dict[Text, list[SeedPhone]] = {}
    phones: list[SeedPhone] = []
    sms_templates: dict[Text, Text] = {}


def read_seed(path: Path) -> dict[str, Any]:
    """Returns what a seed file says, as the JSON object of a Seed; raises SeedError and OSError."""
    if path.stat().st_size > _MOST_BYTES:
        raise SeedError(f"{path} is larger than {_MOST_BYTES} bytes")
    try:
        # Every scalar stays a text, so that the user 0042 and a long number are what is written.
        seed = Seed.model_validate(YAML(typ="base", pure=True).load(path) or {})
    except YAMLError as error:
        raise SeedError(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise SeedError(f"{path}: {place}: {first['msg']}") from error
    phones = [phone for owned in (*seed.users.values(), seed.phones) for phone in owned]
    for name, values in (("id", [p.id for p in phones]), ("token", [p.token for p in phones])):
        if (twice := _repeated(values)) is not None:
            raise SeedError(f"{path}: two phones have the {name} {twice}")
    return seed.model_dump()


def _repeated(values: Iterable[str | None]) -> str | None:
    seen: set[str] = set()
    for value in values:
        if value is not None and value in seen:
            return value
        seen.add(value or "")
    return None
