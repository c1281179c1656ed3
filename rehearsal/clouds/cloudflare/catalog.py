"""A zone as it is at the start of a rehearsal; `zone.json` has the fields that never change."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

NAME_SERVERS = ["alice.ns.cloudflare.com", "bob.ns.cloudflare.com"]
TYPES = frozenset({"A", "AAAA", "CNAME", "TXT", "CAA"})
_ZONE: dict[str, Any] = json.loads(
    Path(__file__).with_name("zone.json").read_text(encoding="utf-8")
)


def zone(name: str, moment: str) -> dict[str, Any]:
    """A zone on the free plan. Its id is derived from its name and so is always the same."""
    times = dict.fromkeys(("created_on", "modified_on", "activated_on"), moment)
    number = sha256(f"zone {name}".encode()).hexdigest()[:32]
    return {**_ZONE, **times, "id": number, "name": name, "name_servers": NAME_SERVERS}
