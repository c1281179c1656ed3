"""Single fields of `fks:services` in the stack's file."""

from pathlib import Path

from fks_infra.config import service_settings
from tests.fks_infra.cli.test_rollback import calls


def test_all_values_are_set_at_once_and_the_others_removed(pulumi: Path) -> None:
    values = {"image": "a:1", "volume": "pg18", "memory": None}
    service_settings.write("prod", {"api-postgres": values, "auth-server": {"image": "b:2"}})
    path = "fks:services.api-postgres"
    assert calls(pulumi, "config") == [
        f"config set-all --path --plaintext {path}.image=a:1 --plaintext {path}.volume=pg18 "
        "--plaintext fks:services.auth-server.image=b:2 --stack prod",
        f"config rm --path {path}.memory --stack prod",
    ]
