"""The certificates the servers show."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import time
from typing import Any

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks import certificates
from fks_infra.doctor.findings import Verdict
from fks_infra.doctor.inventory import Inventory, Placed
from tests.fks_infra.doctor.conftest import ZONE, look, one, problems
from tests.tls import certify, trust

DAY = 86400.0
ROLES = ("auth", "api", "web")
NAMES = (ZONE, *(f"{label}.{ZONE}" for label in ("www", "api", "auth")))
HERE = Inventory(
    servers=(Placed(name="single", roles=ROLES, instance_id="7", address="127.0.0.1"),)
)


class Edge(ThreadingHTTPServer):
    """Says nothing about a client that turns away, which is what the tests are about."""

    def handle_error(self, *_: Any) -> None:
        return None


@pytest.fixture
def edge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., ThreadingHTTPServer]]:
    """An edge on loopback with a certificate, of a year, for these names."""
    running: list[tuple[ThreadingHTTPServer, Thread]] = []

    def start(*names: str) -> ThreadingHTTPServer:
        trust(tmp_path, monkeypatch)
        server = Edge(("127.0.0.1", 0), BaseHTTPRequestHandler)
        certify(server, tmp_path, *names)
        monkeypatch.setattr(certificates, "EDGE_PORT", server.server_port)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def test_good_ones_are_told_with_the_day_of_the_first_end(
    case: Callable[..., Case], edge: Callable[..., ThreadingHTTPServer]
) -> None:
    edge(*NAMES)
    seen = one(certificates.certificates, case(HERE))
    assert seen.verdict is Verdict.OK
    assert seen.detail.startswith("4 of 4 names show one; the first ends on 20")


def test_one_that_certbot_did_not_renew_is_a_problem(
    case: Callable[..., Case], edge: Callable[..., ThreadingHTTPServer]
) -> None:
    edge(*NAMES)
    early = replace(case(HERE), now=lambda: time() + 260 * DAY)
    assert one(certificates.certificates, early).verdict is Verdict.OK
    late = replace(case(HERE), now=lambda: time() + 280 * DAY)
    seen = problems(look(certificates.certificates, late))
    assert len(seen) == 4
    assert "api.fkstrading.xyz: single at 127.0.0.1 shows one that ends on 20" in seen[1].detail
    assert "sudo certbot renew --cert-name api," in seen[1].remedy
    assert seen[1].remedy.endswith("pulumi up --stack prod")


def test_one_for_other_names_is_a_problem_and_the_rest_is_told(
    case: Callable[..., Case], edge: Callable[..., ThreadingHTTPServer]
) -> None:
    edge(*NAMES[:3])
    bad, good = look(certificates.certificates, case(HERE))
    assert bad.verdict is Verdict.PROBLEM
    assert f"auth.{ZONE}: single at 127.0.0.1 shows one that is not good: Hostname" in bad.detail
    assert good.detail.startswith("3 of 4 names show one")


def test_one_of_an_authority_nobody_knows_is_a_problem(
    case: Callable[..., Case],
    edge: Callable[..., ThreadingHTTPServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edge(*NAMES)
    monkeypatch.delenv("SSL_CERT_FILE")
    seen = problems(look(certificates.certificates, case(HERE)))
    assert len(seen) == 4
    assert "local issuer certificate" in seen[0].detail


def test_a_server_that_does_not_answer_is_unknown(
    case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "EDGE_PORT", 1)
    seen = look(certificates.certificates, case(HERE))
    assert {item.verdict for item in seen} == {Verdict.UNKNOWN}
    assert "Connection refused" in seen[0].detail


def test_without_servers_nobody_is_asked(case: Callable[..., Case]) -> None:
    assert one(certificates.certificates, case()).detail == "stack prod has no servers yet"
