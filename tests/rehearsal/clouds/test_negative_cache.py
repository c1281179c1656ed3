"""The negative cache of resolvers."""

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.negative_cache import SECONDS, NegativeCache

ADDRESS, NAME = "198.51.100.16", "new.fkstrading.xyz"


def test_an_entry_expires() -> None:
    clock = Clock()
    cache = NegativeCache(clock, lambda address: address)
    assert not cache.has(ADDRESS, NAME)
    cache.add(ADDRESS, NAME)
    assert cache.has(ADDRESS, NAME)
    clock.advance(SECONDS + 1)
    assert not cache.has(ADDRESS, NAME)


def test_an_entry_belongs_to_the_owner_of_the_address() -> None:
    owners = {ADDRESS: "server 1"}
    cache = NegativeCache(Clock(), lambda address: owners.get(address, address))
    cache.add(ADDRESS, NAME)
    assert not cache.has("198.51.100.17", NAME)
    owners[ADDRESS] = "server 2"
    assert not cache.has(ADDRESS, NAME)
