"""What Debian's own Compose says of the stacks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import docker
import pytest

from fks_infra.roles.services import CATALOGUE
from rehearsal.world import images
from rehearsal.world.names import LABELS as REHEARSAL
from tests.compose.stacks import COMPOSE, TOPS, part
from tests.compose.test_stacks import each_part

pytestmark = pytest.mark.world
LABELS = {"fks.test": "compose"}
ENVIRONMENT = {
    "FKS_SECRETS": "/etc/fks/secrets",
    "AUTH_DOMAIN": "auth.fks.test",
    "API_DOMAIN": "api.fks.test",
    "WEB_DOMAIN": "fks.test",
    "AUTH_PORT": "9000",
    "API_PORT": "8000",
    "WEB_PORT": "8080",
    "POSTGRES_USER": "fks_user",
    "POSTGRES_DB": "fks_trading",
    "TZ": "America/Toronto",
} | {
    f"{kind}_{service.key}": value
    for service in CATALOGUE
    for kind, value in (("IMAGE", service.image), ("MEMORY", f"{service.memory}m"))
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
    client: docker.DockerClient, tool: str, file: str, environment: dict[str, str], *command: str
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
        volumes={str(COMPOSE): {"bind": "/c", "mode": "ro"}},
    )
    try:
        code = container.wait(timeout=60)["StatusCode"]
        if code:
            raise ComposeError(container.logs().decode())
        return str(container.logs(stderr=False).decode())
    finally:
        container.remove(force=True)


@pytest.mark.parametrize("name", sorted(TOPS))
def test_a_servers_file_is_whole(client: docker.DockerClient, tool: str, name: str) -> None:
    text = compose(client, tool, f"{name}.yaml", ENVIRONMENT, "config", "--format", "json")
    document: dict[str, Any] = json.loads(text)
    expected = {service for stack in TOPS[name] for service in part(stack)["services"]}
    assert set(document["services"]) == expected


@each_part
def test_a_stack_is_whole_without_the_others(
    client: docker.DockerClient, tool: str, name: str
) -> None:
    file = f"{name}/compose.yaml"
    text = compose(client, tool, file, ENVIRONMENT, "config", "--format", "json")
    assert set(json.loads(text)["services"]) == set(part(name)["services"])


@pytest.mark.parametrize("missing", ["FKS_SECRETS", "IMAGE_API", "MEMORY_EDGE", "API_PORT", "TZ"])
def test_a_missing_value_stops_compose_and_is_named(
    client: docker.DockerClient, tool: str, missing: str
) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}
    with pytest.raises(ComposeError, match=f"required variable {missing} is missing"):
        compose(client, tool, "single.yaml", environment, "config", "-q")
