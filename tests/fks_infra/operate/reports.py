"""Reports of servers, as bin/status prints them."""

import json
from typing import Any

from fks_infra.operate.unreachable import Unreachable

DISK: dict[str, Any] = {
    "text": "disk / is at 85 %, limit 80 %",
    "command": "sudo docker system df",
    "since": "2026-11-27T09:48:00Z",
    "alerted": True,
}
GONE = Unreachable(reason="SSH to 100.64.0.3: Connection timed out", command="tailscale status")


def container(service: str, **changes: Any) -> dict[str, Any]:
    """A healthy container that uses half of its memory."""
    return {
        "service": service,
        "state": "running",
        "health": "healthy",
        "restarts": 0,
        "started": "2026-11-27T09:00:00Z",
        "memory": 50 << 20,
        "memory_limit": 100 << 20,
        **changes,
    }


def usage(name: str, value: float, *limits: float, percent: bool = True) -> dict[str, Any]:
    return {"name": name, "value": value, "limits": list(limits), "percent": percent}


def healthy(role: str, **changes: Any) -> dict[str, Any]:
    """The report of a server at 10:00."""
    document = {
        "server": role,
        "roles": [role],
        "time": "2026-11-27T10:00:00Z",
        "release": {"digest": "3f2a91c0d4e5" + "0" * 52, "since": "2026-11-24T10:00:00Z"},
        "deploy": None,
        "last_deploy": None,
        "lock": None,
        "maintenance": None,
        "stopped": {},
        "containers": [container("edge")],
        "health": [{"url": f"https://{role}.example.org/health", "healthy": True}],
        "usage": [usage("CPU", 12.3, 70), usage("load", 0.44, 8, percent=False)],
        "certificates": {role: 71.4},
        "failed_units": [],
        "clock": True,
        "backup": None,
        "restores": {},
        "reboot": [],
        "updates": {"packages": [], "engine": False, "time": "2026-11-27T06:10:00Z"},
        "watch": {"webhook": True, "age": 34, "up": 900, "problems": [], "delivery_error": ""},
        "drift": None,
        "problems": [],
        **changes,
    }
    return dict(json.loads(json.dumps(document)))
