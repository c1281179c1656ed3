"""Drift of the clouds and its repair with the real engine, in stand-in clouds without servers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from fks_infra.clouds.cloudflare import Cloudflare
from rehearsal.local_stack import LocalStack, local_stack
from tests.fks_infra.test_engine_delivery import run

pytestmark = pytest.mark.contract

READ = """
import dataclasses, json
from fks_infra.drift import clouds
found, notes = clouds.read("prod")
print(json.dumps([[dataclasses.asdict(one) for one in found], notes]))
"""
REPAIR = """
import sys
from fks_infra.drift import repairs
print(*repairs.in_clouds({"clouds": sys.argv[1:]}, "prod"))
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    """Deployed once; the tests run in order."""
    with local_stack("drift", "prod") as created:
        outcome = created.up()
        assert outcome.code == 0, outcome.display
        yield created


def python(stack: LocalStack, script: str, *arguments: str) -> str:
    done: subprocess.CompletedProcess[str] = run(stack, sys.executable, "-c", script, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def drift(stack: LocalStack) -> tuple[list[dict[str, Any]], list[str]]:
    found, notes = json.loads(python(stack, READ))
    return found, notes


def test_a_stack_that_was_just_deployed_has_no_drift(stack: LocalStack) -> None:
    assert drift(stack) == ([], [])


def test_records_that_were_edited_and_deleted_are_repaired(stack: LocalStack) -> None:
    cloudflare = Cloudflare.from_environ(stack.workspace.environment)
    zone = cloudflare.zone("fkstrading.xyz")
    (record,) = cloudflare.records(zone.id, "api.fkstrading.xyz")
    cloudflare.delete_record(zone.id, record)
    found, _ = drift(stack)
    assert [(one["name"], one["found"]) for one in found] == [("dns-api", "missing")]
    output = python(stack, REPAIR, *(one["repair"] for one in found))
    assert output == "clouds: done: dns-api\n"
    assert drift(stack) == ([], [])
    assert len(cloudflare.records(zone.id, "api.fkstrading.xyz")) == 1


def test_a_setting_that_is_not_deployed_is_no_drift(stack: LocalStack) -> None:
    stack.set("fks:timezone", "Europe/Rome")
    found, (note,) = drift(stack)
    assert found == []
    assert note.startswith("the checkout is not deployed (")
    assert "api-stack-deploy" in note


def test_a_cloud_that_rejects_the_token_cannot_tell(stack: LocalStack) -> None:
    stack.fault("linode", status=401, count=1000)
    (unknown,), _ = drift(stack)
    assert (unknown["place"], unknown["part"]) == ("clouds", "refresh preview")
