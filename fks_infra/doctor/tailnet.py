"""How Tailscale's API is asked, with the credentials the steps use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fks_infra.clouds.http import RefusedError
from fks_infra.clouds.tailscale import Credentials
from fks_infra.clouds.tailscale import Device as Joined
from fks_infra.doctor.findings import CannotTellError, RejectedError
from fks_infra.doctor.web import Answer, ask, get, understood

CONSOLE = "https://login.tailscale.com/admin"
_REFUSALS = frozenset({400, 401, 403})


@dataclass(frozen=True, kw_only=True)
class Session:
    """One log-in to the API."""

    credentials: Credentials
    authorization: str = field(repr=False)
    seconds: float

    @property
    def uses_client(self) -> bool:
        """Whether it is an OAuth client's; an API key goes first, as in the steps."""
        return not self.credentials.api_key

    @property
    def variables(self) -> str:
        """The variables it comes from."""
        if self.uses_client:
            return "TAILSCALE_OAUTH_CLIENT_ID and TAILSCALE_OAUTH_CLIENT_SECRET (hidden)"
        return "TAILSCALE_API_KEY (hidden)"

    def get(self, path: str) -> Answer:
        """The answer for a path below the tailnet."""
        tailnet = quote(self.credentials.tailnet, safe="-")
        headers = {"Authorization": self.authorization, "Accept": "application/json"}
        url = f"{self.credentials.base_url}/api/v2/tailnet/{tailnet}/{path}"
        return get(url, headers, self.seconds)


@dataclass(frozen=True, kw_only=True)
class Device:
    """A machine of the tailnet. `name` is unique in it, the host name is not."""

    id: str
    hostname: str
    name: str
    address: str
    tags: frozenset[str]


def log_in(environ: Mapping[str, str], seconds: float) -> Session:
    """A session; RejectedError where an OAuth client is turned away."""
    try:
        known = Credentials.read(environ)
    except RefusedError as error:
        raise CannotTellError(str(error)) from None
    if known.api_key:
        return Session(credentials=known, authorization=known.basic, seconds=seconds)
    answer = ask(known.log_in, seconds)
    if answer.status in _REFUSALS:
        raise rejected(Session(credentials=known, authorization="", seconds=seconds), answer.status)
    token = understood(answer, "Tailscale's access token")["access_token"]
    return Session(credentials=known, authorization=f"Bearer {token}", seconds=seconds)


def devices(session: Session) -> list[Device]:
    """All devices of the tailnet; RejectedError where they must not be seen."""
    answer = session.get("devices")
    if answer.status in _REFUSALS:
        raise rejected(session, answer.status)
    if answer.status == 404:
        raise RejectedError(
            f"TAILSCALE_TAILNET is {session.credentials.tailnet!r}, which Tailscale does not know",
            f"export TAILSCALE_TAILNET=NAME, with the name {CONSOLE}/settings/general shows, or "
            f"unset TAILSCALE_TAILNET",
        )
    rows = understood(answer, "the list of devices")["devices"]
    return [_device(row) for row in rows]


def rejected(session: Session, status: int) -> RejectedError:
    """What a refusal means for the operator."""
    page = "oauth" if session.uses_client else "keys"
    kind = "OAuth client with the scopes auth_keys, devices:core and policy_file:read"
    return RejectedError(
        f"Tailscale refuses {session.variables}: {status}",
        f"Make a new {kind if session.uses_client else 'API access token'} at "
        f"{CONSOLE}/settings/{page} and export it",
    )


def _device(row: Mapping[str, Any]) -> Device:
    joined = Joined(
        id=str(row.get("nodeId") or row.get("id")),
        hostname=str(row.get("hostname", "")),
        created=str(row.get("created", "")),
        addresses=tuple(row.get("addresses") or ()),
    )
    return Device(
        id=joined.id,
        hostname=joined.hostname,
        name=str(row.get("name", "")).partition(".")[0],
        address=joined.address or "",
        tags=frozenset(row.get("tags") or ()),
    )
