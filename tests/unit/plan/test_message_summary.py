"""What a record tells of a message, whatever is in it."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.plan.message_summary import MessageSummary, recorded_summary
from pushctl.push.message import AudienceKind

MESSAGE = {"message": {"title": "Sale", "body": "Today"}}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({**MESSAGE, "to": "ios"}, MessageSummary("Sale", "Today", AudienceKind.IOS)),
        ({**MESSAGE, "to": "users"}, MessageSummary("Sale", "Today", AudienceKind.USERS)),
        (MESSAGE, MessageSummary("Sale", "Today")),
        ({**MESSAGE, "to": "fax"}, MessageSummary("Sale", "Today")),
        ({**MESSAGE, "to": {"users": ["ann"]}}, MessageSummary("Sale", "Today")),
        ({"message": {"title": 7, "body": None}}, MessageSummary("", "")),
        ({"message": "Sale"}, MessageSummary("", "")),
        ({}, MessageSummary("", "")),
    ],
)
def test_what_a_record_tells(spec: dict[str, Any], expected: MessageSummary) -> None:
    assert recorded_summary(spec) == expected
