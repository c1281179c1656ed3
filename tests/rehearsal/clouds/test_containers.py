"""What a server's container is made of, judged as data."""

import io
import json
import tarfile

from rehearsal.clouds import containers, seed
from rehearsal.clouds.containers import Settings
from rehearsal.clouds.hypervisor import Machine
from tests.rehearsal.clouds.client import KEY

MACHINE = Machine(
    id=1001,
    label="fks-prod-web",
    address="198.51.100.16",
    memory_mib=1024,
    vcpus=1,
    image="linode/debian13",
    user_data=b"#cloud-config\ncanary: 1\n",
    authorized_keys=(KEY,),
)


def test_a_server_cannot_change_the_clock_or_the_kernel_of_its_machine() -> None:
    forbidden = {"SYS_MODULE", "SYS_TIME", "SYS_BOOT", "SYS_RESOURCE", "ALL"}
    assert not forbidden & set(containers.CAPABILITIES)
    binds = containers.host_options(Settings(), "volume")["binds"]
    assert binds == {"volume": {"bind": "/var/lib/docker", "mode": "rw"}}


def test_the_plan_becomes_limits() -> None:
    limits = containers.limits(2048, 2)
    assert limits["mem_limit"] == 2048 * 1024**2
    assert limits["memswap_limit"] == (2048 + 512) * 1024**2
    assert limits["cpu_quota"] / limits["cpu_period"] == 2


def test_the_labels_say_whose_it_is() -> None:
    labels = containers.labels(Settings(world="w", labels={"more": "1"}), MACHINE)
    assert labels == {
        "fks.rehearsal": "w",
        "fks.linode": "1001",
        "fks.linode.label": "fks-prod-web",
        "more": "1",
    }


def test_nothing_secret_is_where_docker_inspect_shows_it() -> None:
    shown = [
        containers.environment(Settings(), legacy=True),
        containers.labels(Settings(), MACHINE),
        containers.BOOT,
    ]
    assert "canary" not in str(shown)
    assert "canary" not in repr(MACHINE)


def test_the_seed_has_the_instances_id_the_user_data_and_roots_keys() -> None:
    with tarfile.open(fileobj=io.BytesIO(containers.tar(seed.files(MACHINE)))) as archive:
        content = {
            entry.name: (archive.extractfile(entry), entry.mode, entry.uid)
            for entry in archive.getmembers()
        }
        read = {name: file.read() for name, (file, _, _) in content.items() if file}
    metadata = json.loads(read["var/lib/cloud/seed/nocloud/meta-data"])
    assert metadata == {"instance-id": "1001", "local-hostname": "fks-prod-web"}
    assert read["var/lib/cloud/seed/nocloud/user-data"] == MACHINE.user_data
    assert read["root/.ssh/authorized_keys"].decode() == KEY + "\n"
    modes = {name: mode for name, (_, mode, _) in content.items()}
    assert modes["root/.ssh/authorized_keys"] == 0o600
    assert modes["var/lib/cloud/seed/nocloud/user-data"] == 0o600
    assert modes["usr/local/sbin/fks-cgroups"] == 0o755
