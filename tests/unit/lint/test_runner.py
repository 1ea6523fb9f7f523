"""What holds for the findings of all checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.lint.found import ENTRY, linted

SMS = {"mode": "fallback", "sign": "Acme", "template": "SMS_1", "params": {"code": 1234}}


CONCURRENT = {"sms": {**SMS, "mode": "concurrent"}}


APP = {"id": "ONEX0000000000000", "workspace": "prod"}


def test_nobody_is_named_where_targets_are_hashed(tmp_path: Path) -> None:
    entry: dict[str, Any] = {
        **ENTRY,
        **CONCURRENT,
        "to": {"users": ["alice-8841", "bob-8842"]},
        "schedule": {"every": "day", "at": ["10:00", "18:00"]},
        "labels": {"class": "marketing"},
    }
    policy = {"sms": {"max_people": 1}}
    app = {**APP, "targets": "hashed"}
    found = linted(
        tmp_path,
        {"a": entry, "b": entry},
        app=app,
        policy=policy,
        label=lambda name: f"#{len(name)}",
    )
    assert {"PSH325", "PSH702"} <= {item.code for item in found}
    assert "alice" not in repr(found)
    assert "bob" not in repr(found)
    assert {item.snippet for item in found} == {""}
