"""Expressions that wait for their first use."""

from __future__ import annotations

import re

import pytest

from pushctl.text.regex import regex


def test_an_expression_is_compiled_once_and_only_when_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[object] = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda *args: (compiled.append(args), real(*args))[1])
    expression = regex("a(b+)", re.IGNORECASE)
    assert compiled == []
    assert expression.fullmatch("ABB") is not None
    assert expression.sub(r"\1", "xabx") == "xbx"
    assert expression.search("xa") is None
    assert compiled == [("a(b+)", re.IGNORECASE)]


def test_an_expression_is_what_compile_returns() -> None:
    expression, compiled = regex(rb"(?P<x>\d)"), re.compile(rb"(?P<x>\d)")
    assert (expression.pattern, expression.flags) == (compiled.pattern, compiled.flags)
    assert expression.groupindex == compiled.groupindex
    assert expression.findall(b"1a2") == [b"1", b"2"]


def test_what_an_expression_cannot_do_is_an_error() -> None:
    with pytest.raises(AttributeError):
        regex("a").nothing  # type: ignore[attr-defined]  # noqa: B018
