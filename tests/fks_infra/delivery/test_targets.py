"""Patterns of `pulumi --target` select the resources of one server, and of one part of it."""

import json
import re

import pytest

from fks_infra.delivery.targets import Part, first_deployed, targets
from fks_infra.errors import OperatorError
from tests.conftest import Declare, DeclaredProgram


def selected(run: DeclaredProgram, patterns: list[str]) -> set[str]:
    """The names of the resources that match, as the engine matches: `**` stands for anything."""
    compiled = [re.escape(pattern).replace(r"\*\*", ".*") for pattern in patterns]
    return {
        resource.name
        for resource in run.resources
        if any(re.fullmatch(pattern, run.urn(resource.name)) for pattern in compiled)
    }


def test_a_server_has_all_its_resources_and_the_secrets(declare: Declare) -> None:
    found = selected(declare(), targets("auth", None, "multi"))
    assert {"auth", "auth-machine-instance", "auth-bootstrap-run", "auth-stack-deploy"} <= found
    assert {"dns-auth", "secrets-postgres-password"} <= found
    assert not {name for name in found if name.startswith(("api", "web", "verify"))}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Part.MACHINE, {"auth-machine-instance", "auth-machine-firewall", "auth-join-wait"}),
        (Part.SETUP, {"auth-bootstrap-scripts", "auth-bootstrap-run"}),
        (Part.SERVICES, {"auth-stack-release", "auth-stack-deploy", "dns-auth"}),
    ],
)
def test_a_part_has_its_resources_only(declare: Declare, part: Part, expected: set[str]) -> None:
    run = declare()
    found = selected(run, targets("auth", part, "multi"))
    assert expected <= found
    others = [other for other in Part if other is not part]
    shared = set.union(*(selected(run, targets("auth", other, "multi")) for other in others))
    assert found & shared == {"auth"}


def test_all_parts_of_a_server_are_the_whole_server(declare: Declare) -> None:
    run = declare()
    parts = set.union(*(selected(run, targets("web", part, "multi")) for part in Part))
    assert parts == selected(run, targets("web", None, "multi"))


def test_one_server_has_all_roles_in_mode_single(declare: Declare) -> None:
    found = selected(declare(mode="single"), targets("api", Part.MACHINE, "single"))
    assert "single-machine-instance" in found


def test_the_whole_stack_needs_no_target() -> None:
    assert targets("all", None, "multi") == []


def test_all_servers_have_one_part_each(declare: Declare) -> None:
    found = selected(declare(), targets("all", Part.MACHINE, "multi"))
    assert {f"{name}-machine-instance" for name in ("auth", "api", "web")} <= found


def test_an_unknown_server_is_an_error_with_the_known_ones() -> None:
    with pytest.raises(OperatorError, match=r"SERVER is 'ath'.*\n.*one of auth, api, web, or all"):
        targets("ath", None, "multi")


def state(**deploys: tuple[str, ...]) -> str:
    """Each server's deploy with the servers whose records it depends on."""
    rows = []
    for name, records in deploys.items():
        head = f"urn:pulumi:prod::fks::fks:infra:{name.title()}Server$fks:infra:ComposeStack"
        urns = [
            f"urn:pulumi:prod::fks::fks:infra:{other.title()}Server$fks:infra:DnsRecords"
            f"$cloudflare:index/dnsRecord:DnsRecord::dns-{other}"
            for other in records
        ]
        urn = f"{head}$command:remote:Command::{name}-stack-deploy"
        rows.append({"urn": urn, "dependencies": [f"{head}::x", *urns]})
    return json.dumps({"deployment": {"resources": rows}})


def test_servers_that_were_deployed_once_are_found_with_their_peers() -> None:
    assert first_deployed(state(auth=(), api=("auth", "api"), web=())) == ["api", "auth"]
    assert first_deployed("{}") == []
    assert first_deployed('{"deployment": {"resources": null}}') == []


def test_their_services_are_targets_too() -> None:
    found = targets("api", Part.MACHINE, "multi", state(auth=("auth",)))
    assert "**fks:infra:AuthServer$fks:infra:ComposeStack**" in found
    assert "**fks:infra:Secrets**" in found
    assert not [pattern for pattern in found if "ApiServer$fks:infra:ComposeStack" in pattern]


def test_a_servers_own_services_are_added_to_another_part() -> None:
    found = targets("auth", Part.SETUP, "multi", state(auth=("auth",)))
    assert "**fks:infra:AuthServer$fks:infra:ComposeStack**" in found
    assert len(found) == len(set(found))


def test_a_whole_server_has_its_services_already() -> None:
    patterns = targets("auth", None, "multi")
    assert targets("auth", None, "multi", state(auth=("auth",))) == patterns
