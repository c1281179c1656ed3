"""A webhook for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.watch.receiver import Receiver, serving
from tests.tls import trust


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A webhook whose certificate is trusted."""
    authority = tmp_path / "authority"
    trust(authority, monkeypatch)
    with serving(authority) as one:
        yield one
