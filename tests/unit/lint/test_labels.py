"""Which labels say marketing, which nearly do, and which say something else."""

from __future__ import annotations

import pytest

from pushctl.lint.labels import meaning, nearly, pairs

WANTED = {"class": "marketing"}


@pytest.mark.parametrize(
    "labels",
    [
        {"class": "marketing"},
        {"class": "Marketing"},
        {"Class": "marketing"},
        {"class": "marketing "},
        {"class ": " MARKETING\t"},
        {"ｃｌａｓｓ": "ｍａｒｋｅｔｉｎｇ"},
        {"class": "mar-keting"},
        {"class": "marke\u200bting\ufeff"},
        {"class": "marketing\u3000"},
        {"class": "service", "Class": "marketing"},
        {"team": "crm", "CLASS": "marketing"},
    ],
)
def test_labels_that_mean_the_same(labels: dict[str, str]) -> None:
    assert pairs(labels) >= pairs(WANTED)


@pytest.mark.parametrize(
    "labels",
    [
        {"class": "marketting"},
        {"class": "market"},
        {"class": "Maketing"},
        {"class": "marketing-campaign"},
        {"class": "营销"},
        {"class": "promo"},
        {"clas": "marketing"},
        {"klass": "Marketing"},
        {"сlass": "marketing"},  # with a Cyrillic letter
        {"type": "marketing"},
        {"类型": "营销"},
    ],
)
def test_labels_that_are_nearly_right(labels: dict[str, str]) -> None:
    assert nearly(labels, WANTED) == dict.fromkeys(labels, "class: marketing")
    assert not pairs(labels) >= pairs(WANTED)


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {"class": "service"},
        {"class": "transactional"},
        {"class": "messaging"},
        {"class": "mailing"},
        {"class": "market-data"},
        {"class": "marketplace"},
        {"class": "non-marketing"},
        {"class": "no marketing"},
        {"class": "非营销"},
        {"team": "marketing"},
        {"campaign": "market"},
        {"class": "service", "type": "marketing"},
        {"class": "marketing"},
    ],
)
def test_labels_that_say_something_else_or_just_it(labels: dict[str, str]) -> None:
    assert nearly(labels, WANTED) == {}


def test_words_of_a_team_are_compared_like_the_usual_ones() -> None:
    assert nearly({"tier": "golden"}, {"tier": "gold"}) == {"tier": "tier: gold"}
    assert nearly({"tier": "gold-1"}, {"tier": "gold-2"}) == {}
    assert nearly({"tier": "x"}, {}) == {}


def test_what_only_separates_means_nothing() -> None:
    assert meaning("A_b -c") == "abc"
    assert meaning("-") == "-"
