"""Reports of all servers over SSH."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fks_infra.doctor import server_reports
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, Verdict, ok
from fks_infra.remote.inventory import DeployedServer, Inventory
from tests.fks_infra.doctor.conftest import MakeContext, results


def server(name: str, address: str) -> DeployedServer:
    return DeployedServer(
        name=name, roles=(name,), instance_id="7", address=address, host_key="ssh-ed25519 AA"
    )


HERE = Inventory(servers=(server("web", "100.64.0.2"), server("api", "100.64.0.3")))


def check(context: CheckContext) -> Iterator[CheckResult]:
    def evaluate(name: str, report: Mapping[str, Any]) -> Iterator[CheckResult]:
        yield ok(f"{name}: {report['age']}")

    yield from server_reports.server_reports(context, "watch --report", evaluate)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that were run; the server api does not answer."""
    run: list[str] = []

    @contextmanager
    def key(*_: Any) -> Iterator[Path]:
        yield Path("key")

    def output_of(server: DeployedServer, key: Path, command: str, seconds: float) -> str:
        del key, seconds
        run.append(command)
        if server.name == "api":
            raise OSError("Connection refused")
        return json.dumps({"age": 5})

    monkeypatch.setattr(server_reports, "deploy_key", key)
    monkeypatch.setattr(server_reports, "output_of", output_of)
    return run


def test_each_server_is_evaluated_and_one_that_does_not_answer_is_unknown(
    context: MakeContext, commands: list[str]
) -> None:
    web, api = results(check, context(HERE))
    assert (web.verdict, web.detail) == (Verdict.OK, "web: 5")
    assert api.verdict is Verdict.UNKNOWN
    assert api.detail == "api: SSH to 100.64.0.3: Connection refused"
    assert set(commands) == {"sudo -n /usr/local/lib/fks/current/bin/watch --report"}


def test_without_servers_it_is_unknown(context: MakeContext) -> None:
    (found,) = results(check, context())
    assert found.detail == "stack prod has no servers yet"
