"""The README's table of keys is what Pulumi.yaml declares."""

from fks_infra.cli.config_table import markdown
from fks_infra.config.schema import PROJECT_ROOT, declared_keys


def test_every_key_has_a_row_with_its_default_and_description() -> None:
    rows = {row.split("`")[1]: row for row in markdown().splitlines()[2:]}
    for name, key in declared_keys().items():
        assert key.description in rows[f"fks:{name}"]
    assert "| required |" in rows["fks:deployKey"]
    assert "| string, secret |" in rows["fks:registryPassword"]
    assert '`{"auth": "g6-nanode-1"' in rows["fks:plan"]


def test_no_description_breaks_the_table() -> None:
    for row in markdown().splitlines():
        assert row.count("|") == 5, row


def test_the_readme_has_the_table_as_printed() -> None:
    readme = PROJECT_ROOT / "README.md"
    table = readme.read_text().partition("<!-- table -->\n")[2].partition("<!-- end -->")[0]
    assert table == markdown()
