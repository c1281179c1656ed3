"""Which Authentik a database can have next."""

from dataclasses import replace
from pathlib import Path

import pytest

from fks_infra.roles.images import AUTHENTIK
from host.fks_deploy.compose import Compose
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
        ("2026.2.1", "2026.8.6", "2026.8 would skip 2026.5: run fks upgrade authentik --to 2026.5"),
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


def compose_of(root: Path, version: str, tag: str) -> Compose:
    """A release with this tag, and a database of this version."""
    engine = Versions(root)
    engine.version = version
    compose = session(engine).compose
    release = replace(compose.release, env={"IMAGE_AUTH_SERVER": IMAGE + tag})
    return replace(compose, release=release)


@pytest.mark.parametrize(
    ("version", "tag", "copied"),
    [
        ("2026.8.1", ":2026.8.6", ""),
        ("2026.2.1", ":2026.5.6", "2026.2.1"),
        # The copy's own version: it does not run yet.
        ("", ":2026.5.6", "2026.2.1"),
        ("", ":2026.8.6", ""),
        ("2026.2.1", ":latest", ""),
    ],
)
def test_what_a_deploy_accepts(tmp_path: Path, version: str, tag: str, copied: str) -> None:
    trains.check(compose_of(tmp_path, version, tag), copied)


@pytest.mark.parametrize(
    ("version", "tag", "copied", "reason"),
    [
        ("2026.2.1", ":2026.8.6", "", r"would skip 2026\.5"),
        ("2026.2.1", f":2026.8.6@sha256:{'a' * 64}", "", r"would skip 2026\.5"),
        ("", ":2026.8.6", "2026.2.1", r"would skip 2026\.5"),
        ("2026.2.1", ":2026.5.6", "", r"Run fks upgrade authentik --to 2026\.5\.6"),
        ("2026.5.1", ":2026.2.6", "", "cannot go back"),
    ],
)
def test_what_a_deploy_refuses(
    tmp_path: Path, version: str, tag: str, copied: str, reason: str
) -> None:
    with pytest.raises(DeployError, match=reason) as caught:
        trains.check(compose_of(tmp_path, version, tag), copied)
    assert "Nothing was changed" in str(caught.value)


def test_the_train_of_this_checkout_is_known() -> None:
    assert trains.train(trains.version_of(AUTHENTIK)) in trains.TRAINS
    assert trains.following("2026.5.6") == "2026.8"
    assert trains.following("2026.8.6") == ""
