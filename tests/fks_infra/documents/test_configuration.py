"""docs/configuration.md has every setting, credential and error."""

from fks_infra.clouds import credentials
from fks_infra.config.schema import declared_keys
from fks_infra.config.validators import VALIDATORS
from fks_infra.documents.configuration import CREDENTIALS, MALFORMED, configuration_page

PAGE = configuration_page()


def test_every_setting_has_a_row_with_its_default_and_description() -> None:
    settings = PAGE.partition("## Settings")[2].partition("## Formats")[0]
    rows = {row.split("`")[1]: row for row in settings.splitlines() if row.startswith("| `fks:")}
    assert list(rows) == [f"fks:{name}" for name in declared_keys()]
    for name, key in declared_keys().items():
        assert rows[f"fks:{name}"].endswith(f"| {key.description} |")
        assert rows[f"fks:{name}"].count("|") == 6
    assert "| required |" in rows["fks:deployKey"]
    assert "| string, secret |" in rows["fks:registryPassword"]
    assert '| `["www"]` |' in rows["fks:extraNames"]
    assert "| 60 to 3600 |" in rows["fks:joinTimeout"]
    assert "| `multi`, `single` |" in rows["fks:mode"]


def test_every_malformed_value_is_an_error() -> None:
    for name, value in MALFORMED.items():
        assert VALIDATORS[name](value), name
        assert str(VALIDATORS[name](value)) in PAGE


def test_every_credential_is_described() -> None:
    assert set(credentials.CREDENTIALS) <= CREDENTIALS.keys()
