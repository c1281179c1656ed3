"""What the real engine does with the bucket for backups and its key."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.local import LocalWorkspace
from tests.fks_infra.test_engine import (
    clouds_state,
    configured,
    interrupt_creation,
    preview,
    preview_error,
    state,
    steps,
    thin_workspace,
    up,
)

pytestmark = pytest.mark.contract

PLACE = "s3:https://us-ord-1.linodeobjects.com/fks-prod-backup/fks"
BUCKET = {"backup__bucket": "us-ord/fks-prod-backup"}


@pytest.fixture(scope="module")
def here() -> Iterator[LocalWorkspace]:
    """The thin program with a bucket, up and running in multi mode with protection."""
    with thin_workspace("bucket") as found, configured(found, **BUCKET):
        up(found)
        yield found


def access(here: LocalWorkspace) -> dict[str, str]:
    """What the servers would get."""
    return dict(json.loads(here.pulumi("stack", "output", "access", "--show-secrets")))


def keys(here: LocalWorkspace) -> list[dict[str, Any]]:
    return list(clouds_state(here)["linode"]["bucket_keys"])


def test_the_account_has_a_bucket_and_a_key_for_it_alone(here: LocalWorkspace) -> None:
    (bucket,) = clouds_state(here)["linode"]["buckets"]
    assert (bucket["region"], bucket["label"]) == ("us-ord", "fks-prod-backup")
    (key,) = keys(here)
    allowed = {"bucket_name": "fks-prod-backup", "region": "us-ord", "permissions": "read_write"}
    assert (key["limited"], key["bucket_access"]) == (True, [allowed])
    found = access(here)
    assert (found["repository"], found["s3_key_id"]) == (PLACE, key["access_key"])
    assert steps(here) == {}


def test_the_secret_is_in_no_preview_and_encrypted_in_the_state(here: LocalWorkspace) -> None:
    secret = access(here)["s3_key"]
    assert len(secret) == 40
    assert secret not in here.pulumi("stack", "export")
    assert secret not in preview(here) + here.pulumi("stack", "output")


def test_a_refresh_finds_nothing_to_change(here: LocalWorkspace) -> None:
    before = access(here)
    here.pulumi("refresh", "--yes", "--skip-preview", "--non-interactive")
    assert (steps(here), access(here)) == ({}, before)


def test_a_new_key_comes_before_the_old_one_goes(here: LocalWorkspace) -> None:
    (before,) = keys(here)
    here.pulumi("config", "set", "--path", "fks:rotation.backup-key", "1")
    assert steps(here) == {"replace": {"backup-key"}}
    up(here)
    (after,) = keys(here)
    assert after["id"] > before["id"] and access(here)["s3_key_id"] == after["access_key"]
    assert steps(here) == {}


def test_an_older_checkout_replaces_no_key(here: LocalWorkspace) -> None:
    with configured(here):
        here.pulumi("config", "rm", "--path", "fks:rotation.backup-key")
        text = preview_error(here)
    assert "fks:rotation.backup-key is not set, and the stack has rotation 1" in text


def test_another_bucket_is_an_error_until_the_present_one_is_unprotected(
    here: LocalWorkspace,
) -> None:
    with configured(here, backup__bucket="us-ord/another"):
        text = preview_error(here)
        assert "protected bucket us-ord/fks-prod-backup" in text
        (urn,) = [row["urn"] for row in state(here) if row["urn"].endswith("::backup-storage")]
        assert f"pulumi state unprotect '{urn}' --yes" in text
        here.pulumi("state", "unprotect", urn, "--yes")
        up(here)
        labels = {bucket["label"] for bucket in clouds_state(here)["linode"]["buckets"]}
        assert labels == {"fks-prod-backup", "another"}
        (key,) = keys(here)
        assert [one["bucket_name"] for one in key["bucket_access"]] == ["another"]


@pytest.mark.parametrize("name", ["backup-storage", "backup-key"])
def test_a_killed_creation_leaves_no_second_bucket_and_no_second_key(name: str) -> None:
    with thin_workspace(f"killed-{name}") as here, configured(here, **BUCKET):
        up(here)
        interrupt_creation(here, name)
        (urn,) = [row["urn"] for row in state(here) if row["urn"].endswith(f"::{name}")]
        here.pulumi("state", "delete", urn, "--yes", "--force", "--target-dependents")
        up(here)
        assert len(keys(here)) == len(clouds_state(here)["linode"]["buckets"]) == 1
        assert steps(here) == {}


def test_a_bucket_with_its_backups_outlives_the_stack() -> None:
    with thin_workspace("destroyed-bucket") as here:
        with configured(here, **BUCKET, protect="false"):
            up(here)
            here.pulumi("destroy", "--yes", "--skip-preview", "--non-interactive")
        found = clouds_state(here)["linode"]
        assert [one["label"] for one in found["buckets"]] == ["fks-prod-backup"]
        assert (found["bucket_keys"], found["instances"]) == ([], [])
