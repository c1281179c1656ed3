"""The options of a server's container."""

from rehearsal.clouds import containers
from rehearsal.clouds.containers import ServerSettings
from rehearsal.clouds.hypervisor import MachineSpec
from tests.rehearsal.clouds.client import KEY

SETTINGS = ServerSettings(image="server:1", world="w")
MACHINE = MachineSpec(
    id=1001,
    label="fks-prod-web",
    address="198.51.100.16",
    memory_mib=1024,
    vcpus=1,
    user_data=b"#cloud-config\ncanary: 1\n",
    authorized_keys=(KEY,),
)


def test_a_server_cannot_change_the_clock_or_the_kernel_of_the_host() -> None:
    forbidden = {"SYS_MODULE", "SYS_TIME", "SYS_BOOT", "SYS_RESOURCE", "ALL"}
    assert not forbidden & set(containers.CAPABILITIES)
    binds = containers.host_options(SETTINGS, "volume")["binds"]
    assert binds == {"volume": {"bind": "/var/lib/docker", "mode": "rw"}}


def test_the_plan_sets_the_limits() -> None:
    limits = containers.limits(2048, 2)
    assert limits["mem_limit"] == 2048 * 1024**2
    assert limits["memswap_limit"] == (2048 + 512) * 1024**2
    assert limits["cpu_quota"] / limits["cpu_period"] == 2


def test_the_labels_name_the_world_and_the_instance() -> None:
    labels = containers.labels(SETTINGS, MACHINE)
    assert labels == {
        "fks.rehearsal": "w",
        "fks.linode": "1001",
        "fks.linode.label": "fks-prod-web",
    }


def test_docker_inspect_shows_no_secret() -> None:
    shown = [
        containers.environment(SETTINGS, legacy=True),
        containers.labels(SETTINGS, MACHINE),
        containers.BOOT,
    ]
    assert "canary" not in str(shown)
    assert "canary" not in repr(MACHINE)
