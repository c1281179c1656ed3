import os
from pathlib import Path

import pytest

from host.fks_deploy import atomic_file


def names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a"
    atomic_file.write(file, b"old", 0o600)
    atomic_file.write(file, b"new", 0o444)
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o444)
    assert names(tmp_path) == ["a"]


def test_after_an_error_the_old_content_stays_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    atomic_file.write(file, b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OSError, match="No space left"):
        atomic_file.write(file, b"new")
    assert (file.read_bytes(), names(tmp_path)) == (b"old", ["a"])


def test_a_temporary_file_of_a_killed_run_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".a.new").write_text("half")
    atomic_file.write(tmp_path / "a", b"new")
    assert names(tmp_path) == ["a"]
