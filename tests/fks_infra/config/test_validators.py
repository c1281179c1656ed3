"""Each setting at both sides of the limits of its format."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from fks_infra.config.validators import VALIDATORS
from tests.fks_infra.config.examples import ACCEPTED, REJECTED


def pairs(examples: Mapping[str, Sequence[Any]]) -> list[tuple[str, Any]]:
    return [(name, value) for name, values in examples.items() for value in values]


@pytest.mark.parametrize(("name", "value"), pairs(ACCEPTED), ids=lambda value: str(value)[:40])
def test_a_value_within_the_format_is_accepted(name: str, value: Any) -> None:
    assert VALIDATORS[name](value) is None


@pytest.mark.parametrize(("name", "example"), pairs(REJECTED), ids=lambda value: str(value)[:40])
def test_a_value_beyond_the_format_is_rejected_with_what_to_write(
    name: str, example: tuple[Any, str]
) -> None:
    value, expected = example
    assert expected in str(VALIDATORS[name](value))


def test_every_validator_has_examples() -> None:
    assert list(ACCEPTED) == list(REJECTED) == list(VALIDATORS)
