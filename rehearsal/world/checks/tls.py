"""Checks that every name answers over TLS with a certificate of the world's ACME server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docker.models.containers import Container

from fks_infra.limits import EDGE_PORT
from fks_infra.topology.flows import FLOWS
from rehearsal.clouds.seed import AUTHORITY
from rehearsal.world import docker_api as api
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# pebble's intermediate certificates have this name and a random number.
ISSUER = "Pebble Intermediate CA"
READ_CERTIFICATE = """
import json, socket, ssl, sys
host, port = sys.argv[1:]
plain = socket.create_connection((host, int(port)), 10)
with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as tls:
    peer = tls.getpeercert()
    issuer = dict(pair for row in peer["issuer"] for pair in row)["commonName"]
    print(json.dumps({"issuer": issuer, "version": tls.version(), "serial": peer["serialNumber"]}))
"""

ATTEMPTS = 3
# Trusts the given root certificate only, as the application does.
FETCH = """
import ssl, sys, urllib.request
url, root = sys.argv[1:]
context = ssl.create_default_context(cadata=root)
print(urllib.request.urlopen(url, timeout=10, context=context).read())
"""


def read_certificate(container: Container, host: str) -> dict[str, str]:
    """Connect to a name from a container, which verifies the certificate.

    Returns issuer, version (of TLS) and serial, or only error.
    """
    command = ["python3", "-c", READ_CERTIFICATE, host, str(EDGE_PORT)]
    code, output = api.execute(container, command)
    if code != 0:
        return {"error": output.strip().splitlines()[-1]}
    return dict(json.loads(output))


def tls(scenario: Scenario) -> Iterator[Check]:
    """Connect to each role's names from the operator and from every server that calls the role."""
    servers = scenario.servers_by_role()
    for role, hosts in hosts_by_role(scenario.operator.servers()).items():
        callers = sorted({flow.source for flow in FLOWS if flow.target == role})
        sources = {"operator": scenario.operator.container}
        sources |= {caller: scenario.server(servers[caller]) for caller in callers}
        yield _check(f"tls_{role}", hosts, sources)


def _check(name: str, hosts: list[str], sources: dict[str, Container]) -> Check:
    results = {
        (host, source): read_certificate(sources[source], host)
        for host in hosts
        for source in sources
    }
    ok = all(result.get("issuer", "").startswith(ISSUER) for result in results.values())
    lines = [
        f"{source}: {result.get('error') or result['version']}"
        for (_, source), result in results.items()
    ]
    issuer = next((row["issuer"] for row in results.values() if "issuer" in row), "unknown")
    return Check(name, ok, f"{', '.join(hosts)} issued by {issuer}; {'; '.join(lines)}")


def hosts_by_role(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the names of each role; the extra names belong to the web server."""
    roles = {role: url.split("//")[1] for role, url in urls_by_role(rows).items()}
    names = [name for row in rows for name in row["names"]]
    extra = [name for name in names if name not in roles.values()]
    return {role: [host, *extra] if role == "web" else [host] for role, host in roles.items()}


def api_to_auth(scenario: Scenario) -> Iterator[Check]:
    """Fetch auth's health from the API's container, with the root that the application trusts."""
    server = scenario.servers_by_role()["api"]
    url = f"{urls_by_role(scenario.operator.servers())['auth']}/health"
    root = scenario.on_server(server, "cat", f"/{AUTHORITY}")
    # The first connection between two servers may need the relay, which is slow on a busy machine.
    for _ in range(ATTEMPTS):
        output = scenario.in_service(server, "api", "python", "-c", FETCH, url, root)
        if '"healthy"' in output:
            break
    result = output.strip().splitlines()[-1:]
    yield Check("tls_api_to_auth", '"healthy"' in output, f"{url} {''.join(result)[:160]}")


def web_to_api(scenario: Scenario) -> Iterator[Check]:
    """Fetch the API's health through the web server, which verifies the API's certificate."""
    url = f"{urls_by_role(scenario.operator.servers())['web']}/api/health"
    body = scenario.operator.fetch(url)
    yield Check("tls_web_to_api", '"healthy"' in body, f"{url} {body.strip()[:120]}")


def urls_by_role(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return the URL of each role."""
    return {role: url for row in rows for role, url in zip(row["roles"], row["urls"], strict=True)}
