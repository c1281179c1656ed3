"""A real sshd on this machine, as a server of a stack."""

from collections.abc import Iterator

import pytest

from fks_infra.remote import ssh
from fks_infra.remote.inventory import DeployedServer
from tests.contract.sshd import Servers, servers


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with servers(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@pytest.fixture
def server(sshd: Servers, monkeypatch: pytest.MonkeyPatch) -> DeployedServer:
    """This machine, with the port and the user of the test's sshd."""
    monkeypatch.setattr(ssh, "USER", sshd.user)
    monkeypatch.setattr(ssh, "_OPTIONS", (*ssh._OPTIONS, f"Port={sshd.port}"))
    host_key = " ".join(sshd.host_key().split()[:2])
    return DeployedServer(
        name="web", roles=("web",), instance_id="7", address="127.0.0.1", host_key=host_key
    )
