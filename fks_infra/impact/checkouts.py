"""The inventories of the base and of the work tree, each made by its own code, side by side."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fks_infra.errors import OperatorError
from fks_infra.impact import git, inventory
from fks_infra.impact.stack_file import stacks

_MODULE = "fks_infra.impact.inventory"
_SECONDS = 60.0


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
        running = [_start(folder, stack), _start(root, stack)]
        base, head = (
            _result(process, title)
            for process, title in zip(running, (f"The base {ref}", "The work tree"), strict=True)
        )
    source = f"base {ref} ({commit[:7]}) and the work tree ({git.description(root)})"
    return Comparison(base=base or inventory.empty(stack), head=head, source=source)


def _check_layout(folder: Path, ref: str, commit: str) -> None:
    module = Path(*_MODULE.split(".")).with_suffix(".py")
    if not (folder / module).is_file():
        raise OperatorError(
            f"--base is {ref!r} ({commit[:7]}), which is older than {module}: it cannot say what "
            f"it puts on a server. Choose a later commit, or read pulumi preview."
        )


def _start(folder: Path, stack: str) -> "subprocess.Popen[str] | None":
    """None for a checkout that does not have the stack."""
    if stack not in stacks(folder):
        return None
    return subprocess.Popen(
        [sys.executable, "-m", _MODULE, stack],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": "", "PYTHONSAFEPATH": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _result(process: "subprocess.Popen[str] | None", title: str) -> dict[str, Any]:
    if process is None:
        return {}
    with process:
        try:
            out, err = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise OperatorError(f"{title}: its inventory took more than {_SECONDS:g} s.") from None
    if process.returncode != 0:
        reason = err.strip() if process.returncode == inventory.INVALID else _last_line(err)
        raise OperatorError(f"{title} cannot be compared: {reason}")
    document: dict[str, Any] = json.loads(out)
    if document.get("format") != inventory.FORMAT:
        raise OperatorError(
            f"{title} has an inventory of format {document.get('format')}, and this program reads "
            f"{inventory.FORMAT}: compare with a commit that has the same."
        )
    return document


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return f"python -m {_MODULE} ended with: {lines[-1] if lines else 'no message'}"
