"""The variables of a service that follow from its memory limit and the plan's cores."""

from collections.abc import Mapping, Sequence

from fks_infra.clouds.linode_types import Plan
from fks_infra.roles.role import Service
from fks_infra.topology.postgres_tuning import RESERVED_CONNECTIONS, postgres_settings
from fks_infra.topology.sizing import process_count

# Of a database besides its connections: background processes, parallel workers, the health check.
_DATABASE_PIDS = 64


def tuning(
    service: Service, stack: Sequence[Service], limits: Mapping[str, int], plan: Plan
) -> dict[str, str]:
    """NAME to value. `stack` has the services of its role, `limits` their memory in MiB."""
    values, pids = {}, service.pids
    if service.processes:
        values[service.processes.variable] = str(_processes(service, stack, limits, plan))
    if service.database:
        clients = database_clients(stack, limits, plan)
        found = postgres_settings(limits[service.name], clients)
        values |= {f"{service.key}_{name}": value for name, value in found.items()}
        pids = clients + RESERVED_CONNECTIONS + _DATABASE_PIDS
    return {**values, f"PIDS_{service.key}": str(pids)}


def database_clients(stack: Sequence[Service], limits: Mapping[str, int], plan: Plan) -> int:
    """The connections that the services of a role open at most.

    Of the API: replicas x workers x pool with overflow, children of the Celery worker x pool, one
    each of the Celery worker itself and of beat, and those of the optional services.
    """
    return sum(
        service.connections
        + (service.processes.connections if service.processes else 0)
        * _processes(service, stack, limits, plan)
        for service in stack
    )


def _processes(
    service: Service, stack: Sequence[Service], limits: Mapping[str, int], plan: Plan
) -> int:
    if service.processes is None:
        return 0
    original = service.replica_of or service.name
    replicas = sum((other.replica_of or other.name) == original for other in stack)
    return process_count(service.processes, limits[service.name], plan.vcpus, replicas)
