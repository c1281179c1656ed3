"""How the stack's zone is found in Cloudflare."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fks_infra.clouds.cloudflare import base_url
from fks_infra.doctor.credential import needed
from fks_infra.doctor.findings import RejectedError
from fks_infra.doctor.web import get, understood

_REFUSALS = frozenset({400, 401, 403})
TOKENS_PAGE = "https://dash.cloudflare.com/profile/api-tokens"


@dataclass(frozen=True, kw_only=True)
class FoundZone:
    """A zone as Cloudflare shows it to this token; without `permissions` it does not say them."""

    id: str
    name: str
    status: str
    name_servers: tuple[str, ...]
    permissions: frozenset[str]


def find(name: str, environ: Mapping[str, str], seconds: float) -> FoundZone:
    """The one zone of this name; RejectedError where the token is refused or sees none."""
    token = needed(environ, "CLOUDFLARE_API_TOKEN")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    query = urlencode({"name": name, "per_page": 50})
    answer = get(f"{base_url(environ)}/zones?{query}", headers, seconds)
    if answer.status in _REFUSALS:
        raise RejectedError(
            f"Cloudflare refuses CLOUDFLARE_API_TOKEN (hidden): {answer.status}",
            f"Make a token at {TOKENS_PAGE} (Create Token, template Edit zone DNS, with Zone:Read "
            f"and DNS:Edit on {name}) and export it as CLOUDFLARE_API_TOKEN",
        )
    rows = understood(answer, f"the zone {name}")["result"]
    if len(rows) != 1:
        raise RejectedError(
            f"fks:zone is {name!r}, and CLOUDFLARE_API_TOKEN (hidden) sees {len(rows)} such zones",
            f"Write the zone as {TOKENS_PAGE.partition('/profile')[0]} lists it (pulumi config set "
            f"fks:zone NAME), or give the token Zone:Read and DNS:Edit on it ({TOKENS_PAGE}, Edit)",
        )
    row = rows[0]
    return FoundZone(
        id=str(row["id"]),
        name=name,
        status=str(row.get("status", "active")),
        name_servers=tuple(row.get("name_servers") or ()),
        permissions=frozenset(row.get("permissions") or ()),
    )
