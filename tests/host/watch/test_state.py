import json
from pathlib import Path

import pytest

from host.fks_deploy.watch import state
from host.fks_deploy.watch.problem import Problem
from host.fks_deploy.watch.processor import Sample
from host.fks_deploy.watch.state import State


def test_the_next_run_reads_what_this_one_wrote(tmp_path: Path) -> None:
    written = State(restarts={"api": 5.0}, cpu=Sample(1.0, 2.0), cpu_percent=63.0, checked=7.0)
    written.history.update([Problem("cpu", "CPU is at 63 %", "top")], 7.0)
    written.delivery.failed(7.0, "status 500", 0)
    file = tmp_path / "watch.json"
    state.save(file, written)
    assert state.load(file) == written
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_of_an_older_version_is_read(tmp_path: Path) -> None:
    file = tmp_path / "watch.json"
    state.save(file, State(checked=7.0, cpu_percent=63.0))
    document = json.loads(file.read_text())
    del document["cpu_percent"]
    file.write_text(json.dumps(document))
    assert state.load(file) == State(checked=7.0)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"history": {}}', '{"history": {"problems": {"a": {}}, "events": []}}'],
)
def test_a_damaged_file_is_an_empty_state(tmp_path: Path, text: str) -> None:
    file = tmp_path / "watch.json"
    file.write_text(text)
    assert state.load(file) == State()
