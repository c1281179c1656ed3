"""`fks doctor`: what it prints, and its three exit codes."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from fks_infra.cli import doctor
from fks_infra.cli.app import app
from fks_infra.doctor import runner
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import (
    CheckResult,
    Finding,
    Verdict,
    ok,
    problem,
    unknown,
    warning,
)

CANARIES = {
    "LINODE_TOKEN": "canary-linode",
    "CLOUDFLARE_API_TOKEN": "canary-cloudflare",
    "TAILSCALE_API_KEY": "canary-tailscale",
}
ADDRESSES = ("LINODE_URL", "CLOUDFLARE_BASE_URL", "TAILSCALE_BASE_URL")
LONG = "pulumi config set --path fks:plan.api g6-standard-6 --stack prod " + "x" * 120
FAKE = """#!/bin/sh
case "$*" in
  *"--stack nosuch"*) echo "error: no stack named 'nosuch' found" >&2; exit 255 ;;
  *"stack --show-name"*) echo prod ;;
  *"config --json"*) echo '{"fks:domain": {"value": "shop.example"}}' ;;
  *"stack output"*) echo '{"adminPassword": "[secret]"}' ;;
esac
"""


@pytest.fixture(autouse=True)
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pulumi with the stack prod, and clouds that cannot be reached."""
    script = tmp_path / "pulumi"
    script.write_text(FAKE)
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for name, value in [*CANARIES.items(), *((name, "http://127.0.0.1:1") for name in ADDRESSES)]:
        monkeypatch.setenv(name, value)


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *options])


def only(monkeypatch: pytest.MonkeyPatch, *results: CheckResult) -> None:
    """Replace all checks by one with these results."""

    def check(_: CheckContext) -> list[CheckResult]:
        return list(results)

    def run_checks(context: CheckContext, done: Callable[[str], None]) -> list[Finding]:
        return runner.run_checks(context, done, {"region": check})

    monkeypatch.setattr(doctor, "run_checks", run_checks)


def test_without_a_problem_it_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, ok("fine"), warning("slow"), unknown("undecided", "check it yourself"))
    result = run("--stack", "prod")
    assert result.exit_code == 0, result.output
    assert "1 ok, 1 warning, 0 problem, 1 unknown" in result.stdout


def test_with_a_problem_it_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, problem("gone", LONG))
    result = run("--stack", "prod")
    assert result.exit_code == 1
    assert f"  {LONG}\n" in result.stdout


def test_a_warning_is_in_the_json_and_the_document_is_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, warning("slow", "make it fast"))
    result = run("--json")
    assert json.loads(result.stdout) == {
        "stack": "prod",
        "ok": True,
        "findings": [
            {"check": "region", "verdict": "warning", "detail": "slow", "remedy": "make it fast"}
        ],
    }
    assert result.exit_code == 0


def test_an_unknown_stack_ends_with_2_and_an_error_on_standard_error() -> None:
    result = run("--stack", "nosuch", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no stack named 'nosuch' found" in result.stderr


def test_without_pulumi_it_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pulumi is not installed" in result.stderr


def test_only_json_is_on_standard_output() -> None:
    result = run("--json")
    document = json.loads(result.stdout)
    assert (document["stack"], set(document)) == ("prod", {"stack", "ok", "findings"})
    assert document["ok"] is (result.exit_code == 0)
    assert [set(finding) for finding in document["findings"]] == [
        {"check", "verdict", "detail", "remedy"}
    ] * len(document["findings"])
    verdicts = {finding["check"]: finding["verdict"] for finding in document["findings"]}
    assert (verdicts["credentials"], verdicts["linode-token"]) == ("ok", "unknown")
    assert result.stderr == ""


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_no_token_is_printed(options: list[str]) -> None:
    result = run(*options)
    assert result.exit_code in (0, 1)
    assert "canary" not in result.output


def test_the_table_does_not_interpret_texts() -> None:
    console = Console(width=60, record=True, highlight=False)
    text = "grants[0] gives [bold]*[/bold] access"
    doctor.show(
        console,
        [
            Finding(
                check="tailnet-policy", verdict=Verdict.PROBLEM, detail=text, remedy="[x] delete it"
            )
        ],
    )
    shown = console.export_text()
    assert "[bold]*[/bold]" in shown
    assert "  [x] delete it" in shown


def test_a_word_longer_than_its_column_is_folded() -> None:
    console = Console(width=60, record=True, highlight=False)
    name = "apt-daily-upgrade.timer.of.a.server.with.a.long.name"
    doctor.show(console, [Finding(check="x", verdict=Verdict.OK, detail=name, remedy="")])
    lines = [line for line in console.export_text().splitlines() if "│" in line]
    shown = "".join(line.strip("│").rpartition("│")[2].strip() for line in lines)
    assert shown == name


def test_without_credentials_each_missing_one_has_one_row_for_what_it_makes_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in CANARIES:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "240")
    result = run()
    assert result.exit_code == 1
    for name in ("LINODE_TOKEN", "CLOUDFLARE_API_TOKEN", "TAILSCALE_OAUTH_CLIENT_ID"):
        assert f"  export {name}=..." in result.stdout
    rows = [line for line in result.stdout.splitlines() if "unknown \u2502" in line]
    details = [row.split("\u2502")[3].strip() for row in rows]
    assert len(details) == len(set(details))
    cells = {
        detail: row.split("\u2502")[2].strip() for detail, row in zip(details, rows, strict=True)
    }
    assert cells["CLOUDFLARE_API_TOKEN is not set"] == "zone, names, caa"
    assert cells["no Tailscale credentials are set"] == (
        "tailscale-credentials, tailnet-tag, tailnet-policy, tailnet-devices"
    )


def test_the_json_has_an_entry_for_each_check_that_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in CANARIES:
        monkeypatch.delenv(name)
    findings = json.loads(run("--json").stdout)["findings"]
    checks = [finding["check"] for finding in findings if finding["verdict"] == "unknown"]
    assert {"zone", "names", "caa", "tailnet-tag"} <= set(checks)
