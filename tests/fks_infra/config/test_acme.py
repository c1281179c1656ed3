"""Certificate authorities by their ACME server."""

import pytest

from fks_infra.config.acme import is_lets_encrypt


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
