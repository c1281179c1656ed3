"""`fks up` and the workflows' commands with the real engine, in stand-in clouds without servers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.delivery.drift import Outcome, is_busy
from fks_infra.delivery.last_update import LastUpdate, last_update
from fks_infra.delivery.preview import Preview, read
from rehearsal.local_stack import LocalStack, local_stack
from rehearsal.world.progress import wait_until

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    """Empty at first; the tests run in order."""
    with local_stack("delivery", "prod") as created:
        yield created


def run(stack: LocalStack, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=stack.workspace.program,
        env=dict(stack.workspace.environment),
        capture_output=True,
        text=True,
        check=False,
    )


def fks(stack: LocalStack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return run(stack, sys.executable, "-m", "fks_infra.cli", *arguments)


def fks_up(stack: LocalStack, *arguments: str) -> None:
    done = fks(stack, "up", *arguments, "--yes", "--skip-preview", "--non-interactive")
    assert done.returncode == 0, done.stdout + done.stderr


def preview(stack: LocalStack) -> Preview:
    """As drift.yml runs it."""
    options = ("--refresh", "--expect-no-changes", "--json", "--stack", "prod")
    return read(run(stack, "pulumi", "preview", *options, "--non-interactive").stdout)


def last(stack: LocalStack) -> LastUpdate:
    history = stack.workspace.pulumi("stack", "history", "--json", "--page-size", "1")
    return last_update(history, stack.workspace.pulumi("stack", "export"))


def test_a_server_is_made_part_by_part(stack: LocalStack) -> None:
    stack.fault("linode", method="POST", path="instances$", delay=3.0)
    fks_up(stack, "auth", "--part", "machine")
    assert last(stack).servers["auth"] >= 3
    assert stack.cloud_counts() == {"instances": 1, "firewalls": 1, "devices": 1, "records": 0}
    fks_up(stack, "auth", "--part", "setup")
    fks_up(stack, "auth", "--part", "services")
    assert stack.cloud_counts() == {"instances": 1, "firewalls": 1, "devices": 1, "records": 1}


def test_the_web_server_before_the_api_is_an_error_of_the_engine(stack: LocalStack) -> None:
    done = fks(stack, "up", "web", "--yes", "--skip-preview", "--non-interactive")
    assert done.returncode != 0
    assert "web-stack-deploy **failed**" in done.stdout


@pytest.mark.parametrize("part", ["machine", "setup", "services"])
def test_the_other_servers_follow_in_the_seeds_order(stack: LocalStack, part: str) -> None:
    for server in ("api", "web"):
        fks_up(stack, server, "--part", part)
    assert last(stack).result == "succeeded"


def test_the_rest_follows_with_the_whole_stack(stack: LocalStack) -> None:
    fks_up(stack, "all")
    assert stack.cloud_counts() == {"instances": 3, "firewalls": 3, "devices": 3, "records": 5}
    fks_up(stack, "api")
    assert last(stack).changes == {}


def test_the_clouds_are_as_the_program_says(stack: LocalStack) -> None:
    found = preview(stack)
    assert (found.outcome, found.changes) == (Outcome.SAME, ())
    assert any(text.startswith("fks:plan.auth is 'g6-nanode-1'") for text in found.warnings)


def test_an_update_in_progress_is_seen_in_the_state(stack: LocalStack) -> None:
    stack.set("fks:extraNames[0]", "app")
    stack.fault("cloudflare", method="POST", path="dns_records", delay=6.0)
    before = stack.workspace.pulumi("stack", "export")
    with ThreadPoolExecutor(max_workers=1) as executor:
        update = executor.submit(stack.up)
        wait_until("the update has a pending operation", lambda: idle(stack), 60)
        assert is_busy(before, stack.workspace.pulumi("stack", "export"))
    assert update.result().code == 0


def idle(stack: LocalStack) -> str | None:
    state = json.loads(stack.workspace.pulumi("stack", "export"))
    return None if state["deployment"].get("pending_operations") else "no pending operation"


def test_a_record_that_was_deleted_by_hand_is_drift(stack: LocalStack) -> None:
    cloudflare = Cloudflare.from_environ(stack.workspace.environment)
    zone = cloudflare.zone("fkstrading.xyz")
    (record,) = cloudflare.records(zone.id, "app.fkstrading.xyz")
    cloudflare.delete_record(zone.id, record)
    found = preview(stack)
    assert found.outcome is Outcome.DRIFT
    assert [(change.operation, change.name) for change in found.changes] == [
        ("create", "dns-extra-app")
    ]


def test_a_cloud_that_rejects_the_token_leaves_the_outcome_unknown(stack: LocalStack) -> None:
    stack.fault("linode", status=401, count=1000)
    assert preview(stack).outcome is Outcome.UNKNOWN
