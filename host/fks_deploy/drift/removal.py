"""Removes what is not ours, one named thing at a time."""

from collections.abc import Callable, Mapping
from pathlib import Path

from .. import atomic_file
from ..errors import DeployError
from .accounts import FILES, accounts, fingerprint, key_lines
from .context import Context


def remove(context: Context, kind: str, name: str) -> None:
    """Error: DeployError for a kind that is not removed, and when it fails."""
    if kind not in _REMOVALS:
        raise DeployError(f"{kind} {name} is not removed by this program")
    _REMOVALS[kind](context, name)


def _container(context: Context, name: str) -> None:
    context.output(["docker", "rm", "--force", name])


def _network(context: Context, name: str) -> None:
    context.output(["docker", "network", "rm", name])


def _user(context: Context, name: str) -> None:
    """The home directory stays."""
    context.output(["userdel", "--force", name])


def _member(context: Context, name: str) -> None:
    group, user = name.split()
    context.output(["gpasswd", "--delete", user, group])


def _table(context: Context, name: str) -> None:
    context.output(["nft", "delete", "table", *name.split()])


def _key(context: Context, name: str) -> None:
    user, unwanted = name.split()
    (account,) = [one for one in accounts(context.root) if one.name == user]
    for relative in FILES:
        file = context.root / account.home.lstrip("/") / relative
        found = [line for line in key_lines(file) if fingerprint(line) == unwanted]
        if found:
            _without_lines(file, found)


def _without_lines(file: Path, lines: list[str]) -> None:
    info = file.stat()
    kept = [
        line for line in file.read_text().splitlines(keepends=True) if line.rstrip() not in lines
    ]
    atomic_file.write(file, "".join(kept).encode(), info.st_mode & 0o777, info.st_uid)


def _file(context: Context, name: str) -> None:
    (context.root / name.lstrip("/")).unlink()


def _unit(context: Context, name: str) -> None:
    """A unit or a drop-in: systemd forgets it at the reload."""
    path = context.root / name.lstrip("/")
    if path.parent.name == "system":
        context.shell.attempt(["systemctl", "disable", "--now", path.name], timeout=60)
    path.unlink(missing_ok=True)
    context.output(["systemctl", "daemon-reload"])


_REMOVALS: Mapping[str, Callable[[Context, str], None]] = {
    "container": _container,
    "network": _network,
    "user": _user,
    "member": _member,
    "table": _table,
    "key": _key,
    "unit": _unit,
    **dict.fromkeys(("file", "cron", "sudoers", "sshd", "sysctl"), _file),
}
