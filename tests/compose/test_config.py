"""What Debian's own Compose says of the stacks."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from fks_infra.config.settings import Settings
from fks_infra.documents.example import example_settings
from fks_infra.impact.definitions import definitions
from fks_infra.release.environment import release_environment
from fks_infra.release.files import release_files
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec
from rehearsal.world import images
from rehearsal.world.names import LABELS as REHEARSAL
from tests.compose.stacks import COMPOSE, running
from tests.compose.test_stacks import each_part

pytestmark = pytest.mark.world
LABELS = {"fks.test": "compose"}
SINGLE = example_settings("single")
TOPOLOGY = plan_topology(SINGLE)
ENVIRONMENT = {
    **release_environment(TOPOLOGY, SINGLE, TOPOLOGY.servers[0]),
    "FKS_SECRETS": "/etc/fks/secrets",
}


class ComposeError(Exception):
    """Compose's complaint."""


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    """Docker."""
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="module")
def tool(client: docker.DockerClient) -> str:
    """An image with the Compose that Debian 13 gives a server."""
    images.ensure_base(client)
    recipe = io.BytesIO((COMPOSE.parent / "tests/compose/tool.Dockerfile").read_bytes())
    built, _ = client.images.build(
        fileobj=recipe, tag="fks-rehearsal/compose", labels=REHEARSAL, rm=True
    )
    return str(built.id)


def compose(
    client: docker.DockerClient,
    tool: str,
    file: str,
    environment: dict[str, str],
    *command: str,
    folder: Path = COMPOSE,
) -> str:
    """Run Compose on one file; its answer. Error: ComposeError with its complaint."""
    words = ["docker", "compose", "-p", "fks", "--project-directory", "/c", "-f", f"/c/{file}"]
    container = client.containers.run(
        tool,
        [*words, *command],
        detach=True,
        environment=environment,
        labels=LABELS,
        network_mode="none",
        volumes={str(folder): {"bind": "/c", "mode": "ro"}},
    )
    try:
        code = container.wait(timeout=60)["StatusCode"]
        if code:
            raise ComposeError(container.logs().decode())
        return str(container.logs(stderr=False).decode())
    finally:
        container.remove(force=True)


@pytest.fixture
def release(
    settings: Callable[..., Settings], tmp_path: Path
) -> Callable[[str], tuple[Path, ServerSpec]]:
    """Unpacks the release of a server; gives its directory and the server."""

    def unpack(name: str) -> tuple[Path, ServerSpec]:
        found = settings(mode="single" if name == "single" else "multi")
        topology = plan_topology(found)
        (server,) = (server for server in topology.servers if server.name == name)
        for file, content in release_files(topology, found, server).items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return tmp_path / "compose", server

    return unpack


@pytest.mark.parametrize("name", ["auth", "api", "web", "single"])
def test_compose_accepts_the_file_of_a_server(
    client: docker.DockerClient,
    tool: str,
    release: Callable[[str], tuple[Path, ServerSpec]],
    name: str,
) -> None:
    folder, server = release(name)
    words = ("config", "--format", "json")
    text = compose(client, tool, f"{name}.yaml", ENVIRONMENT, *words, folder=folder)
    document: dict[str, Any] = json.loads(text)
    assert set(document["services"]) == {service.name for service in server.services}
    for service in document["services"].values():
        assert service["pids_limit"] >= 64


@each_part
def test_compose_accepts_each_stack_alone(
    client: docker.DockerClient, tool: str, name: str
) -> None:
    file = f"{name}/compose.yaml"
    text = compose(client, tool, file, ENVIRONMENT, "config", "--format", "json")
    always = {service for service, body in running(name).items() if "profiles" not in body}
    assert set(json.loads(text)["services"]) == always


@pytest.mark.parametrize(
    "profile", ["api-gpu-worker", "api-wal", "backup", "market-data", "risk-manager"]
)
def test_compose_accepts_each_profile(client: docker.DockerClient, tool: str, profile: str) -> None:
    environment = ENVIRONMENT | {"COMPOSE_PROFILES": profile}
    for kind, value in (("IMAGE", "example/one:1"), ("MEMORY", "512m"), ("PIDS", "64")):
        environment[f"{kind}_{profile.upper().replace('-', '_')}"] = value
    text = compose(client, tool, "api/compose.yaml", environment, "config", "--format", "json")
    added = [
        body for body in json.loads(text)["services"].values() if body.get("profiles") == [profile]
    ]
    assert len(added) == (4 if profile == "backup" else 1)
    assert all(body["cap_drop"] == ["ALL"] for body in added)


@pytest.mark.parametrize("missing", ["FKS_SECRETS", "IMAGE_API", "MEMORY_EDGE", "API_PORT", "TZ"])
def test_a_missing_value_stops_compose_and_is_named(
    client: docker.DockerClient,
    tool: str,
    release: Callable[[str], tuple[Path, ServerSpec]],
    missing: str,
) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}
    folder, _ = release("single")
    with pytest.raises(ComposeError, match=f"required variable {missing} is missing"):
        compose(client, tool, "single.yaml", environment, "config", "-q", folder=folder)


@pytest.mark.parametrize("part", ["api", "auth", "edge"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MEMORY_API_CACHE", "999m"),
        ("WORKER_CONCURRENCY", "9"),
        ("WEB_DOMAIN", "other.example"),
        ("TZ", "America/Toronto"),
        ("LISTEN_ADDRESS", "100.64.0.9"),
    ],
)
def test_the_impact_knows_whose_hash_changes(
    client: docker.DockerClient, tool: str, part: str, name: str, value: str
) -> None:
    """`fks impact` predicts by the definitions which containers Compose replaces."""
    files = {f"compose/{part}/compose.yaml": (COMPOSE / part / "compose.yaml").read_bytes()}
    before, after = ENVIRONMENT, ENVIRONMENT | {name: value}
    hashes = [
        compose(client, tool, f"{part}/compose.yaml", one, "config", "--hash", "*")
        for one in (before, after)
    ]
    old, new = (dict(line.split() for line in text.splitlines()) for text in hashes)
    definition = [definitions(files, one) for one in (before, after)]
    predicted = {one for one in old if definition[0][one] != definition[1][one]}
    assert {one for one in old if old[one] != new[one]} == predicted
