"""The bootstrap on a real server: each step killed at each command and run again; its units."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from host.fks_deploy import env_file
from rehearsal.world import docker_api as api
from rehearsal.world.names import ROOT
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SCRIPT = Path(__file__).with_name("interrupted-step")
STEPS = ROOT / "host/bootstrap.d"
CURRENT = "/usr/local/lib/fks/current"
UNITS = "/etc/systemd/system"
OLD_SCRIPTS = (
    "cd /usr/local/lib/fks; for n in 1 2 3 4; do mkdir -p old$n/lib; touch -d @$n old$n; done"
)
# Step -> what makes the server as it was before the step, and the zram size.
UNDO = {
    "30-directories": ("rm -f /etc/fks/role; chmod 700 /opt/fks; chown deploy /var/backups/fks", 0),
    "31-sandbox": (f"rm -f {UNITS}/fks-.service.d/10-sandbox.conf", 0),
    "32-ssh": ("rm -f /etc/ssh/sshd_config.d/10-fks.conf", 0),
    "34-kernel": (
        "systemctl disable fks-kernel.service; sysctl net.ipv4.tcp_retries2=15; "
        f"rm -f /etc/sysctl.d/60-fks.conf /etc/fks/kernel.conf {UNITS}/fks-kernel.service",
        0,
    ),
    "36-zram with a device": (
        f"systemctl disable fks-zram.service; rm -f /etc/fks/zram.env {UNITS}/fks-zram.service",
        512,
    ),
    "36-zram without a device": ("systemctl enable fks-zram.service", 0),
    "40-upgrades": (
        "rm -f /etc/apt/apt.conf.d/52fks-unattended-upgrades /etc/needrestart/conf.d/fks.conf",
        0,
    ),
    "42-docker-settings": (
        f"rm -f {UNITS}/docker.service.d/10-fks.conf; echo '{{}}' >/etc/docker/daemon.json",
        0,
    ),
    "44-logs": ("rm -f /etc/logrotate.d/fks /etc/systemd/journald.conf.d/10-fks.conf", 0),
    "52-timers": ("systemctl disable --now logrotate.timer", 0),
    "55-firewall": (
        "systemctl disable --now fks-firewall.service; "
        f"rm -f /etc/fks/firewall.nft {UNITS}/fks-firewall.service",
        0,
    ),
    "60-docker": ("systemctl disable docker.service; touch /etc/docker/daemon.json", 0),
    "65-certificates": (
        "systemctl disable --now certbot.timer; rm -f /etc/letsencrypt/renewal-hooks/deploy/fks",
        0,
    ),
    "70-edge": (
        f"systemctl disable --now fks-edge.timer; rm -f {UNITS}/fks-edge.service "
        f"{UNITS}/fks-edge.timer",
        0,
    ),
    "71-deep-health": (
        f"systemctl disable --now fks-deep.timer; rm -f {UNITS}/fks-deep.service "
        f"{UNITS}/fks-deep.timer",
        0,
    ),
    "72-backup": (
        "chmod 755 /var/backups/fks/postgres; systemctl disable --now fks-backup.timer; "
        f"rm -f {UNITS}/fks-backup.service {UNITS}/fks-backup.timer",
        0,
    ),
    "74-watch": (
        f"systemctl disable --now fks-watch.timer; rm -f {UNITS}/fks-watch.service "
        f"{UNITS}/fks-watch.timer",
        0,
    ),
    "75-drift": (
        f"systemctl disable --now fks-drift.timer; rm -f {UNITS}/fks-drift.service "
        f"{UNITS}/fks-drift.timer",
        0,
    ),
    "76-fks": ("rm -f /usr/local/bin/fks", 0),
    "90-old-scripts": (OLD_SCRIPTS, 0),
}
# They only check; packages have a test of their own, as an installation takes long; the GPU's step
# does nothing on this server (test_gpu.py).
WITHOUT_UNDO = {
    "10-first-boot",
    "11-stack-lock",
    "12-debian",
    "14-disk-space",
    "16-user",
    "50-packages",
    "58-gpu",
}


def bootstrap(scenario: Scenario) -> str:
    """Run the whole bootstrap with the server's own options; its output."""
    options = "--server single --roles auth,api,web --zram-mib 0"
    return scenario.on_server("single", "sh", "-c", f"{CURRENT}/bootstrap.sh {options}")


def run_step(scenario: Scenario, step: str) -> str:
    """Run one step with its output."""
    environment = [f"HOST_FILES={CURRENT}", "FKS_CHANGES=/run/changes", "FKS_ROLES=auth,api,web"]
    return scenario.on_server("single", "env", *environment, f"{CURRENT}/bootstrap.d/{step}.sh")


@pytest.fixture(scope="module")
def server(single: Scenario) -> Scenario:
    """A deployed server with the script of these tests."""
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    script = {SCRIPT.name: SCRIPT.read_bytes()}
    api.put_files(single.server("single"), "/usr/local/sbin", script, mode=0o755)
    return single


def test_every_step_is_undone_here() -> None:
    steps = {path.stem for path in STEPS.glob("*.sh")}
    assert {name.split()[0] for name in UNDO} | WITHOUT_UNDO == steps


@pytest.mark.parametrize("name", UNDO)
def test_a_step_that_was_killed_at_any_command_is_completed_by_the_next_run(
    server: Scenario, name: str
) -> None:
    undo, zram = UNDO[name]
    environment = ["FKS_SERVER=single", "FKS_ROLES=auth,api,web", f"FKS_ZRAM_MIB={zram}"]
    step = f"{name.split()[0]}.sh"
    report = server.on_server("single", "env", *environment, SCRIPT.name, step, undo)
    count, *differences = report.splitlines()
    assert differences == []
    assert int(count) >= 1


def test_an_interrupted_installation_is_completed(server: Scenario) -> None:
    unpack = "cd /tmp && apt-get -q download logrotate && dpkg --unpack logrotate_*.deb"
    server.on_server("single", "sh", "-ec", f"{unpack}; touch /var/lib/dpkg/updates/0001")
    assert "logrotate" in server.on_server("single", "dpkg", "--audit")
    run_step(server, "50-packages")
    assert server.on_server("single", "dpkg", "--audit") == ""


def test_the_bootstrap_then_has_nothing_to_change_and_the_server_is_healthy(
    server: Scenario,
) -> None:
    bootstrap(server)
    started = server.on_server("single", "docker", "ps", "--quiet", "--no-trunc")
    assert "nothing to change" in bootstrap(server)
    assert server.on_server("single", "docker", "ps", "--quiet", "--no-trunc") == started
    wait_until("all roles are healthy", server.unhealthy, 60)


def test_packet_filter_and_kernel_settings_that_were_changed_by_hand_are_restored(
    server: Scenario,
) -> None:
    server.on_server("single", "nft", "flush", "chain", "inet", "fks", "input")
    server.on_server("single", "sysctl", "net.ipv4.tcp_retries2=15")
    output = bootstrap(server)
    changed = {line.split()[0] for line in output.splitlines() if " changed " in line}
    assert changed == {"34-kernel", "55-firewall"}
    assert "drop" in server.on_server("single", "nft", "list", "chain", "inet", "fks", "input")


def test_doctor_reports_reboots_and_timers_of_the_server(server: Scenario) -> None:
    server.on_server("single", "touch", "/run/reboot-required")
    server.on_server("single", "systemctl", "stop", "certbot.timer")
    try:
        findings = json.loads(server.operator.stdout(["fks", "doctor", "--json"]))["findings"]
    finally:
        server.on_server("single", "rm", "/run/reboot-required")
        server.on_server("single", "systemctl", "start", "certbot.timer")
    details = [row["detail"] for row in findings if row["check"] == "updates"]
    assert "single: a reboot is pending: /run/reboot-required exists" in details
    assert "single: certbot.timer does not run: inactive" in details


def test_nightly_updates_include_tailscale(server: Scenario) -> None:
    simulated = server.on_server(
        "single", "unattended-upgrade", "--dry-run", "--debug", "--verbose"
    )
    (origins,) = [line for line in simulated.splitlines() if "Allowed origins are" in line]
    assert "label=Debian-Security" in origins
    assert "site=pkgs.tailscale.com" in origins


def test_no_account_of_the_server_has_the_user_id_of_a_container(server: Scenario) -> None:
    processes = "for id in $(docker ps --quiet); do docker top $id -eo pid,uid | tail -n +2; done"
    rows = server.on_server("single", "sh", "-ec", processes).splitlines()
    containers = {row.split()[1] for row in rows}
    accounts = dict(
        line.split(":")[2::-2]
        for line in server.on_server("single", "cat", "/etc/passwd").splitlines()
    )
    assert containers
    assert {uid: accounts[uid] for uid in containers & set(accounts)} == {}


def test_deploy_has_its_fixed_user_and_group_id(server: Scenario) -> None:
    values = env_file.parse((ROOT / "host/limits.env").read_text())
    identity = server.on_server("single", "id", "deploy")
    number = values["DEPLOY_USER_ID"]
    assert identity.startswith(f"uid={number}(deploy) gid={number}(deploy)")


def test_the_sandboxes_of_our_units_are_rated_as_safe(server: Scenario) -> None:
    units = {path.name for path in (ROOT / f"host/files{UNITS}").glob("*.service")}
    # The exposure, from 0 to 100; without a sandbox it is 96. The comparison reads home directories
    # and processes, and makes a network namespace.
    for limit, names in ((25, units - {"fks-drift.service"}), (35, {"fks-drift.service"})):
        analyze = ("systemd-analyze", "security", f"--threshold={limit}")
        server.on_server("single", *analyze, *sorted(names))


def test_our_units_write_nothing_to_the_journal_while_nothing_happens(server: Scenario) -> None:
    cursor = server.on_server("single", "journalctl", "--lines=1", "--output=json")
    position = json.loads(cursor)["__CURSOR"]
    server.on_server("single", "systemctl", "start", "fks-edge.service")
    lines = server.on_server(
        "single", "journalctl", "--quiet", f"--after-cursor={position}", "--unit=fks-*"
    )
    assert lines == ""
