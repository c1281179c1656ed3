"""The journal of all requests."""

import json
from pathlib import Path

from tests.rehearsal.clouds.client import TOKEN, cloud_clients, instance


def test_the_journal_has_every_request_and_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    here = cloud_clients(journal=file)
    here.linode.post("/v4/linode/instances", json=instance(root_pass="canary-password"))
    here.cloudflare.get("/client/v4/zones")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(row["cloud"], row["method"], row["status"]) for row in lines] == [
        ("linode", "POST", 200),
        ("cloudflare", "GET", 200),
    ]
    assert "canary" not in file.read_text(encoding="utf-8")
    assert TOKEN not in file.read_text(encoding="utf-8")
    found = here.linode.get("/rehearsal/journal", params={"cloud": "linode"}).json()
    assert len(found) == 1
