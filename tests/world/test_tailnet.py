"""The tailnet fails: servers keep serving, `up` names the cause, and everything recovers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import docker
import pytest
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world import tailnet
from rehearsal.world.names import CLOUD, EXTERNAL_HOST, container_name
from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.parts import start_and_wait
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

CONTROL = container_name("control")


@contextmanager
def when_the_server_exists(scenario: Scenario, action: Callable[[], None]) -> Iterator[None]:
    """Run an action in the background once the cloud has the single server."""

    def absent() -> str | None:
        rows = scenario.control.api("GET", "linode/instances")["data"]
        return None if rows else "no server yet"

    def wait_and_run() -> None:
        wait_until("the cloud has the server", absent, 120)
        action()

    with ThreadPoolExecutor(max_workers=1) as executor:
        result = executor.submit(wait_and_run)
        yield
    result.result()


@contextmanager
def control_server_stopped(scenario: Scenario) -> Iterator[None]:
    """Stop the control server; start it at the end."""
    scenario.world.client.containers.get(CONTROL).stop(timeout=5)
    try:
        yield
    finally:
        scenario.world.client.containers.get(CONTROL).start()


def test_up_waits_for_a_control_server_that_is_down_for_a_minute(single: Scenario) -> None:
    single.set("fks:protect", "false")
    control = single.world.client.containers.get(CONTROL)

    def outage() -> None:
        control.stop(timeout=5)
        time.sleep(60)
        control.start()

    with when_the_server_exists(single, outage):
        outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert single.up().changes == {}


def test_a_restarted_client_reconnects(single: Scenario) -> None:
    single.on_server("single", "systemctl", "restart", "tailscaled.service")
    wait_until("all roles are healthy", single.unhealthy, 60)


def test_a_server_that_reboots_without_its_control_server_starts_all_containers(
    single: Scenario,
) -> None:
    with control_server_stopped(single):
        booted = single.server("single").attrs["State"]["StartedAt"]
        single.on_server("single", "systemctl", "--no-block", "reboot")
        wait_until("the server has rebooted", lambda: _not_rebooted(single, booted), 120)
        wait_until("its containers are healthy", lambda: _unhealthy_containers(single), 180)
    wait_until("all roles are healthy", single.unhealthy, 90)


def test_an_operator_outside_the_tailnet_gets_an_error_within_the_timeout(
    single: Scenario,
) -> None:
    single.operator.output(["tailscale", "down"])
    single.set("fks:joinTimeout", "60")
    single.set("fks:generation.single", "1")
    try:
        outcome = single.up()
    finally:
        single.operator.output(["tailscale", "up"])
    assert outcome.code != 0
    assert "outside the tailnet" in outcome.display
    assert "Traceback" not in outcome.display
    single.unset("fks:joinTimeout")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert single.up().changes == {}


def test_a_key_that_expires_before_the_first_boot_names_the_rebuild(single: Scenario) -> None:
    single.set("fks:joinTimeout", "60")
    single.set("fks:generation.single", "2")
    assert single.destroy().code == 0
    with when_the_server_exists(single, lambda: single.control.advance(2 * 3600)):
        outcome = single.up()
    assert outcome.code != 0
    assert "pulumi config set --path fks:generation.single" in outcome.display
    assert "Traceback" not in outcome.display
    single.unset("fks:joinTimeout")
    single.set("fks:generation.single", "3")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert len(single.health()) == 3
    assert single.unhealthy() is None


def test_another_device_with_the_servers_name_is_not_used(single: Scenario) -> None:
    client = single.world.client
    assert single.destroy().code == 0
    with laptop(client) as other_device:

        def take_the_name() -> None:
            name = f"fks-single-{single.instance('single')}"
            control = client.containers.get(CONTROL)
            addresses.append(tailnet.join(other_device, control, name, tailnet.OPERATOR_TAG))

        addresses: list[str] = []
        with when_the_server_exists(single, take_the_name):
            outcome = single.up()
        assert outcome.code == 0, outcome.display
        (row,) = single.operator.servers()
        assert addresses
        assert row["tailnet_ip"] not in addresses
        assert single.unhealthy() is None


@contextmanager
def laptop(client: docker.DockerClient) -> Iterator[Container]:
    """Start a container with the tailnet's client, which has not joined; remove it at the end."""
    container = api.create(
        client,
        "laptop",
        "fks-rehearsal/operator",
        EXTERNAL_HOST,
        dns=[CLOUD],
        cap_add=["NET_ADMIN", "NET_RAW"],
        devices=["/dev/net/tun:/dev/net/tun:rwm"],
        init=True,
    )
    try:
        start_and_wait(container, ["tailscale", "status", "--json"], "the laptop's tailnet client")
        yield container
    finally:
        container.remove(force=True, v=True)


def _not_rebooted(scenario: Scenario, booted: str) -> str | None:
    filters = api.mine(f"fks.linode.label={scenario.label('single')}")
    started = [
        row.attrs["State"]["StartedAt"]
        for row in scenario.world.client.containers.list(filters=filters)
    ]
    return None if started and started[0] != booted else "the server has not rebooted yet"


def _unhealthy_containers(scenario: Scenario) -> str | None:
    form = "{{.Names}} {{.Status}}"
    try:
        rows = scenario.on_server("single", "docker", "ps", "--all", "--format", form).splitlines()
    except RemoteCommandError as error:
        return str(error)  # dockerd is not running yet
    failed = [row for row in rows if "(healthy)" not in row and "Exited (0)" not in row]
    return None if rows and not failed else "; ".join(failed) or "no containers yet"
