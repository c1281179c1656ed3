"""`fks rotate backup-key`: another key of the declared bucket."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import NAMES, FakeServers, run
from tests.fks_infra.cli.test_rollback import calls
from tests.fks_infra.cli.test_rotate import changed, report
from tests.fks_infra.conftest import ScriptedApi

BUCKET = {"bucket": "us-ord/fks-prod-backup"}
KEY = "/v4/object-storage/keys/77"


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> FakeServers:
    fake = servers.install(monkeypatch)
    fake.reports = {name: report() for name in NAMES}
    return fake


@pytest.fixture
def linode(api: ScriptedApi, monkeypatch: pytest.MonkeyPatch) -> ScriptedApi:
    monkeypatch.setenv("LINODE_URL", api.base)
    monkeypatch.setenv("LINODE_TOKEN", "canary-token")
    api.respond("GET", KEY, (404, {}))
    return api


def stored(pulumi: Path, backup: dict[str, str], number: int | None = None, **row: Any) -> None:
    """The configuration, and the state with the key 77."""
    rotation = {} if number is None else {"backup-key": number}
    values = {"fks:backup": backup, "fks:rotation": rotation}
    present = {name: {"value": json.dumps(value)} for name, value in values.items()}
    (pulumi / "present").write_text(json.dumps(present))
    urn = "urn:pulumi:prod::fks::fks:infra:BackupBucket$linode:x::backup-key"
    key = {"urn": urn, "id": "77", "outputs": {"accessKey": "OLDKEY"}, **row}
    (pulumi / "state").write_text(json.dumps({"deployment": {"resources": [key]}}))


def test_the_new_key_is_deployed_and_the_old_one_is_gone(pulumi: Path, linode: ScriptedApi) -> None:
    stored(pulumi, BUCKET)
    result = run("rotate", "backup-key", "--yes", columns=200)
    assert result.exit_code == 0, result.stderr
    number, up = changed(pulumi)
    assert number == "config set-all --path --plaintext fks:rotation.backup-key=1 --stack prod"
    assert "--target **fks:infra:BackupBucket**" in up
    assert "--target **fks:infra:ApiServer$fks:infra:ComposeStack**" in up
    assert "the bucket us-ord/fks-prod-backup" in result.stdout
    assert "Linode has deleted the old key OLDKEY." in result.stdout
    assert "Commit Pulumi.prod.yaml" in result.stdout
    assert [request.path for request in linode.requests] == [KEY]


def test_an_interrupted_rotation_keeps_its_number(pulumi: Path, linode: ScriptedApi) -> None:
    del linode
    stored(pulumi, BUCKET, number=3, replacementTrigger=2)
    assert run("rotate", "backup-key", "--yes").exit_code == 0
    assert "fks:rotation.backup-key=3" in calls(pulumi, "set-all")[0]


def test_an_old_key_that_is_still_there_is_said(pulumi: Path, linode: ScriptedApi) -> None:
    stored(pulumi, BUCKET)
    linode.respond("GET", KEY, (200, {"id": 77}))
    result = run("rotate", "backup-key", "--yes", columns=200)
    assert result.exit_code == 1
    assert "Linode still has the old key OLDKEY (id 77)." in result.stderr


@pytest.mark.parametrize(
    ("backup", "options", "message"),
    [
        ({}, [], "fks:backup has no bucket"),
        ({"repository": "s3:https://a.b/c", "s3KeyId": "ID"}, [], "fks:backup.s3KeyId KEY_ID"),
        (BUCKET, ["--role", "api"], "backup-key is one of all servers"),
    ],
)
def test_bad_input_changes_nothing(
    pulumi: Path, backup: dict[str, str], options: list[str], message: str
) -> None:
    stored(pulumi, backup)
    result = run("rotate", "backup-key", "--yes", *options, columns=200)
    assert (result.exit_code, changed(pulumi)) == (2, [])
    assert message in result.stderr


def test_a_key_that_is_not_made_yet_is_said(pulumi: Path) -> None:
    stored(pulumi, BUCKET)
    (pulumi / "state").write_text("{}")
    result = run("rotate", "backup-key", "--yes", columns=200)
    assert (result.exit_code, changed(pulumi)) == (2, [])
    assert "The key of the bucket us-ord/fks-prod-backup is not in the stack's state" in (
        result.stderr
    )


def test_without_a_yes_nothing_is_changed(pulumi: Path) -> None:
    stored(pulumi, BUCKET)
    assert run("rotate", "backup-key", text="n\n").exit_code == 2
    assert changed(pulumi) == []
