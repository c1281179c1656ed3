"""RandomPassword: created once, secret, and replaced by every change of an input."""

from __future__ import annotations

import string
from typing import Any

import pytest

from tests.contract.declare import Resource
from tests.contract.harness import Engine, Stack

pytestmark = pytest.mark.contract

TYPE = "random:index/randomPassword:RandomPassword"
SECRETS = {"additional_secret_outputs": ["bcryptHash", "result"]}
CHANGES: dict[str, Any] = {"length": 21, "special": True}


def password(**inputs: Any) -> list[Resource]:
    return [Resource("p", TYPE, {"length": 20, "special": False, **inputs}, SECRETS)]


def result(stack: Stack) -> str:
    outputs = stack.state()["p"]["outputs"]
    return str(outputs["result"]["__secret__"])


@pytest.fixture(scope="module")
def made(engine: Engine) -> Stack:
    """A stack with one password."""
    stack = engine.stack("random")
    assert not stack.run("up", password()).failed
    return stack


def test_the_password_and_its_hash_are_secret_in_state(made: Stack) -> None:
    outputs = made.state()["p"]["outputs"]
    assert set(outputs["result"]) == {"__secret__"}
    assert outputs["bcryptHash"]["__secret__"].startswith("$2")
    assert outputs["numeric"] is True
    assert result(made) not in str(made.checkpoint())


def test_the_password_has_its_length_and_no_special_characters(made: Stack) -> None:
    assert len(result(made)) == 20
    assert set(result(made)) <= set(string.ascii_letters + string.digits)


def test_the_same_inputs_change_nothing(made: Stack) -> None:
    before = result(made)
    for op, step in (("up", "same"), ("refresh", "refresh")):
        assert [event["op"] for event in made.run(op, password()).engine] == [step]
    assert result(made) == before


@pytest.mark.parametrize("name", CHANGES)
def test_every_input_replaces(made: Stack, name: str) -> None:
    preview = made.run("preview", password(**{name: CHANGES[name]}))
    operations = [step["op"] for step in preview.engine]
    assert operations == ["create-replacement", "replace", "delete-replaced"]
    assert name in preview.engine[0]["diffs"]
