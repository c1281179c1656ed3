"""`up` is killed while it replaces a server: what the next runs do, with the real engine."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from rehearsal.local import LocalWorkspace, local_workspace
from rehearsal.world.shell import CommandError
from tests.fks_infra import thin_program
from tests.fks_infra.local_clouds import UP, clouds_state, up_killed_after
from tests.fks_infra.test_engine import steps, up

pytestmark = pytest.mark.contract

# More events than any `up` has.
NEVER = 10**6
INSTANCE = "WebServer$fks:infra:Machine$linode:index/instance:Instance::web-machine-instance"
DELETION = f"resourcePreEvent delete-replaced urn:pulumi:prod::fks::fks:infra:{INSTANCE}"


@pytest.fixture(scope="module")
def here() -> Iterator[LocalWorkspace]:
    """The thin program, up and running in multi mode."""
    with local_workspace("replacement-kills") as found:
        shutil.copy(thin_program.__file__, found.program / "__main__.py")
        found.select_stack("prod")
        quick = LocalWorkspace(found.program, {**found.environment, "LINODE_EVENT_POLL_MS": "100"})
        up(quick)
        yield quick


def replace(here: LocalWorkspace, generation: int) -> None:
    """Configure another generation of the server web."""
    here.pulumi("config", "set", "--path", "fks:generation.web", str(generation))


def duplicates(here: LocalWorkspace) -> list[str]:
    """Labels of instances and firewalls, and descriptions of keys, that occur more than once."""
    clouds = clouds_state(here)
    names = [f"instance {row['label']}" for row in clouds["linode"]["instances"]]
    names += [f"firewall {row['label']}" for row in clouds["linode"]["firewalls"]]
    names += [f"key {row['description']}" for row in clouds["tailscale"]["keys"]]
    names += [f"record {row['type']} {row['name']}" for row in clouds["cloudflare"]["records"]]
    return [name for name, count in Counter(names).items() if count > 1]


def assert_converges(here: LocalWorkspace) -> None:
    """An `up`, maybe with a refresh if the first one asks for it; then there is nothing to do."""
    keys = clouds_state(here)["tailscale"]
    try:
        here.pulumi(*UP)
    except CommandError as error:
        assert "run pulumi up --refresh" in str(error)
        assert clouds_state(here)["tailscale"] == keys
        here.pulumi(*UP, "--refresh")
    assert steps(here) == {}
    assert duplicates(here) == []


def test_a_kill_during_the_deletion_of_a_server_needs_a_refresh(here: LocalWorkspace) -> None:
    replace(here, 1)
    # The deletion is done, and the provider has not seen it.
    slow = LocalWorkspace(here.program, {**here.environment, "LINODE_EVENT_POLL_MS": "8000"})
    assert up_killed_after(slow, DELETION, 2).startswith("killed after event")
    before = clouds_state(here)
    for _ in range(2):
        with pytest.raises(CommandError) as raised:
            here.pulumi(*UP)
        assert "404" not in str(raised.value)
        assert clouds_state(here) == before
    assert_converges(here)


@pytest.mark.full
def test_a_kill_at_any_event_of_a_replacement_converges(here: LocalWorkspace) -> None:
    replace(here, 2)
    (count,) = re.findall(r"ended with 0 after (\d+) events", up_killed_after(here, NEVER))
    for event in range(1, int(count)):
        replace(here, 2 + event)
        report = up_killed_after(here, event)
        assert report.startswith("killed after event"), report
        assert_converges(here)
