"""The page in a real browser: a month lived on it, hostile text, keys, languages and colours."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from pushctl.sandbox.page import page
from tests.acceptance.pages.browser import Tab
from tests.acceptance.pages.conftest import chromium, screen
from tests.acceptance.sandbox import story
from tests.unit.sandbox.client import Client

__all__ = ["chromium", "screen"]

RULES = json.loads((Path(page.__file__).parent / "zh.json").read_text("utf-8"))["rules"]
VIEWS = ("timeline", "tasks", "calendar", "inbox", "faults", "requests", "quota", "assumptions")
WIDTHS = (390, 1280)

UNNAMED = """
[...document.querySelectorAll('button, a, input, select, meter')]
  .filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.length))
  .map(e => e.outerHTML.slice(0, 80))
"""

PALE = """
(() => {
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const found = rgba(getComputedStyle(e).backgroundColor);
      if (found[3] === 255) return found;
    }
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => e.getClientRects().length && !e.closest('.screen, :disabled, option, #notice'))
    .filter(e => {
      const [a, b] = [light(rgba(getComputedStyle(e).color)), light(behind(e))];
      return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5;
    })
    .map(e => e.outerHTML.slice(0, 80));
})()
"""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with story.opened(tmp_path) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    found = Client(sandbox.url)
    yield found
    found.close()


def shown(text: str, within: str = "main") -> str:
    return f"document.querySelector({within!r})?.innerText.includes({text!r})"


def click(screen: Tab, selector: str) -> None:
    screen.until(f"document.querySelector({selector!r})")
    screen.ask(f"document.querySelector({selector!r}).click()")


def press(screen: Tab, text: str) -> None:
    """Press the button, or follow the link, that says this."""
    named = (
        f"[...document.querySelectorAll('button, a')].find(e => e.innerText.trim() === {text!r})"
    )
    screen.until(named)
    screen.ask(f"({named}).click()")


def visit(screen: Tab, url: str, view: str, language: str = "en") -> None:
    """Open a view in a language, from the beginning."""
    screen.open(f"{url}/")
    screen.ask(f"localStorage.setItem('language', {language!r})")
    screen.open("about:blank")
    screen.open(f"{url}/#{view}")
    screen.until("document.querySelector('main h1')")
    screen.until("document.getElementById('now').textContent")


def search(screen: Tab, text: str) -> None:
    screen.until("document.querySelector('input[type=search]')")
    screen.ask(f"document.querySelector('input[type=search]').value = {text!r}")
    screen.ask("document.querySelector('form[role=search] button').click()")


def set_clock(screen: Tab, moment: str) -> None:
    screen.until("document.querySelector('input[name=moment]')")
    screen.ask(f"document.querySelector('input[name=moment]').value = {moment!r}")
    press(screen, "Set")
    screen.until(f"document.getElementById('now').textContent.startsWith({moment[11:16]!r})")


def only_itself(screen: Tab, url: str) -> None:
    """Nothing was asked of anybody else, and the browser has nothing to complain of."""
    assert {address for address in screen.requests() if not address.startswith("data:")}
    assert all(address.startswith((url, "data:")) for address in screen.requests())
    # That scripts click is no person's gesture, which is all that the last of these says.
    assert [text for text in screen.said() if "MarkedSkippable" not in text] == []


def test_a_push_arrives_on_the_page(sandbox: Sandbox, client: Client, screen: Tab) -> None:
    """The short run of what the others do at length."""
    client.push(**story.month()[2])
    visit(screen, sandbox.url, "inbox")
    screen.until(shown("No message has arrived yet"))
    press(screen, "Next due")
    screen.until(shown("rejected", ".messages"))
    screen.until("document.getElementById('notice').innerText === 'Arrived: 6'")
    assert screen.ask("document.getElementById('now').textContent") == "20:00:00"
    only_itself(screen, sandbox.url)


def test_rules_are_said_in_chinese(client: Client) -> None:
    """Every rule that the month meets, and those for marketing."""
    story.schedule(client)
    advert = {"Classification": "0", "ThirdChannelCategory": {"hms": "14"}}
    everyone = "0042 0044 0099"
    for hour in (3.0, 10.0, 10.5, 11.0):
        client.push(**story.push(f"ad-{hour}", "Ad", "Ad", everyone, story.at(2, hour), **advert))
    long = story.push("long", "Long", "x" * 300, "0042 0045", story.at(2, 9))
    client.push(**long)
    client.push(**{**long, "Title": "x" * 60, "Content": "x" * 2100})
    client.control("POST", "clock", {"set": "2026-12-10T16:00"})
    story.withdraw(client)
    client.control("POST", "clock", {"set": "2026-12-14T23:00"})
    inbox = client.control("GET", "inbox?limit=1000")["messages"]
    rules = {message["rule"] for message in inbox if message["rule"]}
    assert len(rules) >= 12
    for rule in rules:
        said = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d", "2026", rule)
        for pattern, words in RULES:
            said = re.sub(pattern, words.replace("$", "\\"), said, count=1)
        assert not re.search(
            r"[A-Za-z]{3}", re.sub("vivo|Huawei|Xiaomi|HarmonyOS|iOS", "", said)
        ), said


@pytest.mark.parametrize(
    ("view", "row"),
    [
        ("inbox", ".messages .row"),
        pytest.param("timeline", ".line li", marks=pytest.mark.slow),
        pytest.param("tasks", ".tasks .row", marks=pytest.mark.slow),
    ],
)
def test_long_names_fit_a_phone(
    view: str, row: str, sandbox: Sandbox, client: Client, screen: Tab
) -> None:
    screen.size(390, 900)
    targets = {"f" * 64: "k1", "u" * 10_000: "k2"}
    client.push(TargetMsgkey=targets, Title="T" * 900, TaskName="n" * 900, **story.APP)
    visit(screen, sandbox.url, view)
    screen.until(f"document.querySelector({row!r})")
    assert screen.ask("document.documentElement.scrollWidth") == 390
    assert screen.ask(f"document.querySelector({row!r}).getBoundingClientRect().height") < 200


def test_a_refusal_shows_its_code_and_the_tab_counts_tasks(
    sandbox: Sandbox, client: Client, screen: Tab
) -> None:
    client.push(**story.month()[0])
    client.push(DeliveryType=99)
    client.call("PushSimple")
    visit(screen, sandbox.url, "requests")
    screen.until("document.querySelectorAll('.requests .chip').length === 3")
    chips = "[...document.querySelectorAll('.requests .chip')].map(e => e.innerText)"
    assert screen.ask(chips) == ["MissingAppId", "8012", "200"]
    click(screen, ".requests .row")
    screen.until(shown("AppId is mandatory for this action.", ".note"))
    assert screen.ask("document.querySelector('[data-view=tasks] .badge').innerText") == "1"


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_a_month_lived_on_the_page(
    width: int, sandbox: Sandbox, client: Client, screen: Tab
) -> None:
    screen.size(width, 900)
    story.schedule(client)
    visit(screen, sandbox.url, "timeline")
    screen.until(shown("今日特价", ".waits"))
    press(screen, "Next due")
    screen.until(shown("今日特价", ".line:not(.waits)"))
    press(screen, "+1 d")
    screen.until("document.getElementById('day').textContent.startsWith('Wed, 2 Dec')")
    set_clock(screen, "2026-12-10T16:00")
    story.withdraw(client)
    press(screen, "One week ahead")

    click(screen, "#tabs [data-view=inbox]")
    for words, user, outcome, why in (
        ("is:rejected vendor:vivo", "0042", "rejected", "vivo takes 40 units"),
        ("is:expired task:evening-shift", "0044", "expired", "offline until Sun, 6 Dec 2026 08:00"),
        ("is:revoked", "0043", "revoked", "withdrawn at Thu, 10 Dec 2026 16:00"),
        ('title:"今日特价" user:0042 after:2026-12-13 before:2026-12-14', "0042", "shown", ""),
    ):
        search(screen, words)
        screen.until(f"document.querySelectorAll('.messages > li').length === 1 && {shown(user)}")
        if width < 600:
            click(screen, ".messages .row")
        screen.until(f"{shown(outcome, '.verdict')} && {shown(why, '.verdict')}")
        assert screen.ask("document.querySelector('.pane .screen .card').innerText")
    assert "after%3A2026-12-13" in screen.ask("location.hash")

    click(screen, "#tabs [data-view=calendar]")
    click(screen, "#day-2026-12-12")
    screen.until("document.querySelectorAll('.days > li').length === 3")
    press(screen, "The messages of this day in the inbox")
    screen.until(shown("Messages: 12"))

    click(screen, "#tabs [data-view=tasks]")
    screen.until("document.querySelectorAll('.tasks > li').length === 8")
    click(screen, ".tasks > li:last-child .row")
    press(screen, "Cancel all that waits")
    screen.until("!document.querySelector('.occurrences')?.innerText.includes('waiting')")
    states = {task["name"]: task["status"] for task in client.tasks()}
    assert states["daily-deal"] == "executed"
    assert [item["status"] for item in client.tasks()[0]["occurrences"]].count("cancelled") == 14
    only_itself(screen, sandbox.url)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_fits_is_named_and_can_be_read(
    theme: str, width: int, sandbox: Sandbox, client: Client, screen: Tab
) -> None:
    story.schedule(client)
    client.fault("throttle", op="PushSimple", times=1)
    client.push(**story.month()[0])
    client.control("POST", "knobs", {"month31": "last"})
    client.control("POST", "clock", {"set": "2026-12-14T23:00"})
    screen.size(width, 900)
    screen.prefer(prefers_color_scheme=theme)
    for language, views in (("en", VIEWS), ("zh", ("timeline", "inbox"))):
        for view in views:
            visit(screen, sandbox.url, view, language)
            row = "document.querySelector('main section > * [data-row], .rows > li')"
            screen.until(row)
            screen.ask(
                "document.querySelectorAll('.row[aria-expanded], .row[aria-pressed]')[0]?.click()"
            )
            screen.ask("document.querySelectorAll('main details').forEach(e => e.open = true)")
            assert screen.ask("document.documentElement.scrollWidth") <= width, (view, language)
            assert screen.ask(UNNAMED) == [], view
            assert screen.ask(PALE) == [], (view, language, theme)
            only_itself(screen, sandbox.url)


@pytest.mark.slow
def test_hostile_text_is_text(sandbox: Sandbox, client: Client, screen: Tab) -> None:
    mean = story.MEAN.format("x")
    texts = {"Title": mean, "Content": mean, "TaskName": mean, "TargetMsgkey": {mean: mean}}
    client.push(**{**story.push("", "", "", "", {}), **texts})
    client.create(**{**story.APP, **texts})
    client.push(**story.APP, Title=None, TaskName=mean)
    client.control("POST", "faults", {"kind": "throttle", "match": mean})
    for view in VIEWS:
        visit(screen, sandbox.url, view)
        if view in ("timeline", "tasks", "inbox", "calendar", "faults"):
            if view == "calendar":
                click(screen, "#day-2026-12-01")
            screen.until(shown("onerror=document.title"))
        screen.ask("document.querySelectorAll('.row[aria-expanded]').forEach(e => e.click())")
        assert screen.ask("document.title") == "Push sandbox"
        assert screen.ask("document.querySelectorAll('img, main script').length") == 0
        only_itself(screen, sandbox.url)


@pytest.mark.slow
def test_the_keyboard_does_everything(sandbox: Sandbox, client: Client, screen: Tab) -> None:
    story.schedule(client)
    client.control("POST", "clock", {"set": "2026-12-03T16:00"})
    visit(screen, sandbox.url, "timeline")
    for number, view in enumerate(VIEWS, 1):
        screen.press(str(number))
        screen.until(f"document.querySelector('main > section.{view}')")
        current = "document.querySelector('#tabs [aria-current=page]').dataset.view"
        assert screen.ask(current) == view
    for key, view in zip("tkcifrqa", VIEWS, strict=True):
        screen.press("g")
        screen.press(key)
        screen.until(f"document.querySelector('main > section.{view}')")
    screen.press("2")
    screen.until("document.querySelectorAll('.tasks > li').length === 8")
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        screen.press(key)
        at = "[...document.querySelectorAll('[data-row]')].indexOf(document.activeElement)"
        assert screen.ask(at) == row
    screen.press("Enter")
    screen.until("document.querySelector('.tasks > li:nth-child(2) .occurrences')")
    screen.press("/")
    screen.until("document.activeElement.type === 'search'")
    for key in "is:cut":
        screen.press(key)
    screen.press("Enter")
    screen.until("document.querySelectorAll('.messages > li').length === 1")
    screen.press("Escape")
    screen.press("n")
    screen.until("document.getElementById('now').textContent === '12:00:00'")
    screen.press("?")
    screen.until("document.getElementById('help').open")
    screen.press("Escape")
    screen.until("!document.getElementById('help').open")


@pytest.mark.slow
def test_what_arrives_leaves_the_reader_alone(
    sandbox: Sandbox, client: Client, screen: Tab
) -> None:
    story.schedule(client)
    client.control("POST", "clock", {"set": "2026-12-20T16:00"})
    visit(screen, sandbox.url, "inbox")
    screen.until("document.querySelectorAll('.messages > li').length === 50")
    screen.ask("document.querySelectorAll('.messages .row')[30].focus()")
    screen.ask("scrollTo(0, 600)")
    kept = "document.activeElement.closest('li').dataset.key"
    before, top = screen.ask(kept), "document.activeElement.getBoundingClientRect().top"
    place = screen.ask(top)
    client.push(**story.push("now", "Right now", "x", "0043", {}))
    screen.until(shown("Right now", ".messages"))
    assert screen.ask(kept) == before
    assert abs(screen.ask(top) - place) < 80
    assert screen.ask("document.getElementById('notice').getAttribute('aria-live')") == "polite"
    press(screen, "Older")
    screen.until("document.querySelectorAll('.messages > li').length < 50")
    press(screen, "Newer")
    screen.until(shown("Right now", ".messages"))


@pytest.mark.slow
def test_while_the_clock_runs_a_waiting_message_arrives(
    sandbox: Sandbox, client: Client, screen: Tab
) -> None:
    """Nothing is written when it does: only the time has passed."""
    client.push(**story.month()[4])
    client.control("POST", "clock", {"set": "2026-12-15T07:57:00"})
    visit(screen, sandbox.url, "inbox")
    screen.until(shown("waiting", ".messages"))
    press(screen, "Run")
    screen.until("document.getElementById('state').innerText === 'runs 1×'")
    client.control("POST", "clock", {"speed": 60})
    screen.until("document.getElementById('state').innerText === 'runs 60×'")
    assert screen.ask(shown("waiting", ".messages"))
    screen.until(shown("shown", ".messages"))


@pytest.mark.slow
def test_faults_and_knobs_are_switched_by_hand(
    sandbox: Sandbox, client: Client, screen: Tab
) -> None:
    visit(screen, sandbox.url, "faults")
    click(screen, "[data-kind=throttle]")
    screen.until(shown("1 left", ".rules"))
    assert client.push(**story.month()[0]).status == 400
    screen.until(shown("used up", ".rules"))
    press(screen, "Switch all off")
    screen.until(shown("No fault is switched on"))
    click(screen, "#tabs [data-view=assumptions]")
    screen.until("document.querySelector('select[name=month31]')")
    screen.ask(
        "(e => { e.value = 'last'; e.dispatchEvent(new Event('change')) })"
        "(document.querySelector('select[name=month31]'))"
    )
    screen.until(shown("not skip"))
    assert client.control("GET", "knobs")["knobs"]["month31"] == "last"
    screen.ask(
        "(e => { e.value = 'many'; e.dispatchEvent(new Event('change')) })"
        "(document.querySelector('input[name=\"quota.limit\"]'))"
    )
    screen.until(shown("quota.limit takes a whole number", "#notice"))


@pytest.mark.slow
def test_a_call_copied_as_curl_is_made_again(sandbox: Sandbox, client: Client, screen: Tab) -> None:
    client.push(**{**story.month()[1], "Title": 'it\'s $HOME `x` "y"\n&=+%0A'})
    visit(screen, sandbox.url, "requests")
    click(screen, ".requests .row")
    command = screen.until("document.querySelector('.curl').textContent")
    assert shlex.split(command)[:3] == ["curl", "-s", f"{sandbox.url}/"]
    if shutil.which("curl"):
        subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=10)
        first, second = client.tasks()
        assert first["params"] == second["params"]
        assert second["title"] == 'it\'s $HOME `x` "y"\n&=+%0A'
    assert "sandbox" not in command


@pytest.mark.slow
def test_languages_and_colours_stay_chosen(sandbox: Sandbox, screen: Tab) -> None:
    visit(screen, sandbox.url, "inbox")
    for id, value in (("language", "zh"), ("theme", "dark")):
        screen.ask(
            f"(e => {{ e.value = '{value}'; e.dispatchEvent(new Event('change')) }})"
            f"(document.getElementById('{id}'))"
        )
        screen.until(shown("收件箱"))
    screen.open("about:blank")
    screen.open(f"{sandbox.url}/#inbox")
    screen.until(shown("还没有消息到达"))
    assert screen.ask("document.documentElement.lang") == "zh-CN"
    colour = screen.ask("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(19, 21, 25)"


@pytest.mark.slow
def test_it_says_so_when_the_sandbox_is_gone(tmp_path: Path, screen: Tab) -> None:
    with story.opened(tmp_path) as gone:
        visit(screen, gone.url, "timeline")
        port = int(gone.url.rsplit(":", 1)[1])
    screen.until(shown("does not answer", "#notice"))
    with Sandbox(port=port):
        screen.until(shown("answers again", "#notice"))
