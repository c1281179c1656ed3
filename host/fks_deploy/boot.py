"""Which boot of the server this is, and the request for the next one."""

from pathlib import Path

from . import journal
from .lock import deploy_lock
from .paths import Paths
from .shell import Shell

# Seconds until systemd starts it: the caller's connection ends before.
_DELAY = 2
_TIMEOUT = 20.0


def identity(root: Path) -> str:
    """Another text after each boot: the kernel's boot id, and the start of process 1 in ticks, as a
    container has the kernel of its machine. Source: proc(5), field 22 of /proc/PID/stat."""
    kernel = (root / "proc/sys/kernel/random/boot_id").read_text().strip()
    fields = (root / "proc/1/stat").read_text().rpartition(")")[2].split()
    return f"{kernel}/{fields[19]}"


def reboot(paths: Paths, shell: Shell, digest: str, who: str, reason: str) -> None:
    """Let systemd reboot the server in two seconds. `digest` is that of the release in service.

    Errors: LockBusyError while a deploy runs, CommandFailedError."""
    with deploy_lock(paths.lock, digest, f"{who} (reboot)", 0):
        journal.record(paths.journal, "reboot", who, text=reason or "no reason given")
        timer = ["systemd-run", f"--on-active={_DELAY}", "--timer-property=AccuracySec=100ms"]
        shell.run([*timer, "systemctl", "reboot"], timeout=_TIMEOUT)
