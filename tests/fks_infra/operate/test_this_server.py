"""The server that `fks` is run on."""

import json
from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate import this_server


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(this_server, "ROLE_FILE", tmp_path / "role")
    monkeypatch.setattr(this_server, "_MANIFEST", tmp_path / "release.json")
    return tmp_path


def test_a_machine_without_a_role_file_is_none(files: Path) -> None:
    assert not this_server.is_one()
    (files / "role").write_text("SERVER=api\nROLES=api\n")
    assert this_server.is_one()


def test_roles_and_services(files: Path) -> None:
    (files / "role").write_text("SERVER=single\nROLES=auth,api,web\n")
    assert this_server.read().services == ("edge",)
    services = {"auth": ["auth-server"], "api": ["api", "api-2"], "web": []}
    (files / "release.json").write_text(json.dumps({"services": services}))
    found = this_server.read()
    assert (found.name, found.roles) == ("single", ("auth", "api", "web"))
    assert found.services == ("auth-server", "api", "api-2", "edge")


def test_a_damaged_role_file_names_the_remedy(files: Path) -> None:
    (files / "role").write_text("ROLES=api\n")
    with pytest.raises(OperatorError, match="has no SERVER: bootstrap this server"):
        this_server.read()
