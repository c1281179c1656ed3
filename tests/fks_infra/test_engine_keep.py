"""What the real engine does with servers of both modes beside each other."""

from collections.abc import Iterator
from typing import Any

import pytest

from fks_infra.clouds.cloudflare import Cloudflare
from rehearsal.local import LocalWorkspace
from tests.fks_infra.test_engine import (
    clouds_state,
    configured,
    preview_error,
    state,
    steps,
    thin_workspace,
    up,
)

pytestmark = pytest.mark.contract

RECORDS = {"dns-auth", "dns-api", "dns-web", "dns-extra-www"}


@pytest.fixture(scope="module")
def here() -> Iterator[LocalWorkspace]:
    """The thin program, up and running in single mode with protection."""
    with thin_workspace("keep") as found:
        found.pulumi("config", "set", "fks:mode", "single")
        up(found)
        yield found


def write(here: LocalWorkspace, **values: str) -> None:
    for key, value in values.items():
        here.pulumi("config", "set", "--path", f"fks:{key}", value)


def keep(here: LocalWorkspace, *servers: str) -> None:
    for index, server in enumerate(servers):
        here.pulumi("config", "set", "--path", f"fks:keep[{index}]", server)


def addresses(here: LocalWorkspace) -> list[dict[str, Any]]:
    """The A records that Cloudflare has."""
    return [row for row in clouds_state(here)["cloudflare"]["records"] if row["type"] == "A"]


def ttls(here: LocalWorkspace) -> set[int]:
    return {row["ttl"] for row in addresses(here)}


def test_without_anything_kept_the_settings_change_nothing(here: LocalWorkspace) -> None:
    with configured(here, serve="single"):
        assert steps(here) == {}
    with configured(here, serve="multi"):
        assert "write fks:keep: [auth, api, web]" in preview_error(here)


def test_the_servers_of_the_new_mode_are_made_beside_the_old(here: LocalWorkspace) -> None:
    before = {row["urn"] for row in state(here)}
    write(here, mode="multi", serve="single")
    keep(here, "single")
    planned = steps(here)
    assert planned.keys() == {"create", "update"}
    assert {f"{name}-machine-instance" for name in ("auth", "api", "web")} <= planned["create"]
    assert planned["update"] == RECORDS
    up(here)
    assert before < {row["urn"] for row in state(here)}
    assert ttls(here) == {60}
    assert steps(here) == {}


def test_only_the_records_move_when_the_other_mode_serves(here: LocalWorkspace) -> None:
    machines = clouds_state(here)["linode"]
    write(here, serve="multi", **{"keep[0]": "single"})
    here.pulumi("config", "set", "test:address", "100.64.0.8")
    assert steps(here) == {"update": RECORDS}
    up(here)
    owners = {
        row["urn"].split("::")[2].split("$")[0]
        for row in state(here)
        if row["urn"].split("::")[-1] in RECORDS
    }
    assert owners == {f"fks:infra:{name}Server" for name in ("Auth", "Api", "Web")}
    assert clouds_state(here)["linode"] == machines


def test_records_that_were_changed_before_the_run_are_no_error(here: LocalWorkspace) -> None:
    with configured(here, serve="single"):
        here.pulumi("config", "set", "test:address", "100.64.0.9")
        rows = addresses(here)
        cloudflare = Cloudflare.from_environ(here.environment)
        contents = {row["id"]: "100.64.0.9" for row in rows}
        cloudflare.change_contents(rows[0]["zone_id"], contents)
        up(here)
        assert {row["content"] for row in addresses(here)} == {"100.64.0.9"}
        assert steps(here) == {}
    here.pulumi("config", "set", "test:address", "100.64.0.8")
    up(here)


def test_the_records_move_back(here: LocalWorkspace) -> None:
    with configured(here, serve="single"):
        here.pulumi("config", "set", "test:address", "100.64.0.9")
        assert steps(here) == {"update": RECORDS}


def test_a_kept_server_is_protected_until_its_protection_is_removed(here: LocalWorkspace) -> None:
    here.pulumi("config", "rm", "fks:keep")
    text = preview_error(here)
    assert "fks:mode multi deletes the protected server single. fks migrate single-to-multi" in text
    (urn,) = [row["urn"] for row in state(here) if row["urn"].endswith("::single-machine-instance")]
    here.pulumi("state", "unprotect", urn, "--yes")
    planned = steps(here)
    assert planned.keys() == {"delete", "update"}
    assert all(name == "single" or name.startswith("single-") for name in planned["delete"])
    assert planned["update"] == RECORDS
    up(here)
    assert ttls(here) == {1}
    assert steps(here) == {}


def test_a_server_that_was_never_made_is_not_kept(here: LocalWorkspace) -> None:
    keep(here, "single")
    assert "fks:keep names single, which the stack does not have" in preview_error(here)
