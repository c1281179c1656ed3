"""`fks tailnet policy` prints the policy for the stack's settings, and only JSON."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from fks_infra.cli.app import app
from fks_infra.errors import OperatorError
from fks_infra.topology.tailnet_policy import policy


def run(pulumi: Path, config: dict[str, Any]) -> Any:
    (pulumi / "present").write_text(json.dumps(config))
    return CliRunner().invoke(app, ["tailnet", "policy", "--stack", "blue"])


def test_it_prints_the_policy_of_the_defaults(pulumi: Path) -> None:
    result = run(pulumi, {})
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == policy("tag:fks", ["autogroup:admin"])
    assert (pulumi / "calls").read_text() == "--non-interactive config --json --stack blue\n"


def test_tag_and_operators_are_the_stacks(pulumi: Path) -> None:
    config = {
        "fks:tailnetTag": {"value": "tag:shop"},
        "fks:tailnetOperators": {"value": '["tag:ci"]', "objectValue": ["tag:ci"]},
    }
    assert json.loads(run(pulumi, config).stdout) == policy("tag:shop", ["tag:ci"])


def test_an_invalid_setting_is_an_error_with_its_key(pulumi: Path) -> None:
    result = run(pulumi, {"fks:tailnetTag": {"value": "shop"}})
    assert isinstance(result.exception, OperatorError)
    assert str(result.exception).startswith("fks:tailnetTag is 'shop': it is not a tag")
