"""The hands behind the clouds: faults, their state, deeds done behind the program's back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rehearsal.world.operator import Operator

HOSTS = {
    "linode": "api.linode.com",
    "cloudflare": "api.cloudflare.com",
    "tailscale": "api.tailscale.com",
}
# Every host has the side door; what stands in front of something else has none of its own.
DOOR = HOSTS["linode"]
CURL = ("curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "20")
JSON = ("--header", "Content-Type: application/json")


@dataclass(frozen=True)
class CloudControl:
    """Speaks to the control endpoints of the clouds from the operator's place."""

    operator: Operator

    def call(self, cloud: str, method: str, path: str, body: Any = None) -> Any:
        """Call a control endpoint (below /rehearsal/) of a cloud and return its JSON answer."""
        command = [*CURL, "--request", method, f"https://{HOSTS.get(cloud, DOOR)}/rehearsal/{path}"]
        if body is not None:
            command += [*JSON, "--data", json.dumps(body)]
        answer = self.operator.output(command)
        return json.loads(answer) if answer.strip() else None

    def fault(self, cloud: str, **wanted: Any) -> None:
        """Let the next matching requests of a cloud fail or be slow (rehearsal.clouds.faults)."""
        self.call(cloud, "POST", "faults", {"cloud": cloud, **wanted})

    def clear_faults(self) -> None:
        """Forget the faults that nothing has met yet."""
        self.call("linode", "DELETE", "faults")

    def advance(self, seconds: float) -> None:
        """Let that much time pass in the clouds."""
        self.call("linode", "POST", "clock", {"seconds": seconds})

    def slow_dns(self, seconds: float) -> None:
        """Let new and changed records take that long until they are seen."""
        self.call("linode", "POST", "propagation", {"seconds": seconds})

    def journal(self, cloud: str) -> list[dict[str, Any]]:
        """Return the requests to a cloud so far."""
        return list(self.call(cloud, "GET", f"journal?cloud={cloud}"))

    def unknown(self) -> list[dict[str, Any]]:
        """Return the requests that no stand-in knew."""
        return list(self.call("linode", "GET", "unknown"))

    def state(self, cloud: str) -> dict[str, Any]:
        """Return all that a cloud holds."""
        return dict(self.call(cloud, "GET", "state"))

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call the Linode API with the operator's token, as somebody in the console would."""
        script = (
            f'{" ".join(CURL)} --request {method} --header "Authorization: Bearer $LINODE_TOKEN" '
            f'"$@" https://api.linode.com/v4/{path}'
        )
        sent = [*JSON, "--data", json.dumps(body)] if body is not None else []
        answer = self.operator.output(["sh", "-c", script, "api", *sent])
        return json.loads(answer) if answer.strip() else None
