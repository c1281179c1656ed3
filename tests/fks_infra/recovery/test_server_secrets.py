"""The secrets that the servers' files hold become the values that were generated."""

from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.recovery import server_secrets
from fks_infra.release.deploy_request import secret_files
from fks_infra.remote.inventory import DeployedServer
from fks_infra.roles import ROLES

VALUES = {secret.name: f"Canary{n}" for n, role in enumerate(ROLES) for secret in role.secrets}
NAMES = [role.name for role in ROLES]


def printed(**changes: str) -> str:
    """What grep prints of all files."""
    files = {
        f"{role.name}/{name}": text
        for role in ROLES
        for name, text in secret_files(role, VALUES).items()
    }
    rows = (files | changes).items()
    return "".join(f"/etc/fks/secrets/{path}:{text}\n" for path, text in rows)


def test_every_value_is_read_back() -> None:
    files = server_secrets.by_file(printed())
    assert server_secrets.of_roles(NAMES, files) == VALUES


def test_a_server_has_the_secrets_of_its_roles() -> None:
    found = server_secrets.of_roles(["api"], server_secrets.by_file(printed()))
    assert {*found} == {"postgres-password", "redis-password", "jwt-secret"}
    assert server_secrets.of_roles(["web"], {}) == {}


def test_files_that_do_not_agree_are_an_error_without_the_values() -> None:
    files = server_secrets.by_file(printed(**{"api/JWT_SECRET_KEY": "Other"}))
    with pytest.raises(OperatorError) as raised:
        server_secrets.of_roles(NAMES, files)
    assert "the files of jwt-secret in /etc/fks/secrets have 2 values" in str(raised.value)
    assert "Canary" not in str(raised.value)


def test_a_file_that_is_missing_is_an_error() -> None:
    with pytest.raises(OperatorError, match="jwt-secret in /etc/fks/secrets have 0 values"):
        server_secrets.of_roles(["api"], {})


def test_a_file_may_have_several_lines() -> None:
    text = "/etc/fks/secrets/a/B:one\n/etc/fks/secrets/a/B:two:2\n/etc/fks/backup/password:x\n"
    assert server_secrets.by_file(text) == {
        "secrets/a/B": "one\ntwo:2",
        "backup/password": "x",
    }


def server(name: str) -> DeployedServer:
    return DeployedServer(name=name, roles=(name,), instance_id="7", address=f"100.64.0.{name}")


def read(monkeypatch: pytest.MonkeyPatch, **passwords: str) -> dict[str, str]:
    """Of servers by role, each with its password of the repository, or none."""

    def output(one: DeployedServer, *_: object) -> str:
        if one.name == "gone":
            raise OSError("Permission denied (publickey).")
        line = f"/etc/fks/backup/password:{passwords[one.name]}\n" if passwords[one.name] else ""
        return printed() + line

    monkeypatch.setattr(server_secrets, "output_of", output)
    return server_secrets.read([server(name) for name in passwords], Path("/key"))


def test_the_servers_with_data_have_one_password_of_the_repository(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = read(monkeypatch, api="Same", auth="Same", web="")
    assert found == VALUES | {"backup-password": "Same"}
    assert "backup-password" not in read(monkeypatch, api="", auth="", web="")
    with pytest.raises(OperatorError, match="have 2 passwords of the repositories"):
        read(monkeypatch, api="One", auth="Two")


def test_a_server_that_refuses_the_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperatorError, match=r"the secrets on gone .* Permission denied"):
        read(monkeypatch, gone="")
