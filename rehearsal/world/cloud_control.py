"""Calls the stand-in clouds' control endpoints: faults, clock, DNS delay, journals and state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rehearsal.clouds.tokens import identifier
from rehearsal.world.operator import Operator

HOSTS = {
    "linode": "api.linode.com",
    "cloudflare": "api.cloudflare.com",
    "tailscale": "api.tailscale.com",
    "webhook": "discord.com",
}
# Every host has the control endpoints; the ACME server, which is not in HOSTS, has none itself.
DEFAULT_HOST = HOSTS["linode"]
CURL = ("curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "20")
JSON = ("--header", "Content-Type: application/json")


@dataclass(frozen=True)
class CloudControl:
    """Sends requests to the clouds from the operator's container."""

    operator: Operator

    def call(self, cloud: str, method: str, path: str, body: Any = None) -> Any:
        """Call a control endpoint (below /rehearsal/); return its JSON, None for no content."""
        host = HOSTS.get(cloud, DEFAULT_HOST)
        command = [*CURL, "--request", method, f"https://{host}/rehearsal/{path}"]
        if body is not None:
            command += [*JSON, "--data", json.dumps(body)]
        answer = self.operator.output(command)
        return json.loads(answer) if answer.strip() else None

    def fault(self, cloud: str, **options: Any) -> None:
        """Let the next matching requests fail or be slow; options as in rehearsal.clouds.faults."""
        self.call(cloud, "POST", "faults", {"cloud": cloud, **options})

    def clear_faults(self) -> None:
        """Remove the faults that no request has matched yet."""
        self.call("linode", "DELETE", "faults")

    def advance(self, seconds: float) -> None:
        """Advance the clouds' clock."""
        self.call("linode", "POST", "clock", {"seconds": seconds})

    def slow_dns(self, seconds: float) -> None:
        """Delay the visibility of new and changed DNS records."""
        self.call("linode", "POST", "propagation", {"seconds": seconds})

    def journal(self, cloud: str) -> list[dict[str, Any]]:
        """Return all requests to a cloud so far, oldest first."""
        return list(self.call(cloud, "GET", f"journal?cloud={cloud}"))

    def unknown(self) -> list[dict[str, Any]]:
        """Return the requests that no stand-in implements."""
        return list(self.call("linode", "GET", "unknown"))

    def state(self, cloud: str) -> dict[str, Any]:
        """Return all resources of a cloud."""
        return dict(self.call(cloud, "GET", "state"))

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call the Linode API with the operator's token, as the Cloud Manager would."""
        return self._as_operator("LINODE_TOKEN", f"{HOSTS['linode']}/v4/{path}", method, body)

    def cloudflare(self, method: str, path: str, body: Any = None) -> Any:
        """Call the Cloudflare API with the operator's token, as its dashboard would."""
        url = f"{HOSTS['cloudflare']}/client/v4/{path}"
        return self._as_operator("CLOUDFLARE_API_TOKEN", url, method, body)

    def new_token(self, cloud: str) -> str:
        """Make a token, as the user does in the dashboard of Cloudflare or Tailscale."""
        return str(self.call(cloud, "POST", "tokens")["value"])

    def revoke_token(self, cloud: str, token: str) -> None:
        """Delete a token by its id: arguments are visible to others."""
        self.call(cloud, "DELETE", f"tokens/{identifier(token)}")

    def _as_operator(self, token: str, url: str, method: str, body: Any) -> Any:
        """`token` is the variable that holds it, so that it is on no command line here."""
        script = (
            f'{" ".join(CURL)} --request {method} --header "Authorization: Bearer ${token}" '
            f'"$@" https://{url}'
        )
        data = [*JSON, "--data", json.dumps(body)] if body is not None else []
        answer = self.operator.output(["sh", "-c", script, "api", *data])
        return json.loads(answer) if answer.strip() else None
