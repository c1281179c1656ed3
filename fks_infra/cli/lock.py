"""`fks lock` and `fks unlock`: whether the servers accept deploys."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from fks_infra.cli.servers import DONE, INCOMPLETE, Servers, code_of, connected, show_unreached
from fks_infra.errors import OperatorError
from fks_infra.operate import person
from fks_infra.operate.reports import Document, Reports
from fks_infra.operate.unreachable import Unreachable

KEYS = ("lock", "time")
_PROGRAM = "stack-lock"


def lock(stack: str, reason: str) -> int:
    """Lock all servers; returns 0, 1 if one was not reached or locked by others, 2 if none was."""
    if not reason.strip():
        raise OperatorError("--reason is empty: write why deploys must wait.")
    who = person.name(os.environ)
    with connected(stack, []) as servers:
        found = servers.run(KEYS, _PROGRAM, "set", "--who", who, "--reason", reason)
    before = "was locked already by {who} since {since}: {reason}"
    had = _show(found, f"locked: {reason}", before)
    return max(code_of(found), INCOMPLETE if had else DONE)


def unlock(stack: str) -> int:
    """Remove the lock of all servers; returns 0, 1 if one was not reached, 2 if none was."""
    who = person.name(os.environ)
    with connected(stack, []) as servers:
        found = servers.run(KEYS, _PROGRAM, "remove", "--who", who)
    removed = "unlocked; it was locked by {who} since {since}: {reason}"
    _show(found, "was not locked", removed)
    return code_of(found)


def read(stack: str) -> list[Document]:
    """As `read_from`, of all servers; OperatorError for a stack that cannot be read."""
    with connected(stack, []) as servers:
        return read_from(servers)


def read_from(servers: Servers) -> list[Document]:
    """What the servers report of their lock.

    A server that is not reached, or has no host scripts yet, is left out: its bootstrap and its
    deploy check the lock again."""
    found = servers.run(KEYS, _PROGRAM, "show")
    return [one for one in found.values() if not isinstance(one, Unreachable)]


def require_unlocked(found: Sequence[Document]) -> None:
    """OperatorError for a report with a lock."""
    for one in found:
        if one["lock"]:
            raise OperatorError(locked_error(one["lock"]))


def locked_error(lock: Mapping[str, str]) -> str:
    """Why a command that deploys changes nothing."""
    return (
        f"The stack is locked by {lock['who']} since {lock['since']}: {lock['reason']}. Nothing "
        f"was changed. fks unlock ends it."
    )


def _show(found: Reports, without: str, present: str) -> bool:
    """A line for each server: `present` where it had a lock; returns whether one had."""
    had = False
    for name, one in found.items():
        if isinstance(one, Unreachable):
            continue
        before: Mapping[str, Any] | None = one["lock"]
        text = present.format(**before) if before else without
        sys.stdout.write(f"{name}: {text}\n")
        had = had or before is not None
    show_unreached(found)
    return had
