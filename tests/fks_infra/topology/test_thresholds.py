from fks_infra.roles.role import Thresholds
from fks_infra.topology.thresholds import thresholds


def test_the_highest_of_the_roles_count() -> None:
    assert thresholds(("web",)) == Thresholds(cpu=40, memory=60)
    assert thresholds(("auth", "web")) == Thresholds(cpu=50, memory=80)
