from typing import Any

import pytest

from fks_infra.config.authentik_errors import authentik_errors
from fks_infra.roles.images import AUTHENTIK

REPOSITORY = AUTHENTIK.rpartition(":")[0]
DIGEST = "sha256:" + "0" * 64


def errors(**services: dict[str, str]) -> list[str]:
    """The errors; `server` and `worker` are the fields of the two services."""
    named = {f"auth-{name}": fields for name, fields in services.items()}
    values: dict[str, Any] = {"services": named}
    return list(authentik_errors(values))


@pytest.mark.parametrize("tag", ["2025.10", "2025.10.1", "2026.8.6", "2026.11.0-rc1", "latest"])
def test_a_release_without_redis_is_accepted(tag: str) -> None:
    image = {"image": f"{REPOSITORY}:{tag}"}
    assert errors(server=image, worker=image) == []


@pytest.mark.parametrize("tag", ["2025.8.4", "2025.8", "2024.12.5"])
def test_a_release_that_needs_redis_is_an_error(tag: str) -> None:
    image = {"image": f"{REPOSITORY}:{tag}"}
    first, second = errors(server=image, worker=image)
    assert f"fks:services.auth-server.image is '{REPOSITORY}:{tag}'" in first
    assert "needs Redis" in first
    assert "write 2025.10 or newer" in first
    assert "fks:services.auth-worker.image" in second


def test_without_settings_there_is_no_error() -> None:
    assert errors() == []
    assert errors(server={"memory": "600"}) == []


@pytest.mark.parametrize(
    "services",
    [
        {"server": {"image": f"{REPOSITORY}:2026.8.5"}},
        {"worker": {"digest": DIGEST}},
        {"server": {"digest": DIGEST}, "worker": {"digest": "sha256:" + "1" * 64}},
    ],
)
def test_server_and_worker_have_one_image(services: dict[str, dict[str, str]]) -> None:
    (error,) = errors(**services)
    assert "fks:services.auth-server and fks:services.auth-worker have different images" in error
    assert "write the same image and digest for both" in error


def test_the_same_digest_for_both_is_accepted() -> None:
    assert errors(server={"digest": DIGEST}, worker={"digest": DIGEST}) == []
