"""Checks that Linode has the region and the plans, and reads what the plans cost."""

from fks_infra.clouds.linode import Linode
from fks_infra.errors import OperatorError
from fks_infra.preflight.cloud_calls import cloud_call


def check_region(linode: Linode, region: str) -> None:
    """OperatorError for an unknown region."""
    if cloud_call(lambda: linode.region(region)) is None:
        raise OperatorError(
            f"fks:region is {region!r}, which Linode does not know. Write the id of a region, as "
            f"`curl https://api.linode.com/v4/regions` lists them."
        )


def monthly_price(linode: Linode, plan: str, region: str, server: str) -> float:
    """Dollars a month of a server's plan in the region; OperatorError for an unknown plan."""
    found = cloud_call(lambda: linode.plan(plan))
    if found is None:
        raise OperatorError(
            f"fks:plan.{server} is {plan!r}, which Linode does not sell (any more). Write the id "
            f"of another plan, as `curl https://api.linode.com/v4/linode/types` lists them."
        )
    return found.monthly_price(region)
