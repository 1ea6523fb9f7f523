"""The page in a real browser: nothing is asked for, nothing runs, everything fits and switches."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.pages.browser import Tab, address
from tests.acceptance.pages.plans import MEAN, REVIEW, hostile

WIDTHS = (360, 768, 1440)

TOO_WIDE = """
[...document.querySelectorAll('main *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .filter(e => !e.closest('.wide, .phones, nav, pre'))
  .map(e => e.tagName + '.' + e.className).slice(0, 5)
"""

SMALL = """
[...document.querySelectorAll('nav a, label span, summary')]
  .filter(e => e.getBoundingClientRect().height > 0 && e.getBoundingClientRect().height < 19)
  .map(e => e.textContent.slice(0, 40))
"""


@pytest.fixture(scope="module")
def mean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "mean.html"
    path.write_text(hostile(), "utf-8")
    return path


def shown(screen: Tab, selector: str) -> bool:
    """Tell whether anything of a kind takes room on the screen."""
    found = screen.ask(
        f"[...document.querySelectorAll('{selector}')].some(e => e.getClientRects().length)"
    )
    return bool(found)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["review", "mean"])
def test_a_page_asks_for_nothing_and_fits(width: int, kind: str, mean: Path, screen: Tab) -> None:
    file = REVIEW if kind == "review" else mean
    screen.size(width, 900)
    screen.open(address(file))
    assert screen.said() == []
    assert screen.requests() == [address(file)]
    assert screen.ask("document.documentElement.scrollWidth") <= width
    screen.ask("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert screen.ask("document.documentElement.scrollWidth") <= width
    assert screen.ask(TOO_WIDE) == []
    assert screen.ask(SMALL) == []


def test_hostile_text_is_text(mean: Path, screen: Tab) -> None:
    screen.open(address(mean))
    assert screen.ask("document.title").startswith("Push plan · @everyone")
    assert screen.ask("document.scripts.length") == 0
    text = screen.ask("document.querySelector('#changes article').textContent")
    assert "<script>document.title='owned'</script>" in text
    assert "\\x1b[31m" in text
    assert MEAN[:20] in text


def test_the_policy_stops_what_would_run_or_load(screen: Tab, tmp_path: Path) -> None:
    """The policy alone, without the escaping: what got in would still do nothing."""
    mean = "<script>document.title='owned'</script><img src='http://127.0.0.1:9/x.png'>"
    broken = tmp_path / "broken.html"
    broken.write_text(REVIEW.read_text("utf-8").replace("<main>", f"<main>{mean}"), "utf-8")
    screen.open(address(broken))
    assert screen.ask("document.title").startswith("Push plan")
    assert len([line for line in screen.said() if "Content Security Policy" in line]) >= 2
    assert screen.stopped() == 1


def test_switches_switch(screen: Tab) -> None:
    screen.open(address(REVIEW))
    assert shown(screen, ".a") or not screen.ask("document.querySelectorAll('.a').length")
    assert not shown(screen, ".phone .o")
    screen.ask("document.getElementById('opened').click()")
    assert not shown(screen, ".phone .a")
    assert shown(screen, ".phone .o") or not screen.ask("document.querySelectorAll('.o').length")
    paper = "getComputedStyle(document.body).backgroundColor"
    phone = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    light = screen.ask(paper), screen.ask(phone)
    screen.ask("document.getElementById('dim').click()")
    assert screen.ask(paper) != light[0]
    assert screen.ask(phone) == light[1]
    screen.ask("document.getElementById('night').click()")
    assert screen.ask(phone) != light[1]
    screen.ask("document.getElementById('bright').click()")
    assert screen.ask(paper) == light[0]


def test_what_is_cut_is_seen_once_it_is_opened(mean: Path, screen: Tab) -> None:
    screen.open(address(mean))
    assert shown(screen, ".phone .a.cut")
    assert not shown(screen, ".phone span.o")
    screen.ask("document.getElementById('opened').click()")
    assert shown(screen, ".phone span.o")
    assert not shown(screen, ".phone .a.cut")


def test_a_dark_system_gets_a_dark_page(screen: Tab) -> None:
    screen.prefer(prefers_color_scheme="dark")
    screen.open(address(REVIEW))
    assert screen.ask("getComputedStyle(document.body).backgroundColor") == "rgb(19, 21, 25)"


def test_the_keyboard_reaches_everything(screen: Tab) -> None:
    """Every control can have the focus, shows it, and is not hidden from it."""
    screen.open(address(REVIEW))
    missing = screen.ask(
        "[...document.querySelectorAll('a, input, summary, [tabindex]')]"
        ".filter(e => !e.closest('details:not([open]) > :not(summary)'))"
        ".filter(e => { e.focus(); return document.activeElement !== e })"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert missing == []


def test_a_link_into_something_closed_opens_it(screen: Tab) -> None:
    screen.open(address(REVIEW))
    screen.ask("document.querySelectorAll('details').forEach(e => e.open = false)")
    screen.ask("document.querySelector('.change a[href^=\"#d\"]').click()")
    assert screen.ask("document.querySelectorAll('details.message[open]').length") == 1


def test_a_printed_page_holds_what_is_closed_on_the_screen(mean: Path, screen: Tab) -> None:
    screen.open(address(mean))
    assert shown(screen, "nav")
    printed = screen.paper()
    screen.ask("document.querySelectorAll('details').forEach(e => e.open = false)")
    closed = screen.paper()
    screen.ask("document.querySelectorAll('details').forEach(e => e.open = true)")
    opened = screen.paper()
    assert pages(printed) == pages(closed) == pages(opened) > 3
    assert b"/Font" in printed  # text, not pictures of it
    assert abs(len(closed) - len(opened)) < len(opened) / 20


def pages(paper: bytes) -> int:
    assert paper.startswith(b"%PDF")
    return len(re.findall(rb"/Type */Page\b", paper))


def test_paper_has_no_controls_and_is_light(screen: Tab) -> None:
    screen.prefer(prefers_color_scheme="dark")
    screen.open(address(REVIEW))
    screen.call("Emulation.setEmulatedMedia", media="print")
    assert not shown(screen, "nav")
    assert not shown(screen, ".switch")
    assert screen.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
