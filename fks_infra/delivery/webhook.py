"""Sends one line to the webhook of fks:alertWebhook. Its URL is a secret: no error contains it."""

import json
from urllib.parse import urlsplit

from fks_infra.clouds.http import CloudError, Request, UnavailableError, exchange

_DISCORD = ("discord.com", "discordapp.com")
_HEADERS = {"Content-Type": "application/json"}


def notify(url: str, text: str) -> None:
    """Raises UnavailableError with the host only."""
    host = urlsplit(url).hostname or ""
    request = Request(method="POST", url=url, headers=_HEADERS, body=body(host, text))
    try:
        status = exchange(request).status
    except CloudError:
        raise UnavailableError(f"The webhook at {host or 'no host'} does not answer") from None
    # A redirect is an error too: its target may be another host.
    if not 200 <= status < 300:
        raise UnavailableError(f"The webhook at {host} answered {status}")


def body(host: str, text: str) -> bytes:
    """The request: plain JSON, for Discord in its format; it mentions nobody."""
    is_discord = any(host == name or host.endswith(f".{name}") for name in _DISCORD)
    mentions_nobody = {"content": text, "allowed_mentions": {"parse": []}}
    return json.dumps(mentions_nobody if is_discord else {"text": text}).encode()
