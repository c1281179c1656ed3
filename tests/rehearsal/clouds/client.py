"""Clouds in this process, and a client with a valid token for each of them."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from rehearsal.clouds.app import CloudOptions, Clouds

TOKEN = "rehearsal-0123456789012345678901234567890123456789"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA one@example"


class AppClient:
    """Calls an application in this process."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request; `options` are httpx's. Without an Authorization header it gets the token."""
        headers = {"Authorization": f"Bearer {TOKEN}", **(options.pop("headers", None) or {})}
        headers = {name: value for name, value in headers.items() if value}
        return asyncio.run(self._request(method, path, headers=headers, **options))

    async def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://cloud") as client:
            return await client.request(method, path, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        """PUT."""
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        """DELETE."""
        return self.request("DELETE", path, **options)


@dataclass
class CloudClients:
    """The clouds and a client for each."""

    clouds: Clouds
    linode: AppClient
    cloudflare: AppClient
    tailscale: AppClient
    webhook: AppClient
    s3: AppClient
    acme: AppClient = field(default_factory=lambda: AppClient(None))


def cloud_clients(**settings: Any) -> CloudClients:
    """New clouds; `settings` are those of CloudOptions."""
    clouds = Clouds(CloudOptions(**settings))
    clients = {name: AppClient(app) for name, app in clouds.apps.items()}
    return CloudClients(clouds=clouds, **clients)


def instance(**fields: Any) -> dict[str, Any]:
    """A request for a small instance."""
    return {
        "region": "ca-central",
        "type": "g6-nanode-1",
        "image": "linode/debian13",
        "label": "web-1",
        "authorized_keys": [KEY],
        **fields,
    }


def rules(**fields: Any) -> dict[str, Any]:
    """A firewall's rules that allow SSH."""
    ssh = {
        "action": "ACCEPT",
        "label": "ssh",
        "ports": "22",
        "protocol": "TCP",
        "addresses": {"ipv4": ["192.0.2.0/24"]},
    }
    return {"inbound_policy": "DROP", "outbound_policy": "ACCEPT", "inbound": [ssh], **fields}
