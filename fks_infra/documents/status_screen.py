"""The screen of `fks status` in docs/operations.md, from reports recorded in the rehearsal."""

import json
from pathlib import Path

from rich.console import Console

from fks_infra.operate.screen import screen
from fks_infra.operate.state import State

# {"stack", "servers": {name: what bin/status printed, without the disks: those of the machine}}
RECORDING = Path(__file__).with_name("status_recording.json")
WIDTH = 120


def status_screen() -> str:
    """A block of text; one container was stopped by hand before."""
    recording = json.loads(RECORDING.read_text(encoding="utf-8"))
    state = State.of(recording["stack"], recording["servers"])
    console = Console(width=WIDTH, color_system=None, highlight=False)
    with console.capture() as capture:
        console.print(*screen(state, WIDTH), sep="\n")
    lines = [line.rstrip() for line in capture.get().splitlines()]
    return "\n".join(["```text", *lines, "```", ""])
