"""The rehearsal of a copy: beside the running services, and nothing stays."""

from pathlib import Path

import pytest

from host.fks_deploy import maintenance
from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.upgrade import record
from host.fks_deploy.upgrade.rehearse import rehearse
from tests.host.upgrade.engine import Engine, session
from tests.host.upgrade.test_copy import IMAGE


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A server with data of PostgreSQL 17, and a GiB of memory."""
    (tmp_path / "PG_VERSION").write_text("17\n")
    (tmp_path / "proc").mkdir()
    memory(tmp_path, 1 << 20)
    return Engine(tmp_path, volumes={"fks_db-data": str(tmp_path)})


def memory(root: Path, kib: int) -> None:
    (root / "proc/meminfo").write_text(f"MemTotal: 9 kB\nMemAvailable: {kib} kB\n")


def test_it_reports_and_removes_what_it_made(engine: Engine) -> None:
    text = rehearse(session(engine), "db", IMAGE)
    assert text.startswith("db: PostgreSQL 17 -> 18: dump 0.")
    assert "7 rows in 3 tables are the same; collation version 2.41 -> 2.43" in text
    assert (list(engine.volumes), engine.throwaway) == (["fks_db-data"], False)
    assert not any(" stop api" in line or "rm --stop" in line for line in engine.commands)
    assert any("dump.sh db /upgrade while-used" in line for line in engine.commands)
    assert maintenance.read(session(engine).paths) is None
    assert record.load(session(engine).paths, "db") is None


@pytest.mark.parametrize("words", ["dump.sh", "run --detach", "restore.sh"])
def test_a_step_that_fails_leaves_nothing(engine: Engine, words: str) -> None:
    engine.failing = words
    with pytest.raises(DeployError, match="failed"):
        rehearse(session(engine), "db", IMAGE)
    assert (list(engine.volumes), engine.throwaway) == (["fks_db-data"], False)


def test_without_the_memory_nothing_is_made(engine: Engine) -> None:
    memory(engine.root, 100 << 10)
    with pytest.raises(InputError, match="100 MiB of memory are available, and a second db may"):
        rehearse(session(engine), "db", IMAGE)
    assert not any("run" in line.split() for line in engine.commands)
