"""Which authority the CAA record names, and where that may be wrong."""

import pytest

from fks_infra.caa import content, data, doubts, is_lets_encrypt

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
ELSEWHERE = "https://ca.example/letsencrypt.org"


def test_the_record_is_the_same_as_it_is_sent_and_as_it_is_shown() -> None:
    assert data("ca.example")["value"] == "ca.example; validationmethods=dns-01"
    assert content("ca.example") == '0 issue "ca.example; validationmethods=dns-01"'


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (STAGING, True),
        ("https://letsencrypt.org/directory", True),
        ("https://notletsencrypt.org/directory", False),
        (ELSEWHERE, False),
    ],
)
def test_lets_encrypt_is_known_by_its_host(address: str, expected: bool) -> None:
    assert is_lets_encrypt(address) is expected


def test_a_record_for_lets_encrypt_and_another_authority_are_doubtful_together() -> None:
    (text,) = doubts("letsencrypt.org", ELSEWHERE)
    assert "fks:caaIssuer is 'letsencrypt.org'" in text
    assert f"fks:acmeServer is {ELSEWHERE!r}" in text


@pytest.mark.parametrize(
    ("issuer", "address"),
    [("letsencrypt.org", STAGING), ("ca.example", ELSEWHERE), ("", ELSEWHERE), ("", STAGING)],
)
def test_there_is_no_doubt_else(issuer: str, address: str) -> None:
    assert list(doubts(issuer, address)) == []
