"""The declared bucket of the backups, and its key."""

import json

import pytest

from fks_infra.errors import OperatorError
from tests.conftest import Declare

BUCKET = {"bucket": "us-ord/fks-prod-backup"}


def test_a_bucket_is_private_protected_and_outlives_the_stack(declare: Declare) -> None:
    for protect in (True, False):
        bucket = declare(backup=BUCKET, protect=protect).one("backup-storage")
        assert bucket.inputs == {"region": "us-ord", "label": "fks-prod-backup", "acl": "private"}
        assert (bucket.request.protect, bucket.request.retainOnDelete) == (protect, True)


def test_its_key_may_use_this_bucket_only(declare: Declare) -> None:
    world = declare(backup=BUCKET, rotation={"backup-key": 2})
    key = world.one("backup-key")
    access = {"bucketName": "fks-prod-backup", "region": "us-ord", "permissions": "read_write"}
    assert key.inputs == {"label": "fks-prod-backup", "bucketAccesses": [access]}
    assert key.request.replacement_trigger.number_value == 2
    assert "backup-storage" in world.after("backup-key")


def test_servers_with_data_get_the_bucket_and_its_key(declare: Declare) -> None:
    world = declare(backup={**BUCKET, "pitr": True})
    for name in ("auth", "api"):
        deploy = world.one(f"{name}-stack-deploy")
        found = json.loads(deploy.inputs["stdin"])["backup"]
        assert found.pop("password") and "stdin" in deploy.secret_inputs
        assert found == {
            "stack": "prod",
            "repository": "s3:https://us-ord-1.linodeobjects.com/fks-prod-backup/fks",
            "s3_key_id": "KEYID",
            "s3_key": "bucket-key-canary",
        }
    assert "backup" not in json.loads(world.one("web-stack-deploy").inputs["stdin"])


def test_the_secret_of_a_bucket_is_only_in_secret_inputs(declare: Declare) -> None:
    world = declare(backup=BUCKET)
    having = [
        (resource.name, name)
        for resource in world.resources
        for name, value in resource.inputs.items()
        if "bucket-key-canary" in str(value)
    ]
    # In the order of registrations, which run at the same time.
    assert sorted(having) == [("api-stack-deploy", "stdin"), ("auth-stack-deploy", "stdin")]
    assert "bucket-key-canary" not in str(world.exports)
    assert {"backup-storage", "backup-key"} <= world.after("destroy-guard")


def test_a_bucket_costs_and_is_in_the_outputs(declare: Declare) -> None:
    exports = declare(backup=BUCKET).exports
    cost = exports["monthlyCost"]
    assert cost["objectStorage"] == 5.0
    assert cost["total"] == declare().exports["monthlyCost"]["total"] + 5.0
    assert "objectStorage" not in declare().exports["monthlyCost"]


@pytest.mark.parametrize(("region", "warned"), [("ca-central", True), ("us-ord", False)])
def test_a_bucket_in_the_region_of_the_servers_is_warned_of(
    declare: Declare, region: str, warned: bool
) -> None:
    found = declare(backup={"bucket": f"{region}/fks-prod-backup"}).warnings
    text = "the loss of ca-central would lose the data and their backups"
    assert any(text in warning for warning in found) == warned


def test_a_region_without_object_storage_is_an_error(declare: Declare) -> None:
    with pytest.raises(OperatorError, match="Linode has no Object Storage in us-west"):
        declare(backup={"bucket": "us-west/fks-prod-backup"})


@pytest.mark.parametrize("backup", [{}, {"bucket": "us-ord/another"}])
def test_a_protected_bucket_is_not_given_up_by_accident(
    declare: Declare, backup: dict[str, str]
) -> None:
    kind = "linode:index/objectStorageBucket:ObjectStorageBucket"
    urn = f"urn:pulumi:prod::fks::fks:infra:BackupBucket${kind}::backup-storage"
    entry = {"urn": urn, "type": kind, "id": "us-ord:fks-prod-backup", "custom": True}
    state = {"deployment": {"resources": [{**entry, "protect": True}]}}
    with pytest.raises(OperatorError, match="protected bucket us-ord/fks-prod-backup") as raised:
        declare(backup=backup, state=state)
    assert f"pulumi state unprotect '{urn}' --yes" in str(raised.value)
    state = {"deployment": {"resources": [{**entry, "protect": False}]}}
    assert declare(backup=backup, state=state).one("destroy-guard")
