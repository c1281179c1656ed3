"""Settings from a stack file alone."""

import shutil
from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.impact.stack_file import StackFile, stack_file, stacks
from fks_infra.paths import PROJECT_ROOT

PLAIN = "config:\n  fks:domain: example.org\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copy(PROJECT_ROOT / "Pulumi.yaml", tmp_path)
    return tmp_path


def read(root: Path, text: str) -> StackFile:
    (root / "Pulumi.prod.yaml").write_text(text)
    return stack_file("prod", root)


def error(root: Path, text: str) -> str:
    with pytest.raises(OperatorError) as caught:
        read(root, text)
    return str(caught.value)


def test_values_have_their_defaults(root: Path) -> None:
    found = read(root, PLAIN)
    assert (found.settings.domain, found.settings.mode) == ("example.org", "multi")
    assert found.values["extraNames"] == ["www"]
    assert found.missing == ("deployPublicKey", "deployKey", "acmeDnsToken")


def test_a_secret_is_a_digest_of_its_ciphertext(root: Path) -> None:
    found = read(root, f"{PLAIN}  fks:acmeDnsToken: {{secure: v1:canary}}\n")
    assert list(found.secrets) == ["acmeDnsToken"]
    assert "acmeDnsToken" not in {*found.values, *found.missing}
    assert "canary" not in repr(found)


def test_values_have_the_types_of_the_engine(root: Path) -> None:
    found = read(root, f"{PLAIN}  fks:protect: false\n  fks:plan: {{web: g6-standard-1}}\n")
    assert found.settings.protect is False
    assert found.settings.plan["web"] == "g6-standard-1"


def test_an_invalid_value_is_the_same_error_as_in_pulumi(root: Path) -> None:
    assert "fks:region is 'mars'" in error(root, f"{PLAIN}  fks:region: mars\n")
    assert "fks:domain is not set" in error(root, "config: {}\n")
    assert "fks:minimal is not a configuration key" in error(root, f"{PLAIN}  fks:minimal: true\n")
    assert "fks:zone is 'example.com'" in error(root, f"{PLAIN}  fks:zone: example.com\n")


def test_yaml_that_does_not_parse_is_named_without_an_excerpt(root: Path) -> None:
    message = error(root, "config:\n  fks:mode: [canary\n")
    assert message.startswith("Pulumi.prod.yaml is not valid YAML: ")
    assert message.endswith("in line 3.")
    assert "canary" not in message


@pytest.mark.parametrize("text", ["config: []\n", "- a\n", "text\n"])
def test_a_file_without_an_object_of_settings(root: Path, text: str) -> None:
    assert error(root, text).startswith("Pulumi.prod.yaml has no object `config`")


def test_a_secret_without_encryption_is_not_shown(root: Path) -> None:
    message = error(root, f"{PLAIN}  fks:alertWebhook: https://canary.example/\n")
    assert "fks:alertWebhook is in the stack file without encryption" in message
    assert "canary" not in message


def test_a_plain_setting_that_is_encrypted(root: Path) -> None:
    message = error(root, "config:\n  fks:domain: {secure: v1:x}\n")
    assert message.startswith("fks:domain is encrypted in the stack file, and it is no secret.")


def test_a_stack_without_a_file(root: Path) -> None:
    read(root, PLAIN)
    (root / "Pulumi.a.b.yaml").write_text(PLAIN)
    assert stacks(root) == ["a.b", "prod"]
    with pytest.raises(
        OperatorError, match=r"'dev' has no file Pulumi.dev.yaml. Stacks: a.b, prod"
    ):
        stack_file("dev", root)
