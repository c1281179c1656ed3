"""`fks cost`: the tables, the JSON document, the account."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from fks_infra.config.plans import COPIED, PLANS
from tests.fks_infra.cli.servers import run
from tests.fks_infra.conftest import ScriptedApi
from tests.in_memory_clouds import plan_row

INSTANCES = "/v4/linode/instances?page=1&page_size=500"


@pytest.fixture
def linode(api: ScriptedApi, monkeypatch: pytest.MonkeyPatch) -> ScriptedApi:
    """Linode with the plans of the copy, and no token."""
    rows = [plan_row(plan) for plan in PLANS.values()]
    api.respond("GET", "/v4/linode/types?page=1&page_size=500", (200, page(rows)))
    monkeypatch.setenv("LINODE_URL", api.base)
    monkeypatch.delenv("LINODE_TOKEN", raising=False)
    return api


def page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": rows, "page": 1, "pages": 1}


def account(api: ScriptedApi, monkeypatch: pytest.MonkeyPatch, plan: str = "g6-standard-2") -> None:
    """An account with the API's server, which was made this hour."""
    monkeypatch.setenv("LINODE_TOKEN", "canary-token")
    created = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    row = {"id": 7, "label": "fks-prod-api", "type": plan, "region": "ca-central"}
    api.respond("GET", INSTANCES, (200, page([{**row, "created": created}])))
    api.respond("GET", "/v4/linode/instances/7/transfer", (200, {"used": 2_000_000_000}))


def test_without_a_token_the_list_of_linode_and_no_forecast(linode: ScriptedApi) -> None:
    del linode
    result = run("cost", columns=120)
    assert result.exit_code == 0
    assert "multi (fks:mode)" in result.stdout
    assert "multi costs $14 a month less than single." in result.stdout
    assert "Prices: Linode, today, region ca-central, without taxes." in result.stdout
    assert "No forecast: LINODE_TOKEN is not exported." in result.stdout


def test_without_linode_the_dated_copy(linode: ScriptedApi) -> None:
    linode.responses.clear()
    result = run("cost", "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["prices"]) == (0, f"copy of {COPIED}")
    assert document["modes"]["multi"]["price"] == 34
    assert document["forecast"] is None
    assert "price list was not read" in document["notes"][0]


def test_a_declared_bucket_has_its_price(
    linode: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    del linode
    assert json.loads(run("cost", "--json").stdout)["objectStorage"] == 0
    monkeypatch.setattr("fks_infra.cli.cost.bucket_price", lambda _: 5.0)
    assert json.loads(run("cost", "--json").stdout)["objectStorage"] == 5
    shown = " ".join(run("cost", columns=120).stdout.split())
    assert "Object Storage for fks:backup.bucket costs $5 a month at least" in shown


def test_an_account_has_a_forecast(linode: ScriptedApi, monkeypatch: pytest.MonkeyPatch) -> None:
    account(linode, monkeypatch)
    document = json.loads(run("cost", "--json").stdout)
    (charge,) = document["forecast"]["charges"]
    assert (charge["label"], charge["hours"], charge["used"]) == ("fks-prod-api", 1, 2_000_000_000)
    assert document["forecast"]["dollars"] == charge["dollars_at_end"]
    shown = run("cost", columns=120).stdout
    assert f"Forecast of this month's bill: ${charge['dollars_at_end']:.2f}." in shown


def test_a_plan_without_an_hourly_price_is_named(
    linode: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(linode, monkeypatch, "g6-standard-8")
    assert "fks-prod-api: its plan has no hourly price here." in run("cost", columns=120).stdout


def test_a_rejected_token_is_said_and_ends_with_1(
    linode: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINODE_TOKEN", "canary-token")
    linode.respond("GET", INSTANCES, (401, {}))
    result = run("cost", columns=120)
    assert result.exit_code == 1
    assert "No forecast: Linode rejects LINODE_TOKEN" in result.stdout
    assert "canary-token" not in result.stdout + result.stderr


def test_the_copy_is_not_refreshed_without_linode(linode: ScriptedApi) -> None:
    linode.responses.clear()
    result = run("cost", "--write")
    assert result.exit_code == 2
    assert "The copy was not changed" in " ".join(result.stderr.split())


def test_an_unknown_stack_ends_with_2() -> None:
    assert run("cost", "--stack", "prd").exit_code == 2
