"""What both commands of `fks upgrade` answer to bad input and to what forbids an upgrade."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli import test_upgrade_authentik as of_authentik
from tests.fks_infra.cli import test_upgrade_postgres as of_postgres
from tests.fks_infra.cli.servers import NAMES, FakeServers, run
from tests.fks_infra.cli.test_rotate import LOCK, STOP
from tests.fks_infra.cli.test_upgrade_postgres import Programs, changed, programs
from tests.fks_infra.operate.reports import GONE

__all__ = ["programs"]

# The words of the command, its server, what the server reports, and versions: the next, an earlier.
POSTGRES = ("postgres --role api", "api", of_postgres.status, "18.1", "16.9")
AUTHENTIK = ("authentik", "auth", of_authentik.status, "2026.5", "2025.12")
BOTH = pytest.mark.parametrize("command", [POSTGRES, AUTHENTIK], ids=["postgres", "authentik"])
Command = tuple[str, str, Any, str, str]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    return servers.install(monkeypatch)


def refused(
    command: Command,
    pulumi: Path,
    programs: Programs,
    *options: str,
    yes: tuple[str, ...] = ("--yes",),
) -> str:
    """The one paragraph of a command that changes nothing."""
    result = run("upgrade", *command[0].split(), *options, *yes, columns=300)
    assert result.exit_code == 2, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert (changed(pulumi), programs.words) == ([], [])
    return result.stderr


@BOTH
@pytest.mark.parametrize("version", [" ", "latest", "v18", "18.1; reboot", "sha256:0"])
def test_what_is_no_version(
    pulumi: Path, found: FakeServers, programs: Programs, command: Command, version: str
) -> None:
    _, _, status, _, _ = command
    found.reports = {name: status() for name in NAMES}
    text = refused(command, pulumi, programs, "--to", version)
    assert f"--to is {version!r}, which is no version of " in text
    assert "Next: write" in text


@BOTH
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"lock": LOCK}, "locked by ann since 2026-11-27T10:00:00Z: a restore"),
        ({"stopped": STOP}, "is stopped since"),
        ({"release": None}, "nothing is deployed. Nothing was changed"),
        (None, "was not reached"),
    ],
)
def test_what_forbids_it(
    pulumi: Path,
    found: FakeServers,
    programs: Programs,
    command: Command,
    fields: dict[str, Any] | None,
    message: str,
) -> None:
    _, server, status, version, _ = command
    own = dict(fields or {})
    if "stopped" in own:
        own["stopped"] = {server: own["stopped"]}
    reports = {name: status() for name in NAMES}
    found.reports = {**reports, server: GONE if fields is None else status(**own)}
    assert message in refused(command, pulumi, programs, "--to", version)


@BOTH
@pytest.mark.parametrize("option", ["--yes", "--back", "--finish", "--rehearse"])
def test_an_upgrade_that_another_command_began(
    pulumi: Path, found: FakeServers, programs: Programs, command: Command, option: str
) -> None:
    words, server, status, _, _ = command
    other = "authentik" if words.startswith("postgres") else "postgres"
    target = {"volume": f"fks_{server}-postgres-data-x", "image": "x:1"}
    begun = {"state": "copied", "what": other, "source": {"volume": "a"}, "target": target}
    found.reports = {name: status(upgrade=begun) for name in NAMES}
    text = refused(command, pulumi, programs, option, yes=())
    role = " --role auth" if other == "postgres" else ""
    assert f"{server}: what fks upgrade {other}{role} began is not complete" in text
    assert f"Next: fks upgrade {other}{role}, or with --back" in text


@BOTH
def test_a_pinned_image(
    pulumi: Path, found: FakeServers, programs: Programs, command: Command
) -> None:
    _, server, status, version, _ = command
    found.reports = {name: status() for name in NAMES}
    name = "auth-server" if server == "auth" else "api-postgres"
    services = {name: {"digest": f"sha256:{'a' * 64}"}}
    (pulumi / "present").write_text(json.dumps({"fks:services": {"value": json.dumps(services)}}))
    text = refused(command, pulumi, programs, "--to", version)
    assert f"Next: pulumi config rm --path fks:services.{name}.digest" in text


@BOTH
def test_no_way_back_to_an_earlier_version(
    pulumi: Path, found: FakeServers, programs: Programs, command: Command
) -> None:
    """Before the question."""
    _, server, status, _, version = command
    fields = {"authentik": {"refusal": "it cannot go back to 2025.12"}} if server == "auth" else {}
    found.reports = {name: status(**fields) for name in NAMES}
    text = refused(command, pulumi, programs, "--to", version, yes=())
    assert "cannot go back to 2025.12" in text or "which no earlier version can read" in text
    assert "Nothing was changed" in text


@BOTH
def test_an_older_checkout_has_nothing_to_do(
    pulumi: Path, found: FakeServers, programs: Programs, command: Command
) -> None:
    words, _, status, _, _ = command
    later = status("2026.8.6", authentik={"next": ""}) if words == "authentik" else status("18")
    found.reports = dict.fromkeys(NAMES, later)
    result = run("upgrade", *words.split(), columns=200)
    assert (result.exit_code, "nothing to do" in result.stdout) == (0, True)
    assert (changed(pulumi), programs.words) == ([], [])
