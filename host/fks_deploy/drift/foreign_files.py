"""Files that no package, bootstrap or first boot made, where they have effects: cron, sudo, units,
sshd, kernel parameters."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from .context import Context
from .deviation import Deviation, attributes, not_ours

# Path below the root -> kind of what is in it.
_PLACES = {
    "etc/crontab": "cron",
    "etc/cron.d": "cron",
    "etc/cron.hourly": "cron",
    "etc/cron.daily": "cron",
    "etc/cron.weekly": "cron",
    "etc/cron.monthly": "cron",
    "var/spool/cron/crontabs": "cron",
    "etc/sudoers": "sudoers",
    "etc/sudoers.d": "sudoers",
    "etc/systemd/system": "unit",
    "etc/ssh/sshd_config.d": "sshd",
    "etc/sysctl.d": "sysctl",
}
# Made by cloud-init, which generated the host key before: everything older is the image's.
_FIRST_BOOT = "etc/ssh/ssh_host_ed25519_key"
_CLOUD_INIT_SUDOERS = "etc/sudoers.d/90-cloud-init-users"
_RULES = ("deploy ALL=(ALL) NOPASSWD:ALL",)
_CLOUD_INIT = (_CLOUD_INIT_SUDOERS, "etc/ssh/sshd_config.d/50-cloud-init.conf")
_DPKG = "var/lib/dpkg"


def deviations(context: Context) -> Iterator[Deviation]:
    root, ours = context.root, context.scripts / "files"
    packaged, conffiles = _packaged(root), _conffiles(root)
    first_boot = _first_boot(root)
    for path, kind in _files(root):
        name = str(path.relative_to(root))
        if (ours / name).exists() or name in _CLOUD_INIT or path.lstat().st_ctime < first_boot:
            continue
        if name not in packaged:
            yield not_ours(kind, f"/{name}", attributes(path))
        elif name in conffiles and _md5(path) != conffiles[name]:
            yield Deviation(kind, f"/{name}", "as in its package", "other content")
    yield from _rules(root)


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    """Every regular file; links are how systemd enables and masks units."""
    for place, kind in _PLACES.items():
        path = root / place
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from ((one, kind) for one in found if one.is_file() and not one.is_symlink())


def _first_boot(root: Path) -> float:
    key = root / _FIRST_BOOT
    return key.stat().st_mtime if key.exists() else 0.0


def _packaged(root: Path) -> set[str]:
    """The files of all packages, without the first slash."""
    lists = (root / _DPKG / "info").glob("*.list")
    return {line[1:] for file in lists for line in file.read_text().splitlines()}


def _conffiles(root: Path) -> dict[str, str]:
    """Configuration file -> its MD5 in its package, from dpkg's status."""
    status = root / _DPKG / "status"
    lines = status.read_text().splitlines() if status.exists() else []
    fields = (line.split() for line in lines if line.startswith(" /"))
    return {row[0][1:]: row[1] for row in fields if len(row) > 1}


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _rules(root: Path) -> Iterator[Deviation]:
    """The rule of the user deploy, which cloud-init wrote."""
    file = root / _CLOUD_INIT_SUDOERS
    lines = file.read_text().splitlines() if file.exists() else []
    rules = tuple(line for line in lines if line.strip() and not line.startswith("#"))
    if rules != _RULES:
        found = "; ".join(rules) or "no rule"
        yield Deviation("sudoers", f"/{_CLOUD_INIT_SUDOERS}", _RULES[0], found)
