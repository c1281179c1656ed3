"""`fks github unlocked`: a locked stack ends the job before anything is changed."""

from types import SimpleNamespace

import pytest

from fks_infra.doctor import stack_info
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import FakeServers, run
from tests.fks_infra.cli.test_lock import LOCK, document
from tests.fks_infra.operate.reports import GONE


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    monkeypatch.setattr(stack_info, "read", lambda _: SimpleNamespace(undeployed=""))
    return servers.install(monkeypatch)


def test_the_job_goes_on_without_a_lock(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": document(), "web": document()}
    result = run("github", "unlocked")
    assert (result.exit_code, result.stdout) == (0, "2 servers have no lock.\n")


def test_the_job_ends_with_who_locked_the_stack(found: FakeServers) -> None:
    found.reports = {"auth": GONE, "api": document(LOCK), "web": document()}
    result = run("github", "unlocked")
    assert result.exit_code == 1
    locked = "The stack is locked by ann since 2026-11-27T10:00:00Z: a restore. "
    assert str(result.exception).startswith(locked)


def test_a_stack_without_servers_has_no_lock(
    found: FakeServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = "nothing is deployed"
    monkeypatch.setattr(stack_info, "read", lambda _: SimpleNamespace(undeployed=nothing))
    assert run("github", "unlocked").stdout == f"{nothing}\n"
    assert found.commands == []
