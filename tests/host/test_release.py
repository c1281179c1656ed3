import json
from pathlib import Path

import pytest

from host.fks_deploy import release
from host.fks_deploy.errors import DeployError


def test_env_lines_are_read_as_compose_reads_them() -> None:
    text = "# comment\n\nA=1\nB = two words \nURL=a=b\nEMPTY=\n"
    assert release.parse_env(text) == {"A": "1", "B": "two words", "URL": "a=b", "EMPTY": ""}


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(json.dumps({"server": "api"}))
    (tmp_path / "release.env").write_text("")
    with pytest.raises(DeployError, match="lacks the key 'project'"):
        release.load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"release\.json"):
        release.load(tmp_path)
