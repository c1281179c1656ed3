"""The report in docs/operations.md."""

import json

from fks_infra.documents.drift_screen import RECORDING, drift_screen
from tests.fks_infra.drift.findings import findings


def test_it_shows_what_was_recorded_for_each_place() -> None:
    lines = drift_screen().splitlines()
    assert (lines[0], lines[-1]) == ("```text", "```")
    assert lines[1] == "drift: api 3, auth 3; cannot tell: web"
    assert [line for line in lines if line in ("auth", "api", "web")] == ["api", "auth", "web"]
    assert all(len(line) <= 120 for line in lines)


def test_the_recording_has_what_the_command_prints() -> None:
    assert list(json.loads(RECORDING.read_text())) == list(findings().document())
