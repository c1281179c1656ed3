"""Do the Tailscale credentials work, and may they give the servers their tags?"""

from collections.abc import Iterator
from urllib.parse import quote

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import RejectedError, Seen, ok, problem, unknown
from fks_infra.doctor.tailnet import CONSOLE
from fks_infra.doctor.web import understood

# Any of each line is enough; the older names are still given out.
_SCOPES = {
    "auth_keys": frozenset({"all", "auth_keys"}),
    "devices:core": frozenset({"all", "devices:core", "devices"}),
}


def tailscale(case: Case) -> Iterator[Seen]:
    """The credentials may see the devices of the tailnet."""
    try:
        count = len(case.devices())
    except RejectedError as error:
        yield problem(error.detail, error.remedy)
    else:
        yield ok(f"{case.tailnet().variables} may see the tailnet's {count} devices")


def tailnet_tag(case: Case) -> Iterator[Seen]:
    """An OAuth client gives only tags it carries, or that one it carries owns. A key has none."""
    session, tag = case.tailnet(), case.subject.tag
    if not session.uses_client:
        return
    answer = session.get(f"keys/{quote(session.credentials.client_id)}")
    if answer.status in (401, 403, 404):
        yield unknown(f"the OAuth client may not look at itself: {answer.status}")
        return
    client = understood(answer, "the OAuth client")
    tags, scopes = client.get("tags") or [], set(client.get("scopes") or ())
    missing = [name for name, enough in _SCOPES.items() if scopes and not scopes & enough]
    if client.get("keyType", "client") != "client":
        yield unknown(f"TAILSCALE_OAUTH_CLIENT_ID names a key of type {client['keyType']}")
    elif tag not in tags:
        carried = ", ".join(tags) or "no tag"
        yield problem(
            f"fks:tailnetTag is {tag!r}, and the OAuth client carries {carried}", _remedy(tag)
        )
    elif missing:
        yield problem(f"the OAuth client lacks the scopes {', '.join(missing)}", _remedy(tag))
    else:
        yield ok(f"the OAuth client carries {tag}")


def _remedy(tag: str) -> str:
    return (
        f"{CONSOLE}/settings/oauth: Generate OAuth client, write on Auth Keys and Devices Core, "
        f"read on Policy File, tag {tag}; export its TAILSCALE_OAUTH_CLIENT_ID and "
        f"TAILSCALE_OAUTH_CLIENT_SECRET"
    )
