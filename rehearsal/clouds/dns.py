"""The world's name server: the zones of the Cloudflare stand-in, and fixed names."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from dnslib import AAAA, CAA, CNAME, NS, QTYPE, RCODE, RR, SOA, TXT, A, DNSRecord
from dnslib.server import DNSLogger, DNSServer

from rehearsal.clouds.cloudflare.catalog import NAME_SERVERS
from rehearsal.clouds.negative_cache import SECONDS, NegativeCache

Json = dict[str, Any]
AUTOMATIC_TTL = 300


class ZoneResolver:
    """Answers DNS questions from `zones` and `records`, which are read for each question.

    `fixed` maps names to IPv4 addresses. Other names do not exist. Aliases are not followed. With
    `cache` it is also the caching resolver of its clients: a client that queried an address too
    early gets NXDOMAIN until the cache entry expires.
    """

    def __init__(
        self,
        zones: Callable[[], list[str]],
        records: Callable[[], list[Json]],
        fixed: Mapping[str, str],
        cache: NegativeCache | None = None,
    ) -> None:
        self._zones, self._records, self._cache = zones, records, cache
        self._fixed = {name.lower().rstrip("."): address for name, address in fixed.items()}

    def resolve(self, request: DNSRecord, handler: Any = None) -> DNSRecord:
        """The interface of dnslib's server: one question, one reply."""
        name = str(request.q.qname).rstrip(".").lower()
        kind = str(QTYPE[request.q.qtype])
        if name in self._fixed:
            reply = request.reply(aa=1, ra=1)
            if kind == "A":
                reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(self._fixed[name]), ttl=60))
            return reply
        zones = [z for z in self._zones() if name == z or name.endswith("." + z)]
        if not zones:
            return _missing(request.reply(ra=1))
        client = str(handler.client_address[0]) if handler else ""
        return self._cached(request, max(zones, key=len), name, kind, client)

    def _cached(
        self, request: DNSRecord, zone: str, name: str, kind: str, client: str
    ) -> DNSRecord:
        cache = self._cache if kind in ("A", "AAAA") else None
        if cache and cache.has(client, name):
            return _missing(request.reply(ra=1), zone)
        reply = self._from_zone(request, zone, name, kind)
        if cache and reply.header.rcode == RCODE.NXDOMAIN:
            cache.add(client, name)
        return reply

    def _from_zone(self, request: DNSRecord, zone: str, name: str, kind: str) -> DNSRecord:
        rows = [r for r in self._records() if r["zone_name"] == zone]
        apex = name == zone and kind in ("SOA", "NS")
        matching = [r for r in rows if (r["name"], r["type"]) == (name, kind)]
        answers = _apex(zone, kind) if apex else [_record(row) for row in matching]
        if name != zone and not any(f".{r['name']}".endswith(f".{name}") for r in rows):
            return _missing(request.reply(aa=1, ra=1), zone)
        reply = request.reply(aa=1, ra=1)
        reply.add_answer(*answers)
        if not answers:
            reply.add_auth(*_apex(zone, "SOA"))
        return reply


def _missing(reply: DNSRecord, zone: str | None = None) -> DNSRecord:
    reply.header.rcode = RCODE.NXDOMAIN
    if zone:
        reply.add_auth(*_apex(zone, "SOA"))
    return reply


def _record(row: Json) -> RR:
    data = {"A": A, "AAAA": AAAA, "CNAME": CNAME, "TXT": _txt, "CAA": _caa}[row["type"]]
    ttl = AUTOMATIC_TTL if row["ttl"] == 1 else row["ttl"]
    return RR(row["name"], getattr(QTYPE, row["type"]), rdata=data(row["content"]), ttl=ttl)


def _caa(text: str) -> CAA:
    flags, tag, value = text.split(" ", 2)
    return CAA(int(flags), tag, value.strip('"'))


def _txt(text: str) -> TXT:
    """TXT data: strings of at most 255 bytes."""
    raw = text.strip('"').encode()
    return TXT([raw[i : i + 255] for i in range(0, len(raw), 255)])


def _apex(zone: str, kind: str) -> list[RR]:
    if kind == "NS":
        return [RR(zone, QTYPE.NS, rdata=NS(server), ttl=86400) for server in NAME_SERVERS]
    times = (1, 10000, 2400, 604800, SECONDS)
    soa = SOA(NAME_SERVERS[0], f"dns.{NAME_SERVERS[0].split('.', 2)[2]}", times)
    return [RR(zone, QTYPE.SOA, rdata=soa, ttl=SECONDS)]


class NameServer:
    """UDP and TCP on one address, as a context manager."""

    def __init__(self, resolver: ZoneResolver, address: str, port: int) -> None:
        logger = DNSLogger("-request,-reply,-truncated,-recv,-send", logf=sys.stderr.write)
        options = {"address": address, "port": port, "logger": logger}
        self._servers = [DNSServer(resolver, tcp=tcp, **options) for tcp in (False, True)]

    def __enter__(self) -> "NameServer":
        for server in self._servers:
            server.start_thread()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.stop()
            server.server.server_close()
