"""What stack files and overrides require of a world."""

from pathlib import Path

import pytest

from rehearsal.world.names import REGISTRY_NAMES
from rehearsal.world.requirements import requirements_of, split_image

STACK = """
config:
  fks:domain: shop.example.org
  fks:zone: example.org
  fks:services:
    web: {image: "registry.example.net/shop/web:2"}
    api: {memory: 512}
"""


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("redis", ("docker.io", "library/redis", "latest")),
        ("team/app:1", ("docker.io", "team/app", "1")),
        ("ghcr.io/team/app", ("ghcr.io", "team/app", "latest")),
        ("registry.example.net:5000/a/b:x", ("registry.example.net:5000", "a/b", "x")),
    ],
)
def test_an_image_name_gets_dockers_defaults(name: str, parts: tuple[str, ...]) -> None:
    assert split_image(name) == parts


def test_stack_files_and_overrides_are_combined(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.shop.yaml").write_text(STACK)
    (tmp_path / "Pulumi.empty.yaml").write_text("config:\n")
    overrides = {"fks:domain": "other.example", "fks:services.edge.image": "team/edge:3"}
    requirements = requirements_of(tmp_path, overrides)
    assert requirements.zones == ("example.org", "other.example")
    assert requirements.images == {
        "registry.example.net/shop/web:2": "docker.io/nuniesmith/fks:web-latest",
        "team/edge:3": "docker.io/library/nginx:1.30-trixie",
    }
    assert requirements.registries == (*REGISTRY_NAMES, "registry.example.net")
