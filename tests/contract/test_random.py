"""RandomPassword: made once, kept secret, and replaced by any change of what it shall look like."""

from __future__ import annotations

import string
from typing import Any

import pytest

from tests.contract.declare import Resource
from tests.contract.harness import Engine, Stack

pytestmark = pytest.mark.contract

TYPE = "random:index/randomPassword:RandomPassword"
SECRETS = {"additional_secret_outputs": ["bcryptHash", "result"]}
CHANGES: dict[str, Any] = {
    "length": 21,
    "keepers": {"generation": "2"},
    "lower": False,
    "minLower": 3,
    "minNumeric": 3,
    "minSpecial": 3,
    "minUpper": 3,
    "numeric": False,
    "overrideSpecial": "-",
    "special": False,
    "upper": False,
}


def password(**inputs: Any) -> list[Resource]:
    return [Resource("p", TYPE, {"length": 20, **inputs}, SECRETS)]


def result(stack: Stack) -> str:
    outputs = stack.state()["p"]["outputs"]
    return str(outputs["result"]["__secret__"])


@pytest.fixture(scope="module")
def made(engine: Engine) -> Stack:
    """A stack that holds one password."""
    stack = engine.stack("random")
    assert not stack.run("up", password()).failed
    return stack


def test_the_password_and_its_hash_are_secret_in_state(made: Stack) -> None:
    outputs = made.state()["p"]["outputs"]
    assert set(outputs["result"]) == {"__secret__"}
    assert outputs["bcryptHash"]["__secret__"].startswith("$2")
    assert len(result(made)) == 20
    assert outputs["numeric"] is True
    assert result(made) not in str(made.checkpoint())


def test_nothing_changes_without_a_change(made: Stack) -> None:
    before = result(made)
    for op in ("up", "refresh"):
        assert [step["op"] for step in made.run(op, password()).engine] == [
            "same" if op == "up" else "refresh"
        ]
    assert result(made) == before


def test_a_default_that_is_written_out_is_no_change(made: Stack) -> None:
    same = made.run("preview", password(special=True, minLower=0, numeric=True))
    assert [step["op"] for step in same.engine] == ["same"]


@pytest.mark.parametrize("name", CHANGES)
def test_every_input_replaces(made: Stack, name: str) -> None:
    preview = made.run("preview", password(**{name: CHANGES[name]}))
    operations = [step["op"] for step in preview.engine]
    assert operations == ["create-replacement", "replace", "delete-replaced"]
    assert name in preview.engine[0]["diffs"]


def test_the_characters_are_those_asked_for(engine: Engine) -> None:
    stack = engine.stack("random-characters")
    wanted = password(length=30, overrideSpecial="-_", minSpecial=4, minNumeric=5, upper=False)
    assert not stack.run("up", wanted).failed
    value = result(stack)
    assert set(value) <= set(string.ascii_lowercase + string.digits + "-_")
    assert sum(character in "-_" for character in value) >= 4
    assert sum(character in string.digits for character in value) >= 5


def test_a_length_below_the_minima_fails_in_preview(engine: Engine) -> None:
    preview = engine.stack("random-short").run("preview", password(length=3, minLower=4))
    assert preview.failed
    assert any("length is 3: give 4 or more" in error for error in preview.errors)
