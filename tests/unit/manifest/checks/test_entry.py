"""What one field says about another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.manifest.project import HEAD, PUSH, project


@pytest.mark.parametrize("kind", [None, "url", "intent"])
@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "file:///etc/hosts", "vbscript:x"],
)
def test_what_no_phone_should_open(link: str, kind: str | None, tmp_path: Path) -> None:
    address: Any = link if kind is None else {kind: link}
    message = json.dumps({"title": "A", "body": "B", "open": address})
    text = f"{HEAD}pushes:\n  a:\n    schedule: {{now: true}}\n    to: {{users: [u]}}\n"
    reading = project(tmp_path, {"pushctl.yaml": f"{text}    message: {message}\n"})
    (found,) = reading.diagnostics
    assert (found.code, found.edits) == ("PSH314", ())
    assert "intent" not in str(found.fix)


@pytest.mark.parametrize(
    ("link", "fix"),
    [
        ("//shop.example/x", "write https://shop.example/x"),
        ("shop.example/x", "write https://shop.example/x"),
        ("/sale", "write the whole address, with https:// and the host"),
        ("acme://sale", "write open: {intent: acme://sale}"),
    ],
)
def test_how_to_write_a_link(link: str, fix: str, tmp_path: Path) -> None:
    push = PUSH.replace("body: ", f"open: '{link}', body: ")
    (found,) = project(tmp_path, {"pushctl.yaml": f"{HEAD}pushes:\n  a:\n{push}"}).diagnostics
    assert (found.code, found.fix) == ("PSH314", fix)


@pytest.mark.parametrize(
    "link",
    [
        "htps://shop.example/x", "https//shop.example/x", "https;//shop.example/x",
        "ttps://shop.example/x", "https：//shop.example/x", "“https://shop.example/x”",
        "<https://shop.example/x>",
    ],
)  # fmt: skip
def test_a_misspelt_web_address_is_asked_about(link: str, tmp_path: Path) -> None:
    """It looks like the scheme of an app, and a machine must not make one of it."""
    push = PUSH.replace("body: ", f"open: '{link}', body: ")
    (found,) = project(tmp_path, {"pushctl.yaml": f"{HEAD}pushes:\n  a:\n{push}"}).diagnostics
    assert (found.code, found.edits) == ("PSH314", ())
    assert found.fix == "did you mean https://shop.example/x?"


def test_a_scheme_is_read_without_what_nobody_sees(tmp_path: Path) -> None:
    for link, code in (("\\u200bhttps://shop.example", []), ("java\\u200bscript:x", ["PSH314"])):
        push = PUSH.replace("body: ", f'open: "{link}", body: ')
        reading = project(tmp_path, {"pushctl.yaml": f"{HEAD}pushes:\n  a:\n{push}"})
        assert [item.code for item in reading.diagnostics] == code
