"""X-Filter and paging."""

import pytest

from rehearsal.clouds.errors import CloudError
from rehearsal.clouds.linode import catalog, filters

TYPES = catalog.rows("types")


@pytest.mark.parametrize(
    ("header", "ids"),
    [
        ('{"class":"nanode"}', ["g6-nanode-1"]),
        ('{"+and":[{"+or":[{"class":"gpu"}]},{"vcpus":8}]}', ["g1-gpu-rtx6000-1"]),
        ('{"price.monthly":12.0}', ["g6-standard-1"]),
        (
            '{"class":"gpu","+order_by":"id","+order":"desc"}',
            ["g2-gpu-rtx4000a1-s", "g1-gpu-rtx6000-1"],
        ),
    ],
)
def test_rows_are_filtered_and_ordered(header: str, ids: list[str]) -> None:
    assert [row["id"] for row in filters.apply(TYPES, header)] == ids


def test_a_value_matches_any_element_of_a_list() -> None:
    rows: list[filters.Row] = [{"tags": ["fks", "fks-dev"]}, {"tags": []}]
    assert filters.apply(rows, '{"tags":"fks-dev"}') == rows[:1]


def test_a_header_that_is_not_json_is_rejected() -> None:
    with pytest.raises(CloudError, match=r"400.*Cannot decode X-Filter"):
        filters.apply(TYPES, "nonsense")


@pytest.mark.parametrize("header", ['{"+not":[]}', '{"vcpus":{"+gt":1}}'])
def test_other_operators_are_not_modelled(header: str) -> None:
    with pytest.raises(CloudError, match=r"501.*not modelled: X-Filter"):
        filters.apply(TYPES, header)


def test_a_page_after_the_last_row_is_empty() -> None:
    assert filters.page(TYPES, 2, 100) == {
        "data": [],
        "page": 2,
        "pages": 1,
        "results": len(TYPES),
    }


@pytest.mark.parametrize(("number", "size"), [(0, 100), (1, 24), (1, 501)])
def test_a_page_outside_linodes_limits_is_rejected(number: int, size: int) -> None:
    with pytest.raises(CloudError, match="400"):
        filters.page(TYPES, number, size)
