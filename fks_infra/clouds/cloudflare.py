"""Cloudflare's API: a zone by its name, the DNS records of a name, other contents, a deletion.

https://developers.cloudflare.com/api/resources/dns/
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fks_infra.clouds.api import Api
from fks_infra.clouds.credentials import CLOUDFLARE_RIGHTS, required
from fks_infra.clouds.http import CALL_SECONDS, RejectedError

# Its words for a token with Client IP Address Filtering
_WRONG_ADDRESS = b"token from location"
# Of a token: the permission to edit the records of a zone
EDIT_RECORDS = "#dns_records:edit"
DASHBOARD = "https://dash.cloudflare.com"
TOKENS_PAGE = f"{DASHBOARD}/profile/api-tokens"
_REMEDY = (
    f"Make a token at {TOKENS_PAGE} (Create Token, template Edit zone DNS, with "
    f"{CLOUDFLARE_RIGHTS}) and export it as CLOUDFLARE_API_TOKEN"
)


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A zone. `permissions` are the token's; empty where Cloudflare does not list them."""

    id: str
    name: str
    status: str = "active"
    name_servers: tuple[str, ...] = ()
    permissions: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Record:
    """A DNS record."""

    id: str
    name: str
    type: str
    content: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class ZoneRecords:
    """A zone's id, and its records for some names."""

    id: str
    records: Mapping[str, Sequence[Record]]


@dataclass(frozen=True, kw_only=True)
class Cloudflare:
    """The client. Errors of every method: RejectedError, UnavailableError."""

    api: Api

    @classmethod
    def from_environ(
        cls, environ: Mapping[str, str], seconds: float = CALL_SECONDS
    ) -> "Cloudflare":
        """From the variables that Cloudflare's provider reads."""
        return cls(
            api=Api(
                name="Cloudflare",
                base_url=base_url(environ),
                authorize=lambda: f"Bearer {required(environ, 'CLOUDFLARE_API_TOKEN')}",
                variables="CLOUDFLARE_API_TOKEN (hidden)",
                remedy=_REMEDY,
                seconds=seconds,
                wrong_address=_WRONG_ADDRESS,
            )
        )

    def zone(self, name: str) -> Zone:
        """The zone of this name; RejectedError where the token sees none or several."""
        query = urlencode({"name": name, "per_page": 50})
        rows = self.api.get(f"/zones?{query}")["result"]
        if len(rows) != 1:
            raise RejectedError(
                f"fks:zone (by default fks:domain) is {name!r}, and CLOUDFLARE_API_TOKEN (hidden) "
                f"sees {len(rows)} zones of that name",
                f"Set fks:zone to a zone that {DASHBOARD} lists (pulumi config set fks:zone NAME), "
                f"or give the token Zone:Read and DNS:Edit on {name} ({TOKENS_PAGE}, Edit)",
            )
        return _zone(rows[0])

    def records(self, zone_id: str, name: str) -> list[Record]:
        """All records of this name, of every type."""
        query = urlencode({"name.exact": name, "per_page": 100})
        rows = self.api.get(f"/zones/{quote(zone_id)}/dns_records?{query}")["result"]
        return [_record(row) for row in rows]

    def zone_records(self, zone: str, names: Iterable[str]) -> ZoneRecords:
        """Of the zone with this name the records of these names; errors as of `zone`."""
        number = self.zone(zone).id
        return ZoneRecords(id=number, records={name: self.records(number, name) for name in names})

    def change_contents(self, zone_id: str, contents: Mapping[str, str]) -> None:
        """Give records, by their ids, other contents: all of them or, after an error, none.

        https://developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes/
        """
        patches = [{"id": number, "content": content} for number, content in contents.items()]
        self.api.post(f"/zones/{quote(zone_id)}/dns_records/batch", {"patches": patches})

    def delete_record(self, zone_id: str, record: Record) -> None:
        """Delete a record; one that does not exist any more is fine."""
        self.api.delete(f"/zones/{quote(zone_id)}/dns_records/{quote(record.id)}")


def base_url(environ: Mapping[str, str]) -> str:
    """The address of the API with its version."""
    given = environ.get("CLOUDFLARE_BASE_URL") or "https://api.cloudflare.com/client/v4"
    return given.rstrip("/")


def _zone(row: Mapping[str, Any]) -> Zone:
    return Zone(
        id=str(row["id"]),
        name=str(row["name"]),
        status=str(row.get("status", "active")),
        name_servers=tuple(row.get("name_servers") or ()),
        permissions=frozenset(row.get("permissions") or ()),
    )


def _record(row: Mapping[str, Any]) -> Record:
    return Record(
        id=str(row["id"]),
        name=str(row["name"]),
        type=str(row["type"]),
        content=str(row.get("content") or ""),
        comment=str(row.get("comment") or ""),
    )
