"""A sandbox to measure: `python -m tests.bench.sandbox_server constant|real WAITING`.

It prints its address when it is ready and ends with its input. `constant` is the same server with
one answer to everything.
"""

from __future__ import annotations

import sys

from pushctl.sandbox.gateway.api import Api
from pushctl.sandbox.http.messages import Request, Response, json_response
from pushctl.sandbox.http.server import Server
from pushctl.sandbox.knobs import accept_knobs
from pushctl.sandbox.storage.database import Database
from pushctl.sandbox.storage.store import Store
from pushctl.sandbox.storage.task import Task

ANSWER = json_response(
    200,
    {
        "RequestId": "0123456789ABCDEF0123456789ABCDEF0123",
        "ResultCode": "OK",
        "ResultMessage": "OK",
        "PushResult": {"Success": True, "ResultMsg": "OK", "Data": "0" * 32},
    },
)
FAR = 4_000_000_000_000
"""When what waits would be sent, in epoch milliseconds: never here."""


def constant(_request: Request) -> Response:
    """Say the same to everybody."""
    return ANSWER


def waiting(number: int) -> Task:
    """Return a task that waits."""
    return Task(
        *(
            "A",
            "w",
            f"task {number}",
            "Title",
            "Content",
            3,
            1,
            {f"user-{number}": f"key-{number}"},
        ),
        *({"AppId": "A", "WorkspaceId": "w", "Title": "Title", "Content": "Content"}, (FAR,)),
    )


def real(count: int) -> Api:
    """Return the API of a sandbox in which so many tasks wait."""
    store = Store(Database(None), None, accept_knobs({"quota.limit": 1_000_000}))
    with store.session() as session:
        for number in range(count):
            session.add_task(waiting(number), 0)
    return Api(store, {"sandbox": "sandbox"}, "127.0.0.1", lambda _seconds: None)


def main() -> None:
    """Serve until the input ends."""
    kind, count = sys.argv[1], int(sys.argv[2])
    server = Server(0)
    server.serve(constant if kind == "constant" else real(count))
    print(server.port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
