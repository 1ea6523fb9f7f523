"""What holds of a page whatever opens it: nothing runs, nothing loads, everything has its place."""

from __future__ import annotations

import re
import time
from itertools import product

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.planner import make_plan
from pushctl.render.html.page import no_plan, style
from tests.acceptance.pages.plans import REVIEW, drawn, hostile, huge
from tests.acceptance.pages.structure import faults, read
from tests.builders import desired, plan_request, state
from tests.security import test_sinks
from tests.security.hostile import TEXTS


def test_the_page_of_a_review_is_sound() -> None:
    text = REVIEW.read_text("utf-8")
    assert faults(text) == []
    page = read(text)
    assert [item.text for item in page.all("h2")] == [
        "Summary", "Changes", "Calendar", "Devices", "People", "Findings", "Requests",
    ]  # fmt: skip
    assert len(text.encode()) < 1_000_000


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_text_breaks_out_of_a_page(text: str) -> None:
    assert faults(hostile(text)) == []
    everything = drawn(test_sinks.plan(text))
    assert faults(everything) == []


def test_the_check_of_a_page_finds_what_is_wrong() -> None:
    good = drawn(make_plan(plan_request(desired()), state(), None))
    assert faults(good) == []
    for wrong in (
        good.replace("<main>", "<main><script>alert(1)</script>"),
        good.replace("<main>", '<main onclick="x">'),
        good.replace("<main>", '<main style="color:red">'),
        good.replace("<main>", '<main id="summary">'),
        good.replace('href="#people"', 'href="#nobody"'),
        good.replace('href="#people"', 'href="javascript:x"'),
        good.replace('href="#people"', 'href="https://a.example"'),
        good.replace("margin: 0", "margin: 1"),
        good.replace("<style>", "<style>/**/"),
        good.replace("<h2", "<h4").replace("</h2", "</h4"),
    ):
        assert wrong != good
        assert faults(wrong) != []


def test_a_plan_with_nothing_in_it_has_a_page() -> None:
    text = drawn(make_plan(plan_request(), state(), None))
    assert faults(text) == []
    assert "No changes. 0 pushes as the manifest says." in read(text).text


def test_where_there_is_no_plan_the_page_says_why() -> None:
    found = Diagnostic(Severity.ERROR, "PSH100", "It cannot be read", "Line 3 is cut off.")
    text = no_plan([found], place="app/prod", env="prod", version="1")
    assert faults(text) == []
    assert "Line 3 is cut off." in read(text).text


@pytest.mark.parametrize(("count", "most"), [(60, 1.2), (1000, 4)])
def test_a_page_stays_small(count: int, most: float) -> None:
    begun = time.process_time()
    plan = huge(count)
    planned = time.process_time()
    text = drawn(plan)
    assert len(text.encode()) < most * 1_000_000
    # Not slower than what it draws: making the plan.
    assert time.process_time() - planned < 4 * (planned - begun) + 0.5


def test_what_is_left_out_is_said_and_nothing_leads_there() -> None:
    text = drawn(huge(210))
    assert faults(text) == []
    assert "60 messages are drawn, changed ones first; 150 more are left out." in text
    assert "and 10 more pushes that are not shown." in text


def test_a_page_of_too_many_changes_counts_them() -> None:
    pushes = [replace(desired(f"push-{number}"), enabled=False) for number in range(1010)]
    assert "and 10 more that are not listed" in drawn(
        make_plan(plan_request(*pushes), state(), None)
    )


# --- colours --------------------------------------------------------------------------------------

COLOUR = re.compile(r"--([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)")
TEXT = ("text", "soft", "accent")
ON = (
    *product(TEXT, ("page", "sheet", "shade")),
    *product(("bad", "warn", "good"), ("page", "sheet")),
    ("text", "bad-sheet"),
    ("accent", "bad-sheet"),
    ("bad", "bad-sheet"),
    ("warn", "warn-sheet"),
    ("good", "good-sheet"),
    ("ink", "glass"),
    ("dim", "glass"),
)
"""Which colour of text stands on which ground."""


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "ground"), ON)
@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(front: str, ground: str, side: int) -> None:
    colours = {name: pair for name, *pair in COLOUR.findall(style())}
    assert contrast(colours[front][side], colours[ground][side]) >= 4.5


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_numbers_can_be_read_on_the_hottest_field(side: int) -> None:
    colours = {name: pair for name, *pair in COLOUR.findall(style())}
    share = max(int(share) for share in re.findall(r"var\(--accent\) (\d+)%", style()))
    mixed = "#" + "".join(
        f"{round((int(hot, 16) * share + int(cold, 16) * (100 - share)) / 100):02x}"
        for hot, cold in (
            (colours["accent"][side][at : at + 2], colours["sheet"][side][at : at + 2])
            for at in (1, 3, 5)
        )
    )
    assert contrast(colours["text"][side], mixed) >= 4.5
