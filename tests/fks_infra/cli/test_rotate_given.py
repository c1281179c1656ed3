"""`fks rotate dns-token`: checked before it is stored; the old one must be refused at the end."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from fks_infra.cli import rotate, rotate_given
from fks_infra.clouds.http import RejectedError, UnavailableError
from fks_infra.rotate.given import GIVEN
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import NAMES, run
from tests.fks_infra.cli.test_rollback import calls

OLD, NEW = "canary-old", "canary-new"
Accepted = Callable[..., None]


@pytest.fixture
def accepted(monkeypatch: pytest.MonkeyPatch, pulumi: Path) -> Accepted:
    """Makes Cloudflare accept these tokens, or raise an error; the stack has the old one."""
    fake = servers.install(monkeypatch)
    report: dict[str, object] = {
        "server": "",
        "time": "",
        "lock": None,
        "stopped": {},
        "release": "a",
    }
    fake.reports = dict.fromkeys(NAMES, report)
    monkeypatch.setenv("FKS_ACME_DNS_TOKEN", NEW)
    script = pulumi / "bin" / "pulumi"
    read = f'case "$*" in *"config get fks:acmeDnsToken"*) echo {OLD}; exit ;; esac\n'
    script.write_text(script.read_text().replace("case", f"{read}case", 1))

    def accept(*values: str, error: Exception | None = None) -> None:
        def log_in(value: str) -> None:
            if value == OLD and error:
                raise error
            if value not in values:
                raise RejectedError("Cloudflare rejects it", status=403)

        given = replace(GIVEN["dns-token"], logins=lambda _, value: [partial(log_in, value)])
        monkeypatch.setitem(rotate._ROTATIONS, "dns-token", partial(rotate_given.run, given))

    return accept


def test_the_new_one_is_stored_by_standard_input_and_deployed(
    accepted: Accepted, pulumi: Path
) -> None:
    accepted(NEW)
    result = run("rotate", "dns-token", "--yes", columns=100)
    assert result.exit_code == 0, result.stderr
    assert (pulumi / "fks:acmeDnsToken").read_text() == NEW
    (up,) = calls(pulumi, "up --stack")
    assert up.endswith("--target **fks:infra:Verify** --yes --skip-preview")
    assert "The old dns-token is refused." in result.stdout
    assert NEW not in result.output + (pulumi / "calls").read_text()
    assert OLD not in result.output


def test_an_old_one_that_is_still_accepted_is_incomplete(accepted: Accepted) -> None:
    accepted(OLD, NEW)
    result = run("rotate", "dns-token", "--yes", columns=100)
    assert result.exit_code == 1
    assert "The old dns-token may still be accepted" in result.stderr
    assert "delete it at https://dash.cloudflare.com" in result.stderr


def test_whether_the_old_one_is_refused_may_be_unknown(accepted: Accepted) -> None:
    accepted(NEW, error=UnavailableError("no answer"))
    result = run("rotate", "dns-token", "--yes", columns=100)
    assert result.exit_code == 1
    assert "Whether the old dns-token is refused is not known: no answer" in result.stderr


def test_the_wait_ends_when_the_old_one_is_deleted(
    accepted: Accepted, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(OLD, NEW)
    monkeypatch.setattr(rotate_given, "PAUSE", 0.0)
    answers = iter([True, True, False])
    given = GIVEN["dns-token"]
    monkeypatch.setattr(type(given), "accepted", lambda *_: next(answers))
    assert rotate_given._refused_within(60.0, "prod", given, OLD)


def test_a_new_one_that_is_refused_changes_nothing(accepted: Accepted, pulumi: Path) -> None:
    accepted(OLD)
    result = run("rotate", "dns-token", "--yes", columns=100)
    assert result.exit_code == 2
    assert "the new dns-token (hidden) is not accepted: Cloudflare rejects it" in result.stderr
    assert not (pulumi / "fks:acmeDnsToken").exists()
    assert calls(pulumi, "up --stack") == []


def test_without_a_new_one_nothing_is_changed(
    accepted: Accepted, pulumi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(OLD)
    monkeypatch.delenv("FKS_ACME_DNS_TOKEN")
    result = run("rotate", "dns-token", "--yes", columns=100)
    assert result.exit_code == 2
    assert "export FKS_ACME_DNS_TOKEN" in result.stderr
    assert calls(pulumi, "up --stack") == []


def test_the_same_value_again_goes_on_after_an_interrupted_run(
    accepted: Accepted, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(OLD)
    monkeypatch.setenv("FKS_ACME_DNS_TOKEN", OLD)
    result = run("rotate", "dns-token", "--yes", columns=100)
    assert result.exit_code == 0, result.stderr
    text = " ".join(result.stdout.split())
    assert "so the old one is not known here" in text
    assert "delete the old one, not this one, at https://dash.cloudflare.com" in text
    assert "has the value that was in use all the time, nothing was rotated" in text


def test_a_role_is_for_passwords_of_databases(accepted: Accepted) -> None:
    accepted(NEW)
    result = run("rotate", "dns-token", "--role", "api", "--yes", columns=100)
    assert result.exit_code == 2
    assert "--role is 'api'" in result.stderr
