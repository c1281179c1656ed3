"""The SSH agent of this machine."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.checks.ssh_agent import ssh_agent
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import MakeContext, result


def agent_context(context: MakeContext, path: Path | str) -> CheckContext:
    return context(environ={"SSH_AUTH_SOCK": str(path)})


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[socket.socket]:
    """A socket that does not accept."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "agent"))
        yield listener


def test_an_agent_that_listens_or_is_not_needed_is_ok(
    context: MakeContext, agent: socket.socket
) -> None:
    agent.listen()
    assert result(ssh_agent, agent_context(context, agent.getsockname())).verdict is Verdict.OK
    assert result(ssh_agent, agent_context(context, "")).verdict is Verdict.OK


@pytest.mark.parametrize("name", ["agent", "gone", "x" * 200])
def test_an_agent_that_does_not_exist_is_a_problem(
    context: MakeContext, agent: socket.socket, name: str
) -> None:
    found = result(ssh_agent, agent_context(context, Path(agent.getsockname()).with_name(name)))
    assert found.verdict is Verdict.PROBLEM
    assert "no agent listens there" in found.detail
    assert found.remedy == "unset SSH_AUTH_SOCK"


def test_an_agent_that_is_too_busy_is_unknown(context: MakeContext, agent: socket.socket) -> None:
    agent.listen(0)
    with socket.socket(socket.AF_UNIX) as before:
        before.connect(agent.getsockname())
        assert (
            result(ssh_agent, agent_context(context, agent.getsockname())).verdict
            is Verdict.UNKNOWN
        )
