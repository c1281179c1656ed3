"""The configuration files below host/files."""

import json
import re
import subprocess
from pathlib import Path
from string import Template

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
FILES = HOST / "files"
UNITS = sorted((FILES / "etc/systemd/system").glob("fks-*.service"))
SSHD = FILES / "etc/ssh/sshd_config.d/10-fks.conf"


def test_every_installed_file_exists_and_every_file_is_installed() -> None:
    installed = set()
    for step in (HOST / "bootstrap.d").glob("*.sh"):
        text = step.read_text()
        constants = dict(re.findall(r"\b([A-Z]+)=(\S+)", text))
        for path in re.findall(r'^install_file "?([^"\s]+)', text, re.MULTILINE):
            installed.add(Template(path).substitute(constants))
    existing = {f"/{path.relative_to(FILES)}" for path in FILES.rglob("*") if path.is_file()}
    assert installed == existing


def test_every_program_in_a_unit_exists() -> None:
    units = "".join(path.read_text() for path in UNITS)
    programs = set(re.findall(r"/usr/local/lib/fks/current/(\S+)", units))
    assert programs
    for program in programs:
        assert (HOST / program).stat().st_mode & 0o111, program


def test_units_that_change_kernel_settings_do_not_run_in_containers() -> None:
    changing = [text for path in UNITS if re.search("sysctl|zram", text := path.read_text())]
    assert changing
    assert all("ConditionVirtualization=!container" in text for text in changing)


def test_global_kernel_settings_are_only_in_the_conditional_file() -> None:
    settings = (FILES / "etc/sysctl.d/60-fks.conf").read_text().splitlines()
    assert all(line.startswith(("#", "net.")) for line in settings)


def test_docker_publishes_on_loopback_and_limits_its_logs() -> None:
    daemon = json.loads((FILES / "etc/docker/daemon.json").read_text())
    bridge = daemon["default-network-opts"]["bridge"]
    published = {daemon["ip"], bridge["com.docker.network.bridge.host_binding_ipv4"]}
    assert published == {"127.0.0.1"}
    # dockerd rejects numbers here.
    assert all(isinstance(value, str) for value in daemon["log-opts"].values())
    assert set(daemon["log-opts"]) == {"max-size", "max-file"}


def test_the_program_of_the_certbot_hook_exists() -> None:
    hook = (HOST / "bootstrap.d/65-certificates.sh").read_text()
    (program,) = set(re.findall(r"/usr/local/lib/fks/current/(\S+)\b", hook))
    assert (HOST / program).is_file()


def test_tailscales_packages_are_updated_and_docker_is_left_to_the_operator() -> None:
    text = (FILES / "etc/apt/apt.conf.d/52fks-unattended-upgrades").read_text()
    source = re.search(r"^readonly SOURCE=https://([^/]+)/", (HOST / "join.sh").read_text(), re.M)
    assert source
    assert f'Origins-Pattern {{\n  "site={source[1]}";\n}};' in text
    patterns = re.findall(r'^  "(\S+\$)";$', text, re.MULTILINE)
    for package in ("docker.io", "docker-cli", "docker-compose", "containerd", "runc"):
        assert any(re.match(pattern, package) for pattern in patterns), package
    assert not any(re.match(pattern, "tailscale") for pattern in patterns)


def test_sshd_forwards_nothing_and_offers_no_weak_mac(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    config = tmp_path / "sshd_config"
    config.write_text(re.sub("(?m)^HostKey .*", f"HostKey {key}", SSHD.read_text()))
    # As tests/contract/sshd.py: sshd ends without it, and only its service makes it after a boot.
    Path("/run/sshd").mkdir(exist_ok=True)
    command = ["/usr/sbin/sshd", "-T", "-f", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode == 0, done.stderr
    settings = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    forwarding = {value for name, value in settings.items() if re.search("allow.*forw|x11f", name)}
    assert (forwarding, settings["permittunnel"]) == ({"no"}, "no")
    for mac in settings["macs"].split(","):
        assert mac.endswith("-etm@openssh.com")
        assert not re.search("sha1|md5|umac-64", mac)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_every_unit_limits_capabilities_and_address_families(unit: Path) -> None:
    text = unit.read_text()
    assert "\nCapabilityBoundingSet=" in text
    assert "\nRestrictAddressFamilies=AF_" in text


def test_the_sandbox_of_all_units() -> None:
    lines = (FILES / "etc/systemd/system/fks-.service.d/10-sandbox.conf").read_text().splitlines()
    needed = {"ProtectSystem=strict", "ProtectHome=yes", "NoNewPrivileges=yes"}
    assert {*needed, "SystemCallFilter=@system-service"} <= set(lines)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_no_unit_sets_what_the_sandbox_of_all_units_overrides(unit: Path) -> None:
    """systemd reads drop-in files after the unit, systemd.unit(5); lists of system calls add up."""
    sandbox = FILES / "etc/systemd/system/fks-.service.d/10-sandbox.conf"
    assert settings_of(unit) & settings_of(sandbox) <= {"SystemCallFilter"}


def settings_of(unit: Path) -> set[str]:
    return set(re.findall(r"^(\w+)=", unit.read_text(), re.MULTILINE))


def test_a_unit_that_runs_every_few_seconds_writes_no_line_for_a_run() -> None:
    for timer in (FILES / "etc/systemd/system").glob("*.timer"):
        if re.search(r"^OnUnitActiveSec=\d+s$", timer.read_text(), re.MULTILINE):
            text = timer.with_suffix(".service").read_text()
            # Without SyslogLevel also the program's own lines are dropped.
            assert "\nLogLevelMax=notice\nSyslogLevel=notice\n" in text
