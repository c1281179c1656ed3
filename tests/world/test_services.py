"""Three servers: each serves while another is down, is rebuilt or opens SSH to a range."""

from __future__ import annotations

import pytest

from fks_infra.limits import SSH_PORT
from rehearsal.game_day.cloud_causes import shut_down
from rehearsal.world.external_host import ExternalHost
from rehearsal.world.names import EXTERNAL_HOST, OPERATOR
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]


def _role(url: str) -> str:
    name = url.split("//")[1].partition(".")[0]
    return name if name in ("auth", "api") else "web"


def test_web_and_api_serve_while_auth_is_down(multi: Scenario) -> None:
    multi.unprotect()
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    with shut_down(multi, "auth"):
        assert multi.unhealthy("web", "api") is None
        assert multi.unhealthy("auth") is not None


def test_web_serves_and_answers_with_a_gateway_error_while_the_api_is_down(multi: Scenario) -> None:
    domain = next(url for url in multi.health() if _role(url) == "web").removesuffix("/health/deep")
    with shut_down(multi, "api"):
        assert multi.unhealthy("web", "auth") is None
        code = ["curl", "-sS", "-m", "60", "-o", "/dev/null", "-w", "%{http_code}"]
        assert multi.operator.stdout([*code, f"{domain}/api/health"]) in ("502", "504")
    wait_until("the API is reached through web", lambda: _through_web(multi, domain), 60)


def _through_web(scenario: Scenario, domain: str) -> str | None:
    answer = scenario.operator.fetch(f"{domain}/api/health")
    return None if '"healthy"' in answer else answer


def test_web_reaches_a_rebuilt_api_server(multi: Scenario) -> None:
    first = {row["name"]: row for row in multi.operator.servers()}["api"]["tailnet_ip"]
    multi.set("fks:generation.api", "1")
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    rows = {row["name"]: row for row in multi.operator.servers()}
    assert rows["api"]["tailnet_ip"] != first
    assert multi.unhealthy("auth", "api", "web") is None
    domain = rows["web"]["urls"][0]
    assert _through_web(multi, domain) is None
    assert multi.up().changes == {}


def test_the_old_servers_device_is_removed_from_the_tailnet(multi: Scenario) -> None:
    devices = multi.control.state("tailscale")["devices"]
    servers = {row["hostname"] for row in devices if row["hostname"].startswith("fks-")}
    assert servers == {f"fks-{name}-{multi.instance(name)}" for name in ("auth", "api", "web")}


def test_ssh_is_open_to_the_configured_ranges_only(multi: Scenario) -> None:
    multi.set("fks:sshFrom[0]", f"{EXTERNAL_HOST}/32")
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    addresses = [row["public_ip"] for row in multi.operator.servers()]
    with ExternalHost.started(multi.world.client) as external_host:
        found = external_host.open_ports(addresses)
        assert found == {address: [SSH_PORT] for address in addresses}
    for address in addresses:
        connect = ["timeout", "5", "bash", "-c", f"exec 3<>/dev/tcp/{address}/{SSH_PORT}"]
        assert multi.operator.call(connect, quiet=True) != 0, f"{OPERATOR} is not in the range"
    multi.unset("fks:sshFrom")
    assert multi.up().code == 0
    with ExternalHost.started(multi.world.client) as external_host:
        assert external_host.open_ports(addresses, str(SSH_PORT)) == {
            address: [] for address in addresses
        }
