"""Which Authentik a database can have next."""

from dataclasses import replace
from pathlib import Path

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.shell import Result
from host.fks_deploy.upgrade import trains
from tests.host.upgrade.engine import Engine, session

IMAGE = "ghcr.io/goauthentik/server"


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("2026.8.6", "2026.8"),
        ("2025.10.3", "2025.12"),
        ("2025.12.1", "2026.2"),
        ("2026.5.6", "2026.8"),
        # Newer than this list: Authentik refuses a skip itself.
        ("2026.8.6", "2026.11"),
    ],
)
def test_the_same_and_the_next_train(found: str, wanted: str) -> None:
    assert trains.refusal(found, wanted) == ""


@pytest.mark.parametrize(
    ("found", "wanted", "reason"),
    [
        ("2025.10.3", "2026.8", "would skip 2025.12, 2026.2, 2026.5"),
        ("2026.2.1", "2026.8", "to the newest 2026.5 first"),
        ("2026.5.6", "2026.2", "which cannot go back to 2026.2"),
    ],
)
def test_a_skip_and_a_way_back_are_refused(found: str, wanted: str, reason: str) -> None:
    assert reason in trains.refusal(found, wanted)


class Versions(Engine):
    """A database of Authentik; `version` is what it answers."""

    version = "2026.2.1"

    def answer(self, command: object, env: object) -> Result:
        del command, env
        return Result(0, f"{self.version}\n", "")


@pytest.mark.parametrize(
    ("version", "tag", "refused"),
    [
        ("2026.2.1", ":2026.8.6", True),
        ("2026.2.1", f":2026.8.6@sha256:{'a' * 64}", True),
        ("2026.2.1", ":2026.5.6", False),
        ("", ":2026.8.6", False),
        ("2026.2.1", ":latest", False),
    ],
)
def test_a_deploy_reads_the_version_in_the_database(
    tmp_path: Path, version: str, tag: str, refused: bool
) -> None:
    engine = Versions(tmp_path)
    engine.version = version
    compose = session(engine).compose
    release = replace(compose.release, env={"IMAGE_AUTH_SERVER": IMAGE + tag})
    compose = replace(compose, release=release)
    if not refused:
        trains.check(compose)
        return
    with pytest.raises(DeployError, match=r"would skip 2026\.5.*Nothing was changed"):
        trains.check(compose)
