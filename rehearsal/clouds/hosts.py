"""One HTTPS port for many names: the Host header selects the application."""

import sys
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from rehearsal.clouds.journal import Journal
from rehearsal.clouds.linode import catalog
from rehearsal.clouds.linode.object_storage import endpoint
from rehearsal.clouds.webhook import DISCORD_HOST, PLAIN_HOST

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

CLOUD_HOSTS = {
    "api.linode.com": "linode",
    "api.cloudflare.com": "cloudflare",
    "api.tailscale.com": "tailscale",
    DISCORD_HOST: "webhook",
    PLAIN_HOST: "webhook",
    **{endpoint(region["id"]): "s3" for region in catalog.rows("regions")},
}
# Their paths do not overlap, so one directory has the files of both.
PACKAGE_HOSTS = ("pkgs.tailscale.com", "nvidia.github.io")


class HostRouter:
    """Passes a request to the application of its host; an unknown host fails the run."""

    def __init__(
        self,
        apps: Mapping[str, Any],
        journal: Journal,
        packages: Path | None,
        acme: str | None = None,
    ) -> None:
        self._apps = {host: apps[name] for host, name in CLOUD_HOSTS.items()}
        if acme:
            self._apps[acme] = apps["acme"]
        if packages:
            files = Mount("/", StaticFiles(directory=packages))
            self._apps |= dict.fromkeys(PACKAGE_HOSTS, Starlette(routes=[files]))
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface."""
        headers = dict(scope.get("headers") or [])
        host = headers.get(b"host", b"").decode().partition(":")[0].lower()
        app = self._apps.get(host) or self._unknown(scope, host)
        await app(scope, receive, send)

    def _unknown(self, scope: Scope, host: str) -> JSONResponse:
        method, path = str(scope.get("method")), str(scope.get("path"))
        sys.stderr.write(f"UNKNOWN HOST: {method} {host}{path}: the rehearsal's run has failed\n")
        request = {"cloud": host or "?", "method": method, "path": path, "query": ""}
        self._journal.record(**request, status=421, milliseconds=0, fault=False, unknown=True)
        return JSONResponse({"error": f"no stand-in has the name {host!r}"}, 421)
