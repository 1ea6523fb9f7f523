"""The calls are shown without message keys."""

from __future__ import annotations

from pushctl.push.identity import message_key
from pushctl.render.html import requests
from tests.builders import desired
from tests.unit.render.html.sections import listed, plan, text


def test_message_keys_are_masked() -> None:
    made = plan(desired(targets=["ann"]))
    whole = requests.section(made, listed(made))
    key = message_key(lineage="lineage", id="promo", generation=1, chunk=0, segment=0, target="ann")
    assert key not in whole
    assert f'{{"ann": "{key[:4]}…"}}' in text(whole)
    assert '{"fixedTime":' in text(whole)
