"""Reads a seed file: who has which phones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pushctl.sandbox.devices import hours
from pushctl.sandbox.devices.vendors import vendors
from pushctl.sandbox.wrong_fields import explained


class SeedError(ValueError):
    """A seed file that cannot be used; the message says where it is wrong."""


def _vendor(text: str) -> str:
    if text not in vendors():
        raise ValueError(f"write one of {', '.join(vendors())}")
    return text


def _online(text: str) -> str:
    hours.parse(text)
    return text


def _number(text: str) -> str:
    if not re.fullmatch(r"\+?[0-9]{3,15}", text):
        raise ValueError("write digits such as +8613800000042")
    return text


_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Phone(BaseModel, extra="forbid"):
    id: _Text
    vendor: Annotated[str, AfterValidator(_vendor)]
    system: _Text | None = None
    token: _Text | None = None
    online: Annotated[str, AfterValidator(_online)] = "always"
    notifications: bool = True
    number: Annotated[str, AfterValidator(_number)] | None = None


class _Seed(BaseModel, extra="forbid"):
    number: int = Field(default=1, ge=0)
    apps: list[Annotated[str, Field(pattern="^[^/]+(/[^/]+)?$")]] = []
    users: dict[_Text, list[_Phone]] = {}
    phones: list[_Phone] = []
    sms_templates: dict[_Text, _Text] = {}

    @model_validator(mode="after")
    def _unique(self) -> _Seed:
        owners = {f"users.{user}": phones for user, phones in self.users.items()}
        placed = {
            f"{owner}.{number}": phone
            for owner, phones in {**owners, "phones": self.phones}.items()
            for number, phone in enumerate(phones)
        }
        for name in ("id", "token"):
            for value in filter(None, (getattr(phone, name) for phone in placed.values())):
                same = [at for at, phone in placed.items() if getattr(phone, name) == value]
                if len(same) > 1:
                    raise ValueError(
                        f"{len(same)} phones have the {name} {value}: {', '.join(same)}"
                    )
        return self


def read_seed(path: Path) -> dict[str, Any]:
    """Returns what a seed file says; raises SeedError and OSError.

    {"number": ids are made of it, "apps": [app/workspace, or app], "users": {user: phones},
    "phones": those of nobody, "sms_templates": {code: text with ${variables}}}
    """
    try:
        # Every scalar stays a text, so that the user 0042 and a long number are what is written.
        seed = _Seed.model_validate(YAML(typ="base", pure=True).load(path) or {})
    except YAMLError as error:
        marked = isinstance(error, MarkedYAMLError) and error.problem_mark
        said = f"line {marked.line + 1}: {error.problem}" if marked else str(error)
        raise SeedError(f"{path}: {said}") from error
    except ValidationError as error:
        raise SeedError(f"{path}: {explained(error)}") from error
    return seed.model_dump()
