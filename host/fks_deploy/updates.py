"""What keeps this server from being up to date, for `fks doctor`. Changes nothing."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Run = Callable[[Sequence[str]], str]

# Each starts the service of the same name. Those of the project follow from the server's roles.
TIMERS = ("apt-daily", "apt-daily-upgrade", "certbot", "logrotate")
_UNITS = "etc/systemd/system"
# Seconds
_TIMEOUT = 15
# A line of apt-get --just-print: `Inst NAME [INSTALLED] (CANDIDATE ...`; new packages have no [..].
_INSTALL = re.compile(r"^Inst (\S+) (?:\[(\S+)\] )?\((\S+) ", re.MULTILINE)


def run(command: Sequence[str]) -> str:
    """The standard output of a command. Error: subprocess.SubprocessError."""
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_TIMEOUT)
    return done.stdout


def report(command: Run = run, root: Path = Path("/")) -> dict[str, Any]:
    """{"reboot": [reason], "kept_back": [{"package", "installed", "candidate"}], "timers": {unit:
    why it does not run}}; all empty on a server that is up to date."""
    return {
        "reboot": list(reboot_reasons(root, os.uname().release)),
        "kept_back": list(kept_back_packages(command)),
        "timers": stopped_timers(command, root),
    }


def reboot_reasons(root: Path, running: str) -> Iterator[str]:
    """Packages that requested a reboot, and a kernel that is newer than the running one."""
    if (root / "run/reboot-required").exists():
        packages = root / "run/reboot-required.pkgs"
        names = packages.read_text().split() if packages.exists() else []
        yield from dict.fromkeys(names or ["/run/reboot-required exists"])
    kernels = [path.name.removeprefix("vmlinuz-") for path in (root / "boot").glob("vmlinuz-*")]
    # A kernel that is not among them came from outside, such as Linode's own.
    if running in kernels and (newest := max(kernels, key=_numbers)) != running:
        yield f"kernel {newest} is installed, {running} runs"


def _numbers(release: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", release)]


def kept_back_packages(command: Run) -> Iterator[dict[str, Any]]:
    """Packages with a newer version that the nightly updates leave out."""
    holds = set(command(["apt-mark", "showhold"]).split())
    key = "Unattended-Upgrade::Package-Blacklist"
    patterns = command(["apt-config", "dump", "--no-empty", "--format", "%v%n", key]).split()
    upgrade = ["apt-get", "--just-print", "--ignore-hold", "dist-upgrade"]
    for one in planned(command(upgrade)):
        name = one["package"]
        left_out = name in holds or any(re.match(pattern, name) for pattern in patterns)
        if one["installed"] and left_out:
            yield one


def planned(text: str) -> Iterator[dict[str, Any]]:
    """What apt-get --just-print would install: {"package", "installed" or None for a new one,
    "candidate"}."""
    for package, installed, candidate in _INSTALL.findall(text):
        yield {"package": package, "installed": installed or None, "candidate": candidate}


def stopped_timers(command: Run, root: Path) -> dict[str, str]:
    """Timers that do not run or whose service failed, with the reason."""
    reasons = {}
    own = sorted(file.stem for file in (root / _UNITS).glob("fks-*.timer"))
    for name in (*TIMERS, *own):
        timer = _properties(command, f"{name}.timer")
        if reason := _reason(timer) or _failure(_properties(command, f"{name}.service")):
            reasons[f"{name}.timer"] = reason
    return reasons


def _properties(command: Run, unit: str) -> dict[str, str]:
    names = "LoadState,ActiveState,UnitFileState,Result"
    lines = command(["systemctl", "show", f"--property={names}", unit]).splitlines()
    return dict(line.split("=", 1) for line in lines)


def _reason(timer: dict[str, str]) -> str:
    """The first state that is not the right one; empty for a timer that runs."""
    right = {"LoadState": "loaded", "ActiveState": "active", "UnitFileState": "enabled"}
    return next((timer[name] for name, state in right.items() if timer[name] != state), "")


def _failure(service: dict[str, str]) -> str:
    result = service["Result"]
    return "" if result == "success" else f"its service ended with {result}"
