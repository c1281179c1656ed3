"""The deploy key as a file, with a stand-in for pulumi."""

import os
from pathlib import Path

import pytest

from fks_infra.doctor.deploy_key import deploy_key
from fks_infra.doctor.findings import InconclusiveError


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stand-in's file, a shell script."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    program = tmp_path / "pulumi"
    program.write_text('#!/bin/sh\necho "key of $*"\n')
    program.chmod(0o755)
    return program


@pytest.mark.usefixtures("pulumi")
def test_it_is_the_one_of_the_stack() -> None:
    with deploy_key("prod", 5.0) as key:
        assert key.read_text().endswith("config get fks:deployKey --stack prod\n")
    assert not key.parent.exists()


def test_a_key_that_cannot_be_decrypted_is_inconclusive(pulumi: Path) -> None:
    pulumi.write_text("#!/bin/sh\necho 'error: incorrect passphrase' >&2; exit 255\n")
    with pytest.raises(InconclusiveError, match="incorrect passphrase"), deploy_key("prod", 5.0):
        pytest.fail("there is no key")
