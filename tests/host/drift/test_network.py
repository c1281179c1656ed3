import pytest

from host.fks_deploy.drift import network
from host.fks_deploy.drift.deviation import Deviation
from tests.host.drift.conftest import context_of
from tests.host.watch.server import WatchedServer

# As ss of iproute2 6.15 prints them.
HEALTHY = """\
udp UNCONN 0 0 0.0.0.0:41641 0.0.0.0:* users:(("tailscaled",pid=300,fd=15))
udp UNCONN 0 0 10.0.2.15%eth0:68 0.0.0.0:* users:(("systemd-network",pid=210,fd=20))
udp UNCONN 0 0 *:53124 *:* users:(("named-client",pid=99,fd=4))
tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=400,fd=6))
tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=400,fd=7))
tcp LISTEN 0 4096 100.64.0.2:443 0.0.0.0:* users:(("nginx",pid=900,fd=7))
tcp LISTEN 0 4096 127.0.0.1:8000 0.0.0.0:* users:(("docker-proxy",pid=901,fd=7))
tcp LISTEN 0 4096 [::1]:6010 [::]:* users:(("anything",pid=902,fd=7))
"""


@pytest.mark.parametrize(
    ("line", "name", "found"),
    [
        (
            'tcp LISTEN 0 5 0.0.0.0:8081 0.0.0.0:* users:(("python3",pid=77,fd=3))',
            "tcp/8081",
            "python3 (process 77) listens on 0.0.0.0",
        ),
        (
            'tcp LISTEN 0 5 *:5432 *:* users:(("docker-proxy",pid=78,fd=3))',
            "tcp/5432",
            "docker-proxy (process 78) listens on *",
        ),
        ("udp UNCONN 0 0 [::]:53 [::]:*", "udp/53", "unknown (process ?) listens on [::]"),
    ],
)
def test_a_port_that_nothing_of_ours_opened(
    plain: WatchedServer, line: str, name: str, found: str
) -> None:
    plain.answer("ss --no-header", f"{HEALTHY}{line}\n")
    expected = Deviation("port", name, "not present", found)
    assert list(network.ports(context_of(plain))) == [expected]


def test_tables_of_docker_and_tailscale_are_known(plain: WatchedServer) -> None:
    known = "table inet fks\ntable ip nat\ntable ip filter\ntable ip6 filter\ntable ip6 nat\n"
    plain.answer("nft list", f"{known}table inet extra\ntable ip fks\n")
    found = [(one.name, one.repair) for one in network.tables(context_of(plain))]
    assert found == [
        ("inet extra", "remove table inet extra"),
        ("ip fks", "remove table ip fks"),
    ]
