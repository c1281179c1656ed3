"""The plans of a run: what Linode sells, or the dated copy while Linode does not answer."""

from collections.abc import Iterator, Mapping
from functools import partial

import pulumi

from fks_infra.clouds.http import CloudError, UnavailableError
from fks_infra.clouds.linode import Linode
from fks_infra.clouds.retry import DEFAULT, RetryPolicy, retry
from fks_infra.config.plans import COPIED, PLANS, Plans
from fks_infra.config.schema import did_you_mean
from fks_infra.config.settings import Settings
from fks_infra.errors import raise_operator_errors
from fks_infra.preflight.cloud_calls import cloud_call, operator_error
from fks_infra.topology.planning import declared_servers

_LIST = "`curl https://api.linode.com/v4/linode/types`"


def read_plans(linode: Linode, settings: Settings, policy: RetryPolicy = DEFAULT) -> Plans:
    """Plans by id, those of the servers included; OperatorError where one of these is unknown."""
    in_use = {server: settings.plan[server] for server in declared_servers(settings)}
    try:
        plans = retry(lambda: {plan.id: plan for plan in linode.plans()}, policy)
    except UnavailableError as error:
        raise_operator_errors(_not_copied(in_use, error))
        pulumi.log.warn(f"{error.detail}. Plans and prices are those of {COPIED}.")
        return PLANS
    except CloudError as error:
        raise operator_error(error) from error
    # A plan that has a successor is not in the list; a server may still have it.
    for plan_id in {*in_use.values()} - plans.keys():
        if found := cloud_call(partial(linode.plan, plan_id), policy):
            plans[plan_id] = found
    raise_operator_errors(_unknown(in_use, plans))
    return plans


def _not_copied(in_use: Mapping[str, str], error: UnavailableError) -> Iterator[str]:
    for server, plan_id in in_use.items():
        if plan_id not in PLANS:
            yield (
                f"fks:plan.{server} is {plan_id!r}, and Linode cannot be asked for its size: "
                f"{error.detail}. Try again in a while, or write one of {', '.join(PLANS)}."
            )


def _unknown(in_use: Mapping[str, str], plans: Plans) -> Iterator[str]:
    for server, plan_id in in_use.items():
        if plan_id not in plans:
            yield (
                f"fks:plan.{server} is {plan_id!r}, which Linode does not sell; "
                f"{did_you_mean(plan_id, plans)} {_LIST} lists all plans."
            )
