"""Records have addresses of the tailnet only."""

import pytest

from fks_infra.components.dns_records import tailnet_address
from fks_infra.errors import OperatorError


@pytest.mark.parametrize("address", ["100.64.0.1", "100.127.255.254"])
def test_a_tailnet_address_is_accepted(address: str) -> None:
    assert tailnet_address(address) == address


@pytest.mark.parametrize("address", ["198.51.100.20", "10.0.0.1", "100.128.0.1", "127.0.0.1"])
def test_any_other_address_is_an_error(address: str) -> None:
    with pytest.raises(OperatorError, match=f"'{address}', which is no tailnet address"):
        tailnet_address(address)
