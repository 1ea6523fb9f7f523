"""How one call ended: what the service's support asks for, and nothing that was sent.

No parameter, no header, and of an answer only its codes.
"""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct

from pushctl.mpaas import responses
from pushctl.mpaas.failures import Failure
from pushctl.mpaas.interface import NotSent, Refused, Unknown

READS = frozenset({"QueryPushSchedulerList"})


class Call(Struct, frozen=True):
    """One call and how it ended. `host` has the port; `request_id` is empty if there was none.

    `effective` tells that it may have changed something at the service.
    """

    action: str
    host: str
    outcome: str
    request_id: str
    milliseconds: int
    effective: bool = False

    def __str__(self) -> str:
        request = f", request {self.request_id}" if self.request_id else ""
        return f"{self.action} at {self.host}: {self.outcome}{request}, {self.milliseconds} ms"


def call(action: str, host: str, answer: str | Failure, *, seconds: float) -> Call:
    """Sum up one call; a text is the body of a 2xx answer.

    What the service says in words is left out: it may quote targets.
    """
    request_id = ""
    match answer:
        case str():
            code, request_id = responses.codes_of(answer)
            outcome = f"answered {code or 'without a result code'}, {len(answer)} characters"
        case Refused(code, _, request_id):
            outcome = f"refused {code}"
        case NotSent(reason):
            outcome = f"not sent: {reason}"
        case Unknown(reason, request_id):
            outcome = f"unknown: {reason}"
        case _:
            assert_never(answer)
    effective = action not in READS and not isinstance(answer, NotSent | Refused)
    return Call(action, host, outcome, request_id, round(seconds * 1000), effective)
