"""What protection prevents, with the real engine and without a preview."""

from collections.abc import Iterator

import pytest

from rehearsal.local import LocalWorkspace
from rehearsal.world.shell import CommandError
from tests.fks_infra.test_engine import (
    UP,
    clouds_state,
    configured,
    document,
    state,
    thin_workspace,
    up,
)

pytestmark = pytest.mark.contract

DESTROY = ("destroy", "--yes", "--skip-preview", "--non-interactive")


@pytest.fixture(scope="module")
def here() -> Iterator[LocalWorkspace]:
    """The thin program, up and running in multi mode with protection."""
    with thin_workspace("protection") as found:
        up(found)
        yield found


def failure(here: LocalWorkspace, *command: str) -> str:
    """What the command prints when it fails, having changed no cloud and no resource."""
    clouds, resources = clouds_state(here), {row["urn"] for row in state(here)}
    with pytest.raises(CommandError) as raised:
        here.pulumi(*command)
    assert clouds_state(here) == clouds
    assert {row["urn"] for row in state(here)} == resources
    return str(raised.value)


@pytest.mark.parametrize("options", [(), ("--refresh",), ("--parallel", "1")])
def test_a_destroy_deletes_nothing(here: LocalWorkspace, options: tuple[str, ...]) -> None:
    assert "destroy-guard" in failure(here, *DESTROY, *options)


def test_a_destroy_of_what_is_not_protected_deletes_nothing(here: LocalWorkspace) -> None:
    before = clouds_state(here)
    here.pulumi(*DESTROY, "--exclude-protected")
    assert clouds_state(here) == before


def test_a_change_of_the_mode_creates_and_deletes_nothing(here: LocalWorkspace) -> None:
    with configured(here, mode="single"):
        text = failure(here, *UP)
    assert "fks:mode single deletes the protected server auth" in text
    assert "fks:mode single deletes the protected server api" in text
    assert "server web" not in text


def test_a_replacement_of_a_protected_server_creates_and_deletes_nothing(
    here: LocalWorkspace,
) -> None:
    with configured(here, generation__api="1"):
        text = failure(here, *UP)
    assert "fks:generation.api 1 replaces the protected server api" in text


def test_without_protection_a_destroy_leaves_nothing(here: LocalWorkspace) -> None:
    here.pulumi("config", "set", "fks:protect", "false")
    up(here)
    here.pulumi(*DESTROY)
    assert "resources" not in document(here, "stack", "export")["deployment"]
