"""The public addresses of the servers."""

import pytest

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.linode.addresses import FIRST, LAST, Addresses

ALL = [f"198.51.100.{number}" for number in range(FIRST, LAST + 1)]


def test_addresses_are_handed_out_in_order_and_again_after_the_last() -> None:
    addresses = Addresses()
    assert [addresses.allocate(()) for _ in ALL] == ALL
    assert addresses.allocate(ALL[:3]) == ALL[3]


def test_no_address_is_left_when_all_are_taken() -> None:
    with pytest.raises(CloudError, match=r"400.*No more IPv4 addresses"):
        Addresses().allocate(ALL)
