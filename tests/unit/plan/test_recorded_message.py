"""What a record tells of a message, whatever is in it."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.plan.recorded_message import Said, recorded
from pushctl.push.message import AudienceKind

MESSAGE = {"message": {"title": "Sale", "body": "Today"}}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({**MESSAGE, "to": "ios"}, Said("Sale", "Today", AudienceKind.IOS)),
        ({**MESSAGE, "to": "users"}, Said("Sale", "Today", AudienceKind.USERS)),
        (MESSAGE, Said("Sale", "Today")),
        ({**MESSAGE, "to": "fax"}, Said("Sale", "Today")),
        ({**MESSAGE, "to": {"users": ["ann"]}}, Said("Sale", "Today")),
        ({"message": {"title": 7, "body": None}}, Said("", "")),
        ({"message": "Sale"}, Said("", "")),
        ({}, Said("", "")),
    ],
)
def test_what_a_record_tells(spec: dict[str, Any], expected: Said) -> None:
    assert recorded(spec) == expected
