"""The table of releases shows the files of each server."""

from fks_infra.documents.releases import releases_table


def row(file: str) -> list[str]:
    (found,) = (line for line in releases_table().splitlines() if f"`{file}`" in line)
    return [cell.strip() for cell in found.split("|")[2:-1]]


def test_a_file_is_marked_for_the_servers_that_use_it() -> None:
    assert releases_table().splitlines()[0] == "| file | auth | api | web | single |"
    assert row("nginx/nginx.conf.template") == ["x", "x", "x", "x"]
    assert row("compose/api/compose.yaml") == ["", "x", "", "x"]
    assert row("nginx/snippets/peer-api.conf") == ["", "", "x", "x"]
    assert row("compose/single.yaml") == ["", "", "", "x"]
