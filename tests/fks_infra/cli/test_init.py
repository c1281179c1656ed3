"""`fks init` with a pulumi that only records its calls."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.config import lost_secrets
from fks_infra.config.ssh_keys import private_key_error
from fks_infra.errors import OperatorError


def run(*options: str, answers: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, ["init", *options], input=answers)
    if isinstance(result.exception, OperatorError):
        return 1, str(result.exception)
    return result.exit_code, result.output


def test_answers_become_configuration(pulumi: Path) -> None:
    code, output = run(answers="blue\nsingle\nshop.example\n\n\ncanary-token\n")
    assert code == 0, output
    calls = (pulumi / "calls").read_text().splitlines()
    assert calls[:5] == [
        "--non-interactive stack select --create blue",
        "--non-interactive config set fks:mode --stack blue -- single",
        "--non-interactive config set fks:domain --stack blue -- shop.example",
        "--non-interactive config set fks:zone --stack blue -- shop.example",
        "--non-interactive config set fks:region --stack blue -- ca-central",
    ]


def test_the_dns_token_is_prompted_for_hidden_and_passed_by_standard_input(pulumi: Path) -> None:
    _, output = run(answers="blue\nsingle\nshop.example\n\n\ncanary-token\n")
    assert (pulumi / "fks:acmeDnsToken").read_text() == "canary-token"
    assert "canary-token" not in output + (pulumi / "calls").read_text()
    assert "still missing" not in output


def test_the_dns_token_may_come_from_the_environment(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FKS_ACME_DNS_TOKEN", "canary-token")
    run("--stack", "dev", "--yes")
    assert (pulumi / "fks:acmeDnsToken").read_text() == "canary-token"


def test_a_missing_dns_token_is_reported_with_the_command(pulumi: Path) -> None:
    output = run("--stack", "dev", "--yes")[1]
    assert "pulumi config set --secret fks:acmeDnsToken --stack dev\n" in output
    assert not (pulumi / "fks:acmeDnsToken").exists()


def test_a_present_dns_token_is_kept(pulumi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pulumi / "present").write_text(json.dumps({"fks:acmeDnsToken": {"secret": True}}))
    monkeypatch.setenv("FKS_ACME_DNS_TOKEN", "canary-other")
    assert "still missing" not in run("--stack", "dev", "--yes")[1]
    assert not (pulumi / "fks:acmeDnsToken").exists()


def test_an_invalid_answer_is_prompted_for_again(pulumi: Path) -> None:
    code, output = run(answers="blue\nsngle\nsingle\nshop.example\n\n\n\n")
    assert code == 0
    assert "did you mean single?" in output
    assert "fks:mode --stack blue -- single" in (pulumi / "calls").read_text()


def test_the_private_key_is_passed_by_standard_input_only(pulumi: Path) -> None:
    code, output = run("--stack", "blue", "--domain", "shop.example", "--yes")
    assert code == 0, output
    private, calls = (pulumi / "fks:deployKey").read_text(), (pulumi / "calls").read_text()
    (public,) = [line for line in calls.splitlines() if "fks:deployPublicKey" in line]
    assert private_key_error(private, public.partition(" -- ")[2]) is None
    assert "config set --secret fks:deployKey --stack blue\n" in calls
    secret = private.splitlines()[2]
    assert secret not in calls
    assert secret not in output
    assert not list(pulumi.glob("**/deploy"))


def test_a_present_key_is_kept_without_the_option(pulumi: Path) -> None:
    (pulumi / "present").write_text(json.dumps({"fks:deployKey": {"secret": True}}))
    options = ("--stack", "blue", "--domain", "shop.example", "--yes")
    assert "keeps its deploy key" in run(*options)[1]
    assert not (pulumi / "fks:deployKey").exists()
    assert "has a new deploy key" in run(*options, "--new-key")[1]
    assert (pulumi / "fks:deployKey").exists()


def test_the_stack_file_has_the_defaults(pulumi: Path) -> None:
    code, output = run("--stack", "dev", "--yes")
    assert code == 0, output
    calls = (pulumi / "calls").read_text()
    assert "fks:mode --stack dev -- single" in calls
    assert "fks:zone --stack dev -- fkstrading.xyz" in calls


def test_an_invalid_option_is_an_error_before_pulumi_is_called(pulumi: Path) -> None:
    code, output = run("--stack", "blue", "--domain", "nope", "--yes")
    assert code == 1
    assert output.startswith("fks:domain is 'nope': it is not a domain name")
    assert not (pulumi / "calls").exists()


@pytest.mark.usefixtures("pulumi")
def test_the_tokens_to_export_are_listed() -> None:
    output = run("--stack", "dev", "--yes")[1]
    for name in ("LINODE_TOKEN", "CLOUDFLARE_API_TOKEN", "TAILSCALE_OAUTH_CLIENT_SECRET"):
        assert name in output
    assert "Linodes read/write, Firewall read/write, Events read only" in output


@pytest.mark.usefixtures("pulumi")
def test_the_doctor_comes_before_the_preview_with_its_scope() -> None:
    output = run("--stack", "dev", "--yes")[1]
    assert "policy_file:read" in output
    assert output.index("fks doctor --stack dev ") < output.index("pulumi preview --stack dev")


def test_the_error_of_pulumi_is_printed(pulumi: Path) -> None:
    (pulumi / "bin" / "pulumi").write_text(
        "#!/bin/sh\necho 'passphrase must be set' >&2\nexit 255\n"
    )
    code, output = run("--stack", "dev", "--yes")
    assert code == 1
    assert "passphrase must be set" in output


def test_help_names_every_option() -> None:
    result = CliRunner().invoke(app, ["init", "--help"])
    for option in ("--stack", "--mode", "--domain", "--zone", "--region", "--new-key", "--yes"):
        assert option in result.output


def test_a_lost_passphrase_removes_the_secrets_first(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Path] = []

    def remove(file: Path) -> list[str]:
        files.append(file)
        assert not (pulumi / "fks:deployKey").exists()
        return ["fks:deployKey", "fks:alertWebhook"]

    monkeypatch.setattr(lost_secrets, "remove", remove)
    code, output = run("--stack", "dev", "--new-secrets", "--yes")
    assert code == 0
    assert [file.name for file in files] == ["Pulumi.dev.yaml"]
    assert "Removed from Pulumi.dev.yaml: fks:deployKey, fks:alertWebhook" in output
    assert (pulumi / "fks:deployKey").exists()


def test_a_state_of_the_lost_passphrase_is_refused(
    pulumi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_secrets, "remove", lambda _: pytest.fail("it was changed"))
    (pulumi / "stacks").write_text('[{"name": "organization/fks/dev"}]')
    code, message = run("--stack", "dev", "--new-secrets", "--yes")
    assert code == 1
    assert "Next: pulumi stack rm dev --force --yes --preserve-config, then the same" in message
    assert "set" not in (pulumi / "calls").read_text()
