"""`fks drift` and `fks repair` of three servers and the clouds: none when healthy, then a list of
deviations, each found, named and repaired."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

import pytest

from rehearsal.game_day.cloud_causes import WRONG_ADDRESS, record_of
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from rehearsal.world.stack_secrets import secrets_in, secrets_of

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

PLACES = ("auth", "api", "web")
CURRENT = "/usr/local/lib/fks/current"
UNITS = "/etc/systemd/system"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEnCL9dY0ZlFkBM8SIzUqcYMvMOLUYEpxXJJTmkRLvhu by-hand"


@dataclass(frozen=True)
class Change:
    """What somebody does as root on a server, and the deviation that it is."""

    server: str
    command: str
    kind: str
    name: str
    removed: bool = False

    @property
    def row(self) -> tuple[str, str, str]:
        return self.server, self.kind, self.name


CHANGES = (
    Change("auth", "echo '# x' >>/etc/logrotate.d/fks", "file", "/etc/logrotate.d/fks"),
    Change("auth", "chmod 666 /etc/sysctl.d/60-fks.conf", "file", "/etc/sysctl.d/60-fks.conf"),
    Change("auth", "systemctl disable fks-edge.timer", "unit", "fks-edge.timer"),
    Change("auth", "systemctl mask --now certbot.timer", "unit", "certbot.timer"),
    Change("auth", "sysctl net.ipv4.tcp_retries2=15", "sysctl", "net.ipv4.tcp_retries2"),
    Change("auth", "chmod 755 /etc/fks/secrets", "directory", "/etc/fks/secrets"),
    Change("auth", "useradd --create-home --shell /bin/bash mallory", "user", "mallory", True),
    Change(
        "auth",
        f"mkdir {UNITS}/fks-watch.service.d; "
        f"printf '[Service]\\nNice=1\\n' >{UNITS}/fks-watch.service.d/x.conf",
        "unit",
        f"{UNITS}/fks-watch.service.d/x.conf",
        True,
    ),
    Change(
        "auth", "echo '* * * * * root true' >/etc/cron.d/extra", "cron", "/etc/cron.d/extra", True
    ),
    Change(
        "auth",
        "echo 'games ALL=(ALL) ALL' >/etc/sudoers.d/extra",
        "sudoers",
        "/etc/sudoers.d/extra",
        True,
    ),
    Change(
        "auth",
        f"echo '{KEY}' >>/home/deploy/.ssh/authorized_keys",
        "key",
        "deploy SHA256:",
        True,
    ),
    Change(
        "api",
        "nft insert rule inet fks input tcp dport 8080 accept",
        "firewall",
        "table inet fks",
    ),
    Change("api", "nft add table inet extra", "table", "inet extra", True),
    Change(
        "api",
        "docker run --detach --name by-hand --entrypoint sleep "
        "$(docker inspect --format '{{.Image}}' fks-edge-1) 1d",
        "container",
        "by-hand",
        True,
    ),
    Change("api", "docker network create by-hand-net", "network", "by-hand-net", True),
    Change(
        "api",
        "docker commit fks-edge-1 docker.io/nuniesmith/fks:api-latest",
        "image",
        "docker.io/nuniesmith/fks:api-latest",
    ),
    Change(
        "api",
        f"LOG_LEVEL=DEBUG {CURRENT}/bin/compose up --detach --no-deps api-beat",
        "container",
        "fks-api-beat-1",
    ),
    Change(
        "api",
        f"echo '# x' >>{CURRENT}/bin/make-webp",
        "file",
        "bin/make-webp",
    ),
    Change(
        "api",
        "echo '# x' >>/opt/fks/current/compose/api/compose.yaml",
        "file",
        "compose/api/compose.yaml",
    ),
    Change("web", "dpkg --purge --force-depends logrotate", "package", "logrotate"),
    Change(
        "web",
        "cat /etc/ssl/certs/ca-certificates.crt >/var/lib/fks/tls/web.pem",
        "certificate",
        "/var/lib/fks/tls/web.pem",
    ),
    Change(
        "web",
        "rm /etc/letsencrypt/renewal-hooks/deploy/fks",
        "link",
        "/etc/letsencrypt/renewal-hooks/deploy/fks",
    ),
    Change("web", "docker stop fks-edge-1", "container", "fks-edge-1"),
    Change("web", "echo '# x' >>/var/lib/fks/nginx/nginx.conf", "file", "nginx/nginx.conf"),
)
PORT = Change(
    "web",
    "systemd-run --unit=by-hand python3 -m http.server 8081",
    "port",
    "tcp/8081",
)


def drift(scenario: Scenario, *options: str) -> dict[str, Any]:
    """The document of `fks drift`."""
    return dict(json.loads(scenario.operator.stdout(["fks", "drift", "--json", *options])))


def rows(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["place"], one["kind"], one["name"]) for one in document["deviations"]]


def has(document: dict[str, Any], change: Change) -> bool:
    """Whether it is among the deviations; paths below a digest and fingerprints are longer."""
    return any(
        (place, kind) == (change.server, change.kind) and change.name in name
        for place, kind, name in rows(document)
    )


def change_clouds(scenario: Scenario) -> None:
    """Edit one record, delete another, and open a port in a firewall of Linode.

    The records are those that no server needs, so that no resolver caches a wrong answer.
    """
    edited, record = record_of(scenario, "www")
    scenario.control.cloudflare("PUT", edited, {**record, "content": WRONG_ADDRESS})
    (deleted,) = [
        f"zones/{zone['id']}/dns_records/{one['id']}"
        for zone in scenario.control.cloudflare("GET", "zones")["result"]
        for one in scenario.control.cloudflare("GET", f"zones/{zone['id']}/dns_records")["result"]
        if (one["comment"], one["type"]) == ("fks prod", "CAA")
    ]
    scenario.control.cloudflare("DELETE", deleted)
    (firewall,) = [
        one
        for one in scenario.control.api("GET", "networking/firewalls")["data"]
        if one["label"] == scenario.label("web")
    ]
    rule = {
        "label": "by-hand",
        "action": "ACCEPT",
        "protocol": "TCP",
        "ports": "8080",
        "addresses": {"ipv4": ["0.0.0.0/0"]},
    }
    rules = {
        key: firewall["rules"][key] for key in ("outbound", "inbound_policy", "outbound_policy")
    }
    path = f"networking/firewalls/{firewall['id']}/rules"
    scenario.control.api("PUT", path, {**rules, "inbound": [rule]})


CLOUD_KINDS = ("DnsRecord", "DnsRecord", "Firewall")


def test_a_healthy_system_has_no_drift_with_one_login_each(servers: Scenario) -> None:
    with servers.counted() as cost:
        document = drift(servers)
    assert (document["deviations"], document["unknown"]) == ([], [])
    assert (document["exit_code"], document["notes"]) == (0, [])
    assert document["verdict"] == "no drift: api, auth, web, clouds"
    assert cost[0].ssh_connections == len(PLACES)


@pytest.fixture(scope="module")
def changed(servers: Scenario) -> dict[str, Any]:
    """The findings after all changes by hand."""
    for change in (*CHANGES, PORT):
        servers.on_server(change.server, "sh", "-c", change.command)
    change_clouds(servers)
    return drift(servers)


@pytest.mark.parametrize("change", [*CHANGES, PORT], ids=lambda one: f"{one.server}-{one.name}")
def test_a_change_by_hand_is_found_and_named(changed: dict[str, Any], change: Change) -> None:
    assert has(changed, change), rows(changed)


def test_changes_in_the_clouds_are_found_and_named(changed: dict[str, Any]) -> None:
    found = [one for one in changed["deviations"] if one["place"] == "clouds"]
    assert sorted(one["kind"] for one in found) == sorted(CLOUD_KINDS)
    texts = [f"{one['expected']} / {one['found']}" for one in found]
    assert any(f"content {WRONG_ADDRESS}" in text for text in texts)
    assert any("8080" in text for text in texts)
    assert "present / missing" in texts


def test_no_secret_is_in_the_findings(servers: Scenario, changed: dict[str, Any]) -> None:
    assert secrets_in(json.dumps(changed), secrets_of(servers)) == []


def test_a_check_changes_nothing(servers: Scenario, changed: dict[str, Any]) -> None:
    again = drift(servers)
    assert rows(again) == rows(changed)
    assert again["unknown"] == changed["unknown"] == []
    assert servers.operator.call(["fks", "drift", "--no-clouds"], quiet=True) == 1


def test_without_a_terminal_or_yes_nothing_is_repaired(
    servers: Scenario, changed: dict[str, Any]
) -> None:
    assert servers.operator.call(["fks", "repair", "--no-clouds"], quiet=True) == 2
    assert rows(drift(servers)) == rows(changed)


@pytest.fixture(scope="module")
def repaired(servers: Scenario, changed: dict[str, Any]) -> dict[str, Any]:
    """The findings after `fks repair`, with every thing that is not ours named."""
    foreign = [one for one in changed["deviations"] if one["repair"].startswith("remove ")]
    options = [word for one in foreign for word in ("--remove", one["name"])]
    servers.on_server("web", "systemctl", "stop", "by-hand.service")
    servers.operator.call(["fks", "repair", "--yes", *options])
    return drift(servers)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: f"{one.server}-{one.name}")
def test_a_change_by_hand_is_repaired(repaired: dict[str, Any], change: Change) -> None:
    assert not has(repaired, change)


def test_nothing_is_left_and_all_services_answer(
    servers: Scenario, repaired: dict[str, Any]
) -> None:
    assert (repaired["deviations"], repaired["unknown"]) == ([], [])
    assert repaired["exit_code"] == 0
    wait_until("all services answer", servers.unhealthy, 120)
    assert servers.up().changes == {}


def test_yes_alone_removes_nothing_that_is_not_ours(servers: Scenario) -> None:
    servers.on_server("web", "docker", "network", "create", "by-hand-net")
    repair = ["fks", "repair", "web", "--no-clouds", "--yes"]
    assert servers.operator.call(repair, quiet=True) == 1
    assert servers.operator.call([*repair, "--remove", "by-hand-net"], quiet=True) == 0


def test_a_server_that_is_off_leaves_the_others(servers: Scenario) -> None:
    servers.on_server("web", "systemctl", "stop", "ssh.service")
    try:
        document = drift(servers, "--no-clouds")
    finally:
        servers.on_server("web", "systemctl", "start", "ssh.service")
    assert document["deviations"] == []
    assert [one["place"] for one in document["unknown"]] == ["web"]
    verdict = "cannot tell: web; no drift: api, auth"
    assert (document["exit_code"], document["verdict"]) == (2, verdict)


def test_a_running_bootstrap_or_deploy_leaves_its_parts_unknown(servers: Scenario) -> None:
    hold = "flock /run/lock/fks-bootstrap sleep 60"
    servers.on_server("api", "systemd-run", "--unit=hold", *shlex.split(hold))
    try:
        document = drift(servers, "api", "--no-clouds")
    finally:
        servers.on_server("api", "systemctl", "stop", "hold.service")
    assert [(one["part"], document["exit_code"]) for one in document["unknown"]] == [
        ("bootstrap", 2)
    ]
