"""The name server: answers over UDP and TCP, from the zones and the fixed names."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from dnslib import DNSRecord

from rehearsal.clouds.dns import NameServer, ZoneResolver
from rehearsal.clouds.negative_cache import NegativeCache
from rehearsal.clouds.server import listen
from tests.rehearsal.clouds.client import cloud_clients

NXDOMAIN = 3


@dataclass
class Query:
    """Queries one name server; returns the response code and the data of the answers."""

    port: int

    def __call__(self, name: str, kind: str, *, tcp: bool = False) -> tuple[int, list[str]]:
        question = DNSRecord.question(name, kind)
        raw = question.send("127.0.0.1", self.port, tcp=tcp, timeout=5)
        reply = DNSRecord.parse(raw)
        return reply.header.rcode, [str(row.rdata) for row in reply.rr]


@pytest.fixture(scope="module")
def query() -> Iterator[Query]:
    """A name server with a few records."""
    account = cloud_clients().clouds.cloudflare
    zone = next(iter(account.zones))
    for kind, name, content in (
        ("A", "auth", "100.64.0.16"),
        ("A", "auth", "100.64.0.17"),
        ("CNAME", "www", "auth.fkstrading.xyz"),
        ("TXT", "_acme-challenge.auth", "first"),
        ("TXT", "_acme-challenge.auth", "x" * 300),
        ("A", "one.dev", "100.64.0.18"),
    ):
        account.create(zone, {"type": kind, "name": name, "content": content, "ttl": 120})
    data = {"flags": 0, "tag": "issue", "value": "letsencrypt.org"}
    account.create(zone, {"type": "CAA", "name": "@", "data": data, "ttl": 1})
    fixed = {"api.linode.com": "198.51.100.2", "ghcr.io": "198.51.100.3"}
    with listen("127.0.0.1", 0) as probe:
        port = probe.getsockname()[1]
    resolver = ZoneResolver(account.zone_names, account.all_records, fixed)
    with NameServer(resolver, "127.0.0.1", port):
        yield Query(port)


@pytest.mark.parametrize("tcp", [False, True])
def test_the_answer_has_all_addresses_of_a_name(query: Query, tcp: bool) -> None:
    assert query("AUTH.fkstrading.xyz", "A", tcp=tcp) == (0, ["100.64.0.16", "100.64.0.17"])


def test_an_alias_is_answered_and_not_followed(query: Query) -> None:
    assert query("www.fkstrading.xyz", "CNAME") == (0, ["auth.fkstrading.xyz."])
    assert query("www.fkstrading.xyz", "A") == (0, [])


def test_the_answer_has_both_challenges_the_long_one_in_two_strings(query: Query) -> None:
    code, texts = query("_acme-challenge.auth.fkstrading.xyz", "TXT", tcp=True)
    assert (code, texts[0]) == (0, '"first"')
    assert texts[1] == '"' + "x" * 255 + '","' + "x" * 45 + '"'


def test_the_zone_has_caa_soa_and_ns_records(query: Query) -> None:
    assert query("fkstrading.xyz", "CAA") == (0, ['0 issue "letsencrypt.org"'])
    assert query("fkstrading.xyz", "SOA")[1][0].startswith("alice.ns.cloudflare.com.")
    assert len(query("fkstrading.xyz", "NS")[1]) == 2


def test_a_name_without_that_type_is_empty_and_an_unknown_name_does_not_exist(query: Query) -> None:
    assert query("auth.fkstrading.xyz", "AAAA") == (0, [])
    assert query("dev.fkstrading.xyz", "A") == (0, [])
    assert query("nope.fkstrading.xyz", "A") == (NXDOMAIN, [])


def test_the_clouds_and_the_registries_have_fixed_addresses(query: Query) -> None:
    assert query("api.linode.com", "A") == (0, ["198.51.100.2"])
    assert query("ghcr.io", "AAAA") == (0, [])


def test_nothing_outside_the_world_exists(query: Query) -> None:
    assert query("example.org", "A") == (NXDOMAIN, [])


def test_a_client_that_queried_too_early_gets_nxdomain_from_its_cache() -> None:
    clouds = cloud_clients().clouds
    account = clouds.cloudflare
    cache = NegativeCache(clouds.clock, lambda address: address)
    resolver = ZoneResolver(account.zone_names, account.all_records, {}, cache)

    def code(address: str) -> int:
        request = DNSRecord.question("new.fkstrading.xyz", "A")
        handler = SimpleNamespace(client_address=(address, 5))
        return int(resolver.resolve(request, handler).header.rcode)

    assert code("198.51.100.16") == NXDOMAIN
    zone = next(iter(account.zones))
    account.create(zone, {"type": "A", "name": "new", "content": "100.64.0.9", "ttl": 1})
    assert (code("198.51.100.16"), code("198.51.100.17")) == (NXDOMAIN, 0)
