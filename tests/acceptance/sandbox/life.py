"""What every client of the vendor is asked to do, whatever its language."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.unit.sandbox.client import DAY_MS, NOW_MS, Client, encoded, push_params

Call = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Makes a call by a client of the vendor: operation and parameters to the answer as an object."""

TITLE = "标题 it's ~ok* (50%) +&="
SCOPE = {"AppId": "A", "WorkspaceId": "w"}
MINUTE_MS = 60_000


class Refused(Exception):
    """The code that an error of the client's own type has."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def code_of(call: Call) -> str:
    """Return the code of the error that an immediate push meets."""
    try:
        call("PushSimple", encoded(push_params()))
    except Refused as error:
        return error.code
    raise AssertionError("no error")


def schedule(call: Call) -> str:
    """Schedule a push in a minute; return its id."""
    wish = push_params(
        Title=TITLE,
        StrategyType=1,
        StrategyContent={"fixedTime": NOW_MS + MINUTE_MS},
        ThirdChannelCategory={"hms": "9"},
    )
    answer = call("PushSimple", encoded(wish))
    assert (answer["ResultCode"], answer["PushResult"]["Success"]) == ("OK", True), answer
    return str(answer["PushResult"]["Data"])


def live(call: Call, sandbox: Client) -> None:
    """Schedule, list and cancel; schedule again, let it arrive and revoke it; be refused."""
    task = schedule(call)
    loop = {
        "startTime": NOW_MS,
        "endTime": NOW_MS + 19 * DAY_MS,
        "circleType": 1,
        "time": "12:00:00",
    }
    call("PushSimple", encoded(push_params(StrategyType=2, StrategyContent=loop)))
    window = {**SCOPE, "StartTime": NOW_MS, "EndTime": NOW_MS + 30 * DAY_MS}
    listed = call("QueryPushSchedulerList", window)["ResultContent"]["Data"]  # long enough for gzip
    assert (listed["TotalCount"], len(listed["List"])) == (21, 21)
    assert [row["PushTitle"] for row in listed["List"] if row["UniqueId"] == task] == [TITLE]
    cancelled = call("CancelPushScheduler", {**SCOPE, "UniqueIds": task})
    assert json.loads(cancelled["ResultContent"]) == {task: 1}

    task = schedule(call)
    sandbox.advance(60)
    revoked = call("RevokePushMessage", {**SCOPE, "MessageId": "k1", "TargetId": "u1"})
    assert revoked["PushResult"]["Success"] is True
    (delivery,) = sandbox.deliveries()
    assert (delivery["task_id"], delivery["title"]) == (task, TITLE)
    assert delivery["payload"]["ThirdChannelCategory"] == {"hms": "9"}
    assert delivery["revoked"] is not None

    refused = call("PushSimple", encoded(push_params(TaskName=None)))
    assert refused["ResultCode"] == "3019"
    assert refused["PushResult"] == {"Success": False, "ResultMsg": refused["ResultMessage"]}
