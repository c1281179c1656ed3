"""`fks:backup.bucket`: a bucket that `pulumi up` makes, with a key for it alone."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from rehearsal.world.operator import RUN
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(1800)]

LABEL = "fks-rehearsal-backup"
PLACE = f"s3:https://us-ord-1.linodeobjects.com/{LABEL}/fks"
SETS = ("auth", "api")
KEYS = "object-storage/keys"


@pytest.fixture(scope="module")
def stored(single: Scenario) -> Scenario:
    """One server whose backups go to a bucket in another region."""
    single.set("fks:backup.bucket", f"us-ord/{LABEL}")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert secret(single) not in outcome.display
    return single


def fks(*words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON document."""
    command = [*RUN, "fks", *words, "--json"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.stdout.startswith("{"), f"{done.stdout}{done.stderr}"
    return done.returncode, dict(json.loads(done.stdout))


def shell(scenario: Scenario, text: str) -> str:
    return scenario.on_server("single", "bash", "-c", text)


def secret(scenario: Scenario) -> str:
    """The secret of the key that the server has."""
    return shell(scenario, "sed -n 's/^aws_secret_access_key = //p' /etc/fks/backup/s3").strip()


def requests(scenario: Scenario, name: str) -> set[str]:
    """The methods of successful requests for snapshots of a data set."""
    place = f"/{LABEL}/fks/{name}/snapshots/"
    found = [one for one in scenario.control.journal("s3") if one["path"].startswith(place)]
    return {one["method"] for one in found if one["status"] < 300}


def test_the_set_up_writes_reads_and_deletes_an_object(stored: Scenario) -> None:
    log = shell(stored, "cat /var/log/fks/deploy.log")
    for name in SETS:
        assert f"{PLACE}/{name} made; writing, reading and deleting work" in log
        assert {"PUT", "GET", "DELETE"} <= requests(stored, name)
    assert stored.up().changes == {}


def test_the_nightly_backup_is_proved_from_the_bucket(stored: Scenario) -> None:
    shell(stored, "systemctl start fks-backup.service")
    code, document = fks("backups")
    assert code == 0, document
    for name in SETS:
        found = document["servers"]["single"]["sets"][name]
        assert found["snapshots"][-1]["certificate"]["verdict"] == "ok", found
    _, status = fks("status")
    assert status["servers"]["single"]["backup"]["off_server"]


def test_the_key_may_use_this_bucket_only(stored: Scenario) -> None:
    (key,) = stored.control.api("GET", KEYS)["data"]
    allowed = {"region": "us-ord", "bucket_name": LABEL, "permissions": "read_write"}
    assert (key["limited"], key["bucket_access"]) == (True, [allowed])
    other = {"region": "us-ord", "label": "fks-rehearsal-other"}
    stored.control.api("POST", "object-storage/buckets", other)
    run = "RESTIC_PASSWORD=x AWS_SHARED_CREDENTIALS_FILE=/etc/fks/backup/s3 restic cat config"
    place = f"-r {PLACE.replace(LABEL, 'fks-rehearsal-other')}"
    assert "Access Denied" in shell(stored, f"{run} {place} 2>&1 || true")


def test_the_secret_is_shown_nowhere(stored: Scenario) -> None:
    hidden = secret(stored)
    assert len(hidden) == 40
    stored.operator.output(["fks", "recovery-sheet"])
    for command in (
        ["pulumi", "preview", "--diff", "--non-interactive"],
        ["pulumi", "stack", "output"],
        ["pulumi", "stack", "export"],
        ["fks", "recovery-sheet"],
        ["sh", "-c", "cat Pulumi.dev.yaml"],
    ):
        assert hidden not in stored.operator.output(command), command
    places = "/var/log /opt/fks /var/lib/fks /usr/local/lib/fks"
    assert shell(stored, f"grep -rlF {hidden} {places} || true") == ""
    assert shell(stored, f"journalctl | grep -cF {hidden} || true").strip() == "0"
    assert PLACE in stored.operator.output(["fks", "recovery-sheet"])


def test_a_new_key_replaces_the_old_one(stored: Scenario) -> None:
    before = secret(stored)
    command = [*RUN, "fks", "rotate", "backup-key", "--yes"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert "Linode has deleted the old key" in done.stdout
    after = secret(stored)
    assert after != before and after not in done.stdout + done.stderr
    assert len(stored.control.api("GET", KEYS)["data"]) == 1
    code, document = fks("backup", "api")
    assert code == 0, document
    assert stored.up().changes == {}


def test_a_key_that_is_refused_is_said_in_one_paragraph(stored: Scenario) -> None:
    """restic repeats a refused request until its time limit, which is minutes."""
    hidden = secret(stored)
    shell(
        stored,
        "cp -p /etc/fks/backup/s3 /root/s3; sed -i 's/^\\(aws_access_key_id = \\).*/\\1NONE/' "
        "/etc/fks/backup/s3",
    )
    code, document = fks("verify-backup", "api")
    shell(stored, "mv /root/s3 /etc/fks/backup/s3")
    (found,) = document["servers"]["single"]["sets"]
    assert (code, found["result"]) == (1, "failed"), found
    assert "refuses the key" in found["text"] and "\n" not in found["text"]
    assert hidden not in json.dumps(document)
    code, document = fks("verify-backup", "api")
    assert code == 0, document
