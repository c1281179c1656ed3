"""`up` is killed while it replaces a server: what the next runs do, with the real engine."""

from collections import Counter
from collections.abc import Iterator
from itertools import count

import pytest

from rehearsal.local import LocalWorkspace
from rehearsal.local_stack import LocalStack
from rehearsal.world.shell import CommandError
from tests.fks_infra.test_engine import UP, clouds_state, steps, thin_workspace, up

pytestmark = pytest.mark.contract

PARTS = ("instance", "tailnet-key")
GENERATIONS = count(1)


@pytest.fixture(scope="module")
def here() -> Iterator[LocalWorkspace]:
    """The thin program, up and running in multi mode."""
    with thin_workspace("replacement-kills") as found:
        up(found)
        yield found


def kill_replacement(
    here: LocalWorkspace, kind: str, operation: str, part: str, delay: float = 0.0
) -> None:
    """Raise the generation of the server web, and kill the `up` after this event of a part."""
    here.pulumi("config", "set", "--path", "fks:generation.web", str(next(GENERATIONS)))
    event = f"{kind} {operation} .*::web-machine-{part}$"
    report = LocalStack(here, "prod").up_killed_after(event, delay)
    assert report.startswith("killed after event"), report


def duplicates(here: LocalWorkspace) -> list[str]:
    """What exists more than once of the things of which a server or a name has one."""
    clouds = clouds_state(here)
    found = [f"instance {row['label']}" for row in clouds["linode"]["instances"]]
    found += [f"firewall {row['label']}" for row in clouds["linode"]["firewalls"]]
    found += [f"key {row['description']}" for row in clouds["tailscale"]["keys"]]
    found += [f"record {row['type']} {row['name']}" for row in clouds["cloudflare"]["records"]]
    return [thing for thing, number in Counter(found).items() if number > 1]


def assert_converges(here: LocalWorkspace) -> None:
    """An `up`, with a refresh if the first one names it; then nothing is left to do."""
    keys = clouds_state(here)["tailscale"]
    try:
        here.pulumi(*UP)
    except CommandError as error:
        assert "404" not in str(error)
        assert "run pulumi up --refresh" in str(error)
        assert clouds_state(here)["tailscale"] == keys
        here.pulumi(*UP, "--refresh")
    assert steps(here) == {}
    assert duplicates(here) == []


def test_a_kill_during_the_deletion_of_a_server_needs_a_refresh(here: LocalWorkspace) -> None:
    # The deletion is done, and the provider has not seen it.
    slow = LocalWorkspace(here.program, {**here.environment, "LINODE_EVENT_POLL_MS": "20000"})
    kill_replacement(slow, "resourcePreEvent", "delete-replaced", "instance", 4)
    before = clouds_state(here)
    for _ in range(2):
        with pytest.raises(CommandError, match="run pulumi up --refresh") as raised:
            here.pulumi(*UP)
        assert "404" not in str(raised.value)
        assert clouds_state(here) == before
    assert_converges(here)


def test_two_kills_in_a_row_after_the_deletion_converge(here: LocalWorkspace) -> None:
    """The first run adopts the instance under another name, which the second kill finds."""
    for _ in range(2):
        kill_replacement(here, "resourcePreEvent", "create-replacement", "instance", 0.3)
        assert_converges(here)


@pytest.mark.full
@pytest.mark.independent
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["resourcePreEvent", "resOutputsEvent"])
@pytest.mark.parametrize("operation", ["create-replacement", "delete-replaced"])
@pytest.mark.parametrize("part", PARTS)
def test_a_kill_at_a_step_of_a_replacement_converges(
    here: LocalWorkspace, part: str, operation: str, kind: str
) -> None:
    kill_replacement(here, kind, operation, part)
    assert_converges(here)
