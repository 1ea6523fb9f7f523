"""Whatever a manifest looks like: fmt keeps what it says and its comments, and then rests."""

from __future__ import annotations

import json
import re

from hypothesis import HealthCheck, given, settings

from pushctl.manifest.format.formatter import format_file
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.loader import load
from tests.examples import share
from tests.property.written import manifests

COMMENT = re.compile(r"# c\d+ 'it \"is: \[1")
QUIET = settings(max_examples=share(400), deadline=None, suppress_health_check=list(HealthCheck))


@QUIET
@given(manifests())
def test_values_and_comments_stay(written: tuple[str, int]) -> None:
    text, comments = written
    content = text.encode()
    before, findings = load("x", content)
    assert before is not None, (text, findings)
    first = format_file("x", content)
    if any(item.severity == "error" for item in findings):
        assert first.content is None
        return
    assert first.content is not None, text
    after, _ = load("x", first.content)
    assert after is not None
    assert json.dumps(after.data, sort_keys=True) == json.dumps(before.data, sort_keys=True)
    made = first.content.decode()
    assert sorted(COMMENT.findall(made)) == sorted(COMMENT.findall(text))
    assert len(COMMENT.findall(made)) == comments
    assert format_file("x", first.content).content == first.content


@QUIET
@given(manifests())
def test_every_value_ends_where_its_text_does(written: tuple[str, int]) -> None:
    """Cut each value out, read it alone: it must say the same."""
    document, findings = load("x", written[0].encode())
    assert document is not None
    if any(item.severity == "error" for item in findings):
        return
    stack = [(node_ranges.root(document.source), document.data)]
    while stack:
        node, value = stack.pop()
        for key, child in (node.children or {}).items():
            stack.append((child, value[key]))
            if child.children is None and not child.empty:
                rest = "\n" if child.end < len(child.source.text) else ""
                raw, pad = child.raw, " " * max(child.column, 0)
                alone, _ = load("x", f"{pad}b: {raw}{rest}".encode())
                assert alone is not None, raw
                assert alone.data == {"b": value[key]}, raw
