"""The comment's text, from files that may be anything."""

from pathlib import Path

import pytest

from fks_infra.delivery.pull_request import NO_PREVIEW, Parts, comment, read_parts
from fks_infra.errors import OperatorError


def test_both_texts_are_in_the_comment_with_their_limits() -> None:
    parts = Parts(number=7, impact="IMPACT\n", preview="PREVIEW\n")
    text = comment(parts, "abc", "https://github.example/run")
    assert text.index("IMPACT") < text.index("PREVIEW") < text.index("can and cannot see")
    assert "at commit abc, in https://github.example/run." in text


def test_missing_texts_have_a_reason(tmp_path: Path) -> None:
    (tmp_path / "number").write_text("7\n")
    parts = read_parts(tmp_path)
    assert parts.number == 7
    assert parts.impact.startswith("The run ended before it was known")
    assert parts.preview == NO_PREVIEW


def test_braces_in_a_text_are_text() -> None:
    assert "{commit}" in comment(Parts(number=7, impact="{commit}", preview=""), "abc", "run")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "number").write_text("7")
    (tmp_path / "secret").write_text("canary")
    (tmp_path / "impact.md").symlink_to(tmp_path / "secret")
    assert "canary" not in read_parts(tmp_path).impact


def test_a_large_or_binary_file_is_read_in_part(tmp_path: Path) -> None:
    (tmp_path / "number").write_text("7")
    (tmp_path / "impact.md").write_bytes(b"\xff" * 2_000_000)
    assert len(read_parts(tmp_path).impact) == 1_000_000


@pytest.mark.parametrize("number", ["", "-7", "7\n8", "x" * 1000])
def test_what_is_no_number_is_an_error_that_is_short(tmp_path: Path, number: str) -> None:
    (tmp_path / "number").write_text(number)
    with pytest.raises(OperatorError, match=r"Nothing was posted\.") as raised:
        read_parts(tmp_path)
    assert len(str(raised.value)) < 400
