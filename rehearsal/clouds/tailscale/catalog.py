"""What a tailnet has at the start, and the limits of its auth keys."""

from datetime import timedelta
from typing import Any

TIME = "%Y-%m-%dT%H:%M:%SZ"
TAILNET_DOMAIN = "tail0000.ts.net"
OWNER = "rehearsal@example.com"
CLIENT_VERSION = "1.102.5"
MAX_EXPIRY = timedelta(days=90)
DESCRIPTION_LIMIT = 50
NODE_KEY_LIFE = timedelta(days=180)
DEFAULT_TAG_OWNERS = ("tag:fks", "tag:fks-*")
FIRST_ADDRESS = 16
FIRST_POLICY: dict[str, Any] = {
    "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
    "ssh": [
        {
            "action": "check",
            "src": ["autogroup:member"],
            "dst": ["autogroup:self"],
            "users": ["autogroup:nonroot", "root"],
        }
    ],
}
