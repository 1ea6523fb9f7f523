"""The site that `make docs` builds: every link leads somewhere, and nothing is loaded from afar."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "zensical.toml", folder)
    tool = Path(sys.executable).parent / "zensical"
    return subprocess.run(
        [str(tool), "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs")
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "site"


class Page(HTMLParser):
    """What a page links to, what it loads, and where others may link to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.ids: set[str | None] = {""}
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids.add(found.get("id"))
        self.links.update(filter(None, (found.get("href"), found.get("src"))))
        loads = tag in ("script", "img") or found.get("rel") in ("stylesheet", "preload", "icon")
        self.loaded.update(filter(None, (found.get("src"), (loads and found.get("href")) or None)))


def pages(site: Path) -> dict[Path, Page]:
    kept = (
        path
        for path in site.rglob("*.html")
        if path.name not in ("404.html", "example-report.html")
    )
    return {path: Page(path) for path in kept}


def is_dead(link: str, path: Path, all_pages: dict[Path, Page]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    if target in all_pages:
        return unquote(parts.fragment) not in all_pages[target].ids
    return not target.exists()


def test_every_link_leads_somewhere(site: Path) -> None:
    found = pages(site)
    links = [(path, link) for path, page in found.items() for link in page.links]
    assert [(path.name, link) for path, link in links if is_dead(link, path, found)] == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = {name for page in pages(site).values() for name in page.loaded}
    assert any(name.endswith("site.css") for name in loaded)
    assert {name for name in loaded if urlsplit(name).netloc} == set()


@pytest.mark.parametrize("tag", ["li", "ul", "ol", "table", "pre", "h2", "h3"])
def test_pages_have_the_lists_and_blocks_that_code_hosts_show(tag: str, site: Path) -> None:
    def count(html: str) -> int:
        return len(re.findall(rf"<{tag}[ >]", html))

    markdown = MarkdownIt("commonmark").enable("table")
    for source in (ROOT / "docs").rglob("*.md"):
        name = "index" if source.name == "README.md" else source.stem
        page = site / source.relative_to(ROOT / "docs").with_name(f"{name}.html")
        article = page.read_text("utf-8").partition("<article")[2].partition("</article>")[0]
        assert count(article) == count(markdown.render(source.read_text("utf-8"))), source.name


def test_search_finds_every_page(site: Path) -> None:
    items = json.loads((site / "search.json").read_text("utf-8"))["items"]
    found = {(site / item["location"].partition("#")[0]).resolve() for item in items}
    found = {path / "index.html" if path.is_dir() else path for path in found}
    assert pages(site).keys() - found == set()


@pytest.mark.parametrize("link", ["gone.md", "ci.md#gone"])
def test_a_dead_link_stops_the_build(link: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    (tmp_path / "docs" / "start.md").write_text(f"[gone]({link})\n", "utf-8")
    assert build(tmp_path).returncode != 0
