"""Whether the engine agrees on what is replaced and deleted: `fks impact --engine`.

The rehearsal runs the real engine in stand-in clouds; a checkout without rehearsal/ cannot.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fks_infra.errors import OperatorError
from fks_infra.impact.differences import Parts
from fks_infra.impact.impact import Action, Impact

# Pulumi's name of a server's instance or of a record, to `replace` or `delete`.
Operations = dict[str, str]

_SECONDS = 900.0
# Of the rehearsal's output, which ends with its error.
_SHOWN_LINES = 22
_REPLACE, _DELETE = "replace", "delete"
_LOSSES = {Action.REBUILT: _REPLACE, Action.DESTROYED: _DELETE}
# Linode and Cloudflare change everything else in place (components/machine.py, dns_record.py).
_REPLACING = ("type", "zone", "issuer")


def expected(impact: Impact, base: Parts, head: Parts) -> Operations:
    """What follows from the comparison of two inventories."""
    servers = {
        f"{name}-machine-instance": _LOSSES[effect.action]
        for name, server in impact.servers.items()
        for effect in server.effects
        if effect.action in _LOSSES
    }
    return servers | dict(_records(base["records"], head["records"]))


def _records(before: Parts, after: Parts) -> Iterator[tuple[str, str]]:
    for name, old in before.items():
        if name not in after:
            yield name, _DELETE
        elif any(old.get(key) != after[name].get(key) for key in _REPLACING):
            yield name, _REPLACE


def reported(root: Path, base: str, stack: str) -> Operations:
    """What the engine does; OperatorError if it cannot run or fails."""
    if not (root / "rehearsal").is_dir():
        raise OperatorError(
            f"--engine needs the rehearsal, and {root} has no folder rehearsal: use a whole clone."
        )
    command = [sys.executable, "-m", "rehearsal", "impact", "--base", base, "--stack", stack]
    try:
        done = subprocess.run(
            command, cwd=root, check=False, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise OperatorError(f"--engine: the engine took more than {_SECONDS:g} s.") from None
    if done.returncode != 0:
        end = "\n".join(done.stderr.strip().splitlines()[-_SHOWN_LINES:])
        raise OperatorError(f"--engine: the rehearsal failed:\n{end}")
    found: Operations = json.loads(done.stdout)
    return found


def check(expected: Operations, reported: Operations) -> None:
    """OperatorError with every difference between both."""
    differences = [
        f"{name} (engine: {reported.get(name, 'keep')}, comparison: {expected.get(name, 'keep')})"
        for name in sorted({*expected, *reported})
        if expected.get(name) != reported.get(name)
    ]
    if differences:
        raise OperatorError(
            f"The engine and the comparison disagree on {', '.join(differences)}. The engine is "
            f"right: a change of the program has this effect, or a rule in fks_infra/impact is "
            f"wrong."
        )
