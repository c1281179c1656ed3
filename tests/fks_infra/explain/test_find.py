"""What a text names, or the nearest names."""

import pytest

from fks_infra.errors import OperatorError
from fks_infra.explain.context import Context
from fks_infra.explain.find import find


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("fks:mode", "setting"),
        ("443", "port"),
        ("api", "service"),
        ("dns-web", "resource"),
        ("compose/api/compose.yaml", "file"),
    ],
)
def test_kinds(prod: Context, text: str, kind: str) -> None:
    found = find(prod, text)
    assert (found.kind, found.document()["subject"]) == (kind, text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("api-postgrs", "Near to it: api-postgres"),
        ("fks:timezon", "Near to it: fks:timezone"),
        ("%%%%", "Nothing has a similar name."),
    ],
)
def test_an_unknown_text_has_the_nearest_names(prod: Context, text: str, near: str) -> None:
    with pytest.raises(OperatorError) as error:
        find(prod, text)
    assert near in str(error.value)
