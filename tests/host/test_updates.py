"""The report of bin/updates: reboots, packages kept back, timers."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from host.fks_deploy import updates

RUNS = "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nResult=success\n"
UPGRADES = """\
Reading package lists...
Inst docker.io [26.1.5+dfsg1-9+b3] (27.0.1-1 Debian:13.2/stable [amd64])
Inst curl [8.14.1-2] (8.14.1-2+deb13u1 Debian-Security:13/stable-security [amd64])
Inst nftables [1.1.3-1] (1.1.4-1 Debian:13.2/stable [amd64])
Inst linux-image-6.12.60+deb13-amd64 (6.12.60-1 Debian:13.2/stable [amd64])
Conf docker.io (27.0.1-1 Debian:13.2/stable [amd64])
"""


class Commands:
    """Outputs by the command's words; units by name, the others run."""

    def __init__(self, upgrades: str = "", holds: str = "", **units: str) -> None:
        self.upgrades, self.holds, self.units = upgrades, holds, units

    def __call__(self, command: Sequence[str]) -> str:
        if command[0] == "systemctl":
            return self.units.get(command[-1].replace("-", "_").replace(".", "_"), RUNS)
        outputs = {
            "apt-mark": self.holds,
            "apt-config": "docker\\.io$\nrunc$\n",
            "apt-get": self.upgrades,
        }
        return outputs[command[0]]


def test_a_server_that_is_up_to_date_has_an_empty_report(tmp_path: Path) -> None:
    assert updates.report(Commands(), tmp_path) == {"reboot": [], "kept_back": [], "timers": {}}


def test_packages_on_hold_or_left_out_of_nightly_updates_are_reported() -> None:
    found = list(updates.kept_back_packages(Commands(UPGRADES, holds="nftables\n")))
    assert [row["package"] for row in found] == ["docker.io", "nftables"]
    assert found[0]["installed"] == "26.1.5+dfsg1-9+b3"
    assert found[0]["candidate"] == "27.0.1-1"


def test_packages_that_requested_a_reboot_are_named_once(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/reboot-required").touch()
    assert list(updates.reboot_reasons(tmp_path, "6.12")) == ["/run/reboot-required exists"]
    (tmp_path / "run/reboot-required.pkgs").write_text("linux-base\nlibc6\nlinux-base\n")
    assert list(updates.reboot_reasons(tmp_path, "6.12")) == ["linux-base", "libc6"]


@pytest.mark.parametrize(
    ("running", "reasons"),
    [
        (
            "6.12.9+deb13",
            ["kernel 6.12.48+deb13 is installed, 6.12.9+deb13 runs"],
        ),
        ("6.12.48+deb13", []),
        ("6.15.1-x86_64-linode1", []),
    ],
)
def test_a_newer_kernel_of_debian_needs_a_reboot(
    tmp_path: Path, running: str, reasons: list[str]
) -> None:
    (tmp_path / "boot").mkdir()
    for release in ("6.12.9+deb13", "6.12.48+deb13"):
        (tmp_path / f"boot/vmlinuz-{release}").touch()
    assert list(updates.reboot_reasons(tmp_path, running)) == reasons


def test_timers_that_do_not_run_have_a_reason(tmp_path: Path) -> None:
    (units := tmp_path / "etc/systemd/system").mkdir(parents=True)
    for name in ("fks-edge.timer", "fks-deep.timer", "fks-firewall.service"):
        (units / name).touch()
    commands = Commands(
        apt_daily_timer=RUNS.replace("=loaded", "=masked").replace("=active", "=inactive"),
        certbot_timer=RUNS.replace("=active", "=inactive"),
        fks_edge_timer=RUNS.replace("=enabled", "=disabled"),
        logrotate_service=RUNS.replace("=success", "=exit-code"),
    )
    assert updates.stopped_timers(commands, tmp_path) == {
        "apt-daily.timer": "masked",
        "certbot.timer": "inactive",
        "fks-edge.timer": "disabled",
        "logrotate.timer": "its service ended with exit-code",
    }
