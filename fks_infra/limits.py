"""Ports, networks and time limits of host/limits.env, which the servers read too."""

from ipaddress import IPv4Network

from fks_infra.paths import PROJECT_ROOT


def _read() -> dict[str, str]:
    lines = (PROJECT_ROOT / "host" / "limits.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


_LIMITS = _read()

SSH_PORT = int(_LIMITS["SSH_PORT"])
EDGE_PORT = int(_LIMITS["EDGE_PORT"])
TAILNET_RANGE = IPv4Network(_LIMITS["TAILNET_RANGE"])
LOCK_WAIT_SECONDS = int(_LIMITS["LOCK_WAIT_SECONDS"])
STEP_TIMEOUT_SECONDS = int(_LIMITS["STEP_TIMEOUT_SECONDS"])
STEP_KILL_SECONDS = int(_LIMITS["STEP_KILL_SECONDS"])
VERIFY_TIMEOUT_SECONDS = float(_LIMITS["VERIFY_TIMEOUT_SECONDS"])
TAILNET_KEY_SECONDS = int(_LIMITS["TAILNET_KEY_SECONDS"])
