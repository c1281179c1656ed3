"""The copy of Authentik's database for its next release train, and what `status` says of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from host.fks_deploy import rollback
from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.upgrade import app, databases, deploy, record
from host.fks_deploy.upgrade.copy import copy
from host.fks_deploy.upgrade.record import COPIED, SERVING
from tests.host.upgrade.authentik_engine import NAME, SERVICE, AuthentikEngine, session, started

POSTGRES, VOLUME, NEXT = "postgres:17.12", "auth-postgres-data-ak2026-8", f"{NAME}:2026.8.6"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AuthentikEngine:
    found = started(tmp_path)
    monkeypatch.setattr(rollback, "activate", lambda *_: found.commands.append("activate"))
    monkeypatch.setattr("host.fks_deploy.interrupts.ignore", lambda: None)
    monkeypatch.setattr(app, "of_current", lambda _: session(found).compose)
    return found


def run(engine: AuthentikEngine, image: str = NEXT) -> record.Record:
    return copy(session(engine), SERVICE, POSTGRES, VOLUME, image)


def status(engine: AuthentikEngine, to: str = "") -> dict[str, str]:
    return dict(app.status(session(engine).paths, SERVICE, to)["authentik"])


def test_the_copy_knows_the_version_and_has_the_new_image(engine: AuthentikEngine) -> None:
    done = run(engine)
    assert (done.state, done.what, done.authentik) == (COPIED, "authentik", "2026.5.6")
    pulled = engine.commands.index(f"docker pull --quiet {NEXT}")
    stopped = next(number for number, line in enumerate(engine.commands) if " stop " in line)
    assert pulled < stopped
    assert "fks_auth-postgres-data-ak2026-8" in engine.volumes
    assert record.load(session(engine).paths, SERVICE) == done


@pytest.mark.parametrize(
    ("version", "image", "reason"),
    [
        ("2026.2.1", NEXT, r"would skip 2026\.5: run fks upgrade authentik --to 2026\.5"),
        ("2026.8.6", f"{NAME}:2026.5.6", "cannot go back"),
        ("", NEXT, "the database has no version"),
        ("2026.5.6", f"{NAME}:latest", "the tag of the image has no version"),
    ],
)
def test_what_is_refused_changes_nothing(
    engine: AuthentikEngine, version: str, image: str, reason: str
) -> None:
    engine.version = version
    with pytest.raises(InputError, match=reason):
        run(engine, image)
    assert record.load(session(engine).paths, SERVICE) is None
    assert not any(" stop " in line for line in engine.commands)


def test_an_image_that_cannot_be_pulled_stops_nothing(engine: AuthentikEngine) -> None:
    engine.failing = f"pull --quiet {NEXT}"
    with pytest.raises(DeployError):
        run(engine)
    assert not any(" stop " in line for line in engine.commands)


def test_status_has_the_version_the_next_train_and_a_refusal(engine: AuthentikEngine) -> None:
    found = {"image": f"{NAME}:2026.5.6", "version": "2026.5.6", "next": "2026.8", "refusal": ""}
    assert status(engine) == found
    assert status(engine, "2026.8.6") == found
    assert "cannot go back to 2026.2" in status(engine, "2026.2.1")["refusal"]
    engine.version = ""
    assert status(engine, "2026.8.6") == {**found, "version": "", "next": ""}


def test_while_an_upgrade_is_pending_the_copy_is_not_asked(engine: AuthentikEngine) -> None:
    done = run(engine)
    # The migration of the copy has begun: Authentik writes its version first.
    engine.version = "2026.8.6"
    assert status(engine)["version"] == "2026.5.6"
    record.save(session(engine).paths, replace(done, state=SERVING))
    assert status(engine)["version"] == "2026.8.6"


def test_a_kept_volume_names_the_command(engine: AuthentikEngine) -> None:
    record.save(session(engine).paths, replace(run(engine), state=SERVING))
    with pytest.raises(InputError, match="Run fks upgrade authentik --finish first"):
        run(engine)


def deployed(engine: AuthentikEngine, image: str) -> None:
    """The step `data` of a deploy with this image and the copy's volume."""
    compose = databases.with_data(session(engine).compose, SERVICE, POSTGRES, VOLUME)
    release = replace(compose.release, env={"IMAGE_AUTH_SERVER": image})
    deploy.check(replace(compose, release=release))


def test_a_deploy_needs_the_copy_for_another_train(engine: AuthentikEngine) -> None:
    with pytest.raises(DeployError, match=r"Run fks upgrade authentik --to 2026\.8\.6"):
        deployed(engine, NEXT)
    run(engine)
    engine.version = ""
    deployed(engine, NEXT)
    with pytest.raises(DeployError, match=r"would skip 2026\.8"):
        deployed(engine, f"{NAME}:2026.11.0")


def test_a_deploy_without_the_copy_names_the_command(engine: AuthentikEngine) -> None:
    run(engine)
    with pytest.raises(DeployError, match="or fks upgrade authentik --back"):
        deploy.check(session(engine).compose)
