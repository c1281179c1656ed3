"""The dump of the database, with stand-ins of PostgreSQL's programs."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.compose.stacks import LIB, part

SCRIPT = LIB / "backup/postgres.sh"
LIST = "1; 0 16 TABLE public trades fks\n2; 0 16 TABLE DATA public trades fks\n"
# As dump.sql does.
PSQL = """\
case $* in
  *dump.sql*)
    timeout "$LIMIT" pg_dump --file="$DUMP.partial"
    echo $? >"$DUMP.code"
    echo "{}" >"$MANIFEST"
    ;;
  *pg_database_size*) echo "$SIZE" ;;
  *) echo "$TABLES" ;;
esac
exit "$PSQL_CODE"
"""
PG_DUMP = """\
for word; do case $word in --file=*) echo dump >"${word#--file=}" ;; esac; done
[ "$DUMP_CODE" = 0 ] || echo "pg_dump: error: query failed: ERROR:  $DUMP_ERROR" >&2
exit "$DUMP_CODE"
"""
PG_DUMPALL = """\
for word; do case $word in --file=*) echo roles >"${word#--file=}" ;; esac; done
exit "$DUMPALL_CODE"
"""
PG_RESTORE = 'printf %s "$LIST"; exit "$RESTORE_CODE"\n'
GOOD = {
    "SIZE": "1000",
    "TABLES": "1",
    "LIST": LIST,
    "PSQL_CODE": "0",
    "DUMP_CODE": "0",
    "DUMP_ERROR": "",
    "DUMPALL_CODE": "0",
    "PGHOST": "host",
    "PASSWORD_SECRET": "POSTGRES_PASSWORD",
    "RESTORE_CODE": "0",
    "POSTGRES_DB": "db",
    "POSTGRES_USER": "user",
    "BACKUP_KEEP": "3",
}
OLD = [f"db-2026010{day}T000000Z.dump" for day in range(1, 6)]


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    """A directory with five older dumps and the rest of a killed backup."""
    directory = tmp_path / "backups"
    directory.mkdir()
    for name in [*OLD, "db-20260106T000000Z.dump.partial"]:
        (directory / name).touch()
    programs = {
        "psql": PSQL,
        "pg_dump": PG_DUMP,
        "pg_dumpall": PG_DUMPALL,
        "pg_restore": PG_RESTORE,
    }
    for name, text in programs.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{text}")
        program.chmod(0o755)
    (tmp_path / "POSTGRES_PASSWORD").write_text("canary-password")
    return directory


def back_up(directory: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the script with its stand-ins."""
    root = directory.parent
    path = f"{root / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", str(SCRIPT), str(directory)],
        env={**GOOD, "PATH": path, "FKS_SECRETS_DIR": str(root), **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def dumps(directory: Path) -> list[str]:
    """The names of all files but the lock."""
    return sorted(path.name for path in directory.iterdir() if path.name != ".lock")


def test_a_verified_dump_replaces_the_oldest_ones(backups: Path) -> None:
    done = back_up(backups)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("5 bytes, 1 tables, 3 dumps kept\n")
    *old, new, roles, tables = dumps(backups)
    assert old == OLD[-2:]
    assert roles == new.replace(".dump", ".globals.sql")
    assert tables == new.replace(".dump", ".tables")
    assert (backups / new).read_text() == "dump\n"
    assert (backups / new).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"PSQL_CODE": "2"}, "the database does not answer"),
        ({"SIZE": str(10**18)}, "remove old dumps"),
        ({"DUMP_CODE": "1"}, "pg_dump ended with 1"),
        ({"DUMP_CODE": "1", "DUMP_ERROR": "out of shared memory"}, ": out of shared memory"),
        (
            {"DUMP_CODE": "1", "DUMP_ERROR": "canceling statement due to lock timeout"},
            "Run it again when that has ended",
        ),
        ({"DUMPALL_CODE": "1"}, "pg_dumpall ended with 1"),
        ({"RESTORE_CODE": "1"}, "pg_restore cannot read the dump"),
        ({"TABLES": "2"}, "the dump has the data of 1 tables, the database has 2"),
        ({"LIST": ""}, "the dump has the data of 0 tables, the database has 1"),
    ],
)
def test_a_failed_backup_deletes_no_dump(
    backups: Path, changes: dict[str, str], reason: str
) -> None:
    done = back_up(backups, **changes)
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line.startswith("backup FAILED: ") and reason in line
    assert dumps(backups) == OLD


def test_a_dump_that_takes_too_long_is_stopped(backups: Path) -> None:
    (backups.parent / "bin/pg_dump").write_text("#!/bin/sh\nexec sleep 60\n")
    done = back_up(backups, BACKUP_TIMEOUT="1")
    assert (done.returncode, "pg_dump ended with 124" in done.stdout) == (1, True)
    assert dumps(backups) == OLD


def test_two_backups_do_not_run_at_once(backups: Path) -> None:
    lock = backups / ".lock"
    holder = ["flock", str(lock), "bash", str(SCRIPT), str(backups)]
    root = backups.parent
    env = {**GOOD, "PATH": f"{root / 'bin'}:{os.environ['PATH']}", "FKS_SECRETS_DIR": str(root)}
    done = subprocess.run(holder, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, "another backup runs" in done.stdout) == (1, True)


def test_the_service_has_the_image_of_the_database_and_no_rights() -> None:
    services = part("api")["services"]
    backup, database = services["db-backup"], services["api-postgres"]
    assert backup["profiles"] == ["backup"]
    assert (backup["image"], backup["user"]) == (database["image"], database["user"])
    assert (backup["read_only"], backup["cap_drop"]) == (True, ["ALL"])
    assert "ports" not in backup


def test_the_proof_has_neither_network_nor_password() -> None:
    services = part("api")["services"]
    proof = services["db-proof"]
    assert proof["image"] == services["api-postgres"]["image"]
    assert (proof["network_mode"], proof["networks"], proof["secrets"]) == ("none", {}, [])
    assert (proof["mem_limit"], proof["read_only"]) == (services["db-backup"]["mem_limit"], True)
