"""Whatever a file holds: reading it ends with findings at places inside it, never otherwise."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.read import read_manifest
from pushctl.manifest.yaml import parser
from pushctl.manifest.yaml.loader import load
from tests.examples import share

TOP = Path(__file__).parents[2]
EXAMPLES = sorted((TOP / "examples").glob("*/pushctl.yaml"))
TEXTS = [path.read_text("utf-8") for path in EXAMPLES]
BITS = [
    "yes", "5", "null", "[a]", "{a: b}", "true", "${x}", "1.5", '"x"', "2026-02-30", "9:45",
    "${each.key}", "-1", "", "&a", "*a", "<<: {a: b}", "!!str", "'", '"', "[", "}", ": ", "# ",
    "\t", "- ", "? ", "| ", "---\n", "\n", "\ufeff", "\u2028", "\x85", "\ufdd0", "\x00",
    "\U0001f600",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Draw an example in which lines were dropped, repeated, moved, and words replaced."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(draw(st.integers(0, len(lines))), lines[at])
            case 2:
                words = lines[at].split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(BITS))
                lines[at] = " ".join(words)
            case 3:
                column = draw(st.integers(0, len(lines[at])))
                bit = draw(st.sampled_from(BITS) | st.text(max_size=3))
                lines[at] = lines[at][:column] + bit + lines[at][column:]
            case _:
                lines[at] = " " + lines[at]
        text = "\n".join(lines) or "\n"
    return text


def check(content: bytes, environment: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pushctl.yaml").write_bytes(content)
        reading = read_manifest(Path(folder), environment=environment)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for item in reading.diagnostics:
        assert item.code.startswith("PSH")
        assert item.summary
        assert item.detail
        if item.range is None:
            assert item.code == "PSH116", item  # an environment, of which the file says nothing
            continue
        assert item.range.filename == "pushctl.yaml"
        start, end = item.range.start, item.range.end
        assert 1 <= start.line <= len(lines), item
        assert 1 <= start.column <= len(lines[start.line - 1]) + 1, item
        assert start <= end, item
    if reading.manifest is None:
        assert any(item.severity is Severity.ERROR for item in reading.diagnostics)


@settings(max_examples=share(250), deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated(), st.sampled_from([None, "staging", "nowhere"]))
def test_mutated_examples_never_break_the_reader(text: str, environment: str | None) -> None:
    check(text.encode("utf-8", "surrogatepass"), environment)


@settings(max_examples=share(100), deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
def test_random_bytes_never_break_the_reader(content: bytes) -> None:
    check(content, None)


def wrong(findings: tuple[Diagnostic, ...]) -> bool:
    return any(item.severity is Severity.ERROR for item in findings)


@settings(max_examples=share(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_both_parsers_mean_the_same(text: str) -> None:
    # The portable parser refuses a tab behind a value that the other one takes for a blank.
    content = text.replace("\t", " ").encode("utf-8", "surrogatepass")
    quick, quick_findings = load("x", content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "CParser", None)
        slow, slow_findings = load("x", content)
    # What is refused anyway (anchors, tags) may be refused earlier by one of them.
    assert wrong(quick_findings) == wrong(slow_findings), (quick_findings, slow_findings)
    if quick is not None and slow is not None:
        assert quick.data == slow.data
        assert [item.code for item in quick_findings] == [item.code for item in slow_findings]
