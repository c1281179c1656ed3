import json
from pathlib import Path

from host.fks_deploy import journal
from host.fks_deploy.redact import Redactor


def test_each_entry_is_one_line_without_secrets(tmp_path: Path) -> None:
    file = tmp_path / "lib/journal.jsonl"
    redact = Redactor(["canary"])
    journal.append(file, {"result": "failed", "error": "bad\npassword canary"}, redact)
    journal.append(file, {"result": "ok"}, redact)
    lines = file.read_text().splitlines()
    assert [json.loads(line)["result"] for line in lines] == ["failed", "ok"]
    assert json.loads(lines[0])["error"] == "bad\npassword ***"
    assert file.stat().st_mode & 0o777 == 0o640
