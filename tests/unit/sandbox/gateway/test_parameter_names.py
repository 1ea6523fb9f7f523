"""Names of parameters that are nearly right."""

from __future__ import annotations

import pytest

from pushctl.sandbox.gateway.parameter_names import misspelled
from tests.unit.sandbox.client import NOW_MS, Client


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Title", "Content"], ""),
        (["title"], "title: did you mean Title?"),
        (["Elsewhere", "Header", "Note"], ""),
        (["Tittle", "Conten"], "Tittle: did you mean Title?; Conten: did you mean Content?"),
        (["PushStyles", "expiredSeconds"], "PushStyles: did you mean PushStyle?; "
         "expiredSeconds: did you mean ExpiredSeconds?"),
        (["Title", "title"], ""),
        (["a" * 10_000, ""], ""),
    ],
)  # fmt: skip
def test_a_name_that_is_nearly_one(names: list[str], said: str) -> None:
    assert misspelled(names) == said


def test_hints_are_few() -> None:
    assert misspelled([f"Titl{letter}" for letter in "abcdfgh"]).count("did you mean") == 5


def test_a_misspelled_name_is_in_the_hint_and_the_log(client: Client) -> None:
    missing = client.push(Title=None, title="x")
    assert (missing.body["Code"], missing.hint) == ("MissingTitle", "title: did you mean Title?")
    assert "did you mean" not in str(missing.body)
    refused = client.push(TaskName=None, taskName="x")
    assert refused.hint == "TaskName is mandatory; taskName: did you mean TaskName?"
    ignored = client.push(PushStyl=1, PushStyle=None)
    assert (ignored.body["ResultCode"], ignored.hint) == ("OK", "PushStyl: did you mean PushStyle?")
    details = [entry["detail"] for entry in client.requests()]
    assert details == [missing.hint, refused.hint, ignored.hint]
    assert client.push().hint == ""


def test_seconds_for_milliseconds_are_named(client: Client) -> None:
    def hint(**content: int) -> str:
        return client.loop(**content).hint

    once = client.push(StrategyType=1, StrategyContent={"fixedTime": NOW_MS // 1000 + 60})
    said = "it looks like seconds: milliseconds are wanted"
    assert once.hint == f"fixedTime is in the past; {said}"
    assert hint(startTime=NOW_MS // 1000) == f"startTime is before today 00:00; {said}"
    assert hint(endTime=NOW_MS // 1000) == f"endTime is before startTime; {said}"
    assert "seconds" not in hint(endTime=NOW_MS - 10**9)
