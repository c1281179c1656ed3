"""The certificates that the servers present."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time
from typing import Any

import pytest

from fks_infra.doctor.checks import certificates
from fks_infra.doctor.findings import Verdict, unknown
from fks_infra.remote.inventory import DeployedServer, Inventory
from tests.background_server import running
from tests.fks_infra.doctor.conftest import ZONE, MakeContext, problems, result, results
from tests.tls import certify, trust

DAY = 86400.0
ROLES = ("auth", "api", "web")
NAMES = (ZONE, *(f"{label}.{ZONE}" for label in ("www", "api", "auth")))
HERE = Inventory(
    servers=(DeployedServer(name="single", roles=ROLES, instance_id="7", address="127.0.0.1"),)
)


class Edge(ThreadingHTTPServer):
    """Does not log clients that disconnect, as the tests provoke that."""

    def handle_error(self, *_: Any) -> None:
        return None


@pytest.fixture
def edge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., ThreadingHTTPServer]]:
    """An edge on loopback with a certificate, of a year, for these names."""
    stack = ExitStack()

    def start(*names: str) -> ThreadingHTTPServer:
        trust(tmp_path, monkeypatch)
        server = Edge(("127.0.0.1", 0), BaseHTTPRequestHandler)
        certify(server, tmp_path, *names)
        monkeypatch.setattr(certificates, "EDGE_PORT", server.server_port)
        stack.enter_context(running(server))
        return server

    with stack:
        yield start


def test_valid_ones_are_ok_with_the_first_last_day(
    context: MakeContext, edge: Callable[..., ThreadingHTTPServer]
) -> None:
    edge(*NAMES)
    found = result(certificates.certificates, context(HERE))
    assert found.verdict is Verdict.OK
    assert found.detail.startswith("4 of 4 names have one; the first ends on 20")


def test_one_that_certbot_did_not_renew_is_a_problem(
    context: MakeContext, edge: Callable[..., ThreadingHTTPServer]
) -> None:
    edge(*NAMES)
    early = replace(context(HERE), now=lambda: time() + 260 * DAY)
    assert result(certificates.certificates, early).verdict is Verdict.OK
    late = replace(context(HERE), now=lambda: time() + 280 * DAY)
    found = problems(certificates.certificates, late)
    assert len(found) == 4
    assert "api.fkstrading.xyz: single at 127.0.0.1 has one that ends on 20" in found[1].detail
    assert "sudo certbot renew --cert-name api," in found[1].remedy
    assert found[1].remedy.endswith("pulumi up --stack prod")


def test_one_for_other_names_is_a_problem_beside_the_valid_ones(
    context: MakeContext, edge: Callable[..., ThreadingHTTPServer]
) -> None:
    edge(*NAMES[:3])
    bad, good = results(certificates.certificates, context(HERE))
    assert bad.verdict is Verdict.PROBLEM
    assert f"auth.{ZONE}: single at 127.0.0.1 has an invalid one: Hostname" in bad.detail
    assert good.detail.startswith("3 of 4 names have one")


def test_one_of_an_untrusted_authority_is_a_problem(
    context: MakeContext,
    edge: Callable[..., ThreadingHTTPServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edge(*NAMES)
    monkeypatch.delenv("SSL_CERT_FILE")
    found = problems(certificates.certificates, context(HERE))
    assert len(found) == 4
    assert "local issuer certificate" in found[0].detail


STOP = {"since": "2026-11-27T10:00:00Z", "who": "ann", "reason": "a restore"}


def reported(monkeypatch: pytest.MonkeyPatch, report: object) -> None:
    """Let no edge listen, and the server report this."""
    monkeypatch.setattr(certificates, "EDGE_PORT", 1)
    monkeypatch.setattr(certificates, "read_reports", lambda *_: [("single", report)])


def test_a_stopped_server_is_a_warning(
    context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = {"roles": list(ROLES), "stopped": dict.fromkeys(ROLES, STOP)}
    reported(monkeypatch, stopped)
    found = result(certificates.certificates, context(HERE))
    assert found.verdict is Verdict.WARNING
    assert found.detail == "single is stopped since 2026-11-27T10:00:00Z by ann: it presents none"
    assert found.remedy == "fks start --single"


@pytest.mark.parametrize(
    "report",
    [
        unknown("single: SSH to 127.0.0.1 did not end"),
        {"roles": list(ROLES), "stopped": {"api": STOP}},
        {"roles": list(ROLES), "stopped": {}},
    ],
)
def test_a_server_that_does_not_answer_is_unknown(
    context: MakeContext, monkeypatch: pytest.MonkeyPatch, report: object
) -> None:
    reported(monkeypatch, report)
    found = results(certificates.certificates, context(HERE))
    assert {item.verdict for item in found} == {Verdict.UNKNOWN}
    assert "Connection refused" in found[0].detail


def test_without_servers_it_is_unknown(context: MakeContext) -> None:
    assert result(certificates.certificates, context()).detail == "stack prod has no servers yet"
