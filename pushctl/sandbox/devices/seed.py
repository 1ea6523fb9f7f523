"""Reads a seed file: who has which phones."""

from __future__ import annotations

from collections import Counter
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


_Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Phone(BaseModel, extra="forbid"):
    id: _Text
    vendor: Annotated[str, AfterValidator(_vendor)]
    system: _Text | None = None
    token: _Text | None = None
    online: Annotated[str, AfterValidator(_online)] = "always"
    notifications: bool = True
    number: Annotated[str, Field(pattern=r"^\+?[0-9]{3,15}$")] | None = None


class _Seed(BaseModel, extra="forbid"):
    number: int = Field(default=1, ge=0)
    apps: list[Annotated[str, Field(pattern="^[^/]+(/[^/]+)?$")]] = []
    users: dict[_Text, list[_Phone]] = {}
    phones: list[_Phone] = []
    sms_templates: dict[_Text, _Text] = {}

    @model_validator(mode="after")
    def _unique(self) -> _Seed:
        phones = [phone for owned in (*self.users.values(), self.phones) for phone in owned]
        for name in ("id", "token"):
            values = Counter(getattr(phone, name) for phone in phones)
            for value, times in values.items():
                if value is not None and times > 1:
                    same = ", ".join(phone.id for phone in phones if getattr(phone, name) == value)
                    raise ValueError(f"{times} phones have the {name} {value}: {same}")
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
        said = str(error)
        if isinstance(error, MarkedYAMLError) and error.problem_mark:
            said = f"line {error.problem_mark.line + 1}: {error.problem}"
        raise SeedError(f"{path}: {said}") from error
    except ValidationError as error:
        raise SeedError(f"{path}: {explained(error.errors()[0])}") from error
    return seed.model_dump()
