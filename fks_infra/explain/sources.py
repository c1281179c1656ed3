"""Where the checkout defines or uses something."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_COMMENT = re.compile(r"^\s*(?:#+|//)\s?(.*)$")


def lines_with(root: Path, pattern: str, paths: Iterable[Path]) -> list[str]:
    """`file:line` of the first line of each file that matches."""
    expression = re.compile(pattern)
    return [place for path in paths if (place := _first(root, path, expression))]


def python_files(root: Path, folder: str) -> list[Path]:
    """Of a folder of the checkout, in order."""
    return sorted((root / folder).rglob("*.py"))


def text_files(root: Path, *folders: str) -> Iterator[Path]:
    """All files of these folders that are text, without those that Python compiled."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def title(path: Path) -> str:
    """The first sentence of a file's docstring or comment; empty without one."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
    found = _docstring(text) if path.suffix == ".py" else _comment(text)
    return re.split(r"(?<=\.)\s|\n\n", found.strip())[0].replace("\n", " ")


def _first(root: Path, path: Path, expression: re.Pattern[str]) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return ""
    found = (number for number, line in enumerate(lines, 1) if expression.search(line))
    number = next(found, None)
    return f"{path.relative_to(root).as_posix()}:{number}" if number else ""


def _docstring(text: str) -> str:
    return ast.get_docstring(ast.parse(text)) or ""


def _comment(text: str) -> str:
    lines = text.splitlines()
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    # A Python program of host/bin has no suffix.
    if lines and lines[0].startswith('"""'):
        return "\n".join(lines)[3:].partition('"""')[0]
    found = []
    for line in lines:
        match = _COMMENT.match(line)
        if not match:
            break
        found.append(match[1])
    return "\n".join(found)
