"""The steps of a move, with servers that record what is run on them."""

from dataclasses import replace

import pytest

from fks_infra.errors import OperatorError
from tests.fks_infra.migrate.conftest import Move

ADDRESSES = "transfer addresses auth=100.64.0.1 api=100.64.0.1 web=100.64.0.1"


def test_a_set_is_dumped_streamed_and_restored_beside(recorded: Move) -> None:
    found = recorded.work.copy()
    assert recorded.calls[:4] == [
        "single: transfer dump auth",
        "single send auth.dump > auth receive",
        "single send auth.tables > auth receive",
        "auth: restore auth prepare --dump auth.dump",
    ]
    assert len(recorded.calls) == 8
    assert found["bytes"] == 40


def test_roles_that_were_missing_are_reported_before_the_old_server_closes(recorded: Move) -> None:
    recorded.hosts["api"].roles = ["reports"]
    said: list[str] = []
    replace(recorded.work, report=said.append).copy()
    assert [line for line in said if "password" in line] == [
        "api: the role reports was not here, and is created without a password: set one with "
        r"\password reports in fks psql api --write"
    ]


def test_the_last_copy_has_the_files_and_puts_a_set_into_service_meanwhile(
    recorded: Move,
) -> None:
    assert recorded.work.copy_last()["bytes"] == 40
    exchanged = "auth: restore auth exchange"
    copied = [call for call in recorded.calls if call != exchanged]
    assert [copied[0], copied[5]] == [
        "single send-files auth > auth receive-files",
        "single send-files api > api receive-files",
    ]
    assert [copied[4], copied[9]] == [
        "auth: restore auth prepare --dump auth.dump",
        "api: restore api prepare --dump api.dump",
    ]
    assert recorded.calls.index(exchanged) > recorded.calls.index(copied[4])


@pytest.mark.parametrize(("state", "ended"), [("exchanging", 1), ("exchanged", 0)])
def test_a_set_in_service_is_not_copied_again(recorded: Move, state: str, ended: int) -> None:
    recorded.hosts["auth"].restore = {"auth": state}
    assert recorded.work.copy_last()["bytes"] == 20
    assert [call for call in recorded.calls if "auth" in call] == [
        "auth: restore auth exchange"
    ] * ended


def test_a_set_that_cannot_be_put_into_service_fails_the_last_copy(recorded: Move) -> None:
    recorded.hosts["auth"].fails = "restore auth exchange"
    with pytest.raises(OperatorError, match="auth: it failed"):
        recorded.work.copy_last()


def test_the_databases_of_the_new_servers_run_and_nothing_uses_them(recorded: Move) -> None:
    recorded.hosts["auth"].restore = {"auth": "exchanged"}
    recorded.work.ready()
    assert recorded.calls == [
        f"auth: {ADDRESSES}",
        "auth: transfer hold",
        f"api: {ADDRESSES}",
        "api: transfer hold",
        f"web: {ADDRESSES}",
        "web: transfer hold",
        "auth: restore auth finish",
    ]


def test_an_exchange_that_an_earlier_move_did_not_end_is_ended_first(recorded: Move) -> None:
    recorded.hosts["auth"].restore = {"auth": "exchanging"}
    recorded.work.ready()
    assert recorded.calls[-3:] == [
        "auth: restore auth exchange",
        "auth: transfer hold",
        "auth: restore auth finish",
    ]


def test_the_old_servers_are_closed_and_opened(recorded: Move) -> None:
    recorded.work.close()
    recorded.work.reopen()
    recorded.work.stop()
    assert [call.partition(" --reason")[0] for call in recorded.calls] == [
        "single: transfer close",
        "single: transfer open",
        "single: stack stop",
    ]


def test_tasks_stay_where_they_are_if_the_operator_says_so(recorded: Move) -> None:
    replace(recorded.work, leave_tasks=True).close()
    assert recorded.calls == ["single: transfer close --leave-tasks"]


def test_an_exchange_that_was_done_is_not_done_again(recorded: Move) -> None:
    recorded.hosts["auth"].restore = {"auth": "exchanged"}
    recorded.work.exchange()
    recorded.work.exchange()
    opened = ["api: transfer open", "auth: transfer open", "web: maintenance off"]
    assert recorded.calls[0] == "api: restore api exchange"
    assert sorted(recorded.calls[1:4]) == sorted(recorded.calls[4:]) == opened


def test_sets_of_two_servers_are_exchanged_at_once_and_both_end(recorded: Move) -> None:
    recorded.hosts["auth"].fails = "restore auth exchange"
    with pytest.raises(OperatorError, match="auth: it failed"):
        recorded.work.exchange()
    both = ["api: restore api exchange", "auth: restore auth exchange"]
    assert sorted(recorded.calls) == both


def test_a_failure_ends_the_step(recorded: Move) -> None:
    recorded.hosts["auth"].fails = "restore auth prepare"
    with pytest.raises(OperatorError, match="auth: it failed"):
        recorded.work.copy()
    assert not any("api" in call for call in recorded.calls)
