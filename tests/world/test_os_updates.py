"""`fks reboot` and `fks upgrade-os` of servers in the world."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.world import docker_api as api
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world.test_status import status, wait_until_healthy

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SERVER = "web"
SCRIPT = Path(__file__).parent / "package.sh"
LOCK = "/var/lib/fks/deploy.lock"
# A package that asks for a reboot, and one whose installation waits until a file exists
REBOOT = "touch /run/reboot-required; echo fks-test >>/run/reboot-required.pkgs\n"
WAIT = "while [ ! -e /run/fks-test-goes-on ]; do sleep 1; done\n"


def shell(scenario: Scenario, script: str) -> str:
    return scenario.on_server(SERVER, "bash", "-c", script)


def fks(scenario: Scenario, *command: str) -> tuple[int, str]:
    """Exit code and both channels."""
    line = " ".join(command)
    text = scenario.operator.output(["sh", "-c", f"( fks {line} ) 2>&1; echo code $?"])
    shown, _, code = text.rpartition("code ")
    return int(code), shown


def publish(scenario: Scenario, version: str, postinst: str = ":") -> None:
    files = {SCRIPT.name: SCRIPT.read_bytes()}
    api.put_files(scenario.server(SERVER), "/root", files, mode=0o755)
    shell(scenario, f"printf '{postinst}' | /root/{SCRIPT.name} {version}")


def installed(scenario: Scenario) -> str:
    return shell(scenario, "dpkg-query --show --showformat='${Version} ${Status}' fks-test")


@pytest.fixture(scope="module")
def packages(servers: Scenario) -> Iterator[Scenario]:
    """A server with version 1 of a package; the source has that version."""
    publish(servers, "1")
    shell(servers, "apt-get update -q && apt-get install -qy fks-test")
    wait_until_healthy(servers)
    yield servers
    shell(servers, "rm /etc/apt/sources.list.d/fks-test.list; apt-get purge -qy fks-test")


def test_a_reboot_ends_when_the_server_is_healthy_again(packages: Scenario) -> None:
    before = packages.started_at(SERVER)
    code, text = fks(packages, "reboot", SERVER, "--yes", "--reason", "'new kernel'")
    sys.stderr.write(text)
    assert code == 0, text
    assert packages.started_at(SERVER) != before
    assert f"{SERVER}: booted after " in text
    assert packages.unhealthy() is None
    events = json.loads(packages.operator.stdout(["fks", "history", SERVER, "--json"]))["events"]
    (reboot,) = [one for one in events if one["kind"] == "reboot"]
    assert (reboot["text"], reboot["who"].startswith("root@")) == ("new kernel", True)


def test_a_reboot_is_refused_while_a_deploy_runs(packages: Scenario) -> None:
    before = packages.started_at(SERVER)
    packages.on_server(SERVER, "systemd-run", "--unit=holds", "flock", LOCK, "sleep", "infinity")
    try:
        wait_until("the lock is held", lambda: lock_is_free(packages), 20)
        code, text = fks(packages, "reboot", SERVER, "--yes")
    finally:
        packages.on_server(SERVER, "systemctl", "stop", "holds")
    assert code == 2, text
    assert "another deploy runs on this server" in " ".join(text.split())
    assert packages.started_at(SERVER) == before


def lock_is_free(scenario: Scenario) -> str | None:
    free = shell(scenario, f"flock --nonblock {LOCK} true && echo free || true").strip()
    return free or None


def test_a_stopped_stack_stays_stopped_over_a_reboot(packages: Scenario) -> None:
    assert fks(packages, "stop", f"--{SERVER}")[0] == 0
    code, text = fks(packages, "reboot", SERVER, "--yes")
    assert code == 0, text
    assert status(packages, SERVER)["verdict"] == f"stopped: {SERVER}"
    assert fks(packages, "start", f"--{SERVER}")[0] == 0
    wait_until_healthy(packages)


def test_a_check_shows_the_new_version_and_installs_nothing(packages: Scenario) -> None:
    publish(packages, "2")
    code, text = fks(packages, "upgrade-os", SERVER, "--check")
    assert code == 0 and "fks-test 1 -> 2" in text, text
    assert installed(packages).startswith("1 ")


def test_an_upgrade_installs_it_and_status_knows(packages: Scenario) -> None:
    code, text = fks(packages, "upgrade-os", SERVER, "--yes")
    assert code == 0, text
    assert "fks-test" in text and f"{SERVER}: upgraded and healthy" in text
    assert installed(packages) == "2 install ok installed"
    assert "up to date" in fks(packages, "upgrade-os", SERVER, "--check")[1]

    def pending() -> str | None:
        found = status(packages, SERVER)["servers"][SERVER]["updates"]
        return None if found and found["packages"] == [] else str(found)

    wait_until("the watch has read the packages", pending, 150)


def test_a_package_that_asks_for_a_reboot_gets_it(packages: Scenario) -> None:
    publish(packages, "3", REBOOT)
    before = packages.started_at(SERVER)
    code, text = fks(packages, "upgrade-os", SERVER, "--yes", "--no-reboot")
    assert code == 0 and "a reboot is pending: fks-test" in text, text
    assert packages.started_at(SERVER) == before
    (warning,) = [
        one for one in status(packages, SERVER)["warnings"] if "reboot is pending" in one["text"]
    ]
    assert warning["command"].startswith(f"fks reboot {SERVER}")
    code, text = fks(packages, "upgrade-os", SERVER, "--yes")
    assert code == 0, text
    assert packages.started_at(SERVER) != before
    assert "reboot is pending" not in str(status(packages, SERVER)["warnings"])


def test_an_upgrade_that_was_killed_is_completed_by_the_next(packages: Scenario) -> None:
    publish(packages, "4", WAIT)
    command = f"fks upgrade-os {SERVER} --yes >/tmp/upgrade.log 2>&1"
    packages.operator.output(["sh", "-c", f"setsid sh -c '{command}' >/dev/null 2>&1 &"])
    wait_until("the installation has begun", lambda: begun(packages), 120)
    shell(packages, "pkill -9 -f '[b]in/upgrade-os'; pkill -9 apt-get; pkill -9 dpkg; true")
    wait_until("fks upgrade-os has ended", lambda: ended(packages), 60)
    log = packages.operator.output(["cat", "/tmp/upgrade.log"])
    assert f"{SERVER}: the upgrade failed" in log
    assert "half-configured" in installed(packages)
    shell(packages, "touch /run/fks-test-goes-on")
    code, text = fks(packages, "upgrade-os", SERVER, "--yes")
    assert code == 0, text
    assert "configure what an interrupted installation left: fks-test" in text
    assert installed(packages) == "4 install ok installed"


def begun(scenario: Scenario) -> str | None:
    found = installed(scenario)
    return None if found.startswith("4 ") and "half-configured" in found else found


def ended(scenario: Scenario) -> str | None:
    # The brackets keep the shell, which has this pattern in its command line, out of the result.
    found = scenario.operator.output(["sh", "-c", "pgrep -f '[f]ks upgrade-os' || true"]).strip()
    return f"process {found}" if found else None
