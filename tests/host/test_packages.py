"""host/lib/packages.sh: when the package lists are downloaded before an installation."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.host.server import REPOSITORY

HOST = REPOSITORY / "host"
# The first installation fails while the file `outdated` exists, which an update removes.
STAND_IN = """#!/bin/bash
case ${0##*/} in
  apt-get)
    [[ " $* " != *' update '* ]] || { echo update >>"$STATE/calls"; rm -f "$STATE/outdated"; exit; }
    echo "install ${*: -2}" >>"$STATE/calls"
    [[ ! -e $STATE/outdated ]] ;;
  dpkg-query) [[ ${*: -1} == installed ]] && echo -n installed ;;
esac
"""
INSTALL = '. "$HOST_FILES/lib/steps.sh"; . "$HOST_FILES/lib/packages.sh"; install_packages "$@"'
DONE = "install certbot docker.io"


@pytest.fixture
def server(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    for name in ("apt-get", "dpkg", "dpkg-query"):
        (tmp_path / "bin" / name).write_text(STAND_IN)
        (tmp_path / "bin" / name).chmod(0o755)
    for name in ("steps.sh", "packages.sh"):
        (tmp_path / "host/lib").mkdir(parents=True, exist_ok=True)
        text = (HOST / "lib" / name).read_text().replace("/var/lib/apt", str(tmp_path))
        (tmp_path / "host/lib" / name).write_text(text)
    (tmp_path / "host/limits.env").write_text("APT_RETRY_SECONDS=0\n")
    (tmp_path / "lists").mkdir()
    return tmp_path


def calls(server: Path, *packages: str) -> list[str]:
    """What apt-get is called for when these packages are installed."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", INSTALL, "bash", *packages],
        env={
            "PATH": f"{server}/bin:{os.environ['PATH']}",
            "HOST_FILES": str(server / "host"),
            "FKS_CHANGES": str(server / "changes"),
            "STATE": str(server),
        },
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    file = server / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_lists_that_were_just_downloaded_are_not_downloaded_again(server: Path) -> None:
    # apt gives the files the time of the mirror.
    file = server / "lists/mirror_main_binary-amd64_Packages"
    file.write_text("")
    os.utime(file, (1000, 1000))
    assert calls(server, "certbot", "docker.io") == [DONE]


def test_without_new_lists_they_are_downloaded_first(server: Path) -> None:
    (server / "lists/lock").write_text("")
    assert calls(server, "certbot", "docker.io") == ["update", DONE]


def test_lists_that_are_outdated_all_the_same_are_downloaded(server: Path) -> None:
    (server / "lists/mirror_main_binary-amd64_Packages").write_text("")
    (server / "outdated").write_text("")
    assert calls(server, "certbot", "docker.io") == [DONE, "update", DONE]


def test_installed_packages_need_nothing(server: Path) -> None:
    assert calls(server, "installed") == []
