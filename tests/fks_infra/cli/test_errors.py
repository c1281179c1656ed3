import pytest
import typer

from fks_infra.cli.errors import exit_code
from fks_infra.errors import OperatorError


def test_an_error_is_printed_and_has_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as raised, exit_code(255):
        raise OperatorError("no server [apl]; it has " + "x" * 200)
    printed = capsys.readouterr()
    assert (raised.value.exit_code, printed.out) == (255, "")
    assert printed.err == "no server [apl]; it has " + "x" * 200 + "\n"


def test_another_exit_is_left_alone() -> None:
    with pytest.raises(typer.Exit) as raised, exit_code(255):
        raise typer.Exit(7)
    assert raised.value.exit_code == 7
