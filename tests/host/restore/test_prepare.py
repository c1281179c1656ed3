"""The restore beside the present database."""

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.restore import exchange, prepare, record
from host.fks_deploy.restore.source import Choice
from tests.host.restore.conftest import NEW, OLD, ROWS, SET, Case

COMPARED = "tables trading_restoring"


def test_the_dump_is_beside_the_present_data(case: Case) -> None:
    case.dump()
    case.server.contents["trading"] = {"public.trades": [5, "8"], "public.users": [2, "1"]}
    found = prepare.prepare(case.session, SET, Choice())
    assert case.server.databases == {"trading": OLD, "trading_restoring": NEW}
    assert (found.state, found.restored, found.present) == (record.PREPARED, NEW, OLD)
    assert (found.rows, found.warnings, found.proved) == (4, ["a warning"], True)
    assert found.lost == [
        {"table": "public.trades", "now": 5, "backup": 3},
        {"table": "public.users", "now": 2, "backup": None},
    ]
    assert found == case.record


def test_again_for_the_same_dump_it_only_compares(case: Case) -> None:
    case.prepared()
    case.server.contents["trading"] = {**ROWS, "public.trades": [4, "9"]}
    found = prepare.prepare(case.session, SET, Choice())
    assert case.server.calls == ["tables trading"]
    assert found.lost == [{"table": "public.trades", "now": 4, "backup": 3}]


def test_another_dump_replaces_it(case: Case) -> None:
    case.prepared()
    case.dump("20261126T022000Z")
    with pytest.raises(AssertionError):
        prepare.prepare(case.session, SET, Choice(dump="trading-20261126T022000Z.dump"))
    assert case.server.calls[:2] == ["remove job", "drop trading_restoring"]


@pytest.mark.parametrize("call", ["restore", COMPARED])
def test_a_failure_leaves_the_present_data_and_frees_the_space(case: Case, call: str) -> None:
    case.dump()
    if call == COMPARED:
        case.server.contents["trading_restoring"] = {**ROWS, "public.trades": [2, "9"]}
    else:
        case.server.failing[call] = 1
    with pytest.raises(DeployError):
        prepare.prepare(case.session, SET, Choice())
    assert case.server.databases == {"trading": OLD}
    assert record.load(case.paths, "api") is None


@pytest.mark.parametrize("call", ["check", "create", "restore", COMPARED, "tables trading"])
def test_the_same_command_begins_again_after_sigkill(case: Case, call: str) -> None:
    case.dump()
    with case.killed_before(call):
        prepare.prepare(case.session, SET, Choice())
    assert case.server.databases["trading"] == OLD
    assert prepare.prepare(case.session, SET, Choice()).state == record.PREPARED
    assert case.server.databases == {"trading": OLD, "trading_restoring": NEW}


def test_data_that_are_kept_are_not_overwritten(case: Case) -> None:
    case.prepared()
    with case.killed_before("rename"):
        exchange.exchange(case.session, SET)
    with pytest.raises(DeployError, match="was interrupted while"):
        prepare.prepare(case.session, SET, Choice())
    exchange.exchange(case.session, SET)
    with pytest.raises(DeployError, match="--finish drops them"):
        prepare.prepare(case.session, SET, Choice())
    exchange.undo(case.session, SET)
    with pytest.raises(DeployError, match="--finish drops them"):
        prepare.prepare(case.session, SET, Choice())
