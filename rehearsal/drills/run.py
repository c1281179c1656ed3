"""Plays a loss, types the commands of its section of docs/recovery.md, and checks the result."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

from fks_infra.errors import OperatorError
from fks_infra.recovery.drills import PAGE, drills
from rehearsal.drills.loss import Loss
from rehearsal.drills.losses import LOSSES
from rehearsal.game_day.run import running
from rehearsal.world.operator import RemoteCommandError
from rehearsal.world.progress import step, wait_until
from rehearsal.world.scenario import Scenario

# In place of the operator's answer to "Do you want to perform this update?"
_CONFIRMED = "export PULUMI_SKIP_CONFIRMATIONS=true"
_HEALTHY_SECONDS = 300
# The beginning of a command that is typed on a server.
_ON_SERVER = "sudo "
_EXPORT = "export "
# Played in tests/world/test_restore.py.
_RESTORE = "fks restore "


def listed() -> str:
    """A line for each loss."""
    width = max(len(one.name) for one in LOSSES)
    return "".join(f"{one.name:<{width}}  {one.title}\n" for one in LOSSES)


def run(names: Sequence[str]) -> None:
    """Play losses in the running world, all without names; OperatorError for an unknown name.

    RemoteCommandError and WaitTimeoutError for a drill that does not end well.
    """
    chosen = _chosen(names)
    scenario = running()
    for one in chosen:
        seconds = drill(scenario, one)
        sys.stdout.write(f"{one.name}: over after {seconds:.0f} s\n")


def _chosen(names: Sequence[str]) -> list[Loss]:
    known = {one.name: one for one in LOSSES}
    for name in names:
        if name not in known:
            raise OperatorError(
                f"no drill is named {name!r}. Nothing was lost. Next: name one of "
                f"{', '.join(known)}"
            )
    return [known[name] for name in names or known]


def drill(scenario: Scenario, loss: Loss) -> float:
    """Seconds from the loss until all is healthy again."""
    servers = {row["name"]: scenario.instance(row["name"]) for row in scenario.operator.servers()}
    fill = {name: find(scenario) for name, find in loss.fill.items()}
    with step(f"{loss.name}: lose it"):
        loss.cause(scenario)
    started = time.monotonic()
    for command in commands(loss):
        with step(command):
            _type(scenario, loss, command, fill, [*servers])
    with step("all is healthy"):
        wait_until("all is healthy", scenario.unhealthy, _HEALTHY_SECONDS, pause=1)
    after = {name: scenario.instance(name) for name in servers}
    if after != servers and not loss.new_servers:
        raise RemoteCommandError(f"{loss.name}: the servers {servers} have become {after}")
    return time.monotonic() - started


def commands(loss: Loss) -> Iterator[str]:
    """Those of its section, without restores; exported variables are in force for all of them."""
    (found,) = [one for one in drills(PAGE.read_text()) if one.title == loss.title]
    exports = [line for line in found.commands if line.startswith(_EXPORT)]
    for line in found.commands:
        if not line.startswith((_EXPORT, _RESTORE)):
            yield line if line.startswith(_ON_SERVER) else "; ".join([*exports, line])


def _type(
    scenario: Scenario, loss: Loss, command: str, fill: Mapping[str, str], servers: Sequence[str]
) -> None:
    late = {name: find(scenario) for name, find in loss.late.items() if name in command}
    texts = {**fill, **late}
    if texts:
        words = re.compile(rf"\b({'|'.join(texts)})\b")
        command = words.sub(lambda found: texts[found[1]], command)
    if command.startswith(_ON_SERVER):
        for server in servers:
            scenario.on_server(server, "bash", "-c", command)
        return
    typed = next((text for start, text in loss.typed.items() if start in command), "")
    lines = ["set -e", loss.before, _CONFIRMED, f"printf '{typed}' | ( {command} )"]
    scenario.operator.output(["bash", "-c", "\n".join(filter(None, lines))])
