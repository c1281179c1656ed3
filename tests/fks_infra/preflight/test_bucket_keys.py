"""Keys of a bucket that an interrupted run left."""

import pulumi
import pytest

from fks_infra.preflight.bucket_keys import KEY, delete_orphaned_bucket_keys
from fks_infra.preflight.state import StateSnapshot
from tests.fks_infra.conftest import ScriptedApi, run_async

LABEL, KEYS = "fks-prod-backup", "/v4/object-storage/keys"
STATE = StateSnapshot(ids=frozenset({(KEY, "7")}))


@pytest.fixture
def linode(api: ScriptedApi, monkeypatch: pytest.MonkeyPatch) -> ScriptedApi:
    """An account with three keys, one of another label."""
    rows = [{"id": 7, "label": LABEL}, {"id": 8, "label": LABEL}, {"id": 9, "label": "other"}]
    api.respond("GET", f"{KEYS}?page=1&page_size=500", (200, {"data": rows, "pages": 1}))
    api.respond("DELETE", f"{KEYS}/8", (200, {}))
    monkeypatch.setenv("LINODE_URL", api.base)
    monkeypatch.setenv("LINODE_TOKEN", "canary-token")
    return api


@pytest.mark.parametrize(("preview", "deleted"), [(True, []), (False, [f"{KEYS}/8"])])
def test_only_what_the_state_does_not_have_is_deleted_and_not_in_a_preview(
    linode: ScriptedApi, monkeypatch: pytest.MonkeyPatch, preview: bool, deleted: list[str]
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)
    run_async(delete_orphaned_bucket_keys(LABEL, STATE)())
    assert [one.path for one in linode.requests if one.method == "DELETE"] == deleted
    assert next(one.path for one in linode.requests).startswith(KEYS)
