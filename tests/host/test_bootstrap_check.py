"""All steps of bootstrap.d in a check, beside recorders of every program that changes something."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
KEY = "AB" * 20
STEPS = sorted(path.stem for path in (HOST / "bootstrap.d").glob("*.sh"))
# Programs that only read; every other one is a recorder.
READING = (
    "awk bash basename cat cmp cut date diff dirname find grep head id mktemp paste readlink sed "
    "sh sleep sort stat tail tee timeout tr"
)
RECORDER = """#!/bin/bash
name=${0##*/}
case "$name $*" in
  'apt-cache policy base-files') echo '500 http://mirror.test/debian trixie/main amd64 Packages' ;;
  'apt-get indextargets'*) echo 'trixie main' ;;
  'cloud-init status --wait' | 'docker info'* | 'docker compose version'*) ;;
  'df '*) printf 'Avail\\n100000\\n' ;;
  'dpkg-query '* | 'nft list '* | 'nvidia-smi '*) exit 1 ;;
  'gpg '*--show-keys*) ;;
  'getent passwd deploy') ;;
  "rm -rf $TMPDIR/"*) /bin/rm -rf "$2" ;;
  'sshd -T') echo 'permitrootlogin yes' ;;
  'systemctl show '*ConditionResult*) echo yes ;;
  'systemctl show '* ) ;;
  'systemctl --quiet is-active fks-kernel.service' | 'systemctl --quiet is-active ssh.service') ;;
  'systemctl --quiet is-'*) exit 1 ;;
  'uname -r') echo 6.12.1-amd64 ;;
  'unshare '*) echo 'the rules' ;;
  *) echo "$name $*" >>"$CALLS" ;;
esac
"""
RECORDED = (
    "apt-cache apt-get apt-helper chmod chown cloud-init cp df docker dpkg dpkg-query getent gpg "
    "install ln mkdir modprobe mv nft nvidia-ctk nvidia-modprobe nvidia-smi rm rmdir sshd sysctl "
    "systemctl systemd-sysctl touch uname unshare"
)


@dataclass
class Machine:
    """A copy of host/ whose steps find only reading programs and recorders."""

    root: Path

    def run(self, step: str, *, check: bool) -> subprocess.CompletedProcess[str]:
        """Run a step as a server that has not been bootstrapped would."""
        for name in ("calls", "changes"):
            (self.root / name).write_text("")
        environment = {
            "PATH": str(self.root / "bin"),
            "HOST_FILES": str(self.root / "host"),
            "FKS_CHANGES": str(self.root / "changes"),
            "FKS_CHECK": "yes" if check else "",
            "FKS_SERVER": "single",
            "FKS_ROLES": "auth,api,web",
            "FKS_ZRAM_MIB": "512",
            "FKS_NVIDIA_KEY": KEY,
            "CALLS": str(self.root / "calls"),
            "TMPDIR": str(self.root / "tmp"),
        }
        command = ["/bin/bash", str(self.root / f"host/bootstrap.d/{step}.sh")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)

    @property
    def calls(self) -> list[str]:
        """The calls of programs that change something, in the last run."""
        return (self.root / "calls").read_text().splitlines()

    @property
    def differences(self) -> list[list[str]]:
        """What the last run reported: kind, name, expected and found."""
        return [line.split("\t") for line in (self.root / "changes").read_text().splitlines()]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    root = tmp_path_factory.mktemp("machine")
    for name in ("bin", "tmp", "old/9.old"):
        (root / name).mkdir(parents=True)
    shutil.copytree(HOST, root / "host")
    for script in [*(root / "host").glob("lib/*.sh"), *(root / "host").glob("bootstrap.d/*.sh")]:
        text = script.read_text()
        # Programs with a path would not be found in PATH; the paths of a server are not here.
        for old, new in (
            ("/usr/lib/systemd/systemd-sysctl", "systemd-sysctl"),
            ("/usr/lib/apt/", ""),
            ("VERSION_CODENAME=//p' /etc/os-release", f"VERSION_CODENAME=//p' {root}/os-release"),
            ("-d /run/systemd/system", f"-d {root}"),
            ("/usr/local/lib/fks\n", f"{root}/old\n"),
        ):
            text = text.replace(old, new)
        script.write_text(text)
    (root / "os-release").write_text("VERSION_CODENAME=trixie\n")
    for name in READING.split():
        (root / "bin" / name).symlink_to(shutil.which(name) or name)
    recorder = root / "bin/recorder"
    recorder.write_text(RECORDER)
    recorder.chmod(0o755)
    for name in RECORDED.split():
        (root / "bin" / name).symlink_to("recorder")
    return Machine(root)


@pytest.mark.parametrize("step", STEPS)
def test_a_check_runs_no_program_that_changes_something(machine: Machine, step: str) -> None:
    done = machine.run(step, check=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.calls == []
    assert all(len(fields) == 4 and all(fields) for fields in machine.differences)
    # Those before 30 only check.
    assert bool(machine.differences) == (step >= "30")
    assert list((machine.root / "tmp").iterdir()) == []


@pytest.mark.parametrize("step", ["30-directories", "34-kernel", "40-upgrades", "55-firewall"])
def test_a_run_of_the_same_step_changes_something(machine: Machine, step: str) -> None:
    machine.run(step, check=False)
    assert machine.calls


def test_what_a_check_of_a_new_server_reports(machine: Machine) -> None:
    found = {}
    for step in STEPS:
        machine.run(step, check=True)
        found.update({(kind, name): rest for kind, name, *rest in machine.differences})
    installed = "the same content, 644 root:root"
    assert found["file", "/etc/fks/role"] == [installed, "missing"]
    assert found["file", "/etc/sysctl.d/60-fks.conf"] == [installed, "missing"]
    assert found["setting", "PermitRootLogin of sshd"] == ["no", "yes"]
    assert found["firewall", "table inet fks"][1] == "< the rules;> "
    assert found["unit", "fks-watch.timer"] == ["active", "not active"]
    assert found["gpu", "NVIDIA's driver"] == ["loaded", "not loaded"]
    assert found["directory", f"{machine.root}/old/9.old"] == ["removed", "present"]
    (packages,) = [name for kind, name in found if kind == "package" and "certbot" in name]
    assert packages.split()[:3] == ["ca-certificates", "certbot", "docker-cli"]
