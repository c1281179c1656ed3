"""Checks that Linode has the region."""

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
