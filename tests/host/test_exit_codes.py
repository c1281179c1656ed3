import pytest

from host.fks_deploy.errors import DeployError, InputError, LockBusyError
from host.fks_deploy.exit_codes import code_of


@pytest.mark.parametrize("returned", [None, 0, 1])
def test_the_code_of_the_action(returned: int | None, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("stack", lambda: returned) == (returned or 0)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError("a"), 2), (LockBusyError("b"), 75), (DeployError("c"), 1), (OSError("d"), 1)],
)
def test_an_error_is_shown_with_the_programs_name(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    assert code_of("stack", fail) == code
    assert capsys.readouterr().err.startswith("stack: ")
