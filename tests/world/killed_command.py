"""`fks rotate` and `fks upgrade` that are killed, with the engine and what runs on servers."""

from __future__ import annotations

from collections.abc import Callable

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

Reached = Callable[[Scenario], str | None]
LOG = "/tmp/killed-command.log"
_SECONDS = 300


def updating(scenario: Scenario) -> str | None:
    """`pulumi up` runs."""
    found = scenario.operator.call(["sh", "-c", "pgrep -f '[p]ulumi up'"], quiet=True)
    return None if found == 0 else "pulumi up does not run"


def killed_when(scenario: Scenario, command: str, reached: Reached, *servers: str) -> None:
    """Run a shell command, and kill it when `reached` returns None; on these servers kill what it
    has started too."""
    start = f"setsid sh -c '{command} >{LOG} 2>&1' >/dev/null 2>&1 &"
    scenario.operator.output(["sh", "-c", start])
    wait_until(f"{command}: {reached.__name__}", lambda: reached(scenario), _SECONDS)
    kill(scenario, *servers)


def kill(scenario: Scenario, *servers: str) -> None:
    """Kill what runs now, and release the engine's lock."""
    fks = "pkill -9 -f '[f]ks (rotate|upgrade)'"
    scenario.operator.call(["sh", "-c", f"{fks}; pkill -9 -x pulumi; true"])
    for name in servers:
        scenario.on_server(name, "sh", "-c", "pkill -9 -f '[b]in/(deploy|upgrade-data)' || true")
    scenario.wait_for_plugins()
    scenario.operator.call(["pulumi", "cancel", "--yes", scenario.stack], quiet=True)
