"""Where keys and values begin and end; that each can be cut out is shown in tests/property."""

from __future__ import annotations

import pytest

from pushctl.manifest.yaml import node_ranges, parser
from pushctl.manifest.yaml.loader import load
from pushctl.manifest.yaml.node_ranges import Node
from pushctl.manifest.yaml.positions import Document, Path

TEXT = """\
# comment
a: {b: [x, "y z"], c: , [d]: e, 'f' : g h }  # comment
i:
  - j: 20:00?   # comment
    k: |  # comment
      text

      more

  -
  - l on
    two lines
m: >+
  kept

n: *o
a: again
"""


def document(text: str) -> Document:
    found, _ = load("x", text.encode())
    assert found is not None
    return found


@pytest.fixture(params=["libyaml", "portable"])
def loaded(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Document:
    if request.param == "portable":
        monkeypatch.setattr(parser, "CParser", None)
    return document(TEXT)


def at(loaded: Document, *path: str | int) -> Node:
    found = node_ranges.find(loaded.layer, path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        (("a",), "{b: [x, \"y z\"], c: , [d]: e, 'f' : g h }"),
        (("a", "b"), '[x, "y z"]'),
        (("a", "b", 1), '"y z"'),
        (("a", "c"), ""),
        (("a", "f"), "g h"),
        (("i", 0, "j"), "20:00?"),
        (("i", 0, "k"), "|  # comment\n      text\n\n      more"),
        (("i", 1), ""),
        (("i", 2), "l on\n    two lines"),
        (("m",), ">+\n  kept\n"),
        (("n",), "*o"),
    ],
)
def test_a_value_ends_where_its_text_does(path: Path, raw: str, loaded: Document) -> None:
    assert at(loaded, *path).raw == raw
    assert at(loaded, *path).empty == (raw == "")


def test_keys_brackets_and_columns_are_known(loaded: Document) -> None:
    key = at(loaded, "a", "f")
    assert loaded.source.text[key.key_start : key.key_end] == "'f'"
    assert (key.flow, at(loaded, "a").in_brackets, at(loaded, "i").in_brackets) == (
        True,
        True,
        False,
    )
    assert [at(loaded, *path).column for path in (("i",), ("i", 0), ("i", 0, "j"))] == [0, 2, 4]


def test_a_layer_leads_to_its_part_of_the_file() -> None:
    loaded = document("a:\n  b:\n    a: 1\n  c:\n")
    layer = loaded.layer.child("a")
    assert layer is not None
    assert node_ranges.find(layer, ("b", "a")) is at(loaded, "a", "b", "a")
    for key in ("b", "c", "d"):
        assert node_ranges.find(layer, (key, "x")) is None
    empty = layer.child("c")
    assert empty is not None
    assert node_ranges.first((empty, loaded.layer), ("a",)) is at(loaded, "a")


@pytest.mark.parametrize("text", ["", "# comment\n", "~\n"])
def test_an_empty_file_has_nothing_in_it(text: str) -> None:
    assert node_ranges.root(document(text).source).children == {}
