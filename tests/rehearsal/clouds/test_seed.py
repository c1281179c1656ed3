"""The files of a server's first boot."""

import io
import json
import tarfile

from rehearsal.clouds import containers, seed
from rehearsal.clouds.hypervisor import MachineSpec
from tests.rehearsal.clouds.client import KEY

MACHINE = MachineSpec(
    id=1001,
    label="fks-prod-web",
    address="198.51.100.16",
    memory_mib=1024,
    vcpus=1,
    user_data=b"#cloud-config\ncanary: 1\n",
    authorized_keys=(KEY,),
)


def test_the_seed_has_the_instance_id_the_user_data_and_the_keys_of_root() -> None:
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


def test_a_certificate_authority_is_added_to_the_trust_store() -> None:
    assert seed.AUTHORITY not in seed.files(MACHINE)
    assert seed.files(MACHINE, b"PEM")[seed.AUTHORITY] == (b"PEM", 0o644)
