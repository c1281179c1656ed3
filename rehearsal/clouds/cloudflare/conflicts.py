"""Which records of one name exclude each other.

https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/
"""

from collections.abc import Sequence
from typing import Any

from rehearsal.clouds.cloudflare.catalog import TYPES
from rehearsal.clouds.cloudflare.errors import failed

ADDRESSES = frozenset({"A", "AAAA"})


def check(new: dict[str, Any], others: Sequence[dict[str, Any]], *, at_apex: bool) -> None:
    """Cloudflare's 400 if `new` conflicts with one of `others`, the records of the same name.

    Beside a CNAME there is no other record (RFC 1034, section 3.6.2). At the zone's apex Cloudflare
    serves a CNAME as addresses (CNAME flattening), so only addresses conflict with it there.
    """
    kind, types = new["type"], {record["type"] for record in others}
    if any((r["type"], r["content"]) == (kind, new["content"]) for r in others):
        raise failed(400, 81058, "An identical record already exists.")
    excluded = ADDRESSES if at_apex else TYPES - {"CNAME"}
    if kind == "CNAME" and types & (excluded | {"CNAME"}):
        raise failed(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
    if kind in excluded and "CNAME" in types:
        raise failed(400, 81054, "A CNAME record with that host already exists.")
