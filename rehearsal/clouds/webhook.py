"""Receives the servers' alerts, as Discord and under a second name as any other receiver."""

from typing import Any

from fastapi import APIRouter, Request, Response

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.http import ApiFormat, json_body

Json = dict[str, Any]
DISCORD_HOST = "discord.com"
PLAIN_HOST = "hooks.rehearsal.internal"
# Discord's limits, https://discord.com/developers/docs/resources/webhook#execute-webhook
_CONTENT_LIMIT, _DESCRIPTION_LIMIT = 2000, 4096


def _error_body(status: int, text: str) -> Json:
    return {"code": status, "message": text}


# The URL is the credential.
FORMAT = ApiFormat(
    authorise=lambda _request: None, error_body=_error_body, result=lambda _request, value: value
)


class Webhook:
    """The messages so far, oldest first: {"host", "message"}."""

    def __init__(self) -> None:
        self._messages: list[Json] = []

    def state(self) -> Json:
        """For the control API."""
        return {"messages": self._messages}

    def reset(self) -> None:
        """Forget all messages."""
        self._messages.clear()

    def router(self) -> APIRouter:
        """Accepts a POST to any path."""
        routes = APIRouter()

        async def receive(request: Request) -> Response:
            host = request.headers.get("host", "").partition(":")[0]
            message = await json_body(request, FORMAT)
            if host == DISCORD_HOST and (reason := _discord_error(message)):
                raise CloudError(400, _error_body(50006, reason))
            self._messages.append({"host": host, "message": message})
            return Response(status_code=204)

        routes.add_api_route("/{path:path}", receive, methods=["POST"])
        return routes


def _discord_error(message: Json) -> str:
    """Why Discord rejects a message, or ""."""
    content, embeds = message.get("content") or "", message.get("embeds") or []
    if not content and not embeds:
        return "Cannot send an empty message"
    too_long = any(len(one.get("description", "")) > _DESCRIPTION_LIMIT for one in embeds)
    if len(content) > _CONTENT_LIMIT or too_long:
        return "Invalid Form Body"
    return ""
