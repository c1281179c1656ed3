"""Servers that only join the tailnet."""

from __future__ import annotations

import pytest

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.hypervisor import MachineSpec
from rehearsal.clouds.simulated_servers import SimulatedServers

USER_DATA = b"""
  - path: /etc/fks/tailnet.key
    content: "tskey-auth-k1-abc"
    - --hostname=fks-web-{{ v1.instance_id }}
"""


def servers() -> tuple[SimulatedServers, list[tuple[str, str]]]:
    """Simulated servers, and the list of those that joined."""
    made, joined = SimulatedServers(), list[tuple[str, str]]()
    made.join = lambda key, hostname: joined.append((key, hostname))
    return made, joined


def machine(user_data: bytes) -> MachineSpec:
    return MachineSpec(
        id=1001, label="fks-web", address="198.51.100.9", memory_mib=1024, vcpus=1,
        user_data=user_data,
    )  # fmt: skip


def test_a_server_joins_at_its_first_boot_only() -> None:
    made, joined = servers()
    made.create(machine(USER_DATA))
    assert joined == []
    made.boot(1001)
    made.reboot(1001)
    assert joined == [("tskey-auth-k1-abc", "fks-web-1001")]


def test_a_server_without_a_key_does_not_join() -> None:
    made, joined = servers()
    made.create(machine(b"#cloud-config"))
    made.boot(1001)
    assert joined == []
    assert made.is_running(1001)


def test_a_server_with_a_rejected_key_runs_outside_the_tailnet(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def reject(_key: str, _hostname: str) -> None:
        raise CloudError(400, {"message": "invalid key"})

    made, _ = servers()
    made.join = reject
    made.create(machine(USER_DATA))
    made.boot(1001)
    assert made.is_running(1001)
    assert "fks-web-1001 did not join the tailnet: 400" in capsys.readouterr().err
