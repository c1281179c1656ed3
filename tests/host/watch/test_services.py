import json
from dataclasses import replace
from pathlib import Path

import pytest

from host.fks_deploy import probe
from host.fks_deploy.placement import Placement
from host.fks_deploy.probe import Probe
from host.fks_deploy.watch import services
from tests.host.server import Service
from tests.host.watch.server import NOON, SETTINGS, STOPPED, WatchedServer, container
from tests.tls import trust

DEEP = Probe("api", "localhost", "/health/deep", json={"status": ["healthy"]})


def test_containers_that_do_not_run_or_are_not_healthy(watched: WatchedServer) -> None:
    watched.containers(
        container("edge"), container("api", health="unhealthy"), container("web", "restarting")
    )
    found = {one.key: one for one in services.containers(watched.context())}
    assert set(found) == {"container api", "container web"}
    assert found["container api"].text == "container api is running, health unhealthy"
    assert found["container api"].command == "sudo docker logs --tail 100 fks-api-1"


def test_a_container_that_somebody_stopped(watched: WatchedServer) -> None:
    stopped, done = container("api", "exited"), container("migration", "exited")
    done["HostConfig"]["RestartPolicy"]["Name"] = "no"
    watched.containers(stopped, done)
    assert [one.key for one in services.containers(watched.context())] == ["container api"]


def test_nothing_is_expected_of_a_stopped_stack(watched: WatchedServer) -> None:
    watched.containers(container("api", "exited"), container("edge", "exited", code=137))
    settings = replace(SETTINGS, placement=Placement(("api",)), stopped=STOPPED)
    assert list(services.containers(watched.context(settings=settings))) == []


def test_a_container_that_runs_although_its_stack_is_stopped(watched: WatchedServer) -> None:
    watched.containers(container("api"), container("edge", "exited"))
    settings = replace(SETTINGS, placement=Placement(("api",)), stopped=STOPPED)
    (found,) = services.containers(watched.context(settings=settings))
    assert found.text == "container api runs although its stack is stopped"
    assert found.command == "sudo /usr/local/lib/fks/current/bin/stack stop"


@pytest.mark.parametrize("name", ["system.slice/docker-id-of-api.scope", "docker/id-of-api"])
def test_a_container_near_its_memory_limit(watched: WatchedServer, name: str) -> None:
    watched.containers(container("api"), container("edge"))
    watched.file(f"sys/fs/cgroup/{name}/memory.max", f"{100 << 20}\n")
    watched.file(f"sys/fs/cgroup/{name}/memory.current", f"{97 << 20}\n")
    (found,) = services.container_memory(watched.context())
    assert found.text == "container api uses 97 % of its 100 MiB, limit 95 %"
    assert found.command == "pulumi config set --path fks:services.api.memory MIB"


def test_answers_of_this_server_and_of_those_it_calls(
    watched: WatchedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(tmp_path / "authority", monkeypatch)
    context = watched.context(settings=replace(SETTINGS, own=(DEEP,), peers=(DEEP,)))
    with Service(tmp_path / "authority", "localhost").serving() as service:
        monkeypatch.setattr(probe, "EDGE_PORT", service.port)
        assert not [*services.own_answers(context), *services.peer_answers(context)]
        service.status, service.body = 503, "queue"
        (own,) = services.own_answers(context)
        (peer,) = services.peer_answers(context)
    assert own.key == peer.key == "answer api"
    assert own.text == "https://localhost/health/deep: status 503, expected 200: 'queue'"
    assert own.command.endswith("; sudo docker ps -a")
    assert peer.command.endswith("; fks doctor (on the operator's machine)")


@pytest.mark.parametrize(
    ("status", "since", "checked", "key"),
    [
        ("healthy", 0, -30, None),
        ("unhealthy", -30, -30, None),
        ("unhealthy", -330, -30, "queue"),
        ("healthy", -9000, -601, "queue age"),
        ("unhealthy", -9000, -601, "queue age"),
    ],
)
def test_the_round_trip_through_the_queue(
    watched: WatchedServer, status: str, since: float, checked: float, key: str | None
) -> None:
    part = {"status": status, "since": NOON + since}
    document = {"checked": NOON + checked, "parts": {"queue": part}}
    watched.file("var/lib/fks/deep/api.json", json.dumps(document))
    found = list(services.queue_round_trip(watched.context()))
    assert [one.key for one in found] == ([key] if key else [])


def test_a_server_without_the_queue_has_no_round_trip(watched: WatchedServer) -> None:
    assert list(services.queue_round_trip(watched.context())) == []
