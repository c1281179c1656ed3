"""The inventories of the base and of the work tree, each made by its own code, side by side."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.impact import git, inventory
from fks_infra.impact.stack_file import stacks

_MODULE = "fks_infra.impact.inventory"
_SECONDS = 60.0
# Neither credentials nor PYTHONPATH: a checkout runs its own code, and needs no secret.
_ENVIRONMENT = ("HOME", "PATH", "TMPDIR")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two inventories, and a text that says of what: `base abc1234 and the work tree ...`."""

    base: dict[str, Any]
    head: dict[str, Any]
    source: str


def compare(root: Path, ref: str, stack: str) -> Comparison:
    """Of the commit `ref` and the work tree `root`, uncommitted files included; OperatorError for
    everything that prevents it.
    """
    if stack not in stacks(root):
        known = ", ".join(stacks(root)) or "none"
        raise OperatorError(
            f"--stack is {stack!r}: there is no Pulumi.{stack}.yaml. Stacks: {known}."
        )
    commit = git.commit(root, ref)
    with git.tree(root, commit) as folder:
        _check_layout(folder, ref, commit)
        with ThreadPoolExecutor() as pool:
            first = pool.submit(_inventory, folder, stack, f"The base {ref}")
            second = pool.submit(_inventory, root, stack, "The work tree")
        base, head = first.result(), second.result()
    source = f"base {ref} ({commit[:7]}) and the work tree ({git.description(root)})"
    return Comparison(base=base, head=head, source=source)


def _check_layout(folder: Path, ref: str, commit: str) -> None:
    module = Path(*_MODULE.split(".")).with_suffix(".py")
    if not (folder / module).is_file():
        raise OperatorError(
            f"--base is {ref!r} ({commit[:7]}), which is older than {module}: it cannot say what "
            f"it puts on a server. Choose a later commit, or read pulumi preview."
        )


def _inventory(folder: Path, stack: str, title: str) -> dict[str, Any]:
    """The document of a checkout; an empty one if it does not have the stack."""
    if stack not in stacks(folder):
        return inventory.empty(stack)
    done = _run(folder, stack, title)
    if done.returncode != 0:
        invalid = done.returncode == inventory.INVALID
        reason = done.stderr.strip() if invalid else _last_line(done.stderr)
        raise OperatorError(f"{title} cannot be compared: {reason}")
    document: dict[str, Any] = json.loads(done.stdout)
    if document.get("format") != inventory.FORMAT:
        raise OperatorError(
            f"{title} has an inventory of format {document.get('format')}, and this program reads "
            f"{inventory.FORMAT}: compare with a commit that has the same."
        )
    return document


def _run(folder: Path, stack: str, title: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            [sys.executable, "-m", _MODULE, stack],
            cwd=folder,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise OperatorError(f"{title}: its inventory took more than {_SECONDS:g} s.") from None


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return f"python -m {_MODULE} ended with: {lines[-1] if lines else 'no message'}"
