"""Users who can log in, members of groups with root's rights, and SSH keys."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import DeployError
from .context import Context
from .deviation import MISSING, Deviation, not_ours

USER = "deploy"
_EXPECTED = ("root", USER)
_NO_LOGIN = re.compile(r".*/(nologin|false|sync)$")
# A member is root: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
_GROUPS = ("docker", "disk", "sudo")
_KEY = re.compile(r"(?:^|\s)((?:ssh|ecdsa|sk)-\S+)\s+([A-Za-z0-9+/=]+)")
FILES = (".ssh/authorized_keys", ".ssh/authorized_keys2")


@dataclass(frozen=True)
class Account:
    """A line of passwd(5)."""

    name: str
    uid: int
    home: str
    shell: str


def accounts(root: Path) -> list[Account]:
    """All users of this server."""
    rows = (line.split(":") for line in (root / "etc/passwd").read_text().splitlines())
    return [Account(row[0], int(row[2]), row[5], row[6]) for row in rows if len(row) == 7]


def users(context: Context) -> Iterator[Deviation]:
    """Users with a login shell or root's id, and members of groups."""
    for one in accounts(context.root):
        login = not _NO_LOGIN.match(one.shell)
        if one.name not in _EXPECTED and (login or one.uid == 0):
            yield not_ours("user", one.name, f"user id {one.uid}, {one.shell}")
    for line in (context.root / "etc/group").read_text().splitlines():
        group, _, _, members = line.split(":")
        for member in members.split(",") if group in _GROUPS and members else ():
            yield not_ours("member", f"{group} {member}", "present")


def keys(context: Context) -> Iterator[Deviation]:
    """Keys that open this server. Error: DeployError where the right one is not known."""
    present = list(_present(context))
    right = fingerprint(context.deploy_key) if context.deploy_key else _only_key(present)
    for user, found, note in present:
        if user not in _EXPECTED or found != right:
            yield not_ours("key", f"{user} {found}", note)
    if (USER, right) not in [(user, found) for user, found, _ in present]:
        yield Deviation("key", f"{USER} {right}", "authorized", MISSING)


def _present(context: Context) -> Iterator[tuple[str, str, str]]:
    """User, fingerprint and comment of each key."""
    for one in accounts(context.root):
        for file in FILES:
            for line in key_lines(context.root / one.home.lstrip("/") / file):
                yield one.name, fingerprint(line), comment(line)


def _only_key(present: Sequence[tuple[str, str, str]]) -> str:
    """On the server itself fks:deployKey is not known: the one that deploy has, if there is one."""
    found = {one for user, one, _ in present if user == USER}
    if len(found) != 1:
        raise DeployError(
            f"{USER} has {len(found)} keys, and which is fks:deployKey is not known on the server: "
            "run fks drift on the operator's machine"
        )
    return found.pop()


def key_lines(file: Path) -> list[str]:
    """The lines of an authorized_keys(5) file that have a key."""
    lines = file.read_text(errors="replace").splitlines() if file.is_file() else []
    return [line for line in lines if not line.startswith("#") and _KEY.search(line)]


def fingerprint(line: str) -> str:
    """As ssh-keygen prints it: SHA256:... Error: DeployError for a line without a key."""
    match = _KEY.search(line)
    try:
        blob = base64.b64decode(match[2] if match else "", validate=True)
    except binascii.Error:
        blob = b""
    if not blob:
        raise DeployError(f"{line[:40]!r} is no SSH key")
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def comment(line: str) -> str:
    """What follows the key in its line."""
    match = _KEY.search(line)
    return (line[match.end() :].strip() if match else "") or "no comment"
