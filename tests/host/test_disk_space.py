import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy.disk_space import SPARE, Reserve, explained
from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths

MIB = 1 << 20


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The temporary files that are created."""
    created, real = list[Any](), tempfile.TemporaryFile

    def create(**options: Any) -> Any:
        created.append(real(**options))
        return created[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", create)
    return created


def test_space_is_reserved_in_each_directory_until_it_is_released(
    tmp_path: Path, files: list[Any]
) -> None:
    reserve, paths = Reserve(), Paths(tmp_path)
    reserve.take(paths, 3 * MIB)
    used = [os.fstat(file.fileno()) for file in files]
    assert [one.st_size for one in used] == [SPARE] * len(paths.written)
    assert all(one.st_blocks * 512 >= SPARE for one in used)
    reserve.release()
    assert all(file.closed for file in files)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["opt/fks/releases", "var/lib/fks", "var/log/fks", "tmp"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_directory_that_cannot_be_written_is_named_with_a_remedy(
    tmp_path: Path, name: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create(**options: Any) -> Any:
        if options["dir"] == tmp_path / name:
            raise OSError(number, os.strerror(number))
        return real(**options)

    real = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", create)
    remedy = "delete files" if number == errno.ENOSPC else "mount it writable"
    expected = rf"{name}: {os.strerror(number)}, \d+ MiB free, \d+ MiB needed: .*{remedy}"
    with pytest.raises(DeployError, match=expected):
        Reserve().take(Paths(tmp_path), 0)


def test_the_size_of_the_release_counts_where_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = list[int]()
    monkeypatch.setattr(os, "posix_fallocate", lambda *arguments: sizes.append(arguments[2]))
    Reserve().take(Paths(tmp_path), 3 * MIB)
    assert sorted(sizes)[-2:] == [SPARE, SPARE + 3 * MIB]


def test_an_error_of_the_file_system_gets_its_remedy(tmp_path: Path) -> None:
    error = OSError(errno.EROFS, "Read-only file system", str(tmp_path / "missing/lock"))
    text = str(explained(error))
    assert text.startswith(f"{tmp_path}/missing/lock: Read-only file system, ")
    assert "MiB free: see `dmesg`" in text


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "x"), FileNotFoundError(2, "x", "/y")])
def test_another_error_stays(error: OSError) -> None:
    assert explained(error) is error
