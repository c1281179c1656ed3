"""`make docs` was run after the last change."""

from pathlib import Path

import pytest

from fks_infra.documents.generated import PARTS, generated, replace_part, write
from fks_infra.paths import PROJECT_ROOT


@pytest.mark.parametrize("name", generated())
def test_the_generated_files_are_current(name: str) -> None:
    current = (PROJECT_ROOT / name).read_text()
    assert current == generated()[name], f"{name} is out of date: run make docs"


def test_a_changed_page_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in PARTS:
        page = (PROJECT_ROOT / name).read_text()
        (tmp_path / name).write_text(page.replace("flowchart LR", "flowchart TB"))
    write(tmp_path)
    for name, text in generated().items():
        assert (tmp_path / name).read_text() == text


def test_a_page_without_the_comments_of_a_part_is_an_error() -> None:
    page = "<!-- begin chain -->\nold\n<!-- end chain -->\n"
    assert replace_part(page, "chain", "new\n") == page.replace("old", "new")
    with pytest.raises(ValueError, match="must have one <!-- begin multi -->"):
        replace_part(page, "multi", "new\n")
