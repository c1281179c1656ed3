import json
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import release
from host.fks_deploy.errors import DeployError

DOCUMENT: dict[str, Any] = {
    "server": "api",
    "project": "fks",
    "compose_file": "compose/api.yaml",
    "authority": {"server": "https://acme.example/", "email": "", "dns_propagation_seconds": 7},
    "certificates": [{"name": "api", "domains": ["a.example", "b.example"]}],
    "callers": {"api": ["tag:fks-web"]},
    "probes": [{"name": "api", "host": "a.example", "path": "/", "expect": {"text": "ok"}}],
}


def unpacked(directory: Path, document: dict[str, Any]) -> Path:
    (directory / "release.json").write_text(json.dumps(document))
    (directory / "release.env").write_text("TZ=UTC\n")
    return directory


def test_a_release_is_loaded_from_its_two_files(tmp_path: Path) -> None:
    loaded = release.load(unpacked(tmp_path, DOCUMENT))
    assert (loaded.digest, loaded.env) == (tmp_path.name, {"TZ": "UTC"})
    assert loaded.authority.dns_propagation_seconds == 7
    assert loaded.certificates[0].domains == ("a.example", "b.example")
    assert (loaded.probes[0].status, loaded.probes[0].text) == (200, "ok")


def test_a_release_with_the_old_name_of_the_wait_is_loaded(tmp_path: Path) -> None:
    """A rollback may load it."""
    authority = {"server": "https://acme.example/", "email": "", "dns_wait": 9}
    loaded = release.load(unpacked(tmp_path, {**DOCUMENT, "authority": authority}))
    assert loaded.authority.dns_propagation_seconds == 9


@pytest.mark.parametrize("key", sorted(DOCUMENT))
def test_the_error_names_a_missing_key(tmp_path: Path, key: str) -> None:
    document = {name: value for name, value in DOCUMENT.items() if name != key}
    with pytest.raises(DeployError, match=f"lacks the key '{key}'"):
        release.load(unpacked(tmp_path, document))


def test_the_error_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"release\.json"):
        release.load(tmp_path)


@pytest.mark.parametrize(("role", "found"), [("SERVER=web\n", "'web'"), (None, r"'\?'")])
def test_the_release_of_another_server_is_an_error(
    tmp_path: Path, role: str | None, found: str
) -> None:
    loaded = release.load(unpacked(tmp_path, DOCUMENT))
    file = tmp_path / "role"
    if role:
        file.write_text(role)
    with pytest.raises(DeployError, match=f"is for the server 'api', but SERVER in .* is {found}"):
        release.check_server(loaded, file)
