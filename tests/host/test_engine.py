import os

import pytest

from host.fks_deploy import engine
from host.fks_deploy.errors import DeployError
from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell
from tests.host.server import Server


@pytest.fixture
def shell(server: Server, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("PATH", str(server.bin), prepend=os.pathsep)
    monkeypatch.setattr(engine, "_POLL_SECONDS", 0.01)
    return Shell(Output(server.paths.log, Redactor(())))


def test_it_waits_until_the_engine_answers(server: Server, shell: Shell) -> None:
    server.change(down=3)
    engine.wait(shell, 60)
    assert len(server.calls("version")) == 4


def test_the_error_after_the_time_limit_names_the_remedy(server: Server, shell: Shell) -> None:
    server.change(down=10**6)
    with pytest.raises(DeployError, match="did not answer for 0 s: see `journalctl -u docker`"):
        engine.wait(shell, 0)
