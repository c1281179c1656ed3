"""The report of `fks drift` in docs/operations.md, from findings recorded in the rehearsal."""

import json
from pathlib import Path

from fks_infra.drift.findings import Deviation, Findings, Unknown
from fks_infra.drift.screen import screen

# What `fks drift --json --no-clouds` printed, with some of the deviations of
# tests/world/test_drift.py, while sshd of one server did not run.
RECORDING = Path(__file__).with_name("drift_recording.json")


def drift_screen() -> str:
    """A block of text."""
    document = json.loads(RECORDING.read_text(encoding="utf-8"))
    findings = Findings(
        stack=document["stack"],
        places=tuple(document["places"]),
        deviations=tuple(Deviation(**one) for one in document["deviations"]),
        unknown=tuple(Unknown(**one) for one in document["unknown"]),
        notes=tuple(document["notes"]),
    )
    lines = "\n".join(line.plain for line in screen(findings)).splitlines()
    return "\n".join(["```text", *lines, "```", ""])
