"""The SSH agent of this machine."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.ssh_agent import ssh_agent
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import one


def agent_case(case: Callable[..., Case], path: Path | str) -> Case:
    return case(environ={"SSH_AUTH_SOCK": str(path)})


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[socket.socket]:
    """A socket nobody accepts from."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "agent"))
        yield listener


def test_an_agent_that_listens_or_is_not_wanted_is_fine(
    case: Callable[..., Case], agent: socket.socket
) -> None:
    agent.listen()
    assert one(ssh_agent, agent_case(case, agent.getsockname())).verdict is Verdict.OK
    assert one(ssh_agent, agent_case(case, "")).verdict is Verdict.OK


@pytest.mark.parametrize("name", ["agent", "gone", "x" * 200])
def test_an_agent_that_is_gone_is_a_problem(
    case: Callable[..., Case], agent: socket.socket, name: str
) -> None:
    seen = one(ssh_agent, agent_case(case, Path(agent.getsockname()).with_name(name)))
    assert seen.verdict is Verdict.PROBLEM
    assert "nobody listens there" in seen.detail
    assert seen.remedy == "unset SSH_AUTH_SOCK"


def test_an_agent_that_is_too_busy_is_unknown(
    case: Callable[..., Case], agent: socket.socket
) -> None:
    agent.listen(0)
    with socket.socket(socket.AF_UNIX) as before:
        before.connect(agent.getsockname())
        assert one(ssh_agent, agent_case(case, agent.getsockname())).verdict is Verdict.UNKNOWN
