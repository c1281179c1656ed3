"""The secrets of a stack's file are removed, and nothing else."""

from pathlib import Path

import pytest
import yaml

from fks_infra.config import lost_secrets
from fks_infra.errors import OperatorError

FILE = """# The production stack.
encryptionsalt: v1:abc=:v1:def
config:
  fks:mode: multi # three servers
  fks:deployKey:
    secure: v1:AAA=
  fks:plan:
    web: g6-nanode-1
  "fks:alertWebhook":
    secure: v1:BBB=
"""


def test_secrets_and_salt_are_removed(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(FILE)
    assert lost_secrets.remove(file) == ["fks:deployKey", "fks:alertWebhook"]
    assert file.read_text() == (
        "# The production stack.\nconfig:\n  fks:mode: multi # three servers\n"
        "  fks:plan:\n    web: g6-nanode-1\n"
    )


def test_a_file_with_nothing_but_secrets_stays_valid(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text("config:\n  fks:deployKey:\n    secure: v1:AAA=\n")
    lost_secrets.remove(file)
    assert yaml.safe_load(file.read_text()) == {"config": {}}


def test_a_secret_inside_of_a_value_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    nested = "config:\n  fks:x:\n    y:\n      secure: v1:AAA=\n"
    file.write_text(nested)
    with pytest.raises(OperatorError, match="by hand"):
        lost_secrets.remove(file)
    assert file.read_text() == nested


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"Pulumi\.prod\.yaml cannot be read"):
        lost_secrets.remove(tmp_path / "Pulumi.prod.yaml")
