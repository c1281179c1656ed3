import sys

from fks_infra.operate.streaming import Ended, stream


def test_lines_are_passed_on_while_it_runs() -> None:
    code = "import sys; print('one', flush=True); input() if 0 else print('two')"
    lines: list[str] = []
    assert stream([sys.executable, "-c", code], lines.append, 60) == Ended(code=0)
    assert lines == ["one", "two"]


def test_a_failure_has_the_last_line_of_standard_error() -> None:
    code = "import sys; sys.stderr.write('first\\nlast\\n'); sys.exit(3)"
    assert stream([sys.executable, "-c", code], print, 60) == Ended(code=3, error="last")


def test_a_failure_without_a_word_has_its_exit_code() -> None:
    assert stream(["false"], print, 60) == Ended(code=1, error="exit code 1")


def test_a_command_that_does_not_end_is_killed() -> None:
    ended = stream(["sleep", "60"], print, 0.2)
    assert ended == Ended(code=-9, error="no answer within 0.2 s")
