"""`fks adopt-dns` with a scripted pulumi and a stand-in Cloudflare."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fks_infra.cli import adopt_dns
from fks_infra.cli.app import app
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.errors import OperatorError
from fks_infra.preflight.record_conflicts import RECORD
from fks_infra.topology import caa
from rehearsal.clouds.app import Clouds
from tests.fks_infra.cloudflare_stand_in import cloudflare, served
from tests.fks_infra.doctor.conftest import ZONE

__all__ = ["cloudflare", "served"]

TOKEN = "rehearsal-canary-cloudflare"
FAKE = """#!/bin/sh
echo "$*" >> "{here}/calls"
case "$*" in
  *"stack --show-name"*) echo prod ;;
  *"config --json"*) cat "{here}/config" ;;
  *"stack export"*) cat "{here}/state" ;;
  *"stack output"*) echo '{{}}' ;;
esac
"""


@pytest.fixture
def clouds(cloudflare: tuple[Clouds, str], monkeypatch: pytest.MonkeyPatch) -> Clouds:
    """Clouds without any resource, and the environment with their addresses; no retries."""
    found, address = cloudflare
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", address)
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
    monkeypatch.setattr(adopt_dns, "RETRY", RetryPolicy(seconds=0.0))
    return found


@pytest.fixture(autouse=True)
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the files that pulumi prints; `calls` has its arguments."""
    script = tmp_path / "bin" / "pulumi"
    script.parent.mkdir()
    script.write_text(FAKE.format(here=tmp_path))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "config").write_text(json.dumps({"fks:domain": {"value": ZONE}}))
    (tmp_path / "state").write_text('{"version": 3, "deployment": {}}')
    monkeypatch.setenv("PATH", str(script.parent), prepend=":")
    return tmp_path


def record(clouds: Clouds, name: str, kind: str = "A", **fields: Any) -> tuple[str, str]:
    """Create one; returns the zone's id and its own."""
    zone = next(iter(clouds.cloudflare.zones))
    made = clouds.cloudflare.create(zone, {"name": name, "type": kind, "ttl": 1, **fields})
    return zone, str(made["id"])


def run(*options: str) -> list[str]:
    result = CliRunner().invoke(app, ["adopt-dns", *options])
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def error(*options: str) -> str:
    result = CliRunner().invoke(app, ["adopt-dns", *options])
    assert isinstance(result.exception, OperatorError)
    assert TOKEN not in str(result.exception)
    return str(result.exception)


def test_every_conflicting_record_has_its_command(clouds: Clouds) -> None:
    made = {
        "dns-auth": record(clouds, f"auth.{ZONE}", content="203.0.113.9"),
        "dns-web": record(clouds, ZONE, content="100.64.0.7"),
        "dns-caa": record(clouds, ZONE, "CAA", data=caa.data("letsencrypt.org")),
        "dns-extra-www": record(clouds, f"www.{ZONE}", content="203.0.113.9"),
    }
    record(clouds, f"shop.{ZONE}", content="203.0.113.9")
    lines = run("--stack", "prod")
    assert [line for line in lines if not line.startswith("#")] == [
        f"pulumi import {RECORD} {name} {zone}/{number} --stack prod --protect "
        f"--generate-code=false --yes"
        for name, (zone, number) in made.items()
    ]
    assert lines[-1] == "# After that: pulumi preview --stack prod, then pulumi up --stack prod"


@pytest.mark.parametrize("issuer", ["ca.example", ""])
def test_a_caa_record_of_another_authority_does_not_conflict(
    clouds: Clouds, pulumi: Path, issuer: str
) -> None:
    config = {"fks:domain": {"value": ZONE}, "fks:caaIssuer": {"value": issuer}}
    (pulumi / "config").write_text(json.dumps(config))
    record(clouds, ZONE, "CAA", data=caa.data("letsencrypt.org"))
    (line,) = run()
    assert line.startswith("# Nothing to adopt")


def test_a_record_of_the_state_needs_nothing(clouds: Clouds, pulumi: Path) -> None:
    _, number = record(clouds, f"auth.{ZONE}", content="203.0.113.9")
    entry = {"urn": f"urn:pulumi:prod::fks::{RECORD}::dns-auth", "type": RECORD, "custom": True}
    state = {"deployment": {"resources": [{**entry, "id": number}]}}
    (pulumi / "state").write_text(json.dumps(state))
    (line,) = run()
    assert line == f"# Nothing to adopt: no record of {ZONE} conflicts with stack prod."


def test_nothing_is_changed(clouds: Clouds, pulumi: Path) -> None:
    record(clouds, f"auth.{ZONE}", content="203.0.113.9")
    before = clouds.cloudflare.state()
    run("--stack", "blue")
    assert clouds.cloudflare.state() == before
    assert {entry["method"] for entry in clouds.journal.select()} == {"GET"}
    calls = (pulumi / "calls").read_text().splitlines()
    assert sorted(calls) == [
        "--non-interactive config --json --stack blue",
        "--non-interactive stack export --stack blue",
        "--non-interactive stack output --json --stack blue",
    ]


def test_a_missing_token_is_named(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    assert error() == "CLOUDFLARE_API_TOKEN is not set. export CLOUDFLARE_API_TOKEN=..."
    assert clouds.cloudflare.all_records() == []


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/zones$", 403, "Cloudflare rejects CLOUDFLARE_API_TOKEN (hidden): GET http"),
        ("dns_records$", 403, "Cloudflare rejects CLOUDFLARE_API_TOKEN (hidden): GET http"),
        ("dns_records$", 500, "GET http"),
    ],
)
def test_an_error_of_cloudflare_is_a_paragraph(
    clouds: Clouds, path: str, status: int, text: str
) -> None:
    fault = {"cloud": "cloudflare", "path": path, "status": status, "count": 1000}
    clouds.faults.add(fault)
    assert error().startswith(text)


def test_the_error_for_a_stack_without_a_domain_has_the_command(
    clouds: Clouds, pulumi: Path
) -> None:
    (pulumi / "config").write_text("{}")
    assert error("--stack", "blue") == "fks:domain is not set. Run fks init --stack blue."
    assert clouds.cloudflare.all_records() == []
