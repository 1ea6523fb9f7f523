"""What requests to the control API may say, as types; loaded with the first that says something."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Body(BaseModel):
    """A JSON object with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ClockChange(Body):
    """Where the clock goes: to a time (ISO 8601), ahead (seconds), to what waits next; how fast."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    set: str | None = None
    advance: float | None = Field(default=None, ge=0, le=1e15)
    speed: float | None = Field(default=None, ge=0, le=1e15)
    freeze: bool | None = None
    next: bool | None = None


class ConsolePush(Body):
    """A push for users, at once or `at` a time (ISO 8601); `app` as APP/WORKSPACE if several."""

    title: str
    content: str
    targets: list[str] = Field(min_length=1)
    at: str | None = None
    app: str | None = Field(default=None, pattern="^[^/]+/[^/]+$")
    name: str = "console"


_App = Annotated[str, Field(pattern="^[^/]+(/[^/]*)?$", max_length=200)]


class Reset(Body):
    """Whether the clock and the knobs are to be as new, too."""

    all: bool = False


class Apps(Body):
    """The apps that there are, as app/workspace or app; none: any app is accepted."""

    apps: list[_App] = Field(max_length=1000)


class Fault(Body):
    """A fault to add; `pushctl.sandbox.faults.FaultRule` says what the fields mean."""

    op: str = Field(default="*", max_length=1000)
    kind: str = Field(max_length=1000)
    times: int | None = Field(default=None, ge=0, le=10**9)
    after: int = Field(default=0, ge=0, le=10**9)
    match: str | None = Field(default=None, max_length=1000)
    seconds: float | None = Field(default=None, ge=0, le=86_400)
    effect: str | None = None


def read(kind: type[Body], data: object) -> Body:
    """Returns a body as a type; raises ValueError with what is wrong, in one line."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(": ".join([*map(str, first["loc"]), first["msg"]])) from error
