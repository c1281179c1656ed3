"""The development stack's files: those of a server, with the differences of a laptop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from fks_infra.dev import compose, place, stack
from fks_infra.dev.host_scripts import Paths, images, static_builds
from fks_infra.dev.stack import Options
from fks_infra.paths import PROJECT_ROOT
from fks_infra.release.files import release_files
from fks_infra.topology.planning import plan_topology

Files = dict[str, bytes]


def files(options: Options = Options()) -> Files:  # noqa: B008 - it is frozen
    chosen = stack.settings(options)
    topology = plan_topology(chosen)
    return dict(release_files(topology, chosen, topology.servers[0]))


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root whose stack was started without Docker."""
    monkeypatch.setattr(images, "inspect", lambda *_: {})
    monkeypatch.setattr(static_builds, "make", lambda *_: "made")
    monkeypatch.setattr(compose.Compose, "_run", lambda *_: None)
    start(tmp_path)
    return tmp_path


def start(root: Path, engine: int = 26, **options: Any) -> list[str]:
    lines: list[str] = []
    domains = stack.start(root, Options(**options), engine, lines.append)
    assert domains == {
        "web": "fks.localhost",
        "api": "api.fks.localhost",
        "auth": "auth.fks.localhost",
    }
    return lines


def test_every_upstream_is_a_container() -> None:
    prepared = stack._with_upstreams(files())
    vhosts = b"".join(text for name, text in prepared.items() if name.startswith("nginx/vhosts/"))
    assert b"server 127.0.0.1:$" not in vhosts
    for container in stack._UPSTREAMS.values():
        assert f"server {container}".encode() in vhosts


def test_the_override_names_services_and_networks_that_exist() -> None:
    class Loader(yaml.SafeLoader):
        """Compose's own tag."""

    Loader.add_constructor("!reset", lambda *_: None)
    override = yaml.load((PROJECT_ROOT / stack._OVERRIDE).read_text(), Loader)
    found: dict[str, Any] = {}
    networks: dict[str, Any] = {}
    for name in ("api", "auth", "edge"):
        document = yaml.safe_load((PROJECT_ROOT / f"compose/{name}/compose.yaml").read_text())
        found |= document["services"]
        networks |= document.get("networks", {})
    assert set(override["services"]) <= set(found)
    edge = override["services"]["edge"]
    assert set(edge["networks"]) == set(networks)
    assert set(edge["depends_on"]) <= set(found)
    published = {name for name, one in found.items() if one.get("ports") and "profiles" not in one}
    without = {name for name, one in override["services"].items() if "ports" in one} - {"edge"}
    assert published == without


def test_passwords_stay_and_are_private(started: Path) -> None:
    before = stack.password_file(started).read_text()
    start(started)
    assert (stack.password_file(started).read_text(), len(before) >= 20) == (before, True)
    assert (started / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert started.stat().st_mode & 0o777 == 0o700
    values = json.loads((started / "secrets.json").read_text())
    release = (place.release(started) / "release.env").read_text()
    assert not [name for name, value in values.items() if value in release]


def test_the_edge_serves_the_image_or_a_directory_of_this_machine(
    started: Path, tmp_path: Path
) -> None:
    vhost = Paths(started).nginx / "vhosts/web.conf"
    assert "root /srv/fks/web/source;" not in vhost.read_text()
    assert yaml.safe_load(place.sources(started).read_text()) == {"services": {}}
    start(started, sources={"web": tmp_path, "api": tmp_path})
    assert "root /srv/fks/web/source;" in vhost.read_text()
    services = yaml.safe_load(place.sources(started).read_text())["services"]
    assert set(services) == {"api", "api-2", "api-worker", "api-beat", "edge"}
    assert services["api-beat"]["volumes"] == [f"{tmp_path}:/app/src:ro"]


def test_an_older_engine_gets_files_without_start_interval(started: Path) -> None:
    file = place.release(started) / "compose/api/compose.yaml"
    assert "start_interval" in file.read_text()
    start(started, engine=20)
    assert "start_interval" not in file.read_text()
    assert yaml.safe_load(file.read_text())["services"]["api"]["healthcheck"]["interval"] == "20s"


def test_minimal_and_other_images_are_those_of_a_stack() -> None:
    small = files(Options(minimal=True))["release.env"].decode()
    assert "MEMORY_API_POSTGRES=" in small
    env = files(Options(images={"api": "ghcr.io/me/api:1"}))["release.env"].decode()
    assert "IMAGE_API=ghcr.io/me/api:1\n" in env
    assert "IMAGE_API_2=ghcr.io/me/api:1\n" in env


def test_images_that_are_missing_are_pulled_with_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    pulled: list[str] = []
    monkeypatch.setattr(images, "inspect", lambda _, name: None if "redis" in name else {})
    monkeypatch.setattr(stack, "run", lambda command, **_: pulled.append(command[-1]))
    lines: list[str] = []
    stack._pull(["redis:8", "nginx:1", "redis:8"], lines.append)
    assert (pulled, lines) == (["redis:8"], ["pull image 1 of 1: redis:8"])
