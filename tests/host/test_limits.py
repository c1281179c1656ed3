"""limits.env: the same for every reader, and equal to the literals of files that cannot read it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import env_file, limits
from host.fks_deploy.timeouts import Timeouts
from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
VALUES = env_file.parse(limits.FILE.read_text())


def numbers(path: str, pattern: str) -> set[Any]:
    """Everything the pattern's groups match in a file of the repository; never empty."""
    found = set(re.findall(pattern, (REPOSITORY / path).read_text(), re.MULTILINE))
    assert found, f"{path} has no {pattern}"
    return found


def test_every_line_is_a_comment_or_a_plain_assignment() -> None:
    line = re.compile(r"#.*|[A-Z][A-Z0-9_]*=[0-9a-f.:/]+|")
    assert [one for one in limits.FILE.read_text().splitlines() if not line.fullmatch(one)] == []


def test_a_shell_reads_the_same_values_as_python() -> None:
    script = f'set -a; . "{limits.FILE}"; env'
    done = subprocess.run(
        ["sh", "-ec", script], env={}, capture_output=True, text=True, check=True, timeout=10
    )
    read = env_file.parse(done.stdout)
    assert {name: read.get(name) for name in VALUES} == VALUES


def test_a_step_ends_after_its_lock_wait_and_a_deploy() -> None:
    wait, step = int(VALUES["LOCK_WAIT_SECONDS"]), int(VALUES["STEP_TIMEOUT_SECONDS"])
    assert limits.DEPLOY_TIMEOUT + Timeouts.probe < wait
    assert wait + limits.DEPLOY_TIMEOUT < step


def test_the_packet_filter_has_the_ports_and_networks() -> None:
    filter_file = "host/files/etc/fks/firewall.nft"
    ports = f"{VALUES['SSH_PORT']}, {VALUES['EDGE_PORT']}"
    assert numbers(filter_file, r"tcp dport \{ ([^}]+) \}") == {ports}
    tailnet = {"127.0.0.0/8", VALUES["TAILNET_RANGE"]}
    assert numbers(filter_file, r"ip daddr (\S+/\d+) drop") == tailnet
    assert numbers(filter_file, r"ip6 daddr (\S+/\d+) drop") == {VALUES["TAILNET_RANGE_V6"]}
    for family, name in (("ip", "METADATA_ADDRESS"), ("ip6", "METADATA_ADDRESS_V6")):
        pattern = rf" {family} daddr ([0-9a-f.:]+) (?:meta skuid != 0 )?drop"
        assert numbers(filter_file, pattern) == {VALUES[name]}


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "nginx/vhosts").iterdir()), ids=lambda p: p.name
)
def test_every_virtual_host_listens_on_the_edge_port(path: Path) -> None:
    found = numbers(str(path.relative_to(REPOSITORY)), r"listen \$\{LISTEN_ADDRESS\}:(\d+)")
    assert found == {VALUES["EDGE_PORT"]}


def test_the_container_of_the_edge_has_its_user() -> None:
    users = numbers("compose/edge/compose.yaml", r'^    user: "(\d+):(\d+)"$')
    assert users == {(VALUES["EDGE_USER_ID"], VALUES["EDGE_USER_ID"])}


def test_an_unprivileged_user_may_bind_the_port_of_the_edge_and_not_that_of_ssh() -> None:
    (first,) = numbers(
        "host/files/etc/sysctl.d/60-fks.conf", r"^net.ipv4.ip_unprivileged_port_start = (\d+)$"
    )
    assert int(VALUES["SSH_PORT"]) < int(first) == int(VALUES["EDGE_PORT"])


def test_the_health_check_of_the_edge_has_its_port_on_loopback() -> None:
    listens = numbers("nginx/vhosts/default.conf.template", r"listen 127.0.0.1:(\d+)")
    assert numbers("nginx/edge-health", r"http://127.0.0.1:(\d+)/") == listens


@pytest.mark.parametrize(
    "path", ["host/files/etc/ssh/sshd_config.d/10-fks.conf", "host/cloud-init.yaml.tmpl"]
)
def test_sshd_keeps_its_default_port(path: str) -> None:
    assert VALUES["SSH_PORT"] == "22"
    assert not re.search(
        r"^\s*(Port|ListenAddress)\b", (REPOSITORY / path).read_text(), re.MULTILINE
    )


def test_the_join_script_repeats_apt_get_as_long_as_the_bootstrap() -> None:
    assert numbers("host/join.sh", r"^readonly RETRY_SECONDS=(\d+)$") == {
        VALUES["APT_RETRY_SECONDS"]
    }
