"""Variants of files, with a stand-in for bin/make-webp."""

import gzip
import os
from pathlib import Path

import pytest

from host.fks_deploy import variants
from host.fks_deploy.output import Output
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell
from tests.host.builds import PNG, SCRIPT

# The last argument is the path of the result.
MAKE_WEBP = """#!/bin/sh
echo "$@" >>"{bin}/calls"
ulimit -v >>"{bin}/limits"
for target; do :; done
{command}
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(variants, "_MAKE_WEBP", tmp_path / "bin/make-webp")
    make_webp(tmp_path, 'echo small >"$target"')
    return Shell(Output(tmp_path / "log", Redactor(())))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "html").mkdir()
    return tmp_path / "html"


def make_webp(directory: Path, command: str) -> None:
    file = directory / "bin/make-webp"
    file.write_text(MAKE_WEBP.format(bin=directory / "bin", command=command))
    file.chmod(0o755)


def make(shell: Shell, tree: Path, **files: bytes) -> list[str]:
    """Make the variants of files, whose names have `_` for the dot."""
    paths = [tree / name.replace("_", ".") for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
        os.utime(path, (1000, 1000))
    return variants.make(shell, tree, paths)


def names(tree: Path) -> set[str]:
    return {path.name for path in tree.iterdir()}


def test_a_text_is_compressed_beside_it(shell: Shell, tree: Path) -> None:
    assert make(shell, tree, app_js=SCRIPT) == []
    packed = (tree / "app.js.gz").read_bytes()
    assert gzip.decompress(packed) == SCRIPT
    assert len(packed) < len(SCRIPT)
    assert packed[4:8] == bytes(4), "the time would make the bytes differ between servers"
    assert (tree / "app.js.gz").stat().st_mtime == 1000


def test_what_does_not_become_smaller_has_no_variant(shell: Shell, tree: Path) -> None:
    make_webp(tree.parent, 'head -c 5000 /dev/zero >"$target"')
    assert make(shell, tree, app_js=b"x" * 1024, noise_css=os.urandom(5000), logo_png=PNG) == []
    assert names(tree) == {"app.js", "noise.css", "logo.png"}


def test_png_and_jpeg_get_a_webp(shell: Shell, tree: Path) -> None:
    assert make(shell, tree, logo_png=PNG, photo_JPEG=PNG, font_woff2=PNG) == []
    assert names(tree) - {"logo.png", "photo.JPEG", "font.woff2"} == {
        "logo.png.webp",
        "photo.JPEG.webp",
    }


def test_a_conversion_has_limited_memory(shell: Shell, tree: Path) -> None:
    make(shell, tree, logo_png=PNG)
    assert (tree.parent / "bin/limits").read_text().split() == [str((256 << 20) >> 10)]


def test_an_animated_png_stays_animated(shell: Shell, tree: Path) -> None:
    assert make(shell, tree, moving_png=PNG + b"acTL") == []
    assert names(tree) == {"moving.png"}


def test_a_variant_of_the_image_itself_stays(shell: Shell, tree: Path) -> None:
    (tree / "app.js.gz").write_bytes(b"zopfli")
    make(shell, tree, app_js=SCRIPT)
    assert (tree / "app.js.gz").read_bytes() == b"zopfli"


@pytest.mark.parametrize("command", ["exit 1", "kill -9 $$", "true", 'rm "$0"; sleep 60'])
def test_a_failed_conversion_is_named_and_fails_nothing(
    shell: Shell, tree: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "_FILE_SECONDS", 0.5)
    make_webp(tree.parent, f'echo part >"$target"; {command}' if command != "true" else command)
    assert make(shell, tree, logo_png=PNG, app_js=SCRIPT) == ["logo.png"]
    assert names(tree) == {"logo.png", "app.js", "app.js.gz"}


def test_without_the_program_images_are_named(shell: Shell, tree: Path) -> None:
    (tree.parent / "bin/make-webp").unlink()
    assert make(shell, tree, logo_png=PNG) == ["logo.png"]


def test_after_the_total_time_no_image_is_converted(
    shell: Shell, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "_TOTAL_SECONDS", 0.0)
    assert make(shell, tree, logo_png=PNG, app_js=SCRIPT) == ["logo.png"]
    assert not (tree.parent / "bin/calls").exists()
    assert (tree / "app.js.gz").exists()


def test_the_note_names_five_files() -> None:
    assert variants.note([]) == []
    assert variants.note(list("abcdefg")) == ["no smaller variant of a, b, c, d, e and 2 more"]
