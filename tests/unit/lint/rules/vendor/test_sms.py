"""Where text messages exist, and what they cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Severity
from tests.unit.lint.found import of_entry

SMS = {"mode": "fallback", "sign": "Acme", "template": "SMS_1", "params": {"code": 1234}}


CONCURRENT = {"sms": {**SMS, "mode": "concurrent"}}


APP = {"id": "ONEX0000000000000", "workspace": "prod"}


@pytest.mark.parametrize(
    ("region", "codes"),
    [("cn-hangzhou", set()), ("cn-hangzhou-finance", {"PSH701"}), ("cn-shanghai", {"PSH701"})],
)
def test_where_there_are_text_messages(region: str, codes: set[str], tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, {"sms": SMS}, app={**APP, "region": region})) == codes


def test_what_text_messages_cost(tmp_path: Path) -> None:
    people = {"to": {"users": [f"user{number}" for number in range(40)]}}
    priced = {"sms": {"price": 0.05, "budget": 1.99}}
    found = of_entry(tmp_path, {**CONCURRENT, **people}, policy=priced)["PSH702"]
    assert found.severity is Severity.ERROR
    assert "at least 2.00 CNY (40 people, 1 part each); the budget is 1.99" in found.detail
    enough = {"sms": {"price": 0.05, "budget": 2}}
    assert of_entry(tmp_path, {**CONCURRENT, **people}, policy=enough) == {}
    assert of_entry(tmp_path, {"sms": SMS, **people}, policy=priced) == {}
    few = {"sms": {"max_people": 39}}
    many = of_entry(tmp_path, {**CONCURRENT, **people}, policy=few)["PSH702"]
    assert many.severity is Severity.WARNING
    # Nobody knows what it costs without a price, so a budget alone says nothing.
    assert of_entry(tmp_path, {**CONCURRENT, **people}, policy={"sms": {"budget": 0}}) == {}


@pytest.mark.parametrize(("length", "parts"), [(64, None), (65, 2), (128, 2), (129, 3)])
def test_parts(length: int, parts: int | None, tmp_path: Path) -> None:
    """The signature and its brackets take six of the seventy."""
    found = of_entry(tmp_path, {"sms": {**SMS, "params": {"shop": "x" * length}}})
    assert set(found) == (set() if parts is None else {"PSH703"})
    if parts is not None:
        assert f"in {parts} parts" in found["PSH703"].detail
