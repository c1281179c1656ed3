"""The tables of plans show what the topology gives to each service."""

import pytest

from fks_infra.documents.plans import plans_page

PAGE = plans_page()


def table(server: str) -> dict[str, list[str]]:
    """The rows of a server's table, by the first cell."""
    section = PAGE.partition(f"## Server {server}\n\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in section.splitlines()]
    return {row[0]: row[1:] for row in rows}


def test_the_smallest_plan_of_each_server_is_the_first_that_fits() -> None:
    first = {server: table(server)[""][0] for server in ("auth", "api", "web", "single")}
    assert first == {
        "auth": "`g6-nanode-1`",
        "api": "`g6-standard-2`",
        "web": "`g6-nanode-1`",
        "single": "`g6-standard-2`, `fks:lowMemory`",
    }


@pytest.mark.parametrize("server", ["auth", "api", "web", "single"])
def test_limits_and_what_is_left_make_up_the_plan(server: str) -> None:
    rows = table(server)
    limits = [cells for name, cells in rows.items() if name.startswith("limit of ")]
    for column in range(len(rows[""])):
        used = sum(int(cells[column]) for cells in [*limits, rows["left for the system"]])
        assert used == int(rows["memory of the plan"][column]) + int(rows["zram"][column])


def test_a_plan_that_costs_twice_gives_more() -> None:
    rows = table("api")
    assert rows["dollars a month"][:2] == ["24", "48"]
    assert int(rows["limit of api"][1]) > int(rows["limit of api"][0])
    assert rows["`WORKER_CONCURRENCY`"][:2] == ["2", "4"]
