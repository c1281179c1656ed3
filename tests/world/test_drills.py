"""The drills of docs/recovery.md: after each loss its commands bring all back, data included."""

from __future__ import annotations

import json
import re

import pytest

from rehearsal.drills.losses import LOSSES
from rehearsal.drills.run import drill
from rehearsal.world.scenario import Scenario
from tests.world.given_secrets import CASES
from tests.world.test_backup import trades

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1500)]

BY_NAME = {loss.name: loss for loss in LOSSES}
KEY = "/root/age.key"
SHEET = "fks recovery-sheet --html sheet.html --secrets --encrypt-to RECIPIENT"
CUT = "sed -n '/BEGIN AGE/,/END AGE/p' sheet.html >secrets.age"


def secrets(scenario: Scenario) -> dict[str, str]:
    """The generated secrets by resource."""
    text = scenario.operator.output(["pulumi", "stack", "export", "--show-secrets"])
    return {
        row["urn"].rpartition("::")[2]: json.loads(row["outputs"]["result"]["plaintext"])
        for row in json.loads(text)["deployment"]["resources"]
        if row["type"].endswith(":RandomPassword")
    }


def test_the_sheet_has_secrets_only_encrypted(servers: Scenario) -> None:
    operator, known = servers.operator, secrets(servers)
    operator.output(["sh", "-c", f"age-keygen -o {KEY} 2>/dev/null"])
    recipient = operator.output(["age-keygen", "-y", KEY]).strip()
    operator.output(["bash", "-c", f"{SHEET.replace('RECIPIENT', recipient)} && {CUT}"])
    text = operator.output(["fks", "recovery-sheet"])
    html = operator.output(["cat", "sheet.html"])
    passphrase = operator.output(["sh", "-c", 'printf %s "$PULUMI_CONFIG_PASSPHRASE"'])
    for value in (*known.values(), passphrase, "PRIVATE KEY"):
        assert value not in text + html
    found = json.loads(operator.output(["age", "--decrypt", "--identity", KEY, "secrets.age"]))
    assert (found["passphrase"], found["generated"]) == (passphrase, known)
    assert "PRIVATE KEY" in found["config"]["fks:deployKey"]
    for row in operator.servers():
        assert row["tailnet_ip"] in text and row["tailnet_ip"] in html
    assert len(re.findall(r"^Server \w+: ", text, re.MULTILINE)) == 3


@pytest.mark.parametrize("name", ["laptop-lost", "state-lost", "passphrase-lost", "password-lost"])
def test_nothing_is_lost_with(servers: Scenario, name: str) -> None:
    trades(servers, "-X", "POST")
    rows, known = trades(servers), secrets(servers)
    drill(servers, BY_NAME[name])
    assert trades(servers) == rows
    assert secrets(servers) == known


def test_a_revoked_token_is_replaced_on_the_servers(servers: Scenario) -> None:
    case, known = CASES["dns-token"], secrets(servers)
    old = case.value(servers)
    drill(servers, BY_NAME["cloudflare-locked"])
    assert (case.accepts(servers, case.value(servers)), case.accepts(servers, old)) == (True, False)
    assert secrets(servers) == known


def test_a_revoked_api_key_is_replaced(servers: Scenario) -> None:
    known = secrets(servers)
    drill(servers, BY_NAME["tailscale-locked"])
    assert secrets(servers) == known


@pytest.mark.parametrize("name", ["server-lost", "region-lost"])
def test_servers_are_made_again_with_the_same_secrets(servers: Scenario, name: str) -> None:
    known = secrets(servers)
    drill(servers, BY_NAME[name])
    assert secrets(servers) == known
