"""nginx accepts the longest host names that the settings allow."""

from pathlib import Path

import docker
import pytest

from fks_infra.config.dns_names import MAX_NAME, is_domain
from tests.nginx.conftest import Mounts, nginx_test_output
from tests.nginx.rendered import ROLES, render

pytestmark = pytest.mark.world
# Names that 99 labels of fks:extraNames add to one server.
EXTRA = 99


def domain(length: int) -> str:
    """A domain of this length."""
    labels = (length - len("org")) // 64 * ["a" * 63]
    rest = length - len("org") - 64 * len(labels)
    return ".".join([*labels, *(["b" * (rest - 1)] if rest else []), "org"])


@pytest.mark.parametrize("length", [46, 47, 63, 111, 112, MAX_NAME - len("auth.")])
def test_nginx_accepts_a_long_domain(
    client: docker.DockerClient, image: str, mounts: Mounts, tmp_path: Path, length: int
) -> None:
    name = domain(length)
    assert (is_domain(name), len(name)) == (True, length)
    extra = [f"n{number:02}.{name}" for number in range(EXTRA)]
    render(
        tmp_path,
        *ROLES,
        AUTH_DOMAIN=f"auth.{name}",
        API_DOMAIN=f"api.{name}",
        WEB_DOMAIN=name,
        WEB_NAMES=" ".join([name, *extra]),
    )
    output = nginx_test_output(client, image, tmp_path, mounts)
    assert "test is successful" in output
    assert "[warn]" not in output
