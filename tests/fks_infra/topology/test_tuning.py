"""The variables of a service follow from its memory limit, its role and the plan's cores."""

from fks_infra.config.plans import PLANS
from fks_infra.roles.role import Processes, Service
from fks_infra.topology.tuning import database_clients, tuning

PLAN = PLANS["g6-standard-4"]
WORKERS = Processes(variable="WORKERS", base=0, memory=100, connections=15)
CHILDREN = Processes(variable="CHILDREN", base=0, memory=100, connections=5)
DATABASE = Service(name="db", image="db", memory=512, database=True)
FIRST = Service(name="app", image="app", memory=400, processes=WORKERS)
SECOND = Service(name="app-2", image="app", memory=400, processes=WORKERS, replica_of="app")
QUEUE = Service(name="task-worker", image="app", memory=300, processes=CHILDREN, connections=1)
BEAT = Service(name="beat", image="app", memory=100, connections=1, pids=32)
STACK = (DATABASE, FIRST, SECOND, QUEUE, BEAT)
LIMITS = {service.name: service.memory for service in STACK}


def test_the_connections_are_the_sum_of_what_all_pools_open() -> None:
    two_replicas_of_two_workers, three_children = 2 * 2 * 15, 3 * 5
    clients = two_replicas_of_two_workers + three_children + 1 + 1
    assert database_clients(STACK, LIMITS, PLAN) == clients
    values = tuning(DATABASE, STACK, LIMITS, PLAN)
    assert values["DB_MAX_CONNECTIONS"] == str(clients + 16)
    assert values["DB_SHARED_BUFFERS"] == "128MB"


def test_a_databases_processes_are_limited_above_its_connections() -> None:
    values = tuning(DATABASE, STACK, LIMITS, PLAN)
    assert int(values["PIDS_DB"]) > int(values["DB_MAX_CONNECTIONS"])


def test_replicas_divide_the_cores() -> None:
    assert tuning(FIRST, STACK, LIMITS, PLAN)["WORKERS"] == "2"
    assert tuning(SECOND, STACK, LIMITS, PLAN)["WORKERS"] == "2"
    alone = (DATABASE, FIRST)
    assert tuning(FIRST, alone, LIMITS, PLAN)["WORKERS"] == "4"


def test_every_service_has_a_limit_of_processes_and_threads() -> None:
    assert tuning(QUEUE, STACK, LIMITS, PLAN) == {"CHILDREN": "3", "PIDS_TASK_WORKER": "256"}
    assert tuning(BEAT, STACK, LIMITS, PLAN) == {"PIDS_BEAT": "32"}
