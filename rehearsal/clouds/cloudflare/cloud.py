"""Zones and records of one account. Knows nothing of HTTP."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from rehearsal.clouds.clock import Clock
from rehearsal.clouds.cloudflare import catalog, conflicts, records
from rehearsal.clouds.cloudflare.errors import failed, not_modelled
from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.tokens import Tokens

Json = dict[str, Any]


class CloudflareCloud:
    """The configured zones, and the records that were created in them."""

    def __init__(self, clock: Clock, zones: Iterable[str]) -> None:
        self._clock = clock
        self._names = [name.rstrip(".").lower() for name in zones]
        self.reset()

    def reset(self) -> None:
        """The zones without any record; no token is revoked any more."""
        self.tokens = Tokens()
        created = [catalog.zone(name, self._now()) for name in self._names]
        self.zones: dict[str, Json] = {zone["id"]: zone for zone in created}
        self._records: dict[str, Json] = {}
        self._last = 0

    def zone(self, zone_id: str) -> Json:
        """One zone, or Cloudflare's 404."""
        if zone_id not in self.zones:
            path = f"/client/v4/zones/{zone_id}"
            text = f"Could not route to {path}, perhaps your object identifier is invalid?"
            raise failed(404, 7003, text)
        return self.zones[zone_id]

    def records(self, zone_id: str) -> list[Json]:
        """All records of a zone, oldest first."""
        self.zone(zone_id)
        return [record for record in self.all_records() if record["zone_id"] == zone_id]

    def all_records(self) -> list[Json]:
        """The records of every zone. Thread-safe."""
        return list(self._records.values())

    def zone_names(self) -> list[str]:
        """The names of all zones."""
        return [zone["name"] for zone in self.zones.values()]

    def get(self, zone_id: str, record_id: str) -> Json:
        """One record, or Cloudflare's 404."""
        self.zone(zone_id)
        record = self._records.get(record_id)
        if record is None or record["zone_id"] != zone_id:
            raise failed(404, 81044, "Record does not exist.")
        return record

    def create(self, zone_id: str, body: Mapping[str, Any]) -> Json:
        """A new record. A name can have several addresses, but no two identical records."""
        self._last += 1
        number = sha256(f"record {zone_id} {self._last}".encode()).hexdigest()[:32]
        return self._write(zone_id, number, body, self._now())

    def replace(self, zone_id: str, record_id: str, body: Mapping[str, Any]) -> Json:
        """PUT: replaces every field but the id and the creation time."""
        return self._write(zone_id, record_id, body, self.get(zone_id, record_id)["created_on"])

    def batch(self, zone_id: str, body: Mapping[str, Any]) -> Json:
        """Patches of several records: all are applied, or none after the first error. Not recorded:
        https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/"""
        if unknown := sorted(key for key, value in body.items() if value and key != "patches"):
            raise not_modelled(f"a batch with {', '.join(unknown)}")
        before = dict(self._records)
        try:
            return {"patches": [self._patch(zone_id, one) for one in body.get("patches") or ()]}
        except CloudError:
            self._records = before
            raise

    def delete(self, zone_id: str, record_id: str) -> Json:
        """Remove a record; Cloudflare answers with its id."""
        self.get(zone_id, record_id)
        del self._records[record_id]
        return {"id": record_id}

    def state(self) -> Json:
        """Everything in the account as the API would show it."""
        return {"zones": list(self.zones.values()), "records": self.all_records()}

    def dump(self) -> Json:
        """Plain data for the state file."""
        revoked = sorted(self.tokens.revoked)
        return {"records": self.all_records(), "last": self._last, "revoked": revoked}

    def load(self, state: Json) -> None:
        """Restore `dump`'s data, without records of zones that are no longer configured."""
        self._last = state["last"]
        self.tokens.revoked = set(state.get("revoked", ()))
        kept = (record for record in state["records"] if record["zone_id"] in self.zones)
        self._records = {record["id"]: record for record in kept}

    def _write(self, zone_id: str, number: str, body: Mapping[str, Any], created: str) -> Json:
        zone = self.zone(zone_id)["name"]
        fields = records.read(body, zone)
        self._check_conflicts(zone_id, number, fields)
        times = {"created_on": created, "modified_on": self._now()}
        record = {**fields, **times, "id": number, "zone_id": zone_id, "zone_name": zone}
        self._records[number] = record
        return record

    def _patch(self, zone_id: str, changed: Mapping[str, Any]) -> Json:
        """What is not named stays as it is."""
        record = self.get(zone_id, changed["id"])
        kept = {name: record[name] for name in records.FIELDS if name in record}
        fields = {name: value for name, value in changed.items() if name != "id"}
        return self.replace(zone_id, record["id"], {**kept, **fields})

    def _check_conflicts(self, zone_id: str, number: str, fields: Json) -> None:
        others = [record for record in self.records(zone_id) if record["id"] != number]
        at_apex = fields["name"] == self.zone(zone_id)["name"]
        conflicts.check(fields, [r for r in others if r["name"] == fields["name"]], at_apex=at_apex)

    def _now(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
