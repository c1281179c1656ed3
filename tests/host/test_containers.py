import os
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import containers
from host.fks_deploy.compose import Service
from host.fks_deploy.containers import Container


def container(status: str, code: int = 0, health: str = "", created: str = "") -> Container:
    state: dict[str, Any] = {"Status": status, "ExitCode": code}
    if health:
        state["Health"] = {"Status": health}
    labels = {"com.docker.compose.service": "api"}
    return Container({"State": state, "Created": created, "Config": {"Labels": labels}})


@pytest.mark.parametrize(
    ("one", "failing"),
    [
        (container("running"), False),
        (container("running", health="healthy"), False),
        (container("running", health="starting"), True),
        (container("running", health="unhealthy"), True),
        (container("restarting", 1), True),
        (container("exited", 0), False),
        (container("exited", 137), True),
        (container("created"), True),
    ],
)
def test_which_containers_are_failing(one: Container, failing: bool) -> None:
    assert one.failing == failing


def test_a_container_older_than_its_secret_is_stale(tmp_path: Path) -> None:
    secret = tmp_path / "A"
    secret.write_text("x")
    os.utime(secret, (1000, 1000))
    service = Service("api", "image", (secret,))
    older = container("running", created="1970-01-01T00:16:39.999999999Z")
    newer = container("running", created="1970-01-01T00:16:41.000000001Z")
    assert containers.with_stale_secrets([older], [service]) == ["api"]
    assert containers.with_stale_secrets([newer], [service]) == []
    assert containers.with_stale_secrets([], [service]) == []


def test_a_container_without_all_labels_of_compose_has_its_own_name() -> None:
    labels = {"com.docker.compose.project": "fks", "com.docker.compose.service": "web"}
    one = Container({"Config": {"Labels": labels}, "Name": "/0123456789ab_fks-web-1"})
    assert (one.name, one.own_name) == ("0123456789ab_fks-web-1", "fks-web-1")
    assert not one.one_off


@pytest.mark.parametrize(
    ("networks", "connected"),
    [({}, False), ({"a": {"NetworkID": "1"}}, True), ({"a": {"NetworkID": "gone"}}, False)],
)
def test_a_container_needs_a_network_that_exists(
    networks: dict[str, dict[str, str]], connected: bool
) -> None:
    one = Container({"NetworkSettings": {"Networks": networks}})
    assert one.connected({"1", "2"}) == connected
