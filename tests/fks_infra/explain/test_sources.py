"""Lines and titles of files."""

from pathlib import Path

import pytest

from fks_infra.explain import sources


def test_the_first_line_of_each_file_that_matches(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one.py").write_text("x\ny = 1\ny = 2\n")
    (tmp_path / "a/two.py").write_text("x\n")
    (tmp_path / "a/image").write_bytes(b"\xff\xfe")
    files = list(sources.text_files(tmp_path, "a"))
    assert sources.lines_with(tmp_path, r"^y", files) == ["a/one.py:2"]
    assert [path.name for path in sources.python_files(tmp_path, "a")] == ["one.py", "two.py"]


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.py", '"""First.\n\nSecond."""\n', "First."),
        ("a.sh", "#!/bin/sh\n# Installs\n# packages. And more.\nset -eu\n", "Installs packages."),
        ("a", '#!/usr/bin/python3\n"""Prints all. More."""\n', "Prints all."),
        ("a.conf", "tls on;\n", ""),
        ("a.png", "\udcff", ""),
    ],
)
def test_titles(tmp_path: Path, name: str, text: str, title: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(errors="surrogateescape"))
    assert sources.title(path) == title
