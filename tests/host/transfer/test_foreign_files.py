"""Files of a server that has no fks, beside those in service."""

import io
import os
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.restore.files import ARRIVED
from host.fks_deploy.transfer import foreign_files
from tests.host.transfer.conftest import API
from tests.host.transfer.test_files import data, server
from tests.host.transfer.test_trailer import with_trailer

VOLUME = "api-data"


def archive(**files: str) -> bytes:
    """As `docker cp CONTAINER:/app/data -` writes it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        directory = tarfile.TarInfo("data/")
        directory.type, directory.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(directory)
        for name, text in files.items():
            entry = tarfile.TarInfo(f"data/{name}")
            entry.size, entry.uid = len(text), 1088
            tar.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


@pytest.fixture
def volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server with the file `own`; the owners that files get."""
    owners: dict[str, int] = {}

    def chown(path: Path, user: int, *_: int, **__: Any) -> None:
        owners[Path(path).name] = user

    monkeypatch.setattr(os, "chown", chown)
    compose = server(tmp_path)
    (data(compose) / "own").write_text("before")
    return SimpleNamespace(compose=compose, data=data(compose), owners=owners)


def arrives(monkeypatch: pytest.MonkeyPatch, stream: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stream)))


def receive(volume: Any, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    arrives(monkeypatch, with_trailer(archive(**files)))
    foreign_files.receive(volume.compose, API, VOLUME, 10)


def content(volume: Any) -> dict[str, str]:
    return {one.name: one.read_text() for one in volume.data.iterdir()}


def test_files_lie_beside_until_a_restore_has_them_or_they_are_discarded(
    volume: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(volume, monkeypatch, first="old", second="old")
    receive(volume, monkeypatch, first="new")
    assert content(volume) == {"own": "before"}
    assert volume.owners["first"] == volume.data.stat().st_uid
    assert [one.name for one in (volume.data.parent / ARRIVED).iterdir()] == ["first"]
    dump = volume.compose.paths.dumps / "foreign_api-20261127T020000Z.dump"
    dump.parent.mkdir(parents=True)
    dump.touch()
    foreign_files.discard(volume.compose, API)
    assert not dump.exists()
    assert [one.name for one in volume.data.parent.iterdir()] == ["_data"]


@pytest.mark.parametrize("cut", [1, 64, 5000])
def test_files_that_do_not_arrive_whole_are_not_kept(
    volume: Any, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    arrives(monkeypatch, with_trailer(archive(first="x" * 20000))[:-cut])
    with pytest.raises(DeployError, match="the files of api-data"):
        foreign_files.receive(volume.compose, API, VOLUME, 10)
    assert [one.name for one in volume.data.parent.iterdir()] == ["_data"]


def test_a_stream_that_is_no_archive_is_an_error(
    volume: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrives(monkeypatch, with_trailer(b"no archive" * 1000))
    with pytest.raises(DeployError, match="the files of api-data were not copied"):
        foreign_files.receive(volume.compose, API, VOLUME, 10)


def test_a_disk_that_is_too_full_and_another_volume_are_errors(volume: Any) -> None:
    with pytest.raises(DeployError, match="MiB arrive"):
        foreign_files.receive(volume.compose, API, VOLUME, 1 << 60)
    with pytest.raises(InputError, match="'api-models' is no volume of api"):
        foreign_files.receive(volume.compose, API, "api-models", 1)
