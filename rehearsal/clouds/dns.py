"""The world's name server: the stand-in Cloudflare's zones, fixed names, and nothing else."""

import ipaddress
import sys
from collections.abc import Callable, Mapping
from typing import Any

from dnslib import AAAA, CAA, CNAME, MX, NS, QTYPE, RCODE, RR, SOA, TXT, A, DNSRecord
from dnslib.server import DNSLogger, DNSServer

from rehearsal.clouds.negative_cache import SECONDS, Absence
from rehearsal.clouds.cloudflare.catalog import NAME_SERVERS

Json = dict[str, Any]
AUTOMATIC_TTL = 300
MAX_ALIASES = 8
FORWARD_TIMEOUT = 3


class Names:
    """Answers questions; `zones` and `records` are asked anew each time.

    `fixed` maps names to IPv4 addresses. `forward` is the address of a resolver for everything
    else; without it everything else does not exist. With `absence` it is also the resolver of those
    who ask: who asked too early for an address goes on being told that there is none.
    """

    def __init__(
        self,
        zones: Callable[[], list[str]],
        records: Callable[[], list[Json]],
        fixed: Mapping[str, str],
        forward: str | None = None,
        absence: Absence | None = None,
    ) -> None:
        self._zones, self._records = zones, records
        self._fixed = {name.lower().rstrip("."): address for name, address in fixed.items()}
        self._forward, self._absence = forward, absence

    def resolve(self, request: Any, handler: Any = None) -> Any:
        """dnslib's entry: one question, one reply."""
        name = str(request.q.qname).rstrip(".").lower()
        kind = str(QTYPE[request.q.qtype])
        if name in self._fixed:
            return self._fixed_name(request, name, kind)
        zone = self._zone_of(name)
        if zone:
            asker = str(handler.client_address[0]) if handler else ""
            return self._cached(request, zone, name, kind, asker)
        if self._forward:
            return DNSRecord.parse(request.send(self._forward, 53, timeout=FORWARD_TIMEOUT))
        reply = request.reply(ra=1)
        reply.header.rcode = RCODE.NXDOMAIN
        return reply

    def _fixed_name(self, request: Any, name: str, kind: str) -> Any:
        reply = request.reply(aa=1, ra=1)
        if kind == "A":
            reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(self._fixed[name]), ttl=60))
        return reply

    def _zone_of(self, name: str) -> str | None:
        found = [z for z in self._zones() if name == z or name.endswith("." + z)]
        return max(found, key=len, default=None)

    def _cached(self, request: Any, zone: str, name: str, kind: str, asker: str) -> Any:
        absence = self._absence if kind in ("A", "AAAA") else None
        if absence and absence.remembers(asker, name):
            reply = request.reply(ra=1)
            reply.header.rcode = RCODE.NXDOMAIN
            reply.add_auth(*_apex(zone, "SOA"))
            return reply
        reply = self._from_zone(request, zone, name, kind)
        if absence and reply.header.rcode == RCODE.NXDOMAIN:
            absence.note(asker, name)
        return reply

    def _from_zone(self, request: Any, zone: str, name: str, kind: str) -> Any:
        reply = request.reply(aa=1, ra=1)
        rows = [r for r in self._records() if r["zone_name"] == zone]
        if name == zone and kind in ("SOA", "NS"):
            for answer in _apex(zone, kind):
                reply.add_answer(answer)
            return reply
        for answer in _answers(rows, name, kind):
            reply.add_answer(answer)
        if not reply.rr:
            known = name == zone or any(_at_or_below(r["name"], name) for r in rows)
            reply.header.rcode = RCODE.NOERROR if known else RCODE.NXDOMAIN
            reply.add_auth(*_apex(zone, "SOA"))
        return reply


def _at_or_below(have: str, name: str) -> bool:
    return have == name or have.endswith("." + name) or _wildcard(have, name)


def _wildcard(have: str, name: str) -> bool:
    return have.startswith("*.") and name.endswith(have[1:])


def _answers(rows: list[Json], name: str, kind: str) -> list[Any]:
    answers: list[Any] = []
    for _ in range(MAX_ALIASES):
        here = [r for r in rows if r["name"] == name] or [
            r for r in rows if _wildcard(r["name"], name)
        ]
        wanted = [r for r in here if r["type"] == kind or kind == "ANY"]
        alias = next((r for r in here if r["type"] == "CNAME"), None)
        answers += [_record(name, r) for r in wanted]
        if wanted or alias is None:
            break
        answers.append(_record(name, alias))
        name = alias["content"]
    return answers


def _record(name: str, row: Json) -> Any:
    data = {
        "A": lambda text: A(text),
        "AAAA": lambda text: AAAA(text),
        "CNAME": lambda text: CNAME(text),
        "NS": lambda text: NS(text),
        "MX": lambda text: MX(text, int(row.get("priority") or 0)),
        "TXT": lambda text: TXT(_chunks(text)),
        "CAA": _caa,
    }[row["type"]](row["content"])
    ttl = AUTOMATIC_TTL if row["ttl"] == 1 else row["ttl"]
    return RR(name, getattr(QTYPE, row["type"]), rdata=data, ttl=ttl)


def _caa(text: str) -> Any:
    flags, tag, value = text.split(" ", 2)
    return CAA(int(flags), tag, value.strip('"'))


def _chunks(text: str) -> list[bytes]:
    raw = text.encode()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        raw = text[1:-1].replace('" "', "").encode()
    return [raw[i : i + 255] for i in range(0, len(raw), 255)] or [b""]


def _apex(zone: str, kind: str) -> list[Any]:
    if kind == "NS":
        return [RR(zone, QTYPE.NS, rdata=NS(server), ttl=86400) for server in NAME_SERVERS]
    times = (1, 10000, 2400, 604800, SECONDS)
    soa = SOA(NAME_SERVERS[0], f"dns.{NAME_SERVERS[0].split('.', 2)[2]}", times)
    return [RR(zone, QTYPE.SOA, rdata=soa, ttl=SECONDS)]


class NameServer:
    """UDP and TCP on one address, as a context manager."""

    def __init__(self, names: Names, address: str, port: int) -> None:
        ipaddress.ip_address(address)
        quiet = DNSLogger("-request,-reply,-truncated,-recv,-send", logf=sys.stderr.write)
        options = {"address": address, "port": port, "logger": quiet}
        self._servers = [DNSServer(names, tcp=tcp, **options) for tcp in (False, True)]

    def __enter__(self) -> "NameServer":
        for server in self._servers:
            server.start_thread()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.stop()
            server.server.server_close()
