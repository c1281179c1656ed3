import json

import pytest

from fks_infra.errors import OperatorError
from fks_infra.roles import ROLES
from fks_infra.rotate import generated


def export(*rows: dict[str, object]) -> str:
    return json.dumps({"deployment": {"resources": list(rows)}})


def row(name: str, trigger: object = 0, **fields: object) -> dict[str, object]:
    urn = f"urn:pulumi:prod::fks::fks:infra:Secrets$random:x::secrets-{name}"
    return {"urn": urn, "replacementTrigger": trigger, **fields}


def test_every_secret_that_is_rotated_is_announced() -> None:
    rotated = {one.name for role in ROLES for one in role.secrets if one.rotation}
    assert set(generated.ANNOUNCED) == rotated


def test_the_names_are_those_of_the_command() -> None:
    assert generated.names() == ["authentik-token", "db-password", "jwt", "redis-password"]
    assert generated.roles_of("db-password") == ["auth", "api"]
    assert generated.roles_of("jwt") == ["api"]


def test_the_secrets_of_the_chosen_roles_with_number_and_protection() -> None:
    state = export(row("postgres-password", 2, protect=True), row("auth-postgres-password"))
    auth, api = generated.find("db-password", ["auth", "api"], state)
    assert (auth.role, auth.name, auth.number, auth.protected) == (
        *("auth", "auth-postgres-password", 0, False),
    )
    assert (api.role, api.number, api.protected) == ("api", 2, True)
    assert api.urn.endswith("::secrets-postgres-password")
    assert generated.find("db-password", ["api"], state) == [api]


def test_the_next_number_is_one_more_unless_the_configuration_is_ahead() -> None:
    (secret,) = generated.find("jwt", ["api"], export(row("jwt-secret", 3)))
    assert [secret.next(configured) for configured in (0, 3, 4, 5)] == [4, 4, 4, 5]


@pytest.mark.parametrize(
    "state",
    ["{}", export(), export(row("jwt-secret", None)), export(row("jwt-secret", delete=True))],
)
def test_a_secret_without_a_number_in_the_state_is_an_error(state: str) -> None:
    with pytest.raises(OperatorError, match="jwt-secret is not in the stack's state"):
        generated.find("jwt", ["api"], state)
