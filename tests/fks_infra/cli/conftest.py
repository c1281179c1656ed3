"""A pulumi that only writes down how it was called."""

import stat
from pathlib import Path

import pytest

FAKE = """#!/bin/sh
printf '%s\\n' "$*" >> "{log}/calls"
case "$*" in
  *"config --json"*) cat "{log}/present" ;;
  *fks:deployKey*) cat > "{log}/fks:deployKey" ;;
  *fks:dnsToken*) cat > "{log}/fks:dnsToken" ;;
esac
"""


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with what pulumi was called with (`calls`) and given (by key)."""
    script = tmp_path / "bin" / "pulumi"
    script.parent.mkdir()
    script.write_text(FAKE.format(log=tmp_path))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "present").write_text("{}")
    monkeypatch.delenv("FKS_DNS_TOKEN", raising=False)
    monkeypatch.setenv("PATH", str(script.parent), prepend=":")
    return tmp_path
