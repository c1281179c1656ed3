"""Installs what this machine lacks (Docker, debootstrap) and starts dockerd."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import docker
from docker.errors import DockerException

from rehearsal.world.names import WORK
from rehearsal.world.progress import console, step, wait_until
from rehearsal.world.shell import CommandError, run

# program -> Debian package
REQUIRED = {
    "dockerd": "docker.io",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "ssh-keygen": "openssh-client",
    "git": "git",
}
# Required by the tests only.
REQUIRED_BY_TESTS = {"shellcheck": "shellcheck", "sshd": "openssh-server"}
TRIES = 4
# A user's PATH often lacks the directories of daemons.
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


class MachineError(RuntimeError):
    """The machine lacks a program or a service; the message names the remedy."""


def docker_client() -> docker.DockerClient:
    """Return a client of this machine's Docker engine; MachineError if it cannot be reached."""
    try:
        return docker.from_env(timeout=600)
    except DockerException as error:
        raise MachineError(
            f"cannot reach a Docker engine ({error}): start it, or set DOCKER_HOST"
        ) from error


def prepare(*, tests: bool = False) -> None:
    """Install missing packages (as root on Debian); start dockerd unless an engine is reachable."""
    required = REQUIRED | REQUIRED_BY_TESTS if tests else REQUIRED
    not_needed = ("dockerd", "iptables") if docker_is_reachable() else ()
    missing = sorted(
        {
            package
            for program, package in required.items()
            if shutil.which(program, path=PATH) is None and program not in not_needed
        }
    )
    if missing:
        install(missing)
    if shutil.which("docker") is None:
        # Since Debian 13 Docker's client is a separate package.
        install(["docker-cli"])
    if not docker_is_reachable():
        start_dockerd()


def docker_is_reachable() -> bool:
    """Return whether a Docker engine is reachable."""
    try:
        client = docker.from_env(timeout=10)
        client.ping()
        client.close()
    except DockerException:
        return False
    return True


def install(packages: list[str]) -> None:
    """Install Debian packages; MachineError with the command if this user cannot."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MachineError(f"missing packages: run as root: apt-get install {' '.join(packages)}")
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"install {' '.join(packages)}"):
        run_with_retries(["apt-get", "update", "-q"], environment)
        run_with_retries(
            ["apt-get", "install", "-yq", "--no-install-recommends", *packages], environment
        )


def run_with_retries(command: list[str], env: dict[str, str] | None = None) -> str:
    """Run a command that uses the network; retry up to ``TRIES`` times."""
    for attempt in range(1, TRIES):
        try:
            return run(command, env=env)
        except CommandError as error:
            pause = 5 * attempt
            last = str(error).splitlines()[-1]
            console.print(
                f"  attempt {attempt} of {TRIES} failed, retrying in {pause} s: {last}",
                markup=False,
            )
            time.sleep(pause)
    return run(command, env=env)


def start_dockerd() -> None:
    """Start dockerd: as a systemd service, or without systemd as a background process."""
    with step("start dockerd"):
        if Path("/run/systemd/system").is_dir():
            run(["systemctl", "start", "docker"])
        elif os.geteuid() == 0:
            WORK.mkdir(exist_ok=True)
            log = WORK / "dockerd.log"
            with log.open("ab") as sink:
                subprocess.Popen(
                    ["dockerd"],
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=sink,
                    start_new_session=True,
                )
        else:
            raise MachineError(
                "cannot reach a Docker engine and only root can start dockerd: start it as root"
            )
        wait_until(
            "dockerd is reachable",
            lambda: None if docker_is_reachable() else _last_line(WORK / "dockerd.log"),
            60,
        )


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else "no log yet"
