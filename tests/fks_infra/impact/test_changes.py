"""The recorded pairs: what each change does, from two inventories."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from fks_infra.impact.changes import impact
from fks_infra.impact.impact import Change, Impact
from fks_infra.impact.rows import effect_rows
from fks_infra.impact.verdict import verdict
from tests.fks_infra.impact import checkout
from tests.fks_infra.impact.pairs import PAIRS, Pair


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout before every change."""
    return checkout.repository(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def before(base: Path) -> dict[str, Any]:
    return checkout.inventory(base)


@pytest.fixture(scope="module")
def found(
    base: Path, before: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Impact]:
    """The impact of each pair."""
    impacts = {}
    for name, pair in PAIRS.items():
        root = tmp_path_factory.mktemp("head") / "checkout"
        shutil.copytree(base, root)
        pair.edit(root)
        impacts[name] = impact(before, checkout.inventory(root))
    return impacts


@pytest.mark.parametrize(("name", "pair"), PAIRS.items(), ids=PAIRS)
def test_a_change_has_these_effects(found: dict[str, Impact], name: str, pair: Pair) -> None:
    rows = [f"{row[0]}: {row[1]}: {row[2]}" for row in effect_rows(found[name])]
    assert [row for row in rows if not row.endswith(": nothing")] == list(pair.rows)
    assert found[name].level == pair.code
    assert verdict(found[name]).startswith(pair.verdict)
    assert (found[name].dollars_before, found[name].dollars_after) == (41, pair.dollars)


def details(impact: Impact, server: str) -> dict[str, str]:
    return {effect.part: effect.detail for effect in impact.servers[server].effects}


def test_an_image_has_both_references(found: dict[str, Impact]) -> None:
    old, new = "docker.io/nuniesmith/fks:api-latest", "docker.io/nuniesmith/fks:next"
    assert found["the API's image"].images == (
        Change(name="api", before=old, after=new),
        Change(name="api-2", before=old, after=new),
    )
    assert details(found["the API's image"], "api")["api"] == f"image {old} → {new}"


def test_a_setting_has_its_old_and_new_value(found: dict[str, Impact]) -> None:
    assert found["a larger plan"].settings == (
        Change(name="fks:plan.web", before="g6-standard-1", after="g6-standard-2"),
    )


def test_a_secret_is_changed_and_has_no_value(found: dict[str, Impact]) -> None:
    impact = found["a secret"]
    assert impact.secrets == (Change(name="fks:acmeDnsToken", before="set", after="changed"),)
    assert "v1:" not in repr(impact)


def test_a_generated_secret_is_added_with_its_role(found: dict[str, Impact]) -> None:
    assert found["a new role"].secrets == (
        Change(name="METRICS_TOKEN (generated)", before=None, after="set"),
    )


def test_a_bootstrap_step_is_named_with_what_it_restarts(found: dict[str, Impact]) -> None:
    detail = details(found["the Docker engine's settings"], "web")["bootstrap"]
    assert detail == (
        "changed steps: 42-docker-settings, 60-docker (the Docker engine restarts, containers "
        "keep running)"
    )


def test_a_resize_names_the_limits_that_follow_from_it(found: dict[str, Impact]) -> None:
    assert details(found["a larger plan"], "web") == {
        "server": "g6-standard-1 → g6-standard-2, the disk stays",
        "release": "release.env",
        "edge": "mem_limit 1664m → 3712m",
    }


def test_a_new_certificate_is_named(found: dict[str, Impact]) -> None:
    detail = details(found["a name"], "web")["release"]
    assert detail.endswith("a certificate for app.fkstrading.xyz, fkstrading.xyz")


def test_a_lost_server_says_which_data_is_on_it(found: dict[str, Impact]) -> None:
    (effect,) = found["a rebuild of a database's server"].servers["auth"].effects
    assert effect.data == ("auth-certs", "auth-data", "auth-postgres-data")
    assert effect.detail == (
        "its disk is deleted, with auth-certs, auth-data, auth-postgres-data; copy a backup from "
        "the server first (docs/operations.md); new: g6-nanode-1 in ca-central"
    )
    assert effect.refused == "while fks:protect is true: set it to false and run pulumi up first"


def test_a_bucket_has_its_price(before: dict[str, Any]) -> None:
    settings = {**before["settings"], "backup": {"bucket": "us-ord/fks-prod-backup"}}
    found = impact(before, {**before, "settings": settings})
    assert found.dollars_after == found.dollars_before + 5


def test_a_change_back_is_the_reverse(before: dict[str, Any], base: Path) -> None:
    """Nothing depends on which of both is older."""
    root = base.parent / "back"
    shutil.copytree(base, root)
    PAIRS["one server for all roles"].edit(root)
    back = impact(checkout.inventory(root), before)
    assert [server.effects[0].action for server in back.servers.values()] == [
        *("created", "created", "created", "destroyed"),
    ]
