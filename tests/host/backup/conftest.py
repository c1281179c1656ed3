from pathlib import Path

import pytest

from tests.host.backup.stand_in import StandIn, server


@pytest.fixture
def shell(tmp_path: Path) -> StandIn:
    """restic and Docker of a server of the role api."""
    return server(tmp_path)
