"""What nginx answers to /health/deep of the API."""

import json
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import deep_health, stops
from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell
from tests.host.server import Server


def release() -> dict[str, str]:
    """The files of a release whose services are parts of the API."""
    services: dict[str, Any] = {
        name: {"image": "${IMAGE_API:?}", "labels": {"fks.deep": f"api/{part}"}}
        for name, part in (("api", "application"), ("api-2", "application"), ("worker", "queue"))
    }
    services["edge"] = {"image": "${IMAGE_EDGE:?}"}
    return {"compose/api.yaml": json.dumps({"services": services})}


@pytest.fixture
def deployed(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server in service, with its stand-in docker on PATH."""
    server.paths.deep.mkdir(parents=True)
    assert server.deploy(server.upload(release())).returncode == 0
    monkeypatch.setenv("PATH", str(server.bin), prepend=":")
    return server


def refresh(server: Server, **changes: str) -> list[str]:
    """Change the health of containers, then run the timer's program."""
    containers = server.state["containers"]
    for name, health in changes.items():
        containers[name.replace("_", "-")]["health"] = health
    server.change(containers=containers)
    shell = Shell(Output(Path("/dev/null"), Redactor(())))
    return deep_health.refresh(shell, server.paths)


def answer(server: Server) -> dict[str, Any]:
    """The document that nginx serves."""
    return dict(json.loads((server.paths.deep / "api.json").read_text()))


def is_healthy(server: Server) -> bool:
    """Whether nginx answers with 200."""
    return (server.paths.deep / "healthy/api.json").exists()


def test_a_deploy_writes_the_parts(deployed: Server) -> None:
    document = answer(deployed)
    assert (document["status"], document["role"]) == ("healthy", "api")
    assert {name: part["status"] for name, part in document["parts"].items()} == {
        "application": "healthy",
        "queue": "healthy",
    }
    assert is_healthy(deployed)


def test_an_unhealthy_part_is_named_and_recovers(deployed: Server) -> None:
    since = answer(deployed)["parts"]["application"]["since"]
    assert refresh(deployed, worker="unhealthy") == ["api/queue"]
    document = answer(deployed)
    assert document["status"] == "unhealthy"
    assert document["parts"]["queue"]["status"] == "unhealthy"
    assert document["parts"]["application"] == {"status": "healthy", "since": since}
    assert not is_healthy(deployed)
    assert refresh(deployed, worker="healthy") == []
    assert is_healthy(deployed)


def test_one_healthy_replica_is_enough(deployed: Server) -> None:
    assert refresh(deployed, api="unhealthy") == []
    assert refresh(deployed, api="unhealthy", api_2="unhealthy") == ["api/application"]


def test_a_part_without_a_container_is_unhealthy(deployed: Server) -> None:
    containers = deployed.state["containers"]
    del containers["worker"]
    deployed.change(containers=containers)
    assert refresh(deployed) == ["api/queue"]


def test_without_the_engine_every_part_is_unhealthy(deployed: Server) -> None:
    deployed.change(down=1)
    assert sorted(refresh(deployed)) == ["api/application", "api/queue"]
    assert not is_healthy(deployed)


def test_a_damaged_file_is_written_again(deployed: Server) -> None:
    (deployed.paths.deep / "api.json").write_text("{")
    assert refresh(deployed) == []
    assert answer(deployed)["status"] == "healthy"


def test_nothing_is_written_before_the_first_deploy(server: Server) -> None:
    assert refresh(server) == []
    assert not server.paths.deep.exists()


def test_a_rollback_writes_the_parts(deployed: Server) -> None:
    """Without waiting for the timer, which may have seen the failed release."""
    (deployed.paths.deep / "healthy/api.json").unlink()
    broken = {**release(), "nginx/vhosts/api.conf.template": "bogus\n"}
    done = deployed.deploy(deployed.upload(broken))
    assert "is in service" in done.stdout
    assert done.returncode == 1
    assert is_healthy(deployed)


def test_a_stopped_stack_is_unhealthy_and_not_reported(deployed: Server) -> None:
    stops.mark(deployed.paths, ["api"], stops.Stop("2026-11-27T10:00:00Z", "ann"))
    assert refresh(deployed, worker="unhealthy") == []
    assert answer(deployed)["status"] == "unhealthy"
