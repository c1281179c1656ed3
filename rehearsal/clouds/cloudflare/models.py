"""Zones and records of one account. Knows nothing of HTTP."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.cloudflare import catalog, records
from rehearsal.clouds.cloudflare.errors import (
    cname_taken,
    host_taken,
    identical,
    record_not_found,
    zone_not_found,
)

Json = dict[str, Any]


class Cloudflare:
    """The zones named at the start, and every record made since."""

    def __init__(self, clock: Clock, zones: Iterable[str]) -> None:
        self._clock = clock
        self._names = [name.rstrip(".").lower() for name in zones]
        self.reset()

    def reset(self) -> None:
        """The zones without any record."""
        made = [catalog.zone(name, self._now()) for name in self._names]
        self.zones: dict[str, Json] = {zone["id"]: zone for zone in made}
        self._records: dict[str, Json] = {}
        self._last = 0

    def zone(self, zone_id: str) -> Json:
        """One zone, or Cloudflare's 404."""
        if zone_id not in self.zones:
            raise zone_not_found(zone_id)
        return self.zones[zone_id]

    def records(self, zone_id: str) -> list[Json]:
        """All records of a zone, the oldest first."""
        self.zone(zone_id)
        return [r for r in list(self._records.values()) if r["zone_id"] == zone_id]

    def all_records(self) -> list[Json]:
        """The records of every zone, as a name server needs them."""
        return list(self._records.values())

    def zone_names(self) -> list[str]:
        """The names of all zones."""
        return [zone["name"] for zone in self.zones.values()]

    def get(self, zone_id: str, record_id: str) -> Json:
        """One record, or Cloudflare's 404."""
        self.zone(zone_id)
        record = self._records.get(record_id)
        if record is None or record["zone_id"] != zone_id:
            raise record_not_found()
        return record

    def create(self, zone_id: str, wanted: Mapping[str, Any]) -> Json:
        """A new record; a second address of the same name is fine, an identical one is not."""
        zone = self.zone(zone_id)
        fields = records.read(wanted, zone["name"])
        self._check(zone_id, fields, None)
        self._last += 1
        moment = self._now()
        record = {
            **fields,
            "created_on": moment,
            "modified_on": moment,
            "zone_id": zone_id,
            "zone_name": zone["name"],
            "id": sha256(f"record {zone_id} {self._last}".encode()).hexdigest()[:32],
        }
        self._records[record["id"]] = record
        return record

    def replace(self, zone_id: str, record_id: str, wanted: Mapping[str, Any]) -> Json:
        """PUT: everything but the id and the date of birth."""
        record = self.get(zone_id, record_id)
        fields = records.read(wanted, record["zone_name"])
        self._check(zone_id, fields, record_id)
        kept = {key: record[key] for key in ("created_on", "zone_id", "zone_name", "id")}
        self._records[record_id] = {**fields, **kept, "modified_on": self._now()}
        return self._records[record_id]

    def patch(self, zone_id: str, record_id: str, wanted: Mapping[str, Any]) -> Json:
        """PATCH: only what is sent."""
        return self.replace(zone_id, record_id, {**self.get(zone_id, record_id), **wanted})

    def delete(self, zone_id: str, record_id: str) -> Json:
        """Remove it; Cloudflare answers with its id."""
        self.get(zone_id, record_id)
        del self._records[record_id]
        return {"id": record_id}

    def state(self) -> Json:
        """All that the account holds, as the API would show it."""
        return {"zones": list(self.zones.values()), "records": self.all_records()}

    def dump(self) -> Json:
        """Plain data for the state file."""
        return {"records": list(self._records.values()), "last": self._last}

    def load(self, state: Json) -> None:
        """Take `dump`'s data back; records of zones that are no longer configured are dropped."""
        self._last = state["last"]
        kept = (record for record in state["records"] if record["zone_id"] in self.zones)
        self._records = {record["id"]: record for record in kept}

    def _check(self, zone_id: str, fields: Json, own_id: str | None) -> None:
        same = [
            r for r in self.records(zone_id) if r["name"] == fields["name"] and r["id"] != own_id
        ]
        key = (fields["type"], fields["content"])
        if any((r["type"], r["content"]) == key for r in same):
            raise identical()
        kinds = {r["type"] for r in same}
        if fields["type"] == "CNAME" and kinds & {"A", "AAAA", "CNAME"}:
            raise host_taken()
        if fields["type"] in ("A", "AAAA") and "CNAME" in kinds:
            raise cname_taken()

    def _now(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
