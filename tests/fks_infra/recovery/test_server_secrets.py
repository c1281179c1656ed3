"""The secrets that the servers' files hold become the values that were generated."""

import pytest

from fks_infra.errors import OperatorError
from fks_infra.recovery import server_secrets
from fks_infra.release.deploy_request import secret_files
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
    text = "/etc/fks/secrets/a/B:one\n/etc/fks/secrets/a/B:two:2\n"
    assert server_secrets.by_file(text) == {"a/B": "one\ntwo:2"}
