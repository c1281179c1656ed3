"""A text that is too long for a comment ends at a line and says where the rest is."""

import pytest

from fks_infra.clouds.github import COMMENT_LIMIT
from fks_infra.delivery.markdown import fit


def test_a_short_text_stays_as_it_is() -> None:
    text = "x" * COMMENT_LIMIT
    fitted = fit(text, "the run's summary")
    assert (fitted.text, fitted.cut) == (text, False)


@pytest.mark.parametrize("line", ["| a row of a table |", "ü" * 70, "x" * 70_000])
def test_a_long_text_fits_and_names_the_place_of_the_rest(line: str) -> None:
    fitted = fit("\n".join([line] * 5000), "https://github.example/run")
    assert fitted.cut
    assert len(fitted.text) <= COMMENT_LIMIT
    assert "The whole text is in https://github.example/run." in fitted.text
    body = fitted.text.partition("\n\n**Cut")[0]
    assert set(body.splitlines()) == {line} or len(line) > COMMENT_LIMIT


def test_what_the_cut_left_open_is_closed() -> None:
    text = "<details>\n```\n" + "line\n" * 50_000 + "```\n</details>\n"
    body = fit(text, "the summary").text.partition("\n\n**Cut")[0]
    assert body.endswith("\n```\n</details>")
