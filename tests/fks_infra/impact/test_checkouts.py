"""The inventories of a base and of the work tree, and what prevents a comparison."""

from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.impact.checkouts import compare
from tests.fks_infra.impact import checkout

STACK_FILE = "Pulumi.prod.yaml"


def error(root: Path, ref: str = "HEAD", stack: str = "prod") -> str:
    with pytest.raises(OperatorError) as caught:
        compare(root, ref, stack)
    message = str(caught.value)
    assert len(message.splitlines()) == 1, message
    return message


def test_each_is_made_by_its_own_code(root: Path) -> None:
    checkout.replace(root, "fks_infra/roles/images.py", "nginx:1.30-trixie", "nginx:1.31-trixie")
    found = compare(root, "HEAD", "prod")
    images = [
        one["servers"]["web"]["services"]["edge"]["image"] for one in (found.base, found.head)
    ]
    assert [image.rpartition(":")[2] for image in images] == ["1.30-trixie", "1.31-trixie"]
    commit = checkout.git(root, "rev-parse", "HEAD").strip()[:7]
    assert found.source.startswith(f"base HEAD ({commit}) and the work tree ({commit}")
    assert found.source.endswith(", uncommitted files: 1)")


def test_a_stack_that_only_the_head_has(root: Path) -> None:
    (root / "Pulumi.new.yaml").write_text("config:\n  fks:domain: example.org\n")
    found = compare(root, "HEAD", "new")
    assert (found.base["servers"], list(found.head["servers"])) == ({}, ["auth", "api", "web"])


def test_an_unknown_stack(root: Path) -> None:
    assert error(root, stack="nosuch") == (
        "--stack is 'nosuch': there is no Pulumi.nosuch.yaml. Stacks: dev, prod."
    )


def test_a_stack_file_of_the_head_that_does_not_parse(root: Path) -> None:
    (root / STACK_FILE).write_text("config: [\n")
    assert error(root).startswith("The work tree cannot be compared: Pulumi.prod.yaml is not valid")


def test_a_stack_file_of_the_base_that_does_not_parse(root: Path) -> None:
    good = (root / STACK_FILE).read_text()
    (root / STACK_FILE).write_text("config: [\n")
    checkout.commit_all(root)
    (root / STACK_FILE).write_text(good)
    assert error(root).startswith("The base HEAD cannot be compared: Pulumi.prod.yaml is not valid")


def test_an_invalid_setting(root: Path) -> None:
    checkout.stack(root, "fks:region: mars")
    assert error(root).startswith("The work tree cannot be compared: fks:region is 'mars'")


def test_a_base_that_is_older_than_the_inventory(root: Path) -> None:
    checkout.git(root, "rm", "-r", "--quiet", "fks_infra/impact")
    checkout.git(root, "commit", "--quiet", "--message", "x")
    assert "is older than fks_infra/impact/inventory.py" in error(root)


def test_a_base_whose_inventory_has_another_form(root: Path) -> None:
    checkout.replace(root, "fks_infra/impact/inventory.py", "FORMAT = 1", "FORMAT = 0")
    checkout.commit_all(root)
    checkout.replace(root, "fks_infra/impact/inventory.py", "FORMAT = 0", "FORMAT = 1")
    assert error(root).startswith("The base HEAD has an inventory of format 0, and this program")


def test_a_program_that_fails_is_named_in_one_line(root: Path) -> None:
    checkout.append(root, "fks_infra/roles/web.py", "raise RuntimeError('broken')\n")
    assert error(root).endswith("ended with: RuntimeError: broken")


def test_a_checkout_gets_no_credential(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINODE_TOKEN", "canary")
    shown = "import os; raise RuntimeError(sorted(set(os.environ) - {'LC_CTYPE'}))\n"
    checkout.append(root, "fks_infra/roles/web.py", shown)
    message = error(root)
    assert "'PATH'" in message
    assert "LINODE_TOKEN" not in message
