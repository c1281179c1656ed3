"""Sends an alert to the webhook. Its URL is a secret: no error or log contains it."""

import http.client
import json
import ssl
from urllib.parse import urlsplit

from .message import Message

# Seconds, for each of connection, request and answer
_TIMEOUT = 10.0
_DISCORD = ("discord.com", "discordapp.com")


class WebhookError(Exception):
    """The alert was not accepted; `retry_after` is the pause in seconds that the receiver wants."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def post(url: str, message: Message) -> None:
    """Error: WebhookError."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    document = message.discord() if _is_discord(host) else message.json()
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(
        host, parts.port or 443, timeout=_TIMEOUT, context=context
    )
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {"Content-Type": "application/json", "User-Agent": "fks-watch"}
    try:
        connection.request("POST", target, json.dumps(document).encode(), headers)
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise WebhookError(f"no answer: {_reason(error)}") from None
    finally:
        connection.close()
    # A redirect is an error too: its target may be another host.
    if not 200 <= answer.status < 300:
        raise WebhookError(f"status {answer.status}", _retry_after(answer))


def _is_discord(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _DISCORD)


def _reason(error: Exception) -> str:
    """Without the texts of http.client, some of which repeat the request's target."""
    return str(error) if isinstance(error, OSError) else type(error).__name__


def _retry_after(answer: http.client.HTTPResponse) -> float:
    try:
        return max(float(answer.headers.get("Retry-After", "0")), 0.0)
    except ValueError:
        return 0.0
