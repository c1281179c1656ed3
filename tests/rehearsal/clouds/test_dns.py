"""The name server: answers over UDP and TCP, from the zones and the fixed names."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from dnslib import DNSRecord

from rehearsal.clouds.negative_cache import SECONDS, Absence
from rehearsal.clouds.dns import Names, NameServer
from rehearsal.clouds.server import listen
from tests.rehearsal.clouds.client import desk, instance

NXDOMAIN = 3


@dataclass
class Asked:
    """Asks one name server."""

    port: int

    def __call__(self, name: str, kind: str, *, tcp: bool = False) -> tuple[int, list[str]]:
        question = DNSRecord.question(name, kind)
        raw = question.send("127.0.0.1", self.port, tcp=tcp, timeout=5)
        reply = DNSRecord.parse(raw)
        return reply.header.rcode, [str(row.rdata) for row in reply.rr]


@pytest.fixture(scope="module")
def ask() -> Iterator[Asked]:
    """A name server with a few records."""
    account = desk().clouds.cloudflare
    zone = next(iter(account.zones))
    for kind, name, content in (
        ("A", "auth", "100.64.0.16"),
        ("A", "auth", "100.64.0.17"),
        ("CNAME", "www", "auth.fkstrading.xyz"),
        ("TXT", "_acme-challenge.auth", "first"),
        ("TXT", "_acme-challenge.auth", "x" * 300),
        ("A", "*.dev", "100.64.0.18"),
    ):
        account.create(zone, {"type": kind, "name": name, "content": content, "ttl": 120})
    data = {"flags": 0, "tag": "issue", "value": "letsencrypt.org"}
    account.create(zone, {"type": "CAA", "name": "@", "data": data, "ttl": 1})
    fixed = {"api.linode.com": "198.51.100.2", "ghcr.io": "198.51.100.3"}
    with listen("127.0.0.1", 0) as probe:
        port = probe.getsockname()[1]
    with NameServer(Names(account.zone_names, account.all_records, fixed), "127.0.0.1", port):
        yield Asked(port)


@pytest.mark.parametrize("tcp", [False, True])
def test_all_addresses_of_a_name_are_given(ask: Asked, tcp: bool) -> None:
    assert ask("AUTH.fkstrading.xyz", "A", tcp=tcp) == (0, ["100.64.0.16", "100.64.0.17"])


def test_an_alias_is_followed(ask: Asked) -> None:
    expected = ["auth.fkstrading.xyz.", "100.64.0.16", "100.64.0.17"]
    assert ask("www.fkstrading.xyz", "A") == (0, expected)


def test_both_challenges_are_given_the_long_one_in_pieces(ask: Asked) -> None:
    code, texts = ask("_acme-challenge.auth.fkstrading.xyz", "TXT", tcp=True)
    assert (code, texts[0]) == (0, '"first"')
    assert texts[1] == '"' + "x" * 255 + '","' + "x" * 45 + '"'


def test_caa_soa_and_ns_of_the_zone_are_given(ask: Asked) -> None:
    assert ask("fkstrading.xyz", "CAA") == (0, ['0 issue "letsencrypt.org"'])
    assert ask("fkstrading.xyz", "SOA")[1][0].startswith("alice.ns.cloudflare.com.")
    assert len(ask("fkstrading.xyz", "NS")[1]) == 2


def test_a_name_without_that_type_is_empty_and_an_unknown_name_does_not_exist(ask: Asked) -> None:
    assert ask("auth.fkstrading.xyz", "AAAA") == (0, [])
    assert ask("dev.fkstrading.xyz", "A") == (0, [])
    assert ask("nope.fkstrading.xyz", "A") == (NXDOMAIN, [])


def test_a_wildcard_covers_what_is_below(ask: Asked) -> None:
    assert ask("anything.dev.fkstrading.xyz", "A") == (0, ["100.64.0.18"])


def test_the_clouds_and_the_registries_have_fixed_addresses(ask: Asked) -> None:
    assert ask("api.linode.com", "A") == (0, ["198.51.100.2"])
    assert ask("ghcr.io", "AAAA") == (0, [])


def test_nothing_outside_the_world_exists(ask: Asked) -> None:
    assert ask("example.org", "A") == (NXDOMAIN, [])


def test_a_name_that_was_asked_for_too_early_stays_missing_for_whoever_asked() -> None:
    clouds = desk().clouds
    zone = next(iter(clouds.cloudflare.zones))
    owners = {"198.51.100.16": "server 1"}
    absence = Absence(clouds.clock, lambda address: owners.get(address, address))
    account = clouds.cloudflare
    names = Names(account.zone_names, account.all_records, {}, absence=absence)

    def ask(address: str) -> int:
        request = DNSRecord.question("new.fkstrading.xyz", "A")
        return int(
            names.resolve(request, SimpleNamespace(client_address=(address, 5))).header.rcode
        )

    assert ask("198.51.100.16") == NXDOMAIN
    account.create(zone, {"type": "A", "name": "new", "content": "100.64.0.9", "ttl": 1})
    assert (ask("198.51.100.16"), ask("198.51.100.17")) == (NXDOMAIN, 0)
    owners["198.51.100.16"] = "server 2"
    assert ask("198.51.100.16") == 0
    owners["198.51.100.16"] = "server 1"
    clouds.advance(SECONDS + 1)
    assert ask("198.51.100.16") == 0


def test_an_address_belongs_to_the_instance_that_has_it() -> None:
    here = desk()
    made = here.linode.post("/v4/linode/instances", json=instance()).json()
    linode = here.clouds.linode
    assert linode.owner(made["ipv4"][0]) == str(made["id"])
    assert linode.owner("198.51.100.99") == "198.51.100.99"
