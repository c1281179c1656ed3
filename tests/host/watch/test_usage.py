import pytest

from host.fks_deploy.watch.usage import Usage


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (80.0, []),
        (80.4, ["disk / is at 80 %, limit 80 %"]),
        (91.0, ["disk / is at 91 %, limit 80 %", "disk / is at 91 %, limit 90 %"]),
    ],
)
def test_each_limit_that_is_exceeded_is_a_problem(value: float, texts: list[str]) -> None:
    found = list(Usage("disk /", value, (80.0, 90.0), "du").problems())
    assert [one.text for one in found] == texts
    assert [one.key for one in found] == ["disk / 80", "disk / 90"][: len(texts)]
    assert {one.command for one in found} <= {"du"}


def test_the_load_is_no_percentage() -> None:
    (found,) = Usage("load", 8.16, (8.0,), "top", percent=False).problems()
    assert (found.key, found.text) == ("load", "load is at 8.2, limit 8.0")
