"""Are the Tailscale credentials valid, and may they give the servers their tags?"""

from collections.abc import Iterator

from fks_infra.clouds.http import RejectedError
from fks_infra.clouds.tailscale_login import CONSOLE
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.doctor.rejection import rejection

# One scope of each set is enough; the older names still exist.
_SCOPES = {
    "auth_keys": frozenset({"all", "auth_keys"}),
    "devices:core": frozenset({"all", "devices:core", "devices"}),
}


def tailscale_credentials(context: CheckContext) -> Iterator[CheckResult]:
    """The credentials may list the devices of the tailnet."""
    try:
        count = len(context.devices())
    except RejectedError as error:
        yield rejection(error)
    else:
        variables = context.tailscale().credentials.variables
        yield ok(f"{variables} may list the tailnet's {count} devices")


def tailnet_tag(context: CheckContext) -> Iterator[CheckResult]:
    """An OAuth client may give its own tags and the tags they own. An API key has no tags."""
    tailscale, tag = context.tailscale(), context.stack.tag
    if not tailscale.credentials.uses_oauth:
        return
    try:
        client = tailscale.oauth_client()
    except RejectedError as error:
        yield unknown(f"the OAuth client may not read itself: {error.detail}")
        return
    lacking = [
        name for name, enough in _SCOPES.items() if client.scopes and not client.scopes & enough
    ]
    if client.key_type != "client":
        yield unknown(f"TAILSCALE_OAUTH_CLIENT_ID names a key of type {client.key_type}")
    elif tag not in client.tags:
        carried = ", ".join(client.tags) or "no tag"
        yield problem(
            f"fks:tailnetTag is {tag!r}, and the OAuth client carries {carried}", _remedy(tag)
        )
    elif lacking:
        yield problem(f"the OAuth client lacks the scopes {', '.join(lacking)}", _remedy(tag))
    else:
        yield ok(f"the OAuth client carries {tag}")


def _remedy(tag: str) -> str:
    return (
        f"{CONSOLE}/settings/oauth: Generate OAuth client, write on Auth Keys and Devices Core, "
        f"read on Policy File, tag {tag}; export its TAILSCALE_OAUTH_CLIENT_ID and "
        f"TAILSCALE_OAUTH_CLIENT_SECRET"
    )
