"""The files of a checkout, and what prevents their listing."""

import subprocess
from pathlib import Path

import pytest

from rehearsal.world import checkout
from rehearsal.world.names import ROOT
from rehearsal.world.shell import CommandError


def test_tracked_files_are_listed_and_ignored_ones_are_not() -> None:
    files = checkout.program_files()
    assert ROOT / "__main__.py" in files
    assert not [path for path in files if ".rehearsal" in path.parts]


def test_names_that_are_no_text_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "-C", str(tmp_path), "init", "--quiet"], check=True)
    file = Path(f"{tmp_path}/b\udcfccher")
    file.touch()
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    assert checkout.program_files() == [file]


def test_an_unpacked_archive_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    with pytest.raises(CommandError, match=r"(?s)not a git repository.* needs a git clone"):
        checkout.program_files()


def test_a_missing_git_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match=r"git is not installed, .* apt-get install git"):
        checkout.program_files()
