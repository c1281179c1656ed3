"""The last check: right answers pass, everything else is a complaint with the answer."""

import io
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fks_infra.paths import PROJECT_ROOT
from fks_infra.steps import verify
from tests.fks_infra.conftest import ScriptedApi
from tests.tls import trust

HEALTHY = {"status": 200, "json": {"status": ["healthy", "ok"]}}


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make every name resolve to these addresses, or not at all."""

    def to(*addresses: str) -> None:
        def getaddrinfo(*_: Any) -> list[Any]:
            if not addresses:
                raise socket.gaierror(-2, "Name or service not known")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 0)) for a in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return to


@pytest.fixture
def plan(tls_api: ScriptedApi, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(verify, "EDGE_PORT", tls_api.port)
    check = {
        "name": "api",
        "host": "api.example",
        "address": "127.0.0.1",
        "path": "/health/deep",
        "expect": HEALTHY,
    }
    return {"hosts": [], "checks": [check]}


def test_a_name_with_its_one_address_is_right(resolve: Callable[..., None]) -> None:
    resolve("100.64.0.7")
    assert verify.name_complaint("a.example", "100.64.0.7") is None


def test_a_name_with_two_addresses_is_wrong_even_if_one_is_right(
    resolve: Callable[..., None],
) -> None:
    resolve("100.64.0.7", "100.64.0.8")
    complaint = str(verify.name_complaint("a.example", "100.64.0.7"))
    assert "has 2 A records (100.64.0.7, 100.64.0.8)" in complaint
    assert "delete the ones that are not 100.64.0.7" in complaint


def test_a_name_with_another_address_has_it_in_the_complaint(resolve: Callable[..., None]) -> None:
    resolve("100.64.0.9")
    assert verify.name_complaint("a.example", "100.64.0.7") == "resolves to 100.64.0.9"


def test_a_name_that_does_not_resolve_hints_at_rebind_protection(
    resolve: Callable[..., None],
) -> None:
    resolve()
    assert "rebind protection" in str(verify.name_complaint("a.example", "100.64.0.7"))


@pytest.mark.parametrize(
    ("expect", "status", "body", "passes"),
    [
        (HEALTHY, 200, '{"status": "ok"}', True),
        (HEALTHY, 200, '{"status": "degraded"}', False),
        (HEALTHY, 503, '{"status": "ok"}', False),
        (HEALTHY, 200, "<html>", False),
        (HEALTHY, 200, '["ok"]', False),
        ({"status": 204}, 204, "", True),
        ({"text": "OK"}, 200, "all OK", True),
        ({"text": "OK"}, 200, "no", False),
    ],
)
def test_the_body_is_compared_and_not_only_the_status(
    expect: dict[str, Any], status: int, body: str, passes: bool
) -> None:
    assert (verify.body_complaint(expect, status, body) is None) is passes


def test_a_long_answer_is_cut() -> None:
    complaint = verify.body_complaint({"status": 200}, 502, "x " * 500)
    assert len(str(complaint)) < 230


def test_the_request_goes_to_the_address_with_the_host_name(
    tls_api: ScriptedApi, plan: dict[str, Any]
) -> None:
    tls_api.respond("GET", "/health/deep", (200, {"status": "healthy"}))
    assert verify.verify(plan, seconds=20, pause=0.01) == []
    assert tls_api.requests[0].headers["Host"] == "api.example"


def test_failing_checks_are_repeated_and_passed_ones_are_not(
    tls_api: ScriptedApi, plan: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    plan["checks"].append({**plan["checks"][0], "name": "web", "path": "/health"})
    tls_api.respond("GET", "/health/deep", (502, "starting"), (200, {"status": "ok"}))
    tls_api.respond("GET", "/health", (200, {"status": "healthy"}))
    assert verify.verify(plan, seconds=20, pause=0.01) == []
    assert [request.path for request in tls_api.requests] == [
        "/health/deep",
        "/health",
        "/health/deep",
    ]
    assert capsys.readouterr().out.splitlines() == [
        "ok  web: https://api.example/health",
        "ok  api: https://api.example/health/deep",
    ]


def test_a_check_of_a_stopped_stack_fails_without_a_complaint(
    tls_api: ScriptedApi, plan: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    plan["checks"][0]["stopped"] = "api is stopped since 10:00 by ann"
    tls_api.respond("GET", "/health/deep", (502, "down"))
    assert verify.verify(plan, seconds=20, pause=0.01) == []
    assert capsys.readouterr().out == (
        "--  api: https://api.example/health/deep: api is stopped since 10:00 by ann\n"
    )


@pytest.mark.parametrize("step", ["join", "verify", "host_key"])
def test_the_steps_need_nothing_but_python(step: str) -> None:
    command = [sys.executable, "-S", "-c", f"import fks_infra.steps.{step}"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_closed_port_is_a_complaint(
    plan: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "EDGE_PORT", 1)
    assert "Connection refused" in str(verify.answer_complaint(plan["checks"][0]))


def test_a_certificate_of_another_name_is_a_complaint(plan: dict[str, Any]) -> None:
    complaint = str(verify.answer_complaint({**plan["checks"][0], "host": "web.example"}))
    assert "certificate verify failed" in complaint
    assert "web.example" in complaint


def test_a_certificate_of_an_untrusted_authority_is_a_complaint(
    plan: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trust(tmp_path / "other", monkeypatch)
    complaint = str(verify.answer_complaint(plan["checks"][0]))
    assert "certificate verify failed" in complaint


def test_the_command_fails_with_all_complaints(
    tls_api: ScriptedApi,
    plan: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan["checks"].append({**plan["checks"][0], "name": "web", "path": "/nothing"})
    tls_api.respond("GET", "/health/deep", (503, {"status": "database down"}))
    monkeypatch.setattr(verify, "VERIFY_TIMEOUT_SECONDS", 0)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(plan)))
    assert verify.main() == 1
    errors = capsys.readouterr().err
    assert "- api: https://api.example/health/deep: answered 503" in errors
    assert "database down" in errors
    assert "- web: https://api.example/nothing: answered 404" in errors
