"""What the real engine does with a rotated password, which is protected."""

from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.local import LocalWorkspace
from tests.fks_infra.test_engine import configured, preview_error, state, steps, thin_workspace, up

pytestmark = pytest.mark.contract

NAME = "secrets-redis-password"


@pytest.fixture(scope="module")
def here() -> Iterator[LocalWorkspace]:
    """The thin program, up and running in multi mode with protection."""
    with thin_workspace("rotation") as found:
        up(found)
        yield found


def password(here: LocalWorkspace) -> dict[str, Any]:
    (found,) = [row for row in state(here) if row["urn"].endswith(f"::{NAME}")]
    return found


def test_a_number_in_the_configuration_alone_is_an_error(here: LocalWorkspace) -> None:
    with configured(here, **{"rotation__redis-password": "1"}):
        text = preview_error(here)
    assert "fks:rotation.redis-password is 1, which replaces a secret that is in service" in text
    assert "run fks rotate redis-password" in text


def test_an_unprotected_password_is_replaced_once_and_protected_again(here: LocalWorkspace) -> None:
    before, others = password(here), {row["urn"] for row in state(here)}
    here.pulumi("state", "unprotect", before["urn"], "--yes")
    here.pulumi("config", "set", "--path", "fks:rotation.redis-password", "1")
    assert steps(here) == {"replace": {NAME}}
    up(here)
    after = password(here)
    assert after["outputs"]["bcryptHash"] != before["outputs"]["bcryptHash"]
    assert after["protect"] is True
    assert {row["urn"] for row in state(here)} == others
    assert steps(here) == {}


def test_an_older_checkout_replaces_nothing(here: LocalWorkspace) -> None:
    with configured(here):
        here.pulumi("config", "rm", "--path", "fks:rotation.redis-password")
        text = preview_error(here)
    assert "fks:rotation.redis-password is not set, and the stack has rotation 1" in text
    assert "pulumi config set --path fks:rotation.redis-password 1" in text
