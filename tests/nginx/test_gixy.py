"""gixy finds no known mistake in the edge's configuration: https://gixy.getpagespeed.com"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.nginx.rendered import ROLES, render

# Not mistakes here:
SKIPPED = {
    # The virtual host for other names closes the connection.
    "http2_misdirected_request",
    # open_file_cache would serve what a deploy has replaced.
    "try_files_is_evil_too",
}


@pytest.mark.parametrize("roles", [("auth",), ("api",), ("web",), ROLES], ids="+".join)
def test_gixy_finds_no_problem(tmp_path: Path, roles: tuple[str, ...]) -> None:
    render(tmp_path, *roles)
    for path in tmp_path.rglob("*.conf"):
        path.write_text(path.read_text().replace("/etc/fks/nginx", str(tmp_path)))
    done = run(tmp_path / "nginx.conf", *(f"--skips={','.join(sorted(SKIPPED))}",))
    assert done.returncode == 0, done.stdout


def test_gixy_finds_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text("http { server { location /a { alias /b/; } } }")
    done = run(tmp_path / "nginx.conf")
    assert done.returncode != 0
    assert "alias_traversal" in done.stdout


def run(configuration: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    gixy = Path(sys.executable).with_name("gixy")
    return subprocess.run(
        [gixy, *options, configuration], capture_output=True, text=True, timeout=120, check=False
    )
