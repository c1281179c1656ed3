"""One auth key, and how the API shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rehearsal.clouds.clock import parse

Json = dict[str, Any]


@dataclass(kw_only=True)
class AuthKey:
    """An auth key without its text; `control_id` is its id in the control server."""

    id: str
    description: str
    expiry_seconds: int
    created: str
    expires: str
    reusable: bool
    ephemeral: bool
    preauthorized: bool
    tags: list[str]
    used: bool = False
    revoked: bool = False
    control_id: str = ""

    def view(self, now: datetime) -> Json:
        """The key as the API shows it. Only the answer to POST has its text too."""
        create = {k: getattr(self, k) for k in ("reusable", "ephemeral", "tags", "preauthorized")}
        return {
            "id": self.id,
            "keyType": "auth",
            "description": self.description,
            "expirySeconds": self.expiry_seconds,
            "created": self.created,
            "updated": self.created,
            "expires": self.expires,
            "invalid": self.is_used_up() or self.is_expired(now),
            "capabilities": {"devices": {"create": create}},
            "userId": "u1CNTRL",
        }

    def is_used_up(self) -> bool:
        """A single-use key admits one device."""
        return self.used and not self.reusable

    def is_expired(self, now: datetime) -> bool:
        """Whether its expiry time has passed."""
        return now >= parse(self.expires)
