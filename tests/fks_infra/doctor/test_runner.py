"""All checks together: a deployed stack, a dead network, and no secret in any finding."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.checks import certificates
from fks_infra.doctor.findings import CheckResult, Finding, Verdict, problem
from fks_infra.doctor.registry import CHECKS
from fks_infra.doctor.runner import run_checks
from fks_infra.doctor.time_limits import TimeLimits
from fks_infra.topology.tailnet_policy import policy
from tests.fks_infra.doctor.conftest import MakeContext, StandIns

ELSEWHERE = {"SSH_AUTH_SOCK": "", "PATH": "/nonexistent"}


@pytest.fixture(autouse=True)
def edges(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server answers; a test connects only to this machine."""

    def fail(*_: object) -> None:
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr(certificates, "read_validity", fail)


def findings_of(context: CheckContext) -> list[Finding]:
    return run_checks(context, lambda _: None)


def test_a_deployed_stack_is_ok(context: MakeContext, stand_ins: StandIns) -> None:
    inventory = stand_ins.deploy()
    stand_ins.fail("tailscale", "/acl$", 200, body=policy("tag:fks", ["autogroup:admin"]))
    ended: list[str] = []
    findings = run_checks(context(inventory, environ=ELSEWHERE), ended.append)
    assert sorted(ended) == sorted(CHECKS)
    assert [finding.check for finding in findings][:3] == ["credentials", "linode-token", "region"]
    elsewhere = ("resolver", "certificates", "tailnet-path", "updates", "watch")
    verdicts = {f.check: f.verdict for f in findings if f.check not in elsewhere}
    assert set(verdicts.values()) == {Verdict.OK}
    assert len(verdicts) == len(CHECKS) - len(elsewhere)


def test_the_checks_change_nothing(context: MakeContext, stand_ins: StandIns) -> None:
    inventory, before = stand_ins.deploy(), json.dumps(stand_ins.clouds.dump(), default=str)
    findings_of(context(inventory, environ=ELSEWHERE))
    assert json.dumps(stand_ins.clouds.dump(), default=str) == before
    entries = list(stand_ins.clouds.journal.select())
    writes = {(e["method"], e["path"]) for e in entries if e["method"] != "GET"}
    assert writes == {("POST", "/api/v2/oauth/token")}
    assert stand_ins.clouds.journal.unknown() == []


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("kind", ["refusing", "silent", "without a resolver"])
def test_a_dead_network_gives_findings_in_bounded_time(
    context: MakeContext,
    stand_ins: StandIns,
    silent: str,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inventory = stand_ins.deploy()
    never, real = threading.Event(), socket.getaddrinfo

    def getaddrinfo(name: Any, *rest: Any, **more: Any) -> Any:
        here = name == "127.0.0.1" and kind != "without a resolver"
        return real(name, *rest, **more) if here else never.wait()

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    base = silent if kind == "silent" else "http://127.0.0.1:1"
    environ = {name: base for name in stand_ins.environ if name.endswith("_URL")} | ELSEWHERE
    started = time.monotonic()
    findings = findings_of(
        context(inventory, environ=environ, limits=TimeLimits(call=0.2, check=2))
    )
    assert time.monotonic() - started < 10
    never.set()
    checks = {finding.check: finding.verdict for finding in findings}
    assert set(checks) == set(CHECKS)
    passed = {name for name, verdict in checks.items() if verdict is Verdict.OK}
    assert passed == {"credentials", "ssh-agent"}
    assert Verdict.PROBLEM not in checks.values()


def test_a_check_that_does_not_end_is_unknown(context: MakeContext) -> None:
    never = threading.Event()

    def hangs(_: CheckContext) -> list[CheckResult]:
        never.wait()
        return []

    limits = TimeLimits(call=0.1, check=0.2)
    (finding,) = run_checks(context(limits=limits), lambda _: None, {"hangs": hangs})
    assert (finding.verdict, finding.detail) == (Verdict.UNKNOWN, "it did not end within 0.2 s")
    never.set()


def test_an_unexpected_exception_is_unknown_without_its_text(
    context: MakeContext,
) -> None:
    def odd(_: CheckContext) -> list[CheckResult]:
        raise KeyError("canary")

    (finding,) = run_checks(context(), lambda _: None, {"odd": odd})
    assert finding.detail == "a response was not understood (KeyError)"


def test_a_rejected_credential_is_one_problem_with_one_remedy(
    context: MakeContext,
) -> None:
    wrong = {"TAILSCALE_OAUTH_CLIENT_SECRET": "canary-wrong", "CLOUDFLARE_API_TOKEN": "canary-no"}
    findings = {
        finding.check: finding for finding in findings_of(context(environ=ELSEWHERE | wrong))
    }
    for check in ("tailscale-credentials", "zone"):
        assert findings[check].verdict is Verdict.PROBLEM
        assert findings[check].remedy
    for check in ("tailnet-tag", "tailnet-policy", "tailnet-devices", "names"):
        assert (findings[check].verdict, findings[check].remedy) == (Verdict.UNKNOWN, "")


def test_a_credential_that_a_cloud_repeats_is_hidden(
    context: MakeContext, stand_ins: StandIns
) -> None:
    secret = stand_ins.environ["LINODE_TOKEN"]

    def loose(_: CheckContext) -> list[CheckResult]:
        return [problem(f"the token {secret} is odd", f"export LINODE_TOKEN={secret}")]

    (finding,) = run_checks(context(), lambda _: None, {"loose": loose})
    assert finding.detail == "the token (hidden) is odd"
    assert "canary" not in finding.remedy


@pytest.mark.parametrize("status", [200, 401, 403, 404, 418, 500])
def test_no_response_puts_a_credential_into_a_finding(
    context: MakeContext, stand_ins: StandIns, status: int
) -> None:
    inventory = stand_ins.deploy()
    echo = {"errors": [{"reason": list(stand_ins.environ.values())}], "result": [], "devices": []}
    stand_ins.fail(".*", "/(v4|v2)/.*", status, body=echo)
    checked = context(inventory, environ=ELSEWHERE)
    assert "canary" not in str(findings_of(checked))
    assert "canary" not in repr(checked)
