"""Programs are built from the modules that their go.mod pins."""

from pathlib import Path

import pytest

from rehearsal.world import go_tools, machine
from rehearsal.world.go_tools import GoTool
from rehearsal.world.shell import CommandError

MODULE = "module example.org/tools\n\ngo 1.25\n"


def test_a_package_that_is_not_pinned_is_an_error_and_no_newer_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go_tools, "WORK", tmp_path)
    monkeypatch.setattr(machine, "TRIES", 1)
    # Nothing is asked of the network.
    monkeypatch.setenv("GOPROXY", "off")
    file = tmp_path / "go.mod"
    file.write_text(MODULE)
    tool = GoTool("tool", "v1.0.0", "example.org/other/cmd/tool", tmp_path)
    with pytest.raises(CommandError, match="import lookup disabled by -mod=readonly"):
        tool.path()
    assert file.read_text() == MODULE
    assert list((tmp_path / "bin").iterdir()) == []
