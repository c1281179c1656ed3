"""Streams between two programs, which here are shells of this machine."""

from pathlib import Path
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate import host
from fks_infra.migrate.host import Host, stream
from tests.fks_infra.migrate.conftest import server


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Host:
    """Its "ssh" runs the last word of a command in a shell."""

    def command_line(_server: Any, _key: Any, command: str, _seconds: float) -> list[str]:
        return ["sh", "-c", command.split("/bin/")[-1]]

    monkeypatch.setattr(host, "command_line", command_line)
    return Host(server=server("api", "api"), key=Path("key"))


def test_all_bytes_arrive(here: Host, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(bytes(range(256)) * 5000)
    stream(here, ("cat", str(source)), here, ("dd", f"of={target}", "status=none"))
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("send", "receive", "text"),
    [
        (("cat", "/none"), ("dd", "of=/dev/null", "status=none"), "/none"),
        (("echo", "x"), ("cat", "-", "/none"), "/none"),
        (("false",), ("true",), "exit code 1"),
    ],
)
def test_a_failure_of_either_side_is_an_error(
    here: Host, send: tuple[str, ...], receive: tuple[str, ...], text: str
) -> None:
    with pytest.raises(OperatorError, match=rf"^api: .*{text}"):
        stream(here, send, here, receive)


def test_a_program_without_a_document_is_an_error(
    here: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(['{"a": 1}', "no JSON"])
    monkeypatch.setattr(host, "output_of", lambda *_: next(answers))
    assert here.document("transfer", "state") == {"a": 1}
    with pytest.raises(OperatorError, match="transfer printed no document"):
        here.document("transfer", "state")

    def fails(*_: Any) -> str:
        raise OSError("Connection timed out")

    monkeypatch.setattr(host, "output_of", fails)
    with pytest.raises(OperatorError, match="api: Connection timed out"):
        here.run("transfer", "state")
