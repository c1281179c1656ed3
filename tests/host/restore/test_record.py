"""The file that says how far a restore is."""

from pathlib import Path

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths
from host.fks_deploy.restore import record
from host.fks_deploy.restore.record import Record

FOUND = Record(record.PREPARED, "2026-11-27T10:00:00Z", "ann", "a.dump", "2026-11-27T02:20:00Z")


def test_it_is_kept_for_root_only_until_it_is_removed(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert record.load(paths, "api") is None
    assert record.save(paths, "api", FOUND) == FOUND
    assert record.load(paths, "api") == FOUND
    assert (paths.restore / "api.json").stat().st_mode & 0o777 == 0o600
    record.remove(paths, "api")
    record.remove(paths, "api")
    assert record.load(paths, "api") is None


@pytest.mark.parametrize("text", ["", "[]", '{"state": "prepared"}'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    paths = Paths(tmp_path)
    record.save(paths, "api", FOUND)
    (paths.restore / "api.json").write_text(text)
    with pytest.raises(DeployError, match=r"api\.json is damaged"):
        record.load(paths, "api")
