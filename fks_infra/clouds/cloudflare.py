"""The few calls of Cloudflare's API the program makes itself: a name's records, and one less."""

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fks_infra.clouds import credentials as credential
from fks_infra.clouds.http import Question, send

_REMEDY = (
    "CLOUDFLARE_API_TOKEN (hidden) must be good and have DNS:Edit on the zone; renew it in "
    "Cloudflare and export it."
)


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record as Cloudflare keeps it."""

    id: str
    name: str
    type: str
    content: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Zone:
    """One zone, asked with the operator's own token."""

    id: str
    base_url: str
    token: str = field(repr=False)

    @classmethod
    def read(cls, zone_id: str, environ: Mapping[str, str]) -> "Zone":
        """From the same variables as Cloudflare's provider reads; RefusedError for a broken one."""
        token = credential.read(environ, "CLOUDFLARE_API_TOKEN")
        return cls(id=zone_id, base_url=base_url(environ), token=token)

    def records(self, name: str) -> list[Record]:
        """All records of this name, of whatever type."""
        query = urllib.parse.urlencode({"name.exact": name, "per_page": 100})
        answer = self._call("GET", f"?{query}")
        return [_record(entry) for entry in answer["result"]]

    def remove(self, record: Record) -> None:
        """Take a record away; one that is already gone is fine."""
        self._call("DELETE", f"/{urllib.parse.quote(record.id)}", gone_is_fine=True)

    def _call(self, method: str, tail: str, *, gone_is_fine: bool = False) -> Any:
        url = f"{self.base_url}/zones/{urllib.parse.quote(self.id)}/dns_records{tail}"
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        question = Question(method=method, url=url, headers=headers)
        return send(question, _REMEDY, gone_is_fine=gone_is_fine)


def base_url(environ: Mapping[str, str]) -> str:
    """Where Cloudflare's API is."""
    return (environ.get("CLOUDFLARE_BASE_URL") or "https://api.cloudflare.com/client/v4").rstrip(
        "/"
    )


def _record(entry: Mapping[str, Any]) -> Record:
    return Record(
        id=str(entry["id"]),
        name=str(entry["name"]),
        type=str(entry["type"]),
        content=str(entry.get("content") or ""),
        comment=str(entry.get("comment") or ""),
    )
