"""The texts of commands: programs, options, time limits, no secrets."""

from collections.abc import Callable

import pytest

from fks_infra.config.settings import Settings
from fks_infra.release import commands
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import ServerSpec
from host.fks_deploy.timeouts import Timeouts

DIGEST = "d" * 64


@pytest.fixture
def auth(settings: Callable[..., Settings]) -> ServerSpec:
    return plan_topology(settings()).servers[0]


def test_the_bootstrap_checks_unpacks_and_runs(auth: ServerSpec) -> None:
    archive = f"/var/lib/fks/incoming/host-{DIGEST}.tar"
    home = f"/usr/local/lib/fks/{DIGEST}"
    assert commands.bootstrap(DIGEST, auth).split("; ") == [
        "set -eu",
        f'echo "{DIGEST}  {archive}" | timeout 60 sha256sum --check --quiet',
        f"sudo mkdir -p {home}",
        f"sudo timeout 60 tar -xf {archive} -C {home} --no-same-owner",
        f"sudo ln -sfn {DIGEST} /usr/local/lib/fks/current",
        "sudo timeout -k 30 3060 /usr/local/lib/fks/current/bootstrap.sh"
        " --server auth --roles auth --zram-mib 1024 --lock-wait 1560",
    ]


def test_the_single_server_is_bootstrapped_for_all_roles(
    settings: Callable[..., Settings],
) -> None:
    (single,) = plan_topology(settings(mode="single")).servers
    assert "--server single --roles auth,api,web --zram-mib 0" in commands.bootstrap(DIGEST, single)


def test_only_a_server_that_uses_a_gpu_gets_the_key_of_nvidias_packages(
    settings: Callable[..., Settings],
) -> None:
    found = settings(gpu=True, plan={"api": "g2-gpu-rtx4000a1-s"})
    auth, api, web = plan_topology(found).servers
    key = found.nvidia_key_fingerprint
    text = commands.bootstrap(DIGEST, api)
    assert text.endswith(f"--zram-mib 0 --nvidia-key {key} --lock-wait 1560")
    before = plan_topology(settings()).servers
    assert text != commands.bootstrap(DIGEST, before[1])
    for server, unchanged in ((auth, before[0]), (web, before[2])):
        assert commands.bootstrap(DIGEST, server) == commands.bootstrap(DIGEST, unchanged)


def test_the_deploy_has_the_digest_and_waits_for_the_lock() -> None:
    assert commands.deploy(DIGEST) == (
        f"sudo timeout -k 30 3060 /usr/local/lib/fks/current/bin/deploy --digest {DIGEST}"
        " --lock-wait 1560"
    )
    # As long as a deploy may take after it has the lock, with the time to put things back.
    assert Timeouts.deploy + Timeouts.probe < 1560


def test_the_join_waits_for_the_servers_host_name() -> None:
    assert commands.join("auth", ["tag:fks-auth"], "123", 900, None) == (
        "python3 -m fks_infra.steps.join wait --server auth --hostname fks-auth-123"
        " --tags tag:fks-auth --timeout 900"
    )


def test_with_a_public_address_the_join_connects_there() -> None:
    text = commands.join("auth", ["tag:fks-auth"], "123", 900, "198.51.100.20")
    assert text.endswith("--ssh-address 198.51.100.20")


def test_the_join_can_name_the_address_in_the_tailnet() -> None:
    text = commands.join("auth", ["tag:fks-auth"], "123", 900, None, "100.64.0.5")
    assert text.endswith("--address 100.64.0.5")


def test_leaving_needs_the_host_name_only() -> None:
    assert commands.leave("web", "9") == (
        "python3 -m fks_infra.steps.join remove --hostname fks-web-9"
    )
