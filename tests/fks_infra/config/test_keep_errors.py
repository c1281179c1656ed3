"""Combinations of `fks:mode`, `fks:keep` and `fks:serve`."""

import pytest

from fks_infra.config.keep_errors import keep_errors

MULTI = ["auth", "api", "web"]


@pytest.mark.parametrize(
    ("mode", "keep", "serve"),
    [
        ("multi", [], ""),
        ("multi", [], "multi"),
        ("multi", ["single"], ""),
        ("multi", ["single"], "single"),
        ("single", MULTI, "multi"),
        ("single", ["api"], ""),
    ],
)
def test_servers_of_the_other_mode_may_stay(mode: str, keep: list[str], serve: str) -> None:
    assert list(keep_errors({"mode": mode, "keep": keep, "serve": serve})) == []


@pytest.mark.parametrize(
    ("mode", "keep", "serve", "parts"),
    [
        ("multi", ["api"], "", ("fks:keep", "has api anyway", "leave out api")),
        ("single", ["single"], "", ("fks:keep", "leave out single")),
        ("multi", [], "single", ("fks:serve", "without single", "fks:keep: [single]")),
        ("single", ["api", "web"], "multi", ("without auth", "fks:keep: [auth, api, web]")),
    ],
)
def test_servers_that_nobody_could_reach_are_errors(
    mode: str, keep: list[str], serve: str, parts: tuple[str, ...]
) -> None:
    (error,) = keep_errors({"mode": mode, "keep": keep, "serve": serve})
    assert all(part in error for part in parts)
