"""The way back after a failure, and what a killed program leaves."""

import pytest

from host.fks_deploy import maintenance, stops
from host.fks_deploy.errors import DeployError, InterruptedDeployError
from host.fks_deploy.restore import exchange, record
from tests.host.restore.conftest import NEW, OLD, SET, Case

STOP, STOP_WORKER = "stop api", "stop api-worker"
START = "start api api-worker"
STEPS = (STOP, f"{STOP_WORKER} within 5 s", "empty", "rename", START, "probe")


def closed(case: Case) -> bool:
    return maintenance.read(case.paths) is not None


@pytest.mark.parametrize("call", STEPS)
def test_a_failure_puts_the_data_of_before_back(case: Case, call: str) -> None:
    case.prepared()
    case.server.failing[call] = 1
    with pytest.raises(DeployError, match=f"{call} failed. The data of before serve again"):
        exchange.exchange(case.session, SET)
    assert case.server.databases == {"trading": OLD, "trading_restoring": NEW}
    assert (case.record.state, closed(case)) == (record.FAILED, False)
    assert case.server.calls[-2:] == [START, "probe"]


def test_services_that_are_healthy_with_neither_data_are_as_before(case: Case) -> None:
    case.prepared()
    case.server.failing[START] = 2
    with pytest.raises(DeployError, match="do not become healthy with those of before either"):
        exchange.exchange(case.session, SET)
    assert case.server.databases["trading"] == OLD
    assert (case.record.state, closed(case)) == (record.FAILED, False)


def test_a_way_back_without_its_database_refuses_requests_until_it_goes_on(case: Case) -> None:
    case.prepared()
    case.server.failing |= {START: 1, "rename": 0}
    rename = case.server.call

    def fail_second(name: str) -> None:
        if name == "rename" and "rename" in case.server.calls and not fixed:
            raise DeployError("the database does not answer")
        rename(name)

    fixed: list[bool] = []
    case.server.call = fail_second  # type: ignore[method-assign]
    with pytest.raises(DeployError, match="does not answer"):
        exchange.exchange(case.session, SET)
    assert (case.record.state, closed(case)) == (record.UNDOING, True)
    fixed.append(True)
    with pytest.raises(DeployError, match="The data of before serve again"):
        exchange.exchange(case.session, SET)
    assert (case.record.state, closed(case)) == (record.FAILED, False)
    assert case.server.databases["trading"] == OLD


@pytest.mark.parametrize("call", STEPS)
def test_the_same_command_goes_on_after_sigkill(case: Case, call: str) -> None:
    case.prepared()
    with case.killed_before(call):
        exchange.exchange(case.session, SET)
    assert (case.record.state, closed(case)) == (record.EXCHANGING, True)
    exchange.exchange(case.session, SET)
    assert (case.record.state, closed(case)) == (record.EXCHANGED, False)
    assert case.server.databases == {"trading": NEW, "trading_before": OLD}


@pytest.mark.parametrize("tasks", ["0 tasks wait, 1 run", None])
def test_a_worker_with_tasks_has_its_own_time_to_stop(case: Case, tasks: str | None) -> None:
    case.prepared()
    case.server.tasks = tasks
    exchange.exchange(case.session, SET)
    assert case.server.calls[:2] == [STOP, STOP_WORKER]


def test_an_interruption_is_no_failure_of_the_data(case: Case) -> None:
    case.prepared()

    def interrupt(name: str) -> None:
        raise InterruptedDeployError(f"stopped by SIGTERM before {name}")

    before, case.server.call = case.server.call, interrupt  # type: ignore[method-assign]
    with pytest.raises(InterruptedDeployError):
        exchange.exchange(case.session, SET)
    case.server.call = before  # type: ignore[method-assign]
    assert case.record.state == record.EXCHANGING


def test_maintenance_that_was_on_stays_on(case: Case) -> None:
    maintenance.switch_on(case.paths, "bob", "Back at ten.")
    case.prepared()
    exchange.exchange(case.session, SET)
    found = maintenance.read(case.paths)
    assert found is not None
    assert (found.who, found.message) == ("bob", "Back at ten.")


def test_data_that_nothing_used_are_put_into_service_or_stay_unused(case: Case) -> None:
    case.prepared()
    stops.mark(case.paths, ["api"], stops.Stop("2026-11-27T10:00:00Z", "ann", keeps=("x",)))
    case.server.failing[START] = 1
    with pytest.raises(DeployError, match="The data of before serve again"):
        exchange.exchange(case.session, SET)
    assert case.server.calls.count(START) == 1
    assert set(stops.load(case.paths)) == {"api"}
    case.prepared()
    exchange.exchange(case.session, SET)
    assert case.server.databases["trading"] == NEW
    assert stops.load(case.paths) == {}
