"""bootstrap.d/58-gpu.sh with stand-ins for the programs it runs."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
KEY = "AB" * 20
PACKAGES = (
    "nvidia-open-kernel-dkms nvidia-smi nvidia-modprobe libcuda1 nvidia-container-toolkit-base"
)
PROGRAMS = (
    "apt-cache apt-get apt-helper dpkg dpkg-query gpg modprobe nvidia-ctk nvidia-modprobe "
    "nvidia-smi uname"
)
MIRROR = "http://mirror.test/debian"
# Of `apt-cache policy base-files`; the first source is that of the installed version.
POLICY = "        500 {} trixie/main amd64 Packages\n"
STAND_IN = f"""#!/bin/bash
name=${{0##*/}}
echo "$name $*" >>"$STATE/calls"
case "$name $*" in
  dpkg-query*) grep -qx "${{@: -1}}" "$STATE/packages" && echo -n installed ;;
  'gpg '*) printf 'pub:\\nfpr:::::::::{KEY}:\\n' ;;
  'apt-helper '*) echo key >"${{@: -1}}" ;;
  'apt-get '*install*) printf '%s\\n' "$@" >>"$STATE/packages" ;;
  'apt-cache policy base-files') cat "$STATE/policy" ;;
  'uname -r') cat "$STATE/kernel" ;;
  'nvidia-smi '*) [[ -e $STATE/gpu ]] ;;
  'nvidia-ctk '*) install -D /dev/stdin "${{3#*=}}" <<<specification ;;
  *' --remove nouveau') [[ ! -e $STATE/bound ]] && touch "$STATE/gpu" ;;
esac
"""


@dataclass
class Host:
    """A server in a directory; the file `gpu` exists while nvidia-smi finds a GPU."""

    root: Path

    def run(self, step: str = "58-gpu", key: str = KEY) -> tuple[int, str]:
        """Run a step; its exit code and output."""
        (self.root / "calls").write_text("")
        (self.root / "changes").write_text("")
        environment = {
            "PATH": f"{self.root}/bin:{os.environ['PATH']}",
            "HOST_FILES": str(self.root / "host"),
            "FKS_CHANGES": str(self.root / "changes"),
            "STATE": str(self.root),
            "FKS_NVIDIA_KEY": key,
        }
        done = subprocess.run(
            [self.root / f"host/bootstrap.d/{step}.sh"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.returncode, done.stdout + done.stderr

    def calls(self, program: str) -> list[str]:
        """The calls of a program during the last run."""
        lines = (self.root / "calls").read_text().splitlines()
        return [line for line in lines if line.split()[0] == program]

    @property
    def changes(self) -> list[str]:
        return (self.root / "changes").read_text().splitlines()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    (tmp_path / "bin").mkdir()
    for name in PROGRAMS.split():
        (tmp_path / "bin" / name).write_text(STAND_IN)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "packages").write_text("ca-certificates\ngpg\n")
    (tmp_path / "kernel").write_text("6.12.117+deb13-amd64\n")
    sources = (MIRROR, "http://other.test/debian")
    (tmp_path / "policy").write_text("".join(POLICY.format(one) for one in sources))
    (tmp_path / "gpu").touch()
    places = {
        "/usr/lib/apt/apt-helper": "apt-helper",
        "/usr/share/keyrings/": f"{tmp_path}/keyrings/",
        "/var/lib/apt/lists": f"{tmp_path}/lists",
        "/var/run/cdi/": f"{tmp_path}/cdi/",
        "retry 60 ": "retry 0 ",
        "write_file /etc": f"write_file {tmp_path}/etc",
        "install_file /etc": f"install_file {tmp_path}/etc",
        "SETTINGS=/etc": f"SETTINGS={tmp_path}/etc",
        # An unprivileged test cannot make files of root.
        '"${2#0} $owner:$owner"': '"${2#0} "*',
        "HOST_FILES/files$1": f"HOST_FILES/files${{1#{tmp_path}}}",
        "HOST_FILES/files$SETTINGS": f"HOST_FILES/files${{SETTINGS#{tmp_path}}}",
    }
    for path in ("lib/steps.sh", "lib/packages.sh", *map(str, _steps())):
        text = (HOST / path).read_text()
        for original, replacement in places.items():
            text = text.replace(original, replacement)
        copy = tmp_path / "host" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        copy.chmod(0o755)
    (tmp_path / "keyrings").mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "host/limits.env").write_text("APT_RETRY_SECONDS=0\n")
    (tmp_path / "host/files").symlink_to(HOST / "files")
    return Host(tmp_path)


def _steps() -> list[str]:
    return ["bootstrap.d/42-docker-settings.sh", "bootstrap.d/58-gpu.sh"]


def test_a_server_without_a_gpu_is_not_changed(host: Host) -> None:
    assert host.run(key="") == (0, "")
    assert (host.changes, (host.root / "calls").read_text()) == ([], "")


@pytest.mark.parametrize(
    ("kernel", "headers"),
    [
        ("6.12.117+deb13-amd64", "linux-headers-amd64"),
        ("6.12.117+deb13-cloud-amd64", "linux-headers-cloud-amd64"),
    ],
)
def test_driver_and_toolkit_are_installed_with_the_headers_of_the_kernels_flavour(
    host: Host, kernel: str, headers: str
) -> None:
    (host.root / "kernel").write_text(kernel)
    assert host.run()[0] == 0
    (install,) = [call for call in host.calls("apt-get") if " install " in call]
    assert install.endswith(f" --no-install-recommends {headers} {PACKAGES}")
    assert (host.root / "keyrings/nvidia-container-toolkit.asc").read_text() == "key\n"
    assert (host.root / "cdi/nvidia.yaml").read_text() == "specification\n"


def test_the_driver_comes_from_the_mirror_of_the_other_packages(host: Host) -> None:
    assert host.run()[0] == 0
    lines = (host.root / "etc/apt/sources.list.d/fks-nvidia-driver.sources").read_text().split("\n")
    assert f"URIs: {MIRROR}" in lines
    assert "Components: contrib non-free non-free-firmware" in lines


def test_a_server_without_a_source_of_debian_is_an_error(host: Host) -> None:
    (host.root / "policy").write_text("        100 /var/lib/dpkg/status\n")
    code, output = host.run()
    assert code == 1
    assert "no source of this server has Debian's suite trixie" in output
    assert not [call for call in host.calls("apt-get") if " install " in call]


def test_a_second_run_changes_nothing(host: Host) -> None:
    host.run()
    code, output = host.run()
    assert (code, host.changes) == (0, []), output
    assert host.calls("apt-get") + host.calls("apt-helper") + host.calls("modprobe") == []


def test_another_key_is_refused_with_its_fingerprint_and_the_setting(host: Host) -> None:
    code, output = host.run(key="CD" * 20)
    assert code == 1
    assert (
        f"the signing key at https://nvidia.github.io/libnvidia-container/gpgkey is {KEY}, "
        f"expected {'CD' * 20}" in output
    )
    assert output.endswith("set fks:nvidiaKeyFingerprint\n")
    assert not list((host.root / "keyrings").iterdir())
    assert not (host.root / "etc").exists()


def test_nouveau_is_unloaded_when_it_keeps_the_driver_from_the_gpu(host: Host) -> None:
    (host.root / "gpu").unlink()
    assert host.run()[0] == 0
    assert host.calls("modprobe") == ["modprobe --remove nouveau"]


def test_a_driver_without_a_gpu_is_an_error_that_names_the_reboot(host: Host) -> None:
    (host.root / "gpu").unlink()
    (host.root / "bound").touch()
    code, output = host.run()
    assert code == 1
    assert "nvidia-smi finds no GPU with the kernel 6.12.117+deb13-amd64. Reboot" in output
    assert "fks:plan" in output


def test_docker_gets_the_option_for_the_gpu_there_only(host: Host) -> None:
    file = host.root / "etc/docker/daemon.json"
    host.run("42-docker-settings", key="")
    without = file.read_bytes()
    assert without == (HOST / "files/etc/docker/daemon.json").read_bytes()
    host.run("42-docker-settings")
    assert json.loads(file.read_text()) == {**json.loads(without), "features": {"cdi": True}}
    host.run("42-docker-settings")
    assert host.changes == []
    host.run("42-docker-settings", key="")
    assert file.read_bytes() == without


def test_join_and_the_steps_read_a_keyring_with_the_same_function() -> None:
    """join.sh runs before the steps are on the server, so it has a copy."""
    function = re.compile(r"^primary_keys\(\) \{\n.*?^\}", re.MULTILINE | re.DOTALL)
    found = [function.findall((HOST / path).read_text()) for path in ("join.sh", "lib/packages.sh")]
    assert found[0] == found[1] != []


def test_nightly_updates_take_the_toolkit_and_leave_the_driver_to_the_operator() -> None:
    text = (HOST / "files/etc/apt/apt.conf.d/53fks-gpu").read_text()
    source = (
        HOST / "files/etc/apt/sources.list.d/fks-nvidia-container-toolkit.sources"
    ).read_text()
    (site,) = re.findall(r"^URIs: https://([^/]+)/", source, re.MULTILINE)
    assert f'"site={site}";' in text
    patterns = re.findall(r'^  "(?!site=)(\S+)";$', text, re.MULTILINE)

    def left_out(package: str) -> bool:
        return any(re.match(pattern, package) for pattern in patterns)

    driver = "nvidia-smi nvidia-open-kernel-dkms libcuda1 libnvidia-ml1 firmware-nvidia-gsp"
    assert all(map(left_out, driver.split()))
    assert not any(map(left_out, ["nvidia-container-toolkit-base", "libnvidia-container1"]))
