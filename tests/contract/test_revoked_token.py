"""A revoked token of Cloudflare: what plugin and client make of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.request import Request, urlopen

import pytest

from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.clouds.http import RejectedError
from rehearsal.clouds.tokens import identifier
from tests.contract.conftest import ZONE
from tests.contract.declare import Resource
from tests.contract.harness import Engine
from tests.contract.test_cloud_life import NAME, RECORD

pytestmark = pytest.mark.contract

TOKEN = f"rehearsal-{'r' * 40}"


def revoke(clouds: Mapping[str, str]) -> None:
    address = clouds["CLOUDFLARE_BASE_URL"].removesuffix("/client/v4")
    delete = Request(f"{address}/rehearsal/tokens/{identifier(TOKEN)}", method="DELETE")
    urlopen(delete).close()


def test_a_revoked_token_changes_nothing_and_is_named_by_plugin_and_client(
    engine: Engine, clouds: dict[str, str]
) -> None:
    with_token = {**clouds, "CLOUDFLARE_API_TOKEN": TOKEN}
    stack = engine.stack("revoked-token", with_token)
    record = {**NAME, "name": f"revoked.{ZONE}"}
    assert not stack.run("up", [Resource("name", RECORD, record)]).failed
    before = stack.state()["name"]
    assert Cloudflare.from_environ(with_token).zone(ZONE).name == ZONE

    revoke(clouds)
    changed = stack.run("up", [Resource("name", RECORD, {**record, "content": "100.64.0.10"})])
    assert changed.failed
    refusals = [one for one in changed.errors if "401 Unauthorized" in one]
    assert refusals and all("Authentication error" in one for one in refusals)
    assert stack.state()["name"]["outputs"] == before["outputs"]
    with pytest.raises(RejectedError, match="Cloudflare rejects CLOUDFLARE_API_TOKEN") as refused:
        Cloudflare.from_environ(with_token).zone(ZONE)
    assert refused.value.status == 403
