"""`fks start --dev` on this machine's Docker, with stand-in images; a browser logs in."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from rehearsal.world import world as worlds
from rehearsal.world.checks.browser_login import browse, problems, settings
from rehearsal.world.images import applications
from rehearsal.world.names import LABELS, container_name
from tests.documented_commands.checkout import Checkout

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

LABEL = "com.docker.compose.project=fks-dev"
NAMES = ("fks.localhost", "api.fks.localhost", "auth.fks.localhost")
TOOL = Path(__file__).parents[1] / "compose/tool.Dockerfile"
PLUGIN = "/usr/libexec/docker/cli-plugins/docker-compose"


@dataclass
class Laptop:
    """A checkout, `fks` in it, and Docker."""

    client: docker.DockerClient
    checkout: Checkout
    docker_config: Path

    @property
    def files(self) -> Path:
        return self.checkout.root / ".fks/dev"

    def popen(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.checkout.root,
            env={
                **os.environ,
                "DOCKER_CONFIG": str(self.docker_config),
                "PATH": f"{self.checkout.programs}:{os.environ['PATH']}",
                "PYTHONPATH": str(self.checkout.root),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str, answer: str = "") -> tuple[int, str]:
        """Exit code and both channels."""
        process = self.popen(*command)
        output, _ = process.communicate(answer, timeout=800)
        return process.returncode, output

    def succeeds(self, *command: str, answer: str = "") -> str:
        code, output = self.run(*command, answer=answer)
        assert code == 0, output
        return output

    def get(self, url: str) -> str:
        """A page, whose certificate must be of the stack's authority."""
        resolve = [word for name in NAMES for word in ("--resolve", f"{name}:443:127.0.0.1")]
        options = ("--silent", "--show-error", "--fail", "--max-time", "20", *resolve)
        authority = str(self.files / "authority/ca.pem")
        return self.succeeds("curl", *options, "--cacert", authority, url)

    def left(self) -> dict[str, int]:
        """How many containers, networks and volumes the project has."""
        project: dict[str, str | list[str] | bool] = {"label": LABEL}
        return {
            "containers": len(self.client.containers.list(all=True, filters=project)),
            "networks": len(self.client.networks.list(filters=project)),
            "volumes": len(self.client.volumes.list(filters=project)),
        }


def add_plugin(client: docker.DockerClient, directory: Path) -> None:
    """Docker's Compose plugin, as Debian 13 has it."""
    image, _ = client.images.build(
        fileobj=io.BytesIO(TOOL.read_bytes()), tag="fks-rehearsal/compose", labels=LABELS, rm=True
    )
    container = client.containers.create(image, "true", labels=LABELS)
    try:
        stream, _ = container.get_archive(PLUGIN)
        with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as tar:
            tar.extractall(directory / "cli-plugins", filter="data")
    finally:
        container.remove(v=True)


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    """Stand-in images have the names of the real ones, so that nothing is pulled."""
    client = worlds.prepare()
    directory = tmp_path_factory.mktemp("laptop")
    tags = [(one.tag, name) for one in applications() for name in one.push]
    for tag, name in tags:
        client.images.get(tag).tag(name)
    add_plugin(client, directory)
    found = Laptop(client, Checkout.create(directory), directory)
    yield found
    found.run("fks", "stop", "--dev", "--cleanup-all", "--yes", "dev")
    for _, name in tags:
        client.images.remove(name, noprune=True)


@pytest.fixture(scope="module")
def started(laptop: Laptop) -> str:
    """What the first start prints."""
    return laptop.succeeds("scripts/deployment/start-multi.sh", "--dev")


def test_it_starts_without_account_and_shows_the_pages(laptop: Laptop, started: str) -> None:
    assert all(f"https://{name}" in started for name in NAMES)
    assert "akadmin" in started
    assert '"healthy"' in laptop.get("https://api.fks.localhost/api/health")
    assert '"healthy"' in laptop.get("https://auth.fks.localhost/health/deep")
    assert '"healthy"' in laptop.get("https://fks.localhost/api/health")


def test_no_port_but_443_on_loopback_is_published(laptop: Laptop, started: str) -> None:
    assert started
    project: dict[str, str | list[str] | bool] = {"label": LABEL}
    ports = [
        (binding["HostIp"], binding["HostPort"])
        for one in laptop.client.containers.list(filters=project)
        for bindings in one.ports.values()
        for binding in bindings or []
    ]
    assert ports == [("127.0.0.1", "443")]


@pytest.fixture
def chromium(laptop: Laptop) -> Iterator[Container]:
    """A browser in this machine's network, where *.localhost is the loopback address."""
    container = laptop.client.containers.run(
        "fks-rehearsal/browser",
        name=container_name("dev-browser"),
        labels=LABELS,
        detach=True,
        init=True,
        shm_size="256m",
        network_mode="host",
        extra_hosts=dict.fromkeys(NAMES, "127.0.0.1"),
    )
    yield container
    container.remove(force=True, v=True)


def test_a_browser_logs_in(laptop: Laptop, started: str, chromium: Container) -> None:
    assert started
    secret = laptop.files / "etc/fks/secrets/auth/AUTHENTIK_BOOTSTRAP_TOKEN"
    root = (laptop.files / "authority/ca.pem").read_text()
    web, auth = "https://fks.localhost", "https://auth.fks.localhost"
    code, output = browse(chromium, root, settings(web, auth, secret.read_text()))
    assert problems(code, output) == ""


def test_the_logs_of_all_services_are_one_stream(laptop: Laptop, started: str) -> None:
    assert started
    text = laptop.succeeds("fks", "logs", "--dev", "--since", "1h")
    for service in ("edge-1", "api-1", "api-worker-1", "auth-server-1", "api-postgres-1"):
        assert f"{service} " in text, text[-2000:]
    secrets = [file.read_text() for file in (laptop.files / "etc/fks/secrets").glob("*/*")]
    assert [one for one in secrets if one in text] == []


def test_following_logs_ends_with_ctrl_c(laptop: Laptop, started: str) -> None:
    assert started
    process = laptop.popen("fks", "logs", "--dev", "-f", "edge")
    killer = threading.Timer(60, process.kill)
    killer.start()
    laptop.get("https://fks.localhost/")
    assert process.stdout is not None
    assert "edge-1" in process.stdout.readline()
    process.send_signal(2)
    assert process.wait(30) == 0
    killer.cancel()


def test_local_sources_are_used(laptop: Laptop, started: str, tmp_path: Path) -> None:
    assert started
    image = Path(__file__).parents[2] / "rehearsal/images/fks"
    shutil.copytree(image / "src", tmp_path / "api")
    shutil.copytree(image / "web/static", tmp_path / "web")
    main = tmp_path / "api/fastapi_main.py"
    route = "\n\n@app.get('/api/mine')\ndef mine():\n    return 'mine'\n"
    main.write_text(main.read_text() + route)
    (tmp_path / "web/mine.txt").write_text("my page")
    sources = (f"--source=api={tmp_path / 'api'}", f"--source=web={tmp_path / 'web'}")
    laptop.succeeds("fks", "start", "--dev", *sources)
    assert "mine" in laptop.get("https://api.fks.localhost/api/mine")
    assert laptop.get("https://fks.localhost/mine.txt") == "my page"


def test_stop_leaves_named_volumes_only_and_start_has_the_data(
    laptop: Laptop, started: str
) -> None:
    assert started
    query = ("fks-dev-api-postgres-1", "psql", "-U", "fks_user", "-d", "fks_trading", "-qtAc")
    execute(laptop, *query, "CREATE TABLE mine (n int); INSERT INTO mine VALUES (7)")
    laptop.succeeds("fks", "stop", "--dev")
    left = laptop.left()
    assert (left["containers"], left["networks"]) == (0, 0)
    assert left["volumes"] > 3
    laptop.succeeds("fks", "start", "--dev")
    assert execute(laptop, *query, "SELECT n FROM mine").strip() == "7"


def execute(laptop: Laptop, container: str, *command: str) -> str:
    password = 'PGPASSWORD=$(cat $POSTGRES_PASSWORD_FILE) exec "$@"'
    script = ["sh", "-c", password, "sh", *command]
    code, output = laptop.client.containers.get(container).exec_run(script)
    assert code == 0, output
    assert isinstance(output, bytes)
    return output.decode()


def test_other_images_and_less_memory(laptop: Laptop, started: str) -> None:
    assert started
    image = "fks-rehearsal/fks-api:latest"
    laptop.succeeds("fks", "start", "--dev", "--minimal", "--image", f"api={image}")
    for name in ("fks-dev-api-1", "fks-dev-api-2-1"):
        assert laptop.client.containers.get(name).attrs["Config"]["Image"] == image
    assert '"healthy"' in laptop.get("https://api.fks.localhost/api/health")


def test_a_taken_port_is_named(laptop: Laptop, started: str) -> None:
    assert started
    laptop.succeeds("fks", "stop", "--dev")
    other = laptop.client.containers.run(
        "fks-rehearsal/browser", detach=True, labels=LABELS, ports={"443/tcp": ("127.0.0.1", 443)}
    )
    try:
        code, output = laptop.run("fks", "start", "--dev")
    finally:
        other.remove(force=True, v=True)
    assert code == 2
    assert "443" in output and "Next: " in output


def test_a_cleanup_leaves_nothing(laptop: Laptop, started: str) -> None:
    assert started
    laptop.succeeds("scripts/deployment/stop-multi.sh", "--dev", "--cleanup-all", answer="y\n")
    assert laptop.left() == {"containers": 0, "networks": 0, "volumes": 0}
