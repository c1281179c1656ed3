"""The state file."""

from pathlib import Path

from rehearsal.clouds import state


def test_the_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert state.read(path) == {}
    for value in ({"a": 1}, {"a": [2]}):
        state.write(path, value)
        assert state.read(path) == value
    assert list(tmp_path.iterdir()) == [path]


def test_without_a_path_nothing_is_stored() -> None:
    state.write(None, {"a": 1})
    assert state.read(None) == {}
