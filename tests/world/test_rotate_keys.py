"""`fks rotate deploy-key` under a steady load, killed and run again; the old key is refused."""

from __future__ import annotations

import sys

import pytest

from rehearsal.world import docker_api as api
from rehearsal.world.scenario import Scenario
from tests.world.killed_command import Reached, killed_when, updating
from tests.world.settled import assert_settled
from tests.world.test_replacements import failures, steady_load

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

OLD_KEY = "/root/old-key"
SERVERS = ("auth", "api", "web")


def key(scenario: Scenario) -> str:
    """The configured private key."""
    return scenario.operator.output(["pulumi", "config", "get", "fks:deployKey"])


def opens(scenario: Scenario, name: str, private: str) -> bool:
    """Whether a key opens a server; any other answer than a refusal fails."""
    files = {OLD_KEY.rpartition("/")[2]: private.encode()}
    api.put_files(scenario.operator.container, "/root", files, mode=0o600)
    address = scenario.on_server(name, "tailscale", "ip", "-4").strip()
    options = "-F none -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=no"
    login = f"ssh {options} -o UserKnownHostsFile=/dev/null -i {OLD_KEY} deploy@{address} true"
    text = scenario.operator.output(["sh", "-c", f"{login} 2>&1; echo code $?; rm {OLD_KEY}"])
    assert text.endswith("code 0\n") or "Permission denied (publickey)" in text, text
    return text.endswith("code 0\n")


def rotate(scenario: Scenario) -> str:
    return scenario.operator.output(["sh", "-c", "fks rotate deploy-key --yes 2>&1"])


def assert_rotated(scenario: Scenario, old: str) -> None:
    """The new key alone opens each server, and nothing is left to change or to repair."""
    new = key(scenario)
    assert new != old
    assert {name: opens(scenario, name, new) for name in SERVERS} == dict.fromkeys(SERVERS, True)
    assert {name: opens(scenario, name, old) for name in SERVERS} == dict.fromkeys(SERVERS, False)
    assert_settled(scenario)


def test_the_old_key_is_refused_and_no_request_fails(servers: Scenario) -> None:
    old = key(servers)
    assert opens(servers, "web", old)
    with steady_load(servers) as found:
        text = rotate(servers)
    outages = {target: one["outage"] for target, one in found.items()}
    sys.stderr.write(f"deploy-key: longest time between two answers in s: {outages}\n")
    assert failures(found) == {}
    assert all(f"{name} refuses SHA256:" in text for name in SERVERS), text
    assert_rotated(servers, old)


def added(scenario: Scenario) -> str | None:
    """Each server accepts two keys."""
    count = "grep -c ^ssh- /home/deploy/.ssh/authorized_keys"
    found = {name: scenario.on_server(name, "sh", "-c", count).strip() for name in SERVERS}
    return None if set(found.values()) == {"2"} else str(found)


def removed(scenario: Scenario) -> str | None:
    """A server has removed the old key, and it is not yet proved to be refused."""
    kept = "ls /var/lib/fks/removed-deploy-keys 2>/dev/null || true"
    found = "".join(scenario.on_server(name, "sh", "-c", kept) for name in SERVERS)
    return None if found else "no server has a record of removed keys"


@pytest.mark.parametrize("reached", [added, updating, removed])
def test_a_rotation_that_was_killed_is_completed_by_the_same_command(
    servers: Scenario, reached: Reached
) -> None:
    old = key(servers)
    killed_when(servers, "fks rotate deploy-key --yes", reached)
    rotate(servers)
    assert_rotated(servers, old)
