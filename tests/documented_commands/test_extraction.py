"""A page cannot have a command that the extraction does not see."""

import pytest

from tests.documented_commands.extraction import ExtractionError, bare, commands_of

BLOCK = """\
- a list:

  ```sh
  compose=/usr/local/lib/fks/current/bin/compose
  # a comment
  sudo $compose ps    # another one
  fks impact \\
    --json
  ```
"""


def found(text: str) -> list[str]:
    return list(commands_of("page.md", text))


def test_the_lines_of_a_block_have_their_variables_and_no_comments() -> None:
    expected = ["sudo /usr/local/lib/fks/current/bin/compose ps", "fks impact --json"]
    assert found(BLOCK) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Run `pulumi up --refresh`.",
        "Run `pulumi up\n--refresh`.",
        "1. one\n   - Run `pulumi up --refresh`.",
        "| a | b |\n|---|---|\n| x | `pulumi up --refresh` |",
        "> ## A heading with `pulumi up --refresh`",
    ],
)
def test_code_in_text_is_found_everywhere(text: str) -> None:
    assert found(text) == ["pulumi up --refresh"]


@pytest.mark.parametrize("text", ["`pulumi` and `fks:plan`", "`fks:gpu: true`", "`{a, b}`", "make"])
def test_names_are_no_commands(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Run `terraform apply`.", "add its program to PROGRAM"),
        ("Run `sudo terraform apply`.", "add its program to PROGRAM"),
        ("```sh\nterraform apply\n```", "the program of 'terraform apply' is unknown"),
        ("```\nfks doctor\n```", "a block has the language ''"),
        ("```console\nfks doctor\n```", "a block has the language 'console'"),
        ("```text\nfks doctor\n```", "'fks doctor' is a command"),
        ("Text:\n\n    fks doctor\n", "a block has the language ''"),
    ],
)
def test_what_may_be_a_command_and_is_not_recognized_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ExtractionError, match=r"page\.md: ") as raised:
        found(text)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sudo env A=b make test", "make test"),
        ("FKS_WORLD=2 make test", "make test"),
        ("(umask 077; true)", "umask 077; true)"),
    ],
)
def test_what_is_before_a_program_is_left_out(command: str, expected: str) -> None:
    assert bare(command) == expected
