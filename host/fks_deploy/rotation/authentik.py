"""The key of Authentik's token for deploys, changed by Authentik's API with the token itself.

https://api.goauthentik.io/reference/core-tokens-set-key-create/
"""

import json
from dataclasses import dataclass

from ..errors import DeployError
from ..probe import Probe, send

# As compose/lib/blueprints/administrator.yaml names it.
_PATH = "/api/v3/core/tokens/fks-deploy/set_key/"


@dataclass(frozen=True)
class Authentik:
    """A `Store`; `probe` is the request that the deploys make with the token."""

    probe: Probe
    address: str

    @property
    def secret(self) -> str:
        return self.probe.bearer

    @property
    def name(self) -> str:
        return "Authentik"

    def accepts(self, value: str) -> bool:
        status = self._request("GET", self.probe.path, value)
        if status in (401, 403):
            return False
        if status == 200:
            return True
        raise DeployError(f"Authentik answers {status} to a request with its token")

    def add(self, old: str, new: str, /) -> None:
        if self.accepts(new):
            return
        status = self._request("POST", _PATH, old, json.dumps({"key": new}))
        if status not in (200, 204):
            raise DeployError(f"Authentik answers {status} to the change of its token")

    def remove_others(self, new: str) -> None:
        """A token has one key."""

    def _request(self, method: str, path: str, token: str, body: str = "") -> int:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            return send(self.probe.host, self.address, method, path, headers, body)
        except OSError as error:
            raise DeployError(f"Authentik does not answer: {error}") from error
