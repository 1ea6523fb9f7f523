from __future__ import annotations

import pytest

from pushctl.mpaas.call_log import call
from pushctl.mpaas.failures import Failure
from pushctl.mpaas.interface import NotSent, Refused, Unknown


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            '{"ResultCode": "OK", "RequestId": "R", "PushResult": "zhang-wei"}',
            "PushSimple at h:1: answered OK, 65 characters, request R, 1500 ms",
        ),
        ("<html>", "PushSimple at h:1: answered without a result code, 6 characters, 1500 ms"),
        (
            Refused("3012", "no user zhang-wei", "R"),
            "PushSimple at h:1: refused 3012, request R, 1500 ms",
        ),
        (NotSent("no connection"), "PushSimple at h:1: not sent: no connection, 1500 ms"),
        (Unknown("silence", "R"), "PushSimple at h:1: unknown: silence, request R, 1500 ms"),
    ],
)
def test_call_sums_up_without_what_the_service_says_in_words(
    answer: str | Failure, line: str
) -> None:
    assert str(call("PushSimple", "h:1", answer, seconds=1.5)) == line


@pytest.mark.parametrize(
    ("action", "answer", "effective"),
    [
        ("PushSimple", '{"ResultCode": "OK"}', True),
        ("CancelPushScheduler", Unknown("silence"), True),
        ("RevokePushMessage", "{}", True),
        ("PushSimple", Refused("3012", "no", ""), False),
        ("PushSimple", NotSent("no connection"), False),
        ("QueryPushSchedulerList", '{"ResultCode": "OK"}', False),
        ("AnActionToCome", Unknown("silence"), True),
    ],
)
def test_what_may_have_changed_something(
    action: str, answer: str | Failure, effective: bool
) -> None:
    assert call(action, "h", answer, seconds=0).effective == effective
