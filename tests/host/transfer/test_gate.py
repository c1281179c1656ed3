"""A server that refuses writes before its data move."""

import pytest

from host.fks_deploy import journal, maintenance
from host.fks_deploy.errors import DeployError
from host.fks_deploy.transfer import gate
from tests.host.transfer.conftest import API, AUTH, Closing

SETS = (AUTH, API)


def kinds(closing: Closing) -> list[str]:
    entries, _ = journal.read(closing.paths.journal)
    return [entry["text"] for entry in entries if entry["kind"] == "transfer"]


def test_a_closed_server_has_the_page_and_databases_that_refuse_writes(closing: Closing) -> None:
    closing.left = [3, 1]
    gate.close(closing.session, SETS, drain=60)
    assert maintenance.read(closing.paths) is not None
    assert closing.closed == {"auth", "api"}
    assert closing.statements[0].endswith("SET default_transaction_read_only = on")
    gate.close(closing.session, SETS, drain=60)
    gate.open_again(closing.session, SETS)
    assert maintenance.read(closing.paths) is None
    assert gate.read(closing.paths) is None
    assert closing.closed == set()
    assert closing.pauses == ["pause", "pause", "resume"]
    assert kinds(closing) == ["close auth, api: ok", "close auth, api: ok", "open auth, api: ok"]


def test_a_queue_that_does_not_become_empty_leaves_the_server_open(closing: Closing) -> None:
    closing.left = [2] * 100
    with pytest.raises(DeployError, match=r"2 tasks wait, 0 run, .* The server is open again"):
        gate.close(closing.session, SETS, drain=0)
    assert maintenance.read(closing.paths) is None
    assert closing.statements == []
    assert kinds(closing) == ["close auth, api: failed"]


def test_a_retry_that_waits_for_its_time_is_not_lost_unless_it_is_left(closing: Closing) -> None:
    closing.delivered = 1
    with pytest.raises(DeployError, match=r"1 wait for their time.*--leave-tasks goes on"):
        gate.close(closing.session, SETS, drain=0)
    assert closing.closed == set()
    gate.close(closing.session, SETS, drain=0, leave_tasks=True)
    assert closing.closed == {"auth", "api"}
    assert "1 wait for their time" in closing.shown[-1]


def test_a_database_that_does_not_answer_leaves_the_server_open(closing: Closing) -> None:
    closing.fails = "api"
    with pytest.raises(DeployError, match="psql in api-postgres failed"):
        gate.close(closing.session, SETS, drain=0)
    assert closing.closed == set()
    assert gate.read(closing.paths) is None


def test_a_server_that_gets_data_has_open_databases_and_its_edge_stays(closing: Closing) -> None:
    gate.close(closing.session, SETS, drain=0)
    gate.hold(closing.session, SETS)
    assert closing.pauses == ["pause", "start paused"]
    assert closing.closed == set()
    assert maintenance.read(closing.paths) is not None
    gate.open_again(closing.session, SETS)
    assert maintenance.read(closing.paths) is None


def test_applications_that_do_not_stop_leave_the_server_open(closing: Closing) -> None:
    closing.fails = "pause"
    with pytest.raises(DeployError, match="pause failed"):
        gate.close(closing.session, SETS, drain=0)
    assert closing.pauses == ["pause", "resume"]
    assert (closing.closed, gate.read(closing.paths)) == (set(), None)


def test_maintenance_of_the_operator_stays(closing: Closing) -> None:
    maintenance.switch_on(closing.paths, "somebody", "Back soon.")
    gate.close(closing.session, SETS, drain=0)
    gate.open_again(closing.session, SETS)
    mode = maintenance.read(closing.paths)
    assert mode and mode.who == "somebody"


def test_a_damaged_record_counts_as_closed(closing: Closing) -> None:
    closing.paths.transfer.write_text("{")
    found = gate.read(closing.paths)
    assert found and found["maintenance"]
