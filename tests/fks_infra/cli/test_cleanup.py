"""The prompt of `fks stop --cleanup-all`, at a terminal."""

import sys
from types import SimpleNamespace

import pytest
import typer

from fks_infra.cli.cleanup import confirmed
from fks_infra.errors import OperatorError
from fks_infra.operate import stack_state
from fks_infra.operate.stack_choice import targets
from tests.fks_infra.operate.stack_hosts import Servers, multi, single, state


def confirm(servers: Servers, *roles: str, yes: tuple[str, ...] = ()) -> bool:
    chosen = targets(servers.fleet(), roles, "", callers_first=True)
    return confirmed(chosen, stack_state.read(chosen), yes)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed, one answer for each prompt."""
    answers: list[str] = []
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: answers.pop(0))
    return answers


def test_each_servers_name_is_typed(typed: list[str]) -> None:
    typed += ["web", "api", "auth"]
    assert confirm(multi())
    assert typed == []


def test_another_name_ends_it(typed: list[str]) -> None:
    typed += ["web", "yes"]
    assert not confirm(multi())


def test_a_server_that_was_named_is_not_prompted_for(typed: list[str]) -> None:
    typed += ["web", "auth"]
    assert confirm(multi(), yes=("api",))


def test_a_server_without_a_release_is_left_out(typed: list[str]) -> None:
    servers = multi()
    servers.reports("api", state("api", release=None))
    typed += ["web", "auth"]
    assert confirm(servers)


def test_one_stack_of_several_on_a_server_cannot_be_cleaned_up() -> None:
    with pytest.raises(OperatorError, match=r"deletes all of server single, .* leave out --api"):
        confirm(single(), "api")


def test_a_list_that_cannot_be_read(typed: list[str]) -> None:
    servers = multi()
    servers.fails("web", "cleanup-list", 1, "stack: docker volume exited with 1: no")
    with pytest.raises(OperatorError, match="web: docker volume exited with 1"):
        confirm(servers, "web")
    assert typed == []
