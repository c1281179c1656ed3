"""The context of the stack prod, as the checkout has it."""

import pytest

from fks_infra.explain import context
from fks_infra.explain.context import Context


@pytest.fixture(scope="session")
def prod() -> Context:
    return context.read("prod")
