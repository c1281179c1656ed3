"""The stand-in of GitHub's API as a fixture."""

from collections.abc import Iterator

import pytest

from tests.github_stand_in import GitHubStandIn, serving


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with serving() as stand_in:
        yield stand_in
