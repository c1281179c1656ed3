"""Reads the commands of a page: the lines of its shell blocks, and code in its text."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from fks_infra.paths import PROJECT_ROOT

# The changelog and the decisions also name commands of earlier versions. The page of all commands
# is their help, and tests/fks_infra/documents/test_commands.py has its examples.
PAGES = (
    *(PROJECT_ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(set((PROJECT_ROOT / "docs").glob("*.md")) - {PROJECT_ROOT / "docs/commands.md"}),
)
SHELL = "sh"
OTHER_LANGUAGES = {"text", "yaml", "mermaid"}
PROGRAM = re.compile(
    "age|apt-get|cp|dkms|docker|echo|export|fks|gh|git|journalctl|ls|make|mv|nvidia-ctk|nvidia-smi|"
    "pre-commit|pulumi|python3?|rm|ssh|systemctl|tailscale|umask|"
    r"(\.venv/bin|scripts/deployment|/usr/local/lib/fks)/\S+"
)
# Code of several words that begins like a command and is none.
TEXTS = frozenset(
    (
        "2596 a99e",
        "c95b 321b",
        "apt-get update failed",
        "docker.io debootstrap iptables git openssh-client python3-venv",
        "failed to load checkpoint: EOF",
        "linode VERSION: real",
        "nvidia-smi finds no GPU with the kernel ...",
        "secret: true",
        "shellcheck openssh-server",
        "table inet crowdsec",
        "the signing key at https://nvidia.github.io/... is ...",
        "unresolvable CDI devices nvidia.com/gpu=all",
    )
)
_PARSER = MarkdownIt().enable("table")
_ASSIGNMENT = re.compile(r"(\w+)=(\S+)")
# Lines of a drawing, which may name a command.
_BOX = re.compile("[\u2500-\u257f]")
_LIKE_A_PROGRAM = re.compile(r"[a-z0-9.~/][\w.~/-]*:?")


class ExtractionError(ValueError):
    """A page has something that may be a command; the message says what to do."""


def commands_of_pages() -> dict[str, list[str]]:
    """Each command as it is written, in one line, and the names of its pages."""
    found: dict[str, list[str]] = {}
    for page in PAGES:
        for text in dict.fromkeys(commands_of(page.name, page.read_text())):
            found.setdefault(text, []).append(page.name)
    return found


def commands_of(name: str, text: str) -> Iterator[str]:
    """The commands of a page; ExtractionError for code that may be one and is not recognized."""
    variables: dict[str, str] = {}
    for token in _PARSER.parse(text):
        try:
            if token.type in ("fence", "code_block"):
                yield from _of_block(token, variables)
            else:
                yield from _of_text(token)
        except ExtractionError as error:
            raise ExtractionError(f"{name}: {error}") from None


def bare(command: str) -> str:
    """The command without sudo, variables and an opening parenthesis before it."""
    words = command.lstrip("(").split(" ")
    while len(words) > 1 and (words[0] in ("sudo", "env") or _ASSIGNMENT.fullmatch(words[0])):
        words.pop(0)
    return " ".join(words)


def _of_block(token: Token, variables: dict[str, str]) -> Iterator[str]:
    """The lines of a shell block; `variables` are those that the page has set so far."""
    if token.info == SHELL:
        lines = re.sub(r"\\\n\s*", "", token.content).splitlines()
        for line in filter(None, (re.sub(r"(^|\s+)#\s.*$", "", one).strip() for one in lines)):
            yield from _of_line(line, variables)
    elif token.info not in OTHER_LANGUAGES:
        known = ", ".join([SHELL, *sorted(OTHER_LANGUAGES)])
        raise ExtractionError(f"a block has the language {token.info!r}: write one of {known}")
    elif lines := list(filter(_is_command, map(str.strip, token.content.splitlines()))):
        raise ExtractionError(f"{lines[0]!r} is a command: its block needs the language {SHELL}")


def _of_line(line: str, variables: dict[str, str]) -> Iterator[str]:
    if found := _ASSIGNMENT.fullmatch(line):
        variables[found[1]] = found[2]
        return
    for name, value in variables.items():
        line = re.sub(rf"\${name}\b", value, line)
    if not _is_command(line):
        raise ExtractionError(f"the program of {line!r} is unknown: add it to PROGRAM")
    yield line


def _of_text(token: Token) -> Iterator[str]:
    codes = (child.content for child in token.children or () if child.type == "code_inline")
    for code in map(str.strip, codes):
        if code in TEXTS or (" " not in code and code != "make"):
            continue
        if _is_command(code):
            yield code
        elif _LIKE_A_PROGRAM.fullmatch(code.split(" ")[0]):
            raise ExtractionError(f"`{code}`: add its program to PROGRAM, or the text to TEXTS")


def _is_command(line: str) -> bool:
    program = bare(line).split(" ")[0]
    return bool(PROGRAM.fullmatch(program)) and not (line in TEXTS or _BOX.search(line))
