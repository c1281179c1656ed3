"""What this machine must have: Docker, debootstrap, a running dockerd."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import docker
from docker.errors import DockerException

from rehearsal.world.names import WORK
from rehearsal.world.progress import step, wait_until
from rehearsal.world.shell import CommandError, run

# program -> Debian package that brings it
NEEDED = {
    "dockerd": "docker.io",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "ssh-keygen": "openssh-client",
    "git": "git",
}
# What the tests need beyond the rehearsal.
NEEDED_BY_TESTS = {"shellcheck": "shellcheck", "sshd": "openssh-server"}
TRIES = 4
# Daemons lie where an ordinary user does not look.
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


class MachineError(RuntimeError):
    """The machine lacks something; the message says what to install or start."""


def docker_client() -> docker.DockerClient:
    """Return a client of this machine's Docker engine, or say what is wrong with it."""
    try:
        return docker.from_env(timeout=600)
    except DockerException as error:
        raise MachineError(
            f"no Docker engine answers ({error}): start it, or set DOCKER_HOST."
        ) from error


def prepare(*, tests: bool = False) -> None:
    """Install what is missing (as root on Debian) and start dockerd if nothing else does."""
    wanted = NEEDED | NEEDED_BY_TESTS if tests else NEEDED
    served = ("dockerd", "iptables") if engine_answers() else ()
    missing = sorted(
        {
            package
            for program, package in wanted.items()
            if shutil.which(program, path=PATH) is None and program not in served
        }
    )
    if missing:
        install(missing)
    if shutil.which("docker") is None:
        # Newer Debians have Docker's client in a package of its own.
        install(["docker-cli"])
    if not engine_answers():
        start_dockerd()


def engine_answers() -> bool:
    """Tell whether a Docker engine answers."""
    try:
        client = docker.from_env(timeout=10)
        client.ping()
        client.close()
    except DockerException:
        return False
    return True


def install(packages: list[str]) -> None:
    """Install Debian packages, or say exactly which ones to install."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise MachineError(f"please install, on Debian with: apt-get install {' '.join(packages)}")
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"install {' '.join(packages)}"):
        retried(["apt-get", "update", "-q"], environment)
        retried(["apt-get", "install", "-yq", "--no-install-recommends", *packages], environment)


def retried(command: list[str], env: dict[str, str] | None = None) -> str:
    """Run what comes over the network with a bounded number of tries."""
    for attempt in range(1, TRIES):
        try:
            return run(command, env=env)
        except CommandError as error:
            pause = 5 * attempt
            last = str(error).splitlines()[-1]
            print(f"  try {attempt} of {TRIES} failed, next in {pause} s: {last}", flush=True)  # noqa: T201
            time.sleep(pause)
    return run(command, env=env)


def start_dockerd() -> None:
    """Start dockerd: by the service manager where there is one, else as a process of its own."""
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
                "no Docker engine answers, and this user may not start one: start it first."
            )
        wait_until(
            "dockerd", lambda: None if engine_answers() else _last_line(WORK / "dockerd.log"), 60
        )


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return lines[-1] if lines else "no answer yet"
