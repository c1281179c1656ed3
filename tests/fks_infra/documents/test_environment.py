"""The table of variables shows where each value comes from and which services get it."""

from fks_infra.documents.environment import environment_page


def row(variable: str) -> list[str]:
    rows = [line for line in environment_page().splitlines() if f"| `{variable}` |" in line]
    return [cell.strip() for cell in rows[0].split("|")[2:-1]]


def test_a_row_has_source_and_services() -> None:
    source, services = row("DEPLOYMENT_MODE")
    assert source == "`FKS_MODE`"
    assert services.startswith("api, api-2, api-worker, api-beat")
    assert row("DATABASE_URL")[0] == "`/run/secrets/DATABASE_URL`"
    assert row("LOG_LEVEL")[0] == "`LOG_LEVEL or INFO`"


def test_both_names_of_a_setting_have_one_source() -> None:
    for one, other in (
        ("CORS_ORIGINS", "API_CORS_ORIGINS"),
        ("AUTHELIA_URL", "AUTHENTIK_URL"),
        ("DOMAIN_NAME", "API_DOMAIN_NAME"),
    ):
        assert row(one) == row(other)
