import getpass
import socket

import pytest

from fks_infra.operate import person


def test_the_user_of_a_workflow() -> None:
    assert person.name({"GITHUB_ACTOR": "ann"}) == "ann (GitHub)"


def test_the_user_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ann")
    assert person.name({}) == f"ann@{socket.gethostname()}"
