"""The tailnet misbehaves: what serves goes on serving, what fails says why, and comes back."""

from __future__ import annotations

import threading
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
from rehearsal.world.parts import ready
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

CONTROL = container_name("control")


@contextmanager
def when_the_server_is_made(scenario: Scenario, deed: Callable[[], None]) -> Iterator[None]:
    """Do something as soon as the cloud has the single server, while the block goes on."""

    def absent() -> str | None:
        rows = scenario.control.api("GET", "linode/instances")["data"]
        return None if rows else "no server yet"

    def wait_and_do() -> None:
        wait_until("the cloud has the server", absent, 120)
        deed()

    with ThreadPoolExecutor(max_workers=1) as aside:
        done = aside.submit(wait_and_do)
        yield
    done.result()


@contextmanager
def control_server_down(scenario: Scenario) -> Iterator[None]:
    """Without a control server."""
    scenario.world.client.containers.get(CONTROL).stop(timeout=5)
    try:
        yield
    finally:
        scenario.world.client.containers.get(CONTROL).start()


def sick(scenario: Scenario) -> str | None:
    """What is not healthy, or None."""
    answers = {url: said for url, said in scenario.health().items() if '"healthy"' not in said}
    return str(answers) if answers else None


def test_a_control_server_that_is_down_for_a_minute_is_waited_for(single: Scenario) -> None:
    single.set("fks:protect", "false")
    control = single.world.client.containers.get(CONTROL)

    def outage() -> None:
        control.stop(timeout=5)
        threading.Event().wait(60)
        control.start()

    with when_the_server_is_made(single, outage):
        outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert single.up().changes == {}


def test_a_restarted_client_comes_back_by_itself(single: Scenario) -> None:
    single.on_server("single", "systemctl", "restart", "tailscaled.service")
    wait_until("everything answers again", lambda: sick(single), 60)


def test_a_server_rebooted_without_its_control_server_starts_all_by_itself(
    single: Scenario,
) -> None:
    with control_server_down(single):
        booted = single.server("single").attrs["State"]["StartedAt"]
        single.on_server("single", "systemctl", "--no-block", "reboot")
        wait_until("the server is back", lambda: _not_again(single, booted), 120)
        wait_until("its containers are healthy", lambda: _unhealthy(single), 180)
    wait_until("everything answers again", lambda: sick(single), 90)


def test_an_operator_outside_the_tailnet_is_told_so_in_time(single: Scenario) -> None:
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
    with when_the_server_is_made(single, lambda: single.control.advance(2 * 3600)):
        outcome = single.up()
    assert outcome.code != 0
    assert "pulumi config set --path fks:generation.single" in outcome.display
    assert "Traceback" not in outcome.display
    single.unset("fks:joinTimeout")
    single.set("fks:generation.single", "3")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert len(single.health()) == 3
    assert sick(single) is None


def test_a_namesake_that_joined_before_is_not_taken_for_the_server(single: Scenario) -> None:
    client = single.world.client
    assert single.destroy().code == 0
    with somebody(client) as laptop:

        def take_the_name() -> None:
            name = f"fks-single-{single.instance('single')}"
            control = client.containers.get(CONTROL)
            addresses.append(tailnet.join(laptop, control, name, tailnet.OPERATOR_TAG))

        addresses: list[str] = []
        with when_the_server_is_made(single, take_the_name):
            outcome = single.up()
        assert outcome.code == 0, outcome.display
        (row,) = single.operator.servers()
        assert addresses
        assert row["tailnet_ip"] not in addresses
        assert sick(single) is None


@contextmanager
def somebody(client: docker.DockerClient) -> Iterator[Container]:
    """A machine with the tailnet's client that has not joined yet."""
    found = api.start(
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
        ready(found, ["tailscale", "status", "--json"], "the laptop's tailnet client")
        yield found
    finally:
        found.remove(force=True, v=True)


def _not_again(scenario: Scenario, booted: str) -> str | None:
    started = [
        row.attrs["State"]["StartedAt"]
        for row in scenario.world.client.containers.list(
            filters=api.mine(f"fks.linode.label=fks-{scenario.stack}-single")
        )
    ]
    return None if started and started[0] != booted else "it has not come back yet"


def _unhealthy(scenario: Scenario) -> str | None:
    form = "{{.Names}} {{.Status}}"
    try:
        rows = scenario.on_server("single", "docker", "ps", "--all", "--format", form).splitlines()
    except RemoteCommandError as error:
        return str(error)  # its dockerd is not up yet
    bad = [row for row in rows if "(healthy)" not in row and "Exited (0)" not in row]
    return None if rows and not bad else "; ".join(bad) or "no containers yet"
