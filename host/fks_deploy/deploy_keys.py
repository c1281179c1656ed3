"""The SSH keys of the user deploy: a new one beside the old, then only the new one.

A removed key stays on record until it is proved to be refused, so that an interrupted
`fks rotate deploy-key` can still prove it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import atomic_file, journal
from .drift.accounts import FILES, USER, accounts, fingerprint, key_lines
from .errors import DeployError
from .paths import Paths


@dataclass(frozen=True)
class DeployKeys:
    """By fingerprint the lines of authorized_keys(5), the newest last: of keys that open this
    server, and of those that are removed but not yet proved to be refused."""

    keys: dict[str, str]
    removed: dict[str, str]


def read(paths: Paths) -> DeployKeys:
    # The program adds to the first of the files.
    present = [line for file in reversed(_files(paths)) for line in key_lines(file)]
    return DeployKeys(
        _by_fingerprint(present), _by_fingerprint(key_lines(paths.removed_deploy_keys))
    )


def add(paths: Paths, key: str, who: str) -> None:
    """Let this public key log in as well. Error: DeployError for what is no key, OSError."""
    added, file = fingerprint(key), _files(paths)[0]
    if added in read(paths).keys:
        return
    before = file.read_text() if file.is_file() else ""
    ended = before if before.endswith("\n") or not before else before + "\n"
    _write(file, ended + key.strip() + "\n")
    journal.record(paths.journal, "deploy-key", who, text=f"added {added}")


def keep_only(paths: Paths, key: str, who: str) -> None:
    """Remove all other keys. Error: DeployError if this is not the newest one, OSError."""
    kept, found = fingerprint(key), read(paths)
    if [*found.keys][-1:] != [kept]:
        raise DeployError(
            f"{kept} is not the newest key of {USER}, so no key was removed: another fks rotate "
            f"deploy-key runs, or was interrupted. Wait for it, then run the command again"
        )
    others = {one: line for one, line in found.keys.items() if one != kept}
    if not others:
        return
    lines = "".join(f"{line}\n" for line in (found.removed | others).values())
    atomic_file.write(paths.removed_deploy_keys, lines.encode())
    # Linode has given the key of the first boot to root too, who cannot log in.
    for file in (*_files(paths), *_files(paths, "root")):
        _remove(file, others)
    journal.record(paths.journal, "deploy-key", who, text=f"removed {', '.join(others)}")


def forget_removed(paths: Paths, who: str) -> None:
    """End the record of removed keys, which are proved to be refused."""
    if removed := read(paths).removed:
        paths.removed_deploy_keys.unlink()
        journal.record(paths.journal, "deploy-key", who, text=f"refused: {', '.join(removed)}")


def _files(paths: Paths, user: str = USER) -> list[Path]:
    (home,) = [one.home for one in accounts(paths.root) if one.name == user]
    return [paths.root / home.lstrip("/") / name for name in FILES]


def _by_fingerprint(lines: Iterable[str]) -> dict[str, str]:
    return {fingerprint(line): line for line in lines}


def _remove(file: Path, keys: Iterable[str]) -> None:
    """Remove the lines of keys with these fingerprints; other lines stay as they are."""
    unwanted = [line for line in key_lines(file) if fingerprint(line) in keys]
    if unwanted:
        kept = [line for line in file.read_text().splitlines() if line not in unwanted]
        _write(file, "".join(f"{line}\n" for line in kept))


def _write(file: Path, text: str) -> None:
    """Keep mode and owner; sshd refuses a file that others may write."""
    state = file.stat() if file.is_file() else None
    owner = state or file.parent.stat()
    mode = state.st_mode & 0o777 if state else 0o600
    atomic_file.write(file, text.encode(), mode, owner.st_uid)
