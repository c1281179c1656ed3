"""The last check: right answers pass, everything else is told with what was seen."""

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
from tests.fks_infra.conftest import Api
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
def plan(tls_api: Api, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(verify, "PORT", tls_api.port)
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


def test_a_name_that_leads_elsewhere_says_where(resolve: Callable[..., None]) -> None:
    resolve("100.64.0.9")
    assert verify.name_complaint("a.example", "100.64.0.7") == "leads to 100.64.0.9"


def test_a_name_that_does_not_resolve_hints_at_rebind_protection(
    resolve: Callable[..., None],
) -> None:
    resolve()
    assert "rebind protection" in str(verify.name_complaint("a.example", "100.64.0.7"))


@pytest.mark.parametrize(
    ("expect", "status", "body", "fine"),
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
def test_bodies_count_and_not_only_the_status(
    expect: dict[str, Any], status: int, body: str, fine: bool
) -> None:
    assert (verify.body_complaint(expect, status, body) is None) is fine


def test_a_long_answer_is_cut() -> None:
    complaint = verify.body_complaint({"status": 200}, 502, "x " * 500)
    assert len(str(complaint)) < 230


def test_the_host_is_asked_by_name_at_its_address(tls_api: Api, plan: dict[str, Any]) -> None:
    tls_api.say("GET", "/health/deep", (200, {"status": "healthy"}))
    assert verify.verify(plan, seconds=20, pause=0.01) == []
    assert tls_api.requests[0].headers["Host"] == "api.example"


def test_what_is_not_ready_is_asked_again_and_what_passed_is_not(
    tls_api: Api, plan: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    plan["checks"].append({**plan["checks"][0], "name": "web", "path": "/health"})
    tls_api.say("GET", "/health/deep", (502, "starting"), (200, {"status": "ok"}))
    tls_api.say("GET", "/health", (200, {"status": "healthy"}))
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


@pytest.mark.parametrize("step", ["join", "verify", "host_key"])
def test_the_steps_need_nothing_but_python(step: str) -> None:
    command = [sys.executable, "-S", "-c", f"import fks_infra.steps.{step}"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nobody_listening_is_a_complaint(
    plan: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "PORT", 1)
    assert "Connection refused" in str(verify.answer_complaint(plan["checks"][0]))


def test_a_certificate_of_another_name_is_a_complaint(plan: dict[str, Any]) -> None:
    complaint = str(verify.answer_complaint({**plan["checks"][0], "host": "web.example"}))
    assert "certificate verify failed" in complaint
    assert "web.example" in complaint


def test_a_certificate_of_an_authority_nobody_trusts_is_a_complaint(
    plan: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trust(tmp_path / "other", monkeypatch)
    complaint = str(verify.answer_complaint(plan["checks"][0]))
    assert "certificate verify failed" in complaint


def test_the_command_fails_with_all_complaints(
    tls_api: Api,
    plan: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan["checks"].append({**plan["checks"][0], "name": "web", "path": "/nothing"})
    tls_api.say("GET", "/health/deep", (503, {"status": "database down"}))
    monkeypatch.setattr(verify, "_SECONDS", 0)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(plan)))
    assert verify.main() == 1
    told = capsys.readouterr().err
    assert "- api: https://api.example/health/deep: answered 503" in told
    assert "database down" in told
    assert "- web: https://api.example/nothing: answered 404" in told
