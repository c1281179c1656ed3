"""A lost state is made again with the real engine, in stand-in clouds without servers."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal.local_stack import LocalStack, local_stack
from tests.fks_infra.test_engine_delivery import run

pytestmark = pytest.mark.contract

PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"

# The servers of this stack do not run: their secrets and host keys come from the test.
RECOVER = """
import json, sys
from fks_infra.cli.app import main
from fks_infra.recovery import server_secrets
from fks_infra.steps import host_key
values = json.load(sys.stdin)
host_key.scan = lambda address: "ssh-ed25519 AAAA"
server_secrets.read = lambda servers, key: values
sys.argv = ["fks", "recover-state", "--stack", "prod", "--yes"]
main()
"""


def secrets(stack: LocalStack) -> dict[str, str]:
    """The generated secrets by name."""
    text = stack.workspace.pulumi("stack", "export", "--show-secrets")
    return {
        row["urn"].rpartition("::secrets-")[2]: json.loads(row["outputs"]["result"]["plaintext"])
        for row in json.loads(text)["deployment"]["resources"]
        if row["type"].endswith(":RandomPassword")
    }


def backend(stack: LocalStack) -> Path:
    url = stack.workspace.environment["PULUMI_BACKEND_URL"]
    return Path(url.removeprefix("file://").partition("?")[0])


def recover(stack: LocalStack, values: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", RECOVER],
        cwd=stack.workspace.program,
        env=dict(stack.workspace.environment),
        input=json.dumps(values),
        capture_output=True,
        text=True,
        check=False,
    )


def operations(stack: LocalStack) -> dict[str, list[str]]:
    """The names of the resources of each operation that the last preview planned."""
    found: dict[str, list[str]] = {}
    for event in stack.events():
        metadata = event.get("resourcePreEvent", {}).get("metadata", {})
        if metadata:
            found.setdefault(metadata["op"], []).append(metadata["urn"].rpartition("::")[2])
    return found


@pytest.fixture(scope="module")
def lost() -> Iterator[tuple[LocalStack, dict[str, str], dict[str, Any]]]:
    """A stack whose state was lost, its secrets, and the clouds."""
    with local_stack("recovery", "prod") as stack:
        outcome = stack.up()
        assert outcome.code == 0, outcome.display
        before, clouds = secrets(stack), stack.clouds_state()
        shutil.rmtree(backend(stack))
        backend(stack).mkdir()
        stack.workspace.pulumi("stack", "select", "--create", "prod")
        yield stack, before, clouds


Lost = tuple[LocalStack, dict[str, str], dict[str, Any]]


def test_the_secrets_and_records_are_imported_and_no_server_is_replaced(lost: Lost) -> None:
    stack, before, _ = lost
    done = recover(stack, before)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(before)} secrets and 5 DNS records are in the state" in done.stdout
    assert not [value for value in before.values() if value in done.stdout + done.stderr]
    assert secrets(stack) == before
    files = [path for path in backend(stack).rglob("*") if path.is_file()]
    stored = "".join(path.read_text(errors="replace") for path in files)
    assert not [value for value in before.values() if value in stored]
    outcome = stack.preview()
    assert outcome.code == 0, outcome.display
    planned = operations(stack)
    assert sorted(planned["import"]) == [
        f"{server}-machine-{kind}"
        for server in ("api", "auth", "web")
        for kind in ("firewall", "instance")
    ]
    assert not {"delete", "replace", "create-replacement", "delete-replaced"} & {*planned}


def test_the_next_up_keeps_servers_records_and_secrets(lost: Lost) -> None:
    stack, before, clouds = lost
    outcome = stack.up()
    assert outcome.code == 0, outcome.display
    assert secrets(stack) == before
    after = stack.clouds_state()
    for cloud, kind in (
        ("linode", "instances"),
        ("linode", "firewalls"),
        ("cloudflare", "records"),
    ):
        assert after[cloud][kind] == clouds[cloud][kind]
    assert stack.preview().display.count("unchanged") and "create" not in operations(stack)


def test_a_complete_state_is_left_alone(lost: Lost) -> None:
    stack, before, _ = lost
    done = recover(stack, before)
    assert done.returncode == 0
    assert "has every generated secret; nothing was changed" in done.stdout


def test_a_lost_passphrase_costs_the_settings_that_are_secret(lost: Lost) -> None:
    stack, before, clouds = lost
    renewed = replace(
        stack.workspace, environment={**stack.workspace.environment, PASSPHRASE: "new"}
    )
    stack = LocalStack(renewed, stack.stack)
    init = ("-m", "fks_infra.cli", "init", "--stack", "prod", "--new-secrets", "--yes")
    refused = run(stack, sys.executable, *init)
    assert refused.returncode == 1
    command = "pulumi stack rm prod --force --yes --preserve-config"
    assert f"Next: {command}, then the same again" in refused.stderr
    assert run(stack, *command.split()).returncode == 0
    done = run(stack, sys.executable, *init)
    assert done.returncode == 0, done.stderr
    assert "Removed from Pulumi.prod.yaml: fks:deployKey, fks:acmeDnsToken" in done.stdout
    assert recover(stack, before).returncode == 0
    outcome = stack.up()
    assert outcome.code == 0, outcome.display
    assert secrets(stack) == before
    assert stack.clouds_state()["linode"]["instances"] == clouds["linode"]["instances"]
