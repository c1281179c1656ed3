"""The rehearsal of Authentik's migration: in a network of its own, and nothing stays."""

from pathlib import Path

import pytest

from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.upgrade import migration
from host.fks_deploy.upgrade.rehearse import rehearse
from tests.host.upgrade.authentik_engine import NAME, SERVICE, AuthentikEngine, session, started

IMAGE, NEXT = "postgres:17.12", f"{NAME}:2026.8.6"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AuthentikEngine:
    monkeypatch.setattr(migration, "_POLL", 0)
    return started(tmp_path)


def run(engine: AuthentikEngine) -> str:
    return rehearse(session(engine), SERVICE, IMAGE, NEXT)


def test_it_reports_the_versions_and_the_seconds(engine: AuthentikEngine) -> None:
    text = run(engine)
    assert text.startswith("auth-postgres: Authentik 2026.5.6 -> 2026.8.6: dump 0.")
    assert ", migration 0." in text and "Nothing was changed" in text
    assert (list(engine.volumes), engine.throwaway, engine.made) == (["fks_db-data"], False, set())


def test_the_new_release_reaches_only_the_copy_and_has_its_limits(engine: AuthentikEngine) -> None:
    run(engine)
    (line,) = (one for one in engine.commands if one.startswith("docker run "))
    assert "docker network create --internal fks-upgrade" in engine.commands
    assert "docker network connect fks-upgrade fks-upgrade-auth-postgres" in engine.commands
    assert "--network fks-upgrade --init --read-only --user 1000:1000 --cap-drop ALL" in line
    assert f"--memory {560 << 20} " in line
    assert "--env AUTHENTIK_POSTGRESQL__HOST=fks-upgrade-auth-postgres" in line
    secret = "AUTH_POSTGRES_PASSWORD"
    assert f"--volume /etc/fks/secrets/auth/{secret}:/run/secrets/{secret}:ro" in line
    assert line.endswith(f"{NEXT} server")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"Running": False}, "the new Authentik ends: Traceback / ProgrammingError: no such"),
        ({"Running": False, "OOMKilled": True}, "it needs more memory than its limit"),
    ],
)
def test_what_broke_is_reported_and_nothing_stays(
    engine: AuthentikEngine, state: dict[str, bool], reason: str
) -> None:
    engine.healthy, engine.states = False, [state]
    with pytest.raises(DeployError, match=reason):
        run(engine)
    assert (list(engine.volumes), engine.throwaway, engine.made) == (["fks_db-data"], False, set())


def test_a_release_that_is_never_healthy_is_ended(engine: AuthentikEngine) -> None:
    engine.healthy = False
    engine.made.add("container")
    with pytest.raises(DeployError, match="not healthy after 0 s: Traceback"):
        migration._wait(session(engine).compose.shell, 0)


def test_a_release_that_does_not_migrate_is_named(engine: AuthentikEngine) -> None:
    engine.migrated = "2026.5.6"
    with pytest.raises(DeployError, match=r"healthy, but its database is of 2026\.5\.6"):
        run(engine)


def test_a_skip_is_refused_before_all_steps(engine: AuthentikEngine) -> None:
    engine.version = "2026.2.1"
    with pytest.raises(InputError, match=r"would skip 2026\.5"):
        run(engine)
    assert not any("run" in line.split() for line in engine.commands)


def test_without_the_memory_for_both_nothing_is_made(engine: AuthentikEngine) -> None:
    (engine.root / "proc/meminfo").write_text(f"MemAvailable: {600 << 10} kB\n")
    with pytest.raises(InputError, match="a second auth-postgres and auth-server may use 816 MiB"):
        run(engine)
    assert not any("run" in line.split() for line in engine.commands)
