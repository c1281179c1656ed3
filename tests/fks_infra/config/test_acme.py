"""Certificate authorities by their ACME server."""

import pytest

from fks_infra.config.acme import is_lets_encrypt, needs_external_account


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://acme-staging-v02.api.letsencrypt.org/directory", True),
        ("https://letsencrypt.org/directory", True),
        ("https://notletsencrypt.org/directory", False),
        ("https://ca.example/letsencrypt.org", False),
    ],
)
def test_lets_encrypt_is_recognised_by_its_host_name(address: str, expected: bool) -> None:
    assert is_lets_encrypt(address) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://acme.zerossl.com/v2/DV90", True),
        ("https://dv.acme-v02.test-api.pki.goog/directory", True),
        ("https://acme.ssl.com/sslcom-dv-rsa", True),
        ("https://acme.sectigo.com/v2/DV", True),
        ("https://acme.digicert.com/v2/acme/directory", True),
        ("https://acme.notssl.com/directory", False),
        ("https://acme-v02.api.letsencrypt.org/directory", False),
        ("https://ca.example/acme.zerossl.com", False),
    ],
)
def test_authorities_for_customers_are_recognised_by_their_host_name(
    address: str, expected: bool
) -> None:
    assert needs_external_account(address) is expected
