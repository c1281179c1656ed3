"""The commands, run by a shell with stand-ins for what they run."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from fks_infra.operate.container_commands import in_container, psql, redis

# Prints its name, its arguments and some variables.
SHOW = """#!/bin/sh
echo "$(basename $0) $*"
env | grep -E '^(PG|REDISCLI_AUTH)' | sort
"""


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with psql, redis-cli and a password."""
    for name in ("psql", "redis-cli", "hostname"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho c0ffee\n" if name == "hostname" else SHOW)
        program.chmod(0o755)
    (tmp_path / "password").write_text("canary")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("POSTGRES_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("POSTGRES_USER", "fks_user")
    monkeypatch.setenv("POSTGRES_DB", "fks_trading")
    return tmp_path


def run(command: list[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.usefixtures("shown")
def test_psql_is_read_only_and_logs_in_over_the_network() -> None:
    assert run(psql(["-c", "SELECT 'a b'"], write=False, terminal=True)) == [
        "psql --no-psqlrc -h c0ffee -U fks_user -d fks_trading -c SELECT 'a b'",
        "PGOPTIONS=-c default_transaction_read_only=on",
        "PGPASSWORD=canary",
    ]


@pytest.mark.usefixtures("shown")
def test_psql_writes_on_request_and_stops_at_an_error_without_a_terminal() -> None:
    assert run(psql([], write=True, terminal=False)) == [
        "psql --no-psqlrc -h c0ffee -U fks_user -d fks_trading -v ON_ERROR_STOP=1",
        "PGPASSWORD=canary",
    ]


def test_redis_gets_the_password_from_a_file(shown: Path) -> None:
    command = redis(["GET", "a b"])
    command[2] = command[2].replace("/run/secrets/REDIS_PASSWORD", str(shown / "password"))
    assert run(command) == ["redis-cli GET a b", "REDISCLI_AUTH=canary"]


def test_the_command_for_a_container_with_and_without_a_terminal() -> None:
    compose = "sudo -n /usr/local/lib/fks/current/bin/compose exec"
    assert in_container("api", ["sh", "-c", "a b"], terminal=True) == f"{compose} api sh -c 'a b'"
    words = shlex.split(in_container("api-2", ["true"], terminal=False))
    assert words == [*compose.split(), "-T", "api-2", "true"]
