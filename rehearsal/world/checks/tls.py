"""Every name answers over TLS with a certificate of the rehearsal's ACME authority."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docker.models.containers import Container

from fks_infra.topology.planning import FLOWS
from rehearsal.clouds.seed import AUTHORITY
from rehearsal.world import docker_api as api
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

# pebble calls its authorities so, each time with another number.
ISSUER = "Pebble Intermediate CA"
LOOK = """
import json, socket, ssl, sys
host = sys.argv[1]
plain = socket.create_connection((host, 443), 10)
with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as tls:
    held = tls.getpeercert()
    issuer = dict(pair for row in held["issuer"] for pair in row)["commonName"]
    print(json.dumps({"issuer": issuer, "version": tls.version(), "serial": held["serialNumber"]}))
"""

# Asks as an application does, which knows no authority but the one it is given.
ASK = """
import ssl, sys, urllib.request
url, root = sys.argv[1:]
trusting = ssl.create_default_context(cadata=root)
print(urllib.request.urlopen(url, timeout=10, context=trusting).read())
"""


def look(container: Container, host: str) -> dict[str, str]:
    """Return issuer, TLS version and serial of what a name shows to a container that checks it."""
    code, output = api.execute(container, ["python3", "-c", LOOK, host])
    if code != 0:
        return {"error": output.strip().splitlines()[-1]}
    return dict(json.loads(output))


def tls(scenario: Scenario) -> Iterator[Check]:
    """Look at each role's name from the operator and from every server that talks to it."""
    carriers = scenario.carriers()
    for role, hosts in _hosts(scenario).items():
        callers = {flow.source for flow in FLOWS if flow.target == role}
        places = {"operator": scenario.operator.container}
        places |= {caller: scenario.server(carriers[caller]) for caller in sorted(callers)}
        yield _judge(f"tls_{role}", hosts, places)


def _judge(name: str, hosts: list[str], places: dict[str, Container]) -> Check:
    seen = {(host, place): look(places[place], host) for host in hosts for place in places}
    ok = all(one.get("issuer", "").startswith(ISSUER) for one in seen.values())
    told = [f"{place}: {one.get('error') or one['version']}" for (_, place), one in seen.items()]
    issuer = next((one["issuer"] for one in seen.values() if "issuer" in one), "nobody")
    return Check(name, ok, f"{', '.join(hosts)} by {issuer}, seen from {'; '.join(told)}")


def _hosts(scenario: Scenario) -> dict[str, list[str]]:
    """Every name of each role; those beside the roles' own lead to the web server."""
    rows = scenario.operator.servers()
    own = {role: url.split("//")[1] for role, url in _urls(rows).items()}
    names = [name for row in rows for name in row["names"]]
    more = [name for name in names if name not in own.values()]
    return {role: [host, *more] if role == "web" else [host] for role, host in own.items()}


def api_to_auth(scenario: Scenario) -> Iterator[Check]:
    """Look at auth's name from inside the API's own container, as the application will."""
    carriers = scenario.carriers()
    url = f"{_urls(scenario.operator.servers())['auth']}/health"
    root = scenario.on_server(carriers["api"], "cat", f"/{AUTHORITY}")
    said = scenario.in_service(carriers["api"], "api", "python", "-c", ASK, url, root)
    yield Check("tls_api_to_auth", '"healthy"' in said, f"{url} {' '.join(said.split())[:160]}")


def web_to_api(scenario: Scenario) -> Iterator[Check]:
    """Ask the API through the web server, which has to trust and to find it."""
    url = f"{_urls(scenario.operator.servers())['web']}/api/health"
    answer = scenario.operator.fetch(url)
    yield Check("tls_web_to_api", '"healthy"' in answer, f"{url} {answer.strip()[:120]}")


def _urls(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Where each role answers."""
    return {role: url for row in rows for role, url in zip(row["roles"], row["urls"], strict=True)}
