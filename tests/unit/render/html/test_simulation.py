"""The page of a simulation."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.render.html.page import policy
from pushctl.render.html.simulation import page
from tests.unit.render.test_simulation import FOUND, REJECTED, RULE


def test_each_person_has_a_table() -> None:
    made = page(FOUND, version="0.0.0")
    assert made.startswith("<!doctype html>\n")
    assert made.count("<caption>") == 2
    assert ">2 messages: 1 shown, 1 rejected</caption>" in made
    assert '<span class="chip error">rejected</span>' in made
    assert '<span class="chip create">shown</span>' in made
    assert RULE in made
    assert "no room in time: the quota is 2 tasks" in made
    assert "2 people, 3 messages: 2 shown, 1 rejected" in made


def test_it_loads_and_runs_nothing() -> None:
    made = page(FOUND, version="0.0.0")
    assert "default-src &#x27;none&#x27;" in made
    assert policy().startswith("default-src 'none'")
    assert "<script" not in made


def test_nothing_that_somebody_wrote_is_markup() -> None:
    bad = "<img src=x onerror=alert(1)>"
    hostile = {
        **REJECTED,
        **dict.fromkeys(("title", "content", "task_name", "device", "rule"), bad),
    }
    made = page(
        replace(FOUND, people={bad: [hostile]}, left={bad: bad}, place=bad), version="0.0.0"
    )
    assert "<img" not in made
    assert made.count("&lt;img src=x onerror=alert(1)&gt;") == 11
