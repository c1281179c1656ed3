"""The configuration files below host/files."""

import json
import re

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
FILES = HOST / "files"


def test_every_installed_file_exists_and_every_file_is_installed() -> None:
    text = "".join(step.read_text() for step in (HOST / "bootstrap.d").glob("*.sh"))
    installed = set(re.findall(r"install_file (/\S+)", text))
    existing = {f"/{path.relative_to(FILES)}" for path in FILES.rglob("*") if path.is_file()}
    assert installed == existing


def test_every_program_in_a_unit_exists() -> None:
    units = "".join(path.read_text() for path in (FILES / "etc/systemd/system").glob("fks-*.*"))
    programs = set(re.findall(r"/usr/local/lib/fks/current/(\S+)", units))
    assert programs
    for program in programs:
        assert (HOST / program).stat().st_mode & 0o111, program


def test_units_that_change_kernel_settings_do_not_run_in_containers() -> None:
    units = [path.read_text() for path in (FILES / "etc/systemd/system").glob("fks-*.service")]
    changing = [text for text in units if re.search("sysctl|zram", text)]
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
