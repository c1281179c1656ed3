"""The identity of a boot, and the request for the next one."""

import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from host.fks_deploy import boot
from host.fks_deploy.errors import LockBusyError
from host.fks_deploy.paths import Paths

STAT = "1 (sys temd) S " + " ".join(str(number) for number in range(4, 53))


def root(directory: Path, kernel: str, stat: str) -> Path:
    for name, text in {"proc/sys/kernel/random/boot_id": kernel, "proc/1/stat": stat}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(f"{text}\n")
    return directory


def test_the_identity_is_the_kernels_boot_and_the_start_of_process_1(tmp_path: Path) -> None:
    assert boot.identity(root(tmp_path, "8f0c", STAT)) == "8f0c/22"
    assert boot.identity(root(tmp_path, "8f0c", STAT.replace(" 22 ", " 23 "))) == "8f0c/23"


class FakeShell:
    def __init__(self) -> None:
        self.commands: list[Sequence[str]] = []

    def run(self, command: Sequence[str], **_: object) -> str:
        self.commands.append(command)
        return ""


def test_a_reboot_is_in_the_journal_and_left_to_systemd(tmp_path: Path) -> None:
    paths, shell = Paths(tmp_path), FakeShell()
    boot.reboot(paths, cast(Any, shell), "d" * 64, "ann", "")
    (line,) = paths.journal.read_text().splitlines()
    entry = json.loads(line)
    assert (entry["kind"], entry["who"], entry["text"]) == ("reboot", "ann", "no reason given")
    assert [command[0] for command in shell.commands] == ["systemd-run"]
    assert list(shell.commands[0][-2:]) == ["systemctl", "reboot"]


def test_while_a_deploy_runs_it_is_refused(tmp_path: Path) -> None:
    paths, shell = Paths(tmp_path), FakeShell()
    paths.lock.parent.mkdir(parents=True)
    descriptor = os.open(paths.lock, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(LockBusyError, match="another deploy runs on this server"):
            boot.reboot(paths, cast(Any, shell), "d" * 64, "ann", "")
    finally:
        os.close(descriptor)
    assert (shell.commands, paths.journal.exists()) == ([], False)
