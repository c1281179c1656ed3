"""The configuration as `fks` reads it."""

import json
from pathlib import Path

import pytest

from fks_infra.config.stack_files import read
from fks_infra.errors import OperatorError


def test_a_value_is_the_stacks_or_else_the_default(pulumi: Path) -> None:
    present = {"fks:region": {"value": "us-ord", "secret": False}}
    (pulumi / "present").write_text(json.dumps(present))
    assert read("blue", "region", "mode") == ["us-ord", "multi"]


def test_a_plain_value_that_is_encrypted_is_an_error_with_the_command(pulumi: Path) -> None:
    (pulumi / "present").write_text(json.dumps({"fks:plan": {"secret": True}}))
    with pytest.raises(OperatorError) as raised:
        read("blue", "plan")
    text = str(raised.value)
    assert text.startswith("fks:plan is encrypted in the stack's configuration")
    assert text.endswith("pulumi config set --plaintext fks:plan VALUE --stack blue")
