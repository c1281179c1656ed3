"""A smaller plan is an error if the disks do not fit."""

import pytest

from fks_infra.components.disk import disk_error
from fks_infra.config.plans import PLANS


def disks(*sizes: int) -> list[dict[str, int]]:
    return [{"size": size} for size in sizes]


@pytest.mark.parametrize(
    ("old", "new", "is_error"),
    [
        ({"type": "g6-standard-2", "disks": disks(81408, 512)}, "g6-standard-1", True),
        ({"type": "g6-standard-2", "disks": disks(81408, 512)}, "g6-standard-4", False),
        ({"type": "g6-standard-2", "disks": disks(25088, 512)}, "g6-nanode-1", False),
        ({"type": "g6-standard-2", "disks": []}, "g6-nanode-1", True),
        ({"type": "g6-standard-2", "disks": None}, "g6-dedicated-2", False),
        ({"type": "g6-standard-2"}, "g6-standard-2", False),
        ({"type": "g8-new-2", "disks": disks(81408, 512)}, "g6-nanode-1", True),
        ({"type": "g8-new-2", "disks": []}, "g6-nanode-1", False),
        ({}, "g6-nanode-1", False),
    ],
)
def test_disks_that_do_not_fit_are_an_error(old: object, new: str, is_error: bool) -> None:
    assert isinstance(old, dict)
    assert (disk_error("api", old, PLANS[new]) is not None) is is_error


def test_the_error_has_key_value_and_remedy() -> None:
    old = {"type": "g6-standard-2", "disks": disks(81408, 512)}
    text = str(disk_error("api", old, PLANS["g6-nanode-1"]))
    assert text.startswith("fks:plan.api is 'g6-nanode-1'")
    assert "81920 MiB" in text
    assert "Write fks:plan.api: g6-standard-2, or raise fks:generation.api" in text
