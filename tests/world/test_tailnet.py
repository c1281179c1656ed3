"""The tailnet fails: servers keep serving, `up` names the cause, and everything recovers."""

from __future__ import annotations

import json
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
    single.unprotect()
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


def test_a_server_that_joins_again_keeps_its_disk_under_its_new_address(single: Scenario) -> None:
    assert single.up().code == 0
    server, (before,) = single.server("single"), single.operator.servers()
    single.on_server("single", "touch", "/var/lib/fks/kept")
    address = _join_again(single)
    assert address != before["tailnet_ip"]
    (moved,) = _device_problems(single)
    assert f"({address}," in moved["detail"]
    assert f"({before['tailnet_ip']}, id " in moved["detail"]
    assert "offline since" in moved["detail"]
    assert moved["remedy"].startswith("pulumi up --stack dev takes the new address")

    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert [row["tailnet_ip"] for row in single.operator.servers()] == [address]
    assert single.server("single").id == server.id
    single.on_server("single", "test", "-e", "/var/lib/fks/kept")
    assert {row["content"] for row in _address_records(single)} == {address}
    assert single.unhealthy() is None
    assert single.up().changes == {}
    assert _device_problems(single) == []


def _join_again(scenario: Scenario) -> str:
    """Let the single server join with a new key after tailscaled lost its state; its address."""
    server, control = scenario.server("single"), scenario.world.client.containers.get(CONTROL)
    scenario.on_server("single", "systemctl", "stop", "tailscaled.service")
    scenario.on_server("single", "sh", "-c", "rm -rf /var/lib/tailscale/*")
    scenario.on_server("single", "systemctl", "start", "tailscaled.service")
    name, tags = f"fks-single-{scenario.instance('single')}", "tag:fks-auth,tag:fks-api,tag:fks-web"
    address = tailnet.join(server, control, name, tags)

    def old_device_is_online() -> str | None:
        devices = scenario.control.state("tailscale")["devices"]
        online = [d for d in devices if d["hostname"] == name and d["connectedToControl"]]
        return None if len(online) == 1 else f"{len(online)} devices are online"

    wait_until("the old device is offline", old_device_is_online, 120)
    return address


def _device_problems(scenario: Scenario) -> list[dict[str, str]]:
    """The problems that `fks doctor` has with the devices of the tailnet."""
    document = json.loads(scenario.operator.stdout(["fks", "doctor", "--json", "--stack", "dev"]))
    return [
        finding
        for finding in document["findings"]
        if finding["check"] == "tailnet-devices" and finding["verdict"] == "problem"
    ]


def _address_records(scenario: Scenario) -> list[dict[str, str]]:
    records = scenario.control.state("cloudflare")["records"]
    return [row for row in records if row["type"] == "A"]


def test_a_server_that_reboots_without_its_control_server_starts_all_containers(
    single: Scenario,
) -> None:
    with control_server_stopped(single):
        booted = single.started_at("single")
        single.on_server("single", "systemctl", "--no-block", "reboot")
        wait_until("the server has rebooted", lambda: single.not_restarted("single", booted), 120)
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


def _unhealthy_containers(scenario: Scenario) -> str | None:
    form = "{{.Names}} {{.Status}}"
    try:
        rows = scenario.on_server("single", "docker", "ps", "--all", "--format", form).splitlines()
    except RemoteCommandError as error:
        return str(error)  # dockerd is not running yet
    failed = [row for row in rows if "(healthy)" not in row and "Exited (0)" not in row]
    return None if rows and not failed else "; ".join(failed) or "no containers yet"
