"""`fks recover-state`: what is asked, imported and printed; never a secret."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from fks_infra.cli import recover_state
from fks_infra.clouds.cloudflare import Cloudflare, Record, ZoneRecords
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import CommandError
from fks_infra.doctor import stack_info
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.recovery import lost_servers, server_secrets
from fks_infra.remote.inventory import DeployedServer, Inventory
from tests.conftest import TOKENS
from tests.fks_infra.cli.servers import run

SERVERS = [
    DeployedServer(
        name="api",
        roles=("api",),
        instance_id="7",
        address="100.64.0.2",
        host_key="ssh-ed25519 AAAA",
    )
]
STACK = "urn:pulumi:prod::fks"
VALUES = {"jwt-secret": "canary-jwt", "redis-password": "canary-redis"}


@dataclass
class Pulumi:
    """`stdin` is what the import got; it fails with `error`, if there is one."""

    state: list[str] = field(default_factory=list)
    error: str = ""
    stdin: list[str] = field(default_factory=list)
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, *arguments: str, stdin: str = "") -> str:
        self.calls.append(arguments)
        if "import" in arguments:
            self.stdin.append(stdin)
        if arguments[:2] == ("stack", "import") and self.error:
            raise CommandError(self.error, self.error)
        if arguments[:2] == ("stack", "export"):
            rows = [
                {"urn": f"urn::secrets-{name}", "type": "t", "custom": True, "id": "none"}
                for name in self.state
            ]
            component = {"urn": f"{STACK}::fks:infra:Secrets::secrets", "type": "fks:infra:Secrets"}
            return json.dumps({"deployment": {"resources": [component, *rows]}})
        return "prod\n" if "--show-name" in arguments else "canary-key\n"


@pytest.fixture
def pulumi(monkeypatch: pytest.MonkeyPatch) -> Pulumi:
    fake = Pulumi()
    record = Record(id="r", name="example.org", type="A", content="100.64.0.2", comment="fks prod")
    names = ("example.org", "auth.example.org", "api.example.org")

    def zone(*_: object) -> ZoneRecords:
        empty: Mapping[str, list[Record]] = {name: [] for name in names}
        return ZoneRecords(id="z", records={**empty, "example.org": [record]})

    monkeypatch.setattr(recover_state, "pulumi", fake)
    monkeypatch.setattr(stack_files, "read", lambda *_: ["single", "tag:fks"])
    monkeypatch.setattr(lost_servers, "find", lambda *_: SERVERS)
    monkeypatch.setattr(server_secrets, "read", lambda *_: VALUES)
    monkeypatch.setattr(stack_info, "read", lambda _: info())
    monkeypatch.setattr(Cloudflare, "zone_records", zone)
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    return fake


def info() -> StackInfo:
    values = {
        **{"domain": "example.org", "extraNames": [], "zone": "", "region": "", "image": ""},
        **{"plan": {}, "backup": {}, "mode": "single", "tailnetTag": "", "tailnetOperators": []},
        **{"loginServer": "", "acmeServer": "", "caaIssuer": "", "keep": []},
    }
    return stack_info.stack_info("prod", values, Inventory())


def test_secrets_and_records_are_imported_through_standard_input(pulumi: Pulumi) -> None:
    result = run("recover-state", text="y\n")
    assert result.exit_code == 0, result.output
    assert "api: Linode 7, 100.64.0.2, host key SHA256:" in result.output
    assert "2 secrets and 1 DNS records are in the state of stack prod" in result.output
    assert "Next: pulumi preview --stack prod; then pulumi up --stack prod" in result.output
    imported, state = map(json.loads, pulumi.stdin)
    assert [row.get("id") for row in imported["resources"]] == [None, "z/r"]
    names = [row["urn"].rpartition("::")[2] for row in state["deployment"]["resources"]]
    assert names[0] == "secrets" and names[2:] == ["secrets-jwt-secret", "secrets-redis-password"]
    assert "canary" not in result.output + str(pulumi.calls) + pulumi.stdin[0]


def test_without_a_yes_nothing_is_read(pulumi: Pulumi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_secrets, "read", lambda *_: pytest.fail("it was read"))
    assert run("recover-state", text="n\n").exit_code == 2
    assert not pulumi.stdin


def test_a_failed_import_shows_no_value(pulumi: Pulumi) -> None:
    pulumi.error = "resource 'canary-jwt' does not exist"
    result = run("recover-state", "--yes")
    assert result.exit_code == 1
    assert "resource '***' does not exist" in result.output
    assert "Next: fks recover-state --stack prod" in result.output


def test_an_interrupted_import_is_completed(pulumi: Pulumi) -> None:
    pulumi.state = ["jwt-secret"]
    run("recover-state", "--yes")
    assert "canary-jwt" not in pulumi.stdin[1] and "canary-redis" in pulumi.stdin[1]


def test_a_whole_state_is_left_alone(pulumi: Pulumi) -> None:
    pulumi.state = recover_state._SECRETS
    result = run("recover-state", "--stack", "prod")
    assert result.exit_code == 0
    assert "has every generated secret; nothing was changed" in result.output
    assert not pulumi.stdin
