"""The watchdog, and the recovery after a restart of the clouds."""

from pathlib import Path
from typing import Any

from rehearsal.clouds.hypervisor import NoServers
from rehearsal.clouds.linode import power, watchdog
from tests.rehearsal.clouds.client import CloudClients, cloud_clients, instance
from tests.rehearsal.clouds.servers import ManualServers

INSTANCES = "/v4/linode/instances"


def make(here: CloudClients, **fields: Any) -> int:
    """The id of a new instance."""
    return int(here.linode.post(INSTANCES, json=instance(**fields)).json()["id"])


def number_of(here: CloudClients, label: str) -> int:
    """The id of an instance."""
    return next(i.id for i in here.clouds.linode.instances.values() if i.label == label)


def test_the_watchdog_boots_a_server_that_stopped_but_not_endlessly() -> None:
    servers = NoServers()
    here = cloud_clients(hypervisor=servers)
    account, number = here.clouds.linode, make(here)

    def status_after_stop() -> str:
        servers.shutdown(number)
        watchdog.handle_stop(account, number)
        return account.get(number).status

    assert [status_after_stop() for _ in range(6)] == ["running"] * 5 + ["offline"]
    here.clouds.clock.advance(901)
    power.switch(account, number, "booting")
    assert status_after_stop() == "running"


def test_a_server_that_was_shut_down_stays_off() -> None:
    servers = ManualServers()
    here = cloud_clients(hypervisor=servers)
    number = make(here)
    servers.finish(2)
    here.linode.post(f"{INSTANCES}/{number}/shutdown", json={})
    watchdog.handle_stop(here.clouds.linode, number)
    servers.finish()
    assert here.linode.get(f"{INSTANCES}/{number}").json()["status"] == "offline"
    assert servers.calls[-1] == ("shutdown", number)


def test_recovery_boots_stopped_servers_and_finishes_deletions(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    servers = ManualServers()
    here = cloud_clients(hypervisor=servers, state=file)
    for label in ("runs", "stopped", "deleting", "off"):
        make(here, label=label)
        servers.finish(2)
    here.linode.post(f"{INSTANCES}/{number_of(here, 'off')}/shutdown", json={})
    servers.finish()
    here.linode.delete(f"{INSTANCES}/{number_of(here, 'deleting')}")

    later_servers = ManualServers()
    later = cloud_clients(hypervisor=later_servers, state=file)
    later_servers.running = {number_of(later, "runs")}
    watchdog.recover(later.clouds.linode)
    assert later_servers.calls == [
        ("boot", number_of(later, "stopped")),
        ("delete", number_of(later, "deleting")),
    ]
    assert later.clouds.linode.get(number_of(later, "off")).status == "offline"
