"""The volumes of a data set as a stream."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths
from host.fks_deploy.transfer import files
from tests.host.transfer.conftest import API


def server(root: Path) -> Any:
    (root / "var/lib/docker/volumes/fks_api-data/_data").mkdir(parents=True)
    return SimpleNamespace(paths=Paths(root), release=SimpleNamespace(project="fks"))


def data(compose: Any) -> Path:
    return Path(compose.paths.root / "var/lib/docker/volumes/fks_api-data/_data")


def test_the_files_replace_those_of_the_other_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = server(tmp_path / "old"), server(tmp_path / "new")
    (data(old) / "models").mkdir()
    (data(old) / "models/first").write_text("weights")
    (data(old) / "link").symlink_to("models/first")
    (data(new) / "stale").mkdir()
    (data(new) / "stale/file").write_text("gone")
    assert files.size(old, API) == 7
    real: Any = subprocess.run
    stream = tmp_path / "stream"

    def redirected(line: list[str], **options: Any) -> Any:
        with stream.open("wb" if "--create" in line else "rb") as file:
            way = {"stdout": file} if "--create" in line else {"stdin": file}
            return real(line, **options, **way)

    monkeypatch.setattr(subprocess, "run", redirected)
    files.send(old, API)
    files.receive(new, API)
    assert (data(new) / "models/first").read_text() == "weights"
    assert (data(new) / "link").readlink() == Path("models/first")
    assert not (data(new) / "stale").exists()


def test_a_stream_that_is_cut_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Any = subprocess.run

    def cut(line: list[str], **options: Any) -> Any:
        return real(line, input="no archive", **options)

    monkeypatch.setattr(subprocess, "run", cut)
    with pytest.raises(DeployError, match=r"the files were not copied: .*tar"):
        files.receive(server(tmp_path), API)
