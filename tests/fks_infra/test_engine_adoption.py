"""What the real engine makes of the lines that `fks adopt-dns` prints."""

import json
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from fks_infra.preflight.record_conflicts import RECORD
from fks_infra.topology import caa
from rehearsal.local import LocalWorkspace
from rehearsal.world.shell import run
from tests.fks_infra.test_engine import preview_error, state, steps, thin_workspace, up

pytestmark = pytest.mark.contract

DOMAIN = "fkstrading.xyz"
FKS = "from fks_infra.cli.app import main; main()"
BY_HAND: dict[str, dict[str, Any]] = {
    "dns-auth": {"name": f"auth.{DOMAIN}", "type": "A", "content": "203.0.113.9", "ttl": 300},
    "dns-web": {"name": DOMAIN, "type": "A", "content": "203.0.113.9", "proxied": True},
    "dns-caa": {
        "name": DOMAIN,
        "type": "CAA",
        "data": caa.data("letsencrypt.org"),
        "comment": "by hand",
    },
}


@pytest.fixture
def here() -> Iterator[LocalWorkspace]:
    """The thin program on a stack that was never deployed."""
    with thin_workspace("adoption") as found:
        yield found


def cloudflare(here: LocalWorkspace, path: str, **body: Any) -> Any:
    """What Cloudflare answers: to a GET, or to a POST of what is given."""
    request = urllib.request.Request(
        here.environment["CLOUDFLARE_BASE_URL"] + path,
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": f"Bearer {here.environment['CLOUDFLARE_API_TOKEN']}"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["result"]


def adopt_dns(here: LocalWorkspace) -> str:
    """What the command prints."""
    environment = {**here.environment, "PYTHONPATH": str(here.program)}
    command = [sys.executable, "-c", FKS, "adopt-dns", "--stack", "prod"]
    return run(command, cwd=here.program, env=environment)


def paste(here: LocalWorkspace, lines: str) -> None:
    run(["sh", "-e"], cwd=here.program, env=here.environment, stdin=lines)


def test_records_made_by_hand_are_updated_in_place(here: LocalWorkspace) -> None:
    zone = f"/zones/{cloudflare(here, '/zones')[0]['id']}/dns_records"
    made = {name: cloudflare(here, zone, **fields)["id"] for name, fields in BY_HAND.items()}
    assert "Run fks adopt-dns --stack prod" in preview_error(here)

    lines = adopt_dns(here)
    paste(here, lines)
    planned = steps(here)
    assert planned["update"] == set(made)
    assert not {"delete", "replace"} & set(planned)
    up(here)

    stored = {r["urn"].split("::")[-1]: r for r in state(here) if r["type"] == RECORD}
    assert {name: stored[name]["id"] for name in made} == made
    assert all("Server$fks:infra:DnsRecords$" in record["urn"] for record in stored.values())
    now = cloudflare(here, zone)
    assert {record["id"] for record in now} == {record["id"] for record in stored.values()}
    assert {record["comment"] for record in now} == {"fks prod"}
    assert {record["content"] for record in now if record["type"] == "A"} == {"100.64.0.9"}
    assert not any(record["proxied"] for record in now)
    assert steps(here) == {}
    assert adopt_dns(here).startswith("# Nothing to adopt")

    # Pasted once more it would make the next up delete the record, were that not protected.
    paste(here, lines.splitlines()[1])
    assert "cannot be deleted" in preview_error(here)
