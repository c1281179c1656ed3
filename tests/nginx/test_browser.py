"""A browser in front of the edge, with the stand-ins of all applications behind it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from rehearsal.world import images
from rehearsal.world.build_context import Image
from rehearsal.world.checks.browser_login import (
    STEPS,
    browse,
    problems,
    save_screenshots,
    settings,
)
from rehearsal.world.names import ROOT
from tests.compose.stacks import LIB
from tests.nginx.conftest import LABELS, Edge, Mounts, start_beside, start_edge
from tests.nginx.rendered import AUTH, ROLES, VALUES, WEB, render

pytestmark = [pytest.mark.world, pytest.mark.timeout(600)]

STATIC = images.IMAGES / "fks/web/static"
ROOT_PATH = VALUES["WEB_ROOT"]
HOSTS = dict.fromkeys((WEB, AUTH, "api.fks.test"), "127.0.0.1")
TOKEN, PASSWORD = "canary-token", "canary-password"
AUTHENTIK = {
    "AUTHENTIK_POSTGRESQL__HOST": "127.0.0.1",
    "AUTHENTIK_POSTGRESQL__PASSWORD": PASSWORD,
    "AUTHENTIK_SECRET_KEY": "canary-key",
    "AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS": "127.0.0.1/32",
    "AUTHENTIK_BOOTSTRAP_PASSWORD_HASH": "pbkdf2_sha256$1$salt$digest",
    "FKS_WEB_DOMAIN": WEB,
}
POSTGRES = {"POSTGRES_USER": "authentik", "POSTGRES_DB": "authentik", "POSTGRES_PASSWORD": PASSWORD}
API = {
    **POSTGRES,
    "POSTGRES_HOST": "127.0.0.1",
    "POSTGRES_PORT": "5432",
    "AUTHENTIK_URL": f"https://{AUTH}",
}


@dataclass
class Place:
    """Starts containers in the network of an edge, and removes them at the end."""

    client: docker.DockerClient
    edge: Edge
    started: ExitStack

    def run(self, image: str, *command: str, **options: Any) -> Container:
        """Start a container in the edge's network."""
        container = self.client.containers.run(
            image,
            list(command),
            detach=True,
            labels=LABELS,
            network_mode=f"container:{self.edge.container.id}",
            **options,
        )
        return self.keep(container)

    def keep(self, container: Container) -> Container:
        """Remove a container at the end."""
        self.started.callback(container.remove, force=True, v=True)
        return container


@pytest.fixture(scope="module")
def built(client: docker.DockerClient, backend_image: str) -> dict[str, str]:
    """The images of the stand-ins and of the browser, by short name."""
    found = {image.tag.rpartition("/")[2]: image for image in images.applications()}
    machine = {
        "machine-ca.crt": images.MACHINE_CA,
        "requirements-rehearsal.txt": ROOT / "requirements-rehearsal.txt",
    }
    found["python"] = Image("fks-rehearsal/python", images.IMAGES / "python", machine)
    found["browser"] = Image("fks-rehearsal/browser", images.IMAGES / "browser")
    names = ("postgres", "authentik", "python", "browser")
    for name in names:
        images.build(client, found[name])
    return {"api": backend_image, **{name: found[name].tag for name in names}}


@pytest.fixture(scope="module")
def place(
    client: docker.DockerClient,
    image: str,
    mounts: Mounts,
    authority: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """An edge whose container knows all names."""
    render(configuration := tmp_path_factory.mktemp("browser"), *ROLES, WEB_PREVIOUS_ROOT=ROOT_PATH)
    mounted = {path: mount for path, mount in mounts.items() if "/srv/" not in mount["bind"]}
    mounted[str(front_end(tmp_path_factory.mktemp("build")))] = read_only(ROOT_PATH)
    edge = start_edge(client, image, configuration, mounted, authority, extra_hosts=HOSTS)
    with ExitStack() as started:
        place = Place(client, edge, started)
        place.keep(edge.container)
        (answers := tmp_path_factory.mktemp("dns") / "answer").write_text("127.0.0.1")
        place.keep(start_beside(edge, client, "fks-rehearsal/fks-api", "dns.py", answers))
        yield place


@pytest.fixture(scope="module")
def applications(
    place: Place, built: dict[str, str], mounts: Mounts, tmp_path_factory: pytest.TempPathFactory
) -> Edge:
    """The edge, once every application answers through it."""
    secrets = secret_files(tmp_path_factory.mktemp("secrets"))
    place.run(built["postgres"], environment=POSTGRES)
    place.run(built["authentik"], "server", environment=listening(9000))
    blueprints = {str(LIB / "blueprints"): read_only("/blueprints/fks")}
    place.run(
        built["authentik"],
        "worker",
        environment=listening(9001),
        volumes={**blueprints, str(secrets): read_only("/run/secrets")},
    )
    place.edge.wait_until_healthy()
    # The API does not wait for its database.
    place.edge.wait_for_status(AUTH, "/health/deep", 200)
    (trusted,) = [path for path, mount in mounts.items() if mount["bind"] == "/etc/ssl/certs"]
    place.run(
        built["api"],
        *("fastapi_main:app", "--host", "127.0.0.1", "--port", "8000"),
        entrypoint=["python", "-m", "uvicorn"],
        environment=API,
        volumes={trusted: read_only("/etc/ssl/certs")},
    )
    place.edge.wait_for_status(WEB, "/api/active-assets", 200)
    place.edge.wait_for_status(AUTH, "/application/o/fks/.well-known/openid-configuration", 200)
    return place.edge


def front_end(directory: Path) -> Path:
    """The files of the front end's stand-in, as a deploy installs them."""
    shutil.copytree(STATIC, directory, dirs_exist_ok=True)
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return directory


def read_only(path: str) -> dict[str, str]:
    """A mount at a path."""
    return {"bind": path, "mode": "ro"}


def listening(port: int) -> dict[str, str]:
    """The environment of an Authentik on a port."""
    return {**AUTHENTIK, "AUTHENTIK_LISTEN__HTTP": f"127.0.0.1:{port}"}


def secret_files(directory: Path) -> Path:
    """The secrets of the worker as files that every user can read."""
    directory.chmod(0o755)
    files = {"AUTHENTIK_BOOTSTRAP_PASSWORD": PASSWORD, "AUTHENTIK_BOOTSTRAP_TOKEN": TOKEN}
    for name, value in files.items():
        (directory / name).write_text(value)
        (directory / name).chmod(0o644)
    return directory


def test_authentik_sees_the_browsers_scheme(applications: Edge) -> None:
    path = "/application/o/fks/.well-known/openid-configuration"
    document = applications.request(AUTH, path).json
    assert document["issuer"] == f"https://{AUTH}/application/o/fks/"
    assert document["token_endpoint"].startswith(f"https://{AUTH}/")


def test_a_user_works_with_the_front_end(
    place: Place, applications: Edge, built: dict[str, str], tmp_path: Path
) -> None:
    browser = place.run(built["browser"], init=True, shm_size="256m")
    root = applications.authority.certificate.read_text()
    users = settings(f"https://{WEB}", f"https://{AUTH}", TOKEN)
    code, output = browse(browser, root, users)
    assert problems(code, output) == ""
    assert save_screenshots(browser, tmp_path / "screenshots") == STEPS
