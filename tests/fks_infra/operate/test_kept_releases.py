import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate.kept_releases import chosen, kept, migration_errors
from tests.fks_infra.operate.kept import FIRST, SECOND, THIRD, document, release

MIGRATED = "Authentik 2026.10.1 has migrated the database, the release has 2026.8.6"
RELEASES = kept(document())


def test_numbers_count_back_from_the_last_deploy() -> None:
    assert [(one.number, one.digest) for one in RELEASES] == [(0, THIRD), (1, SECOND), (2, FIRST)]
    assert RELEASES[0].in_service and not RELEASES[1].in_service


@pytest.mark.parametrize(("to", "digest"), [("0", THIRD), ("2", FIRST), ("2222222", SECOND)])
def test_a_release_by_number_or_by_the_first_digits(to: str, digest: str) -> None:
    assert chosen(RELEASES, to, "api").digest == digest


@pytest.mark.parametrize("to", ["3", "222222a", "abc", "", "-1", "4" * 64])
def test_an_unknown_release_is_an_error_with_those_that_are_kept(to: str) -> None:
    with pytest.raises(OperatorError) as raised:
        chosen(RELEASES, to, "api")
    known = f"0 ({THIRD[:12]}), 1 ({SECOND[:12]}), 2 ({FIRST[:12]})"
    assert f"--to is {to!r}, which api does not keep. It keeps {known}" in str(raised.value)


def test_digits_of_two_releases_are_an_error() -> None:
    both = kept(document(release("12345678" * 8), release("12345679" * 8)))
    with pytest.raises(OperatorError, match="does not keep"):
        chosen(both, "1234567", "api")


@pytest.mark.parametrize(
    ("current", "target", "errors"),
    [
        ({"AUTH_SERVER": "2026.8.6"}, {"AUTH_SERVER": "2026.8.6"}, []),
        ({"AUTH_SERVER": "2026.8.6"}, {"AUTH_SERVER": "2026.10"}, []),
        ({"AUTH_SERVER": "2026.8.6"}, {}, []),
        (
            {"AUTH_SERVER": "2026.10.1"},
            {"AUTH_SERVER": "2026.8.6"},
            ["auth-server: " + MIGRATED],
        ),
        (
            {"API_POSTGRES": "17", "AUTH_POSTGRES": "17"},
            {"API_POSTGRES": "16", "AUTH_POSTGRES": "17"},
            ["api-postgres: the data is of PostgreSQL 17, the release has 16"],
        ),
        (
            {"API_POSTGRES": "17"},
            {"API_POSTGRES": "18"},
            ["api-postgres: the data is of PostgreSQL 17, the release has 18"],
        ),
    ],
)
def test_migrations(current: dict[str, str], target: dict[str, str], errors: list[str]) -> None:
    new, old = kept(document(release(SECOND, versions=current), release(FIRST, versions=target)))
    assert list(migration_errors(new, old)) == errors
