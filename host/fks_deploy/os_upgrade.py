"""Upgrades the packages of the operating system, with those that the nightly updates leave out.

After an interruption it can be run again: it first configures what is unpacked.
"""

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

from . import disk_space, journal, updates
from .lock import deploy_lock
from .output import Output, now
from .paths import Paths
from .shell import Shell

# Bytes that are free on / before packages are unpacked
_NEEDED = 1 << 30
# Seconds
_CHECK_TIMEOUT = 60.0
_LISTS_TIMEOUT = 300.0
_UPGRADE_TIMEOUT = 3000.0
# Of another apt-get or dpkg, as the nightly update
_LOCK_WAIT = 300
# Without questions, and configuration files stay as they are. Source: apt-get(8), dpkg(1).
_APT = (
    *("apt-get", "--yes", "-o", f"DPkg::Lock::Timeout={_LOCK_WAIT}"),
    *("-o", "Dpkg::Options::=--force-confold"),
)
_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_ENGINE = re.compile(r"(docker\.io|containerd|runc)$")


def check(paths: Paths, shell: Shell) -> dict[str, Any]:
    """{"packages": [{"package", "installed" or null for a new one, "candidate"}], "engine": whether
    the Docker engine is among them, "unconfigured": [package of an interrupted installation],
    "reboot": [reason], "time"}, by the package lists as they are."""
    found = list(packages(shell))
    return {
        "packages": found,
        "engine": engine([one["package"] for one in found]),
        "unconfigured": list(_unconfigured(shell)),
        "reboot": list(updates.reboot_reasons(paths.root, os.uname().release)),
        "time": now(),
    }


def download_lists(shell: Shell) -> None:
    """Error: CommandFailedError when a package source does not answer."""
    shell.run([*_APT, "update", "--error-on=any"], timeout=_LISTS_TIMEOUT, env=_ENVIRONMENT)


def apply(paths: Paths, output: Output, who: str) -> None:
    """Upgrade everything; a line for each step. `who` wants it.

    Errors: LockBusyError while a deploy runs, DeployError."""
    digest = paths.current.resolve().name
    with deploy_lock(paths.lock, digest, f"{who} (fks upgrade-os)", 0) as lock:
        shell = Shell(output, inherit=(lock,))
        disk_space.require(paths.root, _NEEDED)
        if left := list(_unconfigured(shell)):
            output.show(f"configure what an interrupted installation left: {', '.join(left)}")
            _run(shell, ["dpkg", "--force-confold", "--configure", "--pending"])
            _run(shell, [*_APT, "--fix-broken", "install"])
        found = [one["package"] for one in packages(shell)]
        output.show(f"upgrade {len(found)} packages: {', '.join(found) or 'none'}")
        if found:
            _run(shell, [*_APT, "dist-upgrade"])
        journal.record(paths.journal, "upgrade-os", who, text=", ".join(found) or "nothing to do")


def _run(shell: Shell, command: list[str]) -> None:
    shell.run(command, timeout=_UPGRADE_TIMEOUT, env=_ENVIRONMENT)


def engine(names: Sequence[str]) -> bool:
    """Whether these packages have the Docker engine, whose upgrade restarts all containers."""
    return any(_ENGINE.match(name) for name in names)


def packages(shell: Shell) -> Iterator[dict[str, Any]]:
    """As `updates.planned`, each that an upgrade would change or add. Error: CommandFailedError."""
    text = shell.run(
        [*_APT, "--just-print", "dist-upgrade"], timeout=_CHECK_TIMEOUT, env=_ENVIRONMENT
    )
    return updates.planned(text)


def _unconfigured(shell: Shell) -> Iterator[str]:
    """Packages that dpkg has unpacked or half installed. Source: dpkg-query(1), Status."""
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\\n"]
    for line in shell.run(command, timeout=_CHECK_TIMEOUT).splitlines():
        status, _, package = line.partition(" ")
        if status in ("half-installed", "unpacked", "half-configured", "triggers-pending"):
            yield package
