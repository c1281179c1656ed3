"""A change in one place, by the rules of `fks impact`."""

from fks_infra.explain import effects
from fks_infra.explain.context import Context


def test_nothing_changes_nothing(prod: Context) -> None:
    assert effects.of_inventory(prod, prod.inventory) == [effects.NOTHING]


def test_an_image_of_a_database_stops_it(prod: Context) -> None:
    lines = effects.of_service(prod, "api-postgres")
    away = "away 10 s at most, noticed by all who use the API"
    assert f"api: api-postgres: stopped, then replaced, {away}" in lines
    assert all(line.startswith("api: ") for line in lines)


def test_a_snippet_of_the_edge_reloads_all(prod: Context) -> None:
    lines = effects.of_release_file(prod, "nginx/snippets/tls.conf")
    for server in ("auth", "api", "web"):
        assert f"{server}: edge: configuration reload, away 0 s" in lines


def test_a_mounted_script_restarts_nothing(prod: Context) -> None:
    lines = effects.of_release_file(prod, "compose/lib/http-health.py")
    assert "api: api: updated, away 0 s" in lines


def test_a_compose_file_says_that_it_depends(prod: Context) -> None:
    lines = effects.of_release_file(prod, "compose/api/compose.yaml")
    assert lines[-1].startswith("containers whose definition changes are replaced")
    assert list(effects.servers_with_file(prod, "compose/api/compose.yaml")) == ["api"]


def test_a_file_of_the_program_needs_the_engine(prod: Context) -> None:
    (line,) = effects.of_program_file(prod, "fks_infra/declare.py")
    assert line.startswith("fks_infra/declare.py of the program")
    assert effects.of_program_file(prod, "README.md") == [effects.NOTHING]
