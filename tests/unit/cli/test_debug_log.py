"""What `--debug` tells, and what nobody may read there."""

from __future__ import annotations

import pytest

from pushctl.cli.debug_log import Debug


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("key=s3cret!", "s3cret", "key=(hidden)!"),
        ("s3crets", "s3cret", "s3crets"),
        ("my_s3cret", "s3cret", "my_s3cret"),
        ("12 of 1", "1", "12 of (hidden)"),
        ("a%2Fb a/b", "a/b", "(hidden) (hidden)"),
        ('{"a": "\\u4eca\\""}', '今"', '{"a": "(hidden)"}'),
        ("x.y xzy", "x.y", "(hidden) xzy"),
        ("anything", "", "anything"),
    ],
)
def test_whole_words_are_masked_in_every_spelling(text: str, word: str, shown: str) -> None:
    assert cleaned(text, [word]) == shown


def test_the_longer_word_goes_first() -> None:
    assert cleaned("ann-lee", ["ann", "ann-lee"]) == "(hidden)"


def cleaned(text: str, hidden: list[str]) -> str:
    debug = Debug()
    debug.hide(hidden)
    return debug.clean(text)


def test_secrets_of_the_environment_are_hidden_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cret-of-mine")
    debug = Debug()
    debug.hide(["ann"])
    assert debug.clean("ann has s3cret-of-mine") == "(hidden) has (hidden)"


def test_an_error_is_told_with_its_cause_and_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    debug = Debug()
    try:
        try:
            raise ValueError("inner \x1b[31m")
        except ValueError as error:
            raise KeyError("outer ann") from error
    except KeyError as error:
        debug.error(error)
        assert capsys.readouterr().err == ""
        debug.switch_on()
        debug.hide(["ann"])
        debug.error(error)
    told = capsys.readouterr().err
    lines = [line.split(" ", 2)[2] for line in told.splitlines()]
    assert lines[0].startswith("pushctl ")
    assert lines[1] == "KeyError: 'outer (hidden)'"
    assert lines[2].startswith("  unit/cli/test_debug_log.py:")
    assert lines[3].startswith("from ValueError: inner ")
    assert "\x1b" not in told
