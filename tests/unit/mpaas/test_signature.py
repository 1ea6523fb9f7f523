"""Two ways to the same signature."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.credentials import Credentials
from pushctl.mpaas.signature import by_vendor, on_this_machine

TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
NAMES = ("x-acs-action", "x-acs-date", "x-acs-signature-nonce", "x-acs-security-token")
HEADERS = st.fixed_dictionaries(
    {"Host": TEXT, "Content-Type": TEXT}, optional=dict.fromkeys(NAMES, TEXT)
)


@given(HEADERS, st.binary(max_size=50), TEXT, TEXT)
def test_both_ways_make_the_same(
    headers: dict[str, str], body: bytes, id: str, secret: str
) -> None:
    payload, key = hashlib.sha256(body).hexdigest(), Credentials(id, secret)
    assert on_this_machine(headers, payload, key) == by_vendor(headers, payload, key)


@pytest.mark.parametrize("sign", [by_vendor, on_this_machine])
def test_a_signature_is_what_the_vendor_documents(
    sign: Callable[[Mapping[str, str], str, Credentials], str],
) -> None:
    headers = {"Host": "h.example", "x-acs-date": "2026-12-01T01:02:03Z"}
    canonical = "POST\n/\n\nhost:h.example\nx-acs-date:2026-12-01T01:02:03Z\n\nhost;x-acs-date\nabc"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    made = hmac.digest(b"hush", text.encode(), "sha256").hex()
    wanted = f"ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-date,Signature={made}"
    assert sign(headers, "abc", Credentials("id", "hush")) == wanted
