"""PostgreSQL's settings for the memory limit of its container.

https://www.postgresql.org/docs/17/runtime-config-resource.html
"""

# superuser_reserved_connections (3), a dump, health checks, and an operator's sessions.
RESERVED_CONNECTIONS = 16


def postgres_settings(memory: int, clients: int) -> dict[str, str]:
    """NAME to value for a limit of `memory` MiB and the connections that the clients open at most.

    shared_buffers is a quarter of the limit, as PostgreSQL's documentation recommends. The page
    cache counts towards the limit, so effective_cache_size is three quarters of it. work_mem
    divides the rest by the connections, and by three because a query may use it several times.
    """
    connections = clients + RESERVED_CONNECTIONS
    buffers = memory // 4
    return {
        "SHARED_BUFFERS": _mib(buffers),
        "EFFECTIVE_CACHE_SIZE": _mib(memory * 3 // 4),
        "WORK_MEM": _mib(min(64, max(2, (memory - buffers) // (3 * connections)))),
        "MAINTENANCE_WORK_MEM": _mib(min(1024, max(16, memory // 16))),
        "MAX_CONNECTIONS": str(connections),
    }


def _mib(number: int) -> str:
    return f"{number}MB"
