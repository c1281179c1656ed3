"""The exchange of the two databases, and what ends it."""

import pytest

from host.fks_deploy import maintenance
from host.fks_deploy.errors import DeployError
from host.fks_deploy.restore import exchange, record
from tests.host.restore.conftest import NEW, OLD, SET, Case

STOP, STOP_WORKER = "stop api", "stop api-worker within 5 s"
START = "start api api-worker"
STEPS = (STOP, STOP_WORKER, "empty", "rename", START, "probe")


def closed(case: Case) -> bool:
    return maintenance.read(case.paths) is not None


def test_the_restored_data_serve_and_those_of_before_are_kept(case: Case) -> None:
    case.prepared()
    exchange.exchange(case.session, SET)
    assert case.server.calls == list(STEPS)
    assert case.server.databases == {"trading": NEW, "trading_before": OLD}
    found = case.record
    assert (found.state, found.closed, found.aside) == (record.EXCHANGED, "", OLD << 20)
    assert not closed(case)


def test_undo_exchanges_them_again_and_again(case: Case) -> None:
    case.prepared()
    exchange.exchange(case.session, SET)
    exchange.undo(case.session, SET)
    assert case.record.state == record.UNDONE
    assert case.server.databases == {"trading": OLD, "trading_restoring": NEW}
    exchange.undo(case.session, SET)
    assert case.record.state == record.EXCHANGED
    assert case.server.databases == {"trading": NEW, "trading_before": OLD}


def test_finish_drops_what_is_not_in_service(case: Case) -> None:
    case.prepared()
    exchange.exchange(case.session, SET)
    exchange.finish(case.session, SET)
    assert case.server.databases == {"trading": NEW}
    assert record.load(case.paths, "api") is None


def test_nothing_is_done_out_of_order(case: Case) -> None:
    with pytest.raises(DeployError, match="nothing is restored, so this cannot be done now"):
        exchange.exchange(case.session, SET)
    case.prepared()
    with pytest.raises(DeployError, match="the restore of api is prepared"):
        exchange.undo(case.session, SET)
    with case.killed_before("rename"):
        exchange.exchange(case.session, SET)
    with pytest.raises(DeployError, match="the restore of api is exchanging"):
        exchange.finish(case.session, SET)
