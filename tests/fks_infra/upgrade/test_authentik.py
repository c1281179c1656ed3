"""Which release of Authentik follows, and which image and volume an upgrade sets."""

from typing import Any

import pytest

from fks_infra.config.settings import ServiceOverride
from fks_infra.errors import OperatorError
from fks_infra.roles.images import AUTHENTIK
from fks_infra.upgrade import authentik
from fks_infra.upgrade.authentik import Target

NAME = AUTHENTIK.rpartition(":")[0]
VOLUME = "fks_auth-postgres-data"


def status(version: str, following: str, **more: Any) -> dict[str, Any]:
    found = {"image": f"{NAME}:{version}", "version": version, "next": following, "refusal": ""}
    data = {"volume": more.pop("volume", VOLUME)}
    return {"authentik": {**found, **more}, "data": data, "upgrade": None}


def target(
    to: str, found: dict[str, Any], *, pending: bool = False, **override: Any
) -> Target | None:
    overrides = {name: ServiceOverride(**override) for name in authentik.SERVICES}
    return authentik.target(overrides, to, found, pending=pending)


@pytest.mark.parametrize(
    ("to", "version", "following", "image", "volume"),
    [
        # The checkout's own image where it is of the next train.
        ("", "2026.5.6", "2026.8", AUTHENTIK, "ak2026-8"),
        ("", "2026.2.1", "2026.5", f"{NAME}:2026.5", "ak2026-5"),
        ("2026.5.6", "2026.2.1", "2026.5", f"{NAME}:2026.5.6", "ak2026-5"),
        ("2026.11.0", "2026.8.6", "", f"{NAME}:2026.11.0", "ak2026-11"),
    ],
)
def test_the_next_train(to: str, version: str, following: str, image: str, volume: str) -> None:
    found = target(to, status(version, following))
    train = authentik.train(image.rpartition(":")[2])
    assert found == Target(image=image, train=train, volume=volume)


def test_the_repository_of_the_stack_is_kept() -> None:
    found = target("", status("2026.2.1", "2026.5"), image="registry.example.org/ak:2026.2.1")
    assert found is not None and found.image == "registry.example.org/ak:2026.5"


@pytest.mark.parametrize(("to", "version"), [("", "2026.8.6"), ("2026.8.7", "2026.8.6")])
def test_without_a_later_train_there_is_nothing_to_do(to: str, version: str) -> None:
    assert target(to, status(version, "")) is None


def test_a_volume_of_the_same_train_is_not_used_again() -> None:
    found = target("", status("2026.5.6", "2026.8", volume=f"{VOLUME}-ak2026-8"))
    assert found is not None and found.volume == "ak2026-8-2"


def test_an_upgrade_that_was_begun_keeps_its_volume() -> None:
    begun = status("2026.5.6", "2026.8") | {"upgrade": {"target": {"volume": f"{VOLUME}-x"}}}
    found = target("", begun, pending=True)
    assert found is not None and found.volume == "x"


@pytest.mark.parametrize(
    ("found", "override", "pending", "message"),
    [
        (status("2026.2.1", "2026.5", refusal="2026.8 would skip 2026.5"), {}, False, "would skip"),
        (status("", ""), {}, False, "cannot be read"),
        (status("2026.8.6", ""), {"digest": f"sha256:{'a' * 64}"}, False, "digest pins"),
        (status("2026.8.6", "") | {"upgrade": {}}, {}, True, "the same with --to VERSION"),
    ],
)
def test_what_cannot_follow(
    found: dict[str, Any], override: dict[str, str], pending: bool, message: str
) -> None:
    with pytest.raises(OperatorError, match=message) as caught:
        target("", found, pending=pending, **override)
    assert "Nothing was changed" in str(caught.value)


@pytest.mark.parametrize("to", ["latest", "2026", "v2026.8", "2026.8.6@sha256:0"])
def test_what_is_no_version(to: str) -> None:
    with pytest.raises(OperatorError, match="which is no version of Authentik"):
        authentik.version(to)


def test_a_step_that_leaves_media_behind_says_so() -> None:
    assert "sudo docker cp" in authentik.lost_files("2025.10.3", "2025.12")
    assert authentik.lost_files("2025.12.1", "2026.2") == ""
