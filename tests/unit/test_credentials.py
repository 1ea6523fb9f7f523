from __future__ import annotations

import pytest

from pushctl.credentials import (
    CredentialChain,
    Credentials,
    find_credentials,
    missing_credentials,
)
from pushctl.errors import ConfigError

VENDOR = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hush"}
PRODUCT = {"MPAAS_AK_ENV": "id2", "MPAAS_SK_ENV": "hush2"}


@pytest.mark.parametrize(
    ("env", "found"),
    [
        (VENDOR, Credentials("id", "hush")),
        ({**VENDOR, **PRODUCT}, Credentials("id", "hush")),
        ({**VENDOR, "ALIBABA_CLOUD_SECURITY_TOKEN": "t"}, Credentials("id", "hush", "t")),
        ({**VENDOR, "ALIBABA_CLOUD_SECURITY_TOKEN": ""}, Credentials("id", "hush")),
        (PRODUCT, Credentials("id2", "hush2")),
        ({"MPAAS_AK_ENV": " id2\n", "MPAAS_SK_ENV": "hush2\n"}, Credentials("id2", "hush2")),
        ({}, CredentialChain()),
        ({"ALIBABA_CLOUD_ACCESS_KEY_ID": ""}, CredentialChain()),
    ],
)
def test_find_credentials_prefers_the_vendors_names(env: dict[str, str], found: object) -> None:
    assert find_credentials(env) == found


@pytest.mark.parametrize("name", [*VENDOR, *PRODUCT])
def test_find_credentials_does_not_go_on_with_half_a_pair(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is set") as caught:
        find_credentials({name: "hush"})
    assert "hush" not in str(caught.value)


def test_credentials_do_not_show_their_secrets() -> None:
    shown = repr(Credentials("id", "hush", "token"))
    assert "hush" not in shown
    assert "token" not in shown.replace("security_token", "")


def test_missing_credentials_says_where_it_looked_and_what_to_set() -> None:
    error = missing_credentials()
    assert "MPAAS_AK_ENV" in error.detail
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in (error.fix or "")
