"""How long a part is away when it is replaced, and who notices; nothing else has such numbers."""

# tests/world/test_replacements.py measures these four under load: no outage is longer. November
# 2026, on the rehearsal's servers.
MEASURED_SECONDS = {"edge": 10, "api-postgres": 10, "api-queue": 10, "api-cache": 10}

# Of a resize and a move nobody measured the time: docs/operations.md says "some minutes".
_NOTICES = {
    "edge": "all who use a name of this server",
    "api-postgres": "all who use the API",
    "api-queue": "all who use the API; tasks wait",
    "api-cache": "all who use the API",
    "api": "all who use the API",
    "api-2": "all who use the API",
    "api-worker": "nobody directly: tasks wait",
    "api-wal": "nobody: it catches up",
    "api-gpu-worker": "nobody directly: training waits",
    "api-beat": "nobody directly: scheduled tasks are sent late",
    "market-data": "whatever reads market data",
    "risk-manager": "whatever waits for the risk manager",
    "auth-postgres": "all who log in",
    "auth-server": "all who log in",
    "auth-worker": "nobody directly: Authentik's tasks wait",
}


def seconds(service: str) -> int | None:
    """The longest outage when its container is stopped first; None where it was not measured."""
    return MEASURED_SECONDS.get(service)


def notices(service: str) -> str:
    """Who notices that it is away."""
    return _NOTICES.get(service, f"whatever uses {service}")
