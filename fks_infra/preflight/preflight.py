"""What only the clouds and the state can tell, asked before the first thing is declared."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

# The SDKs' generated code waits for a plain answer with this, too.
from pulumi.runtime.sync_await import _sync_await

from fks_infra.components import dns_record as cloudflare
from fks_infra.config.settings import Settings
from fks_infra.preflight import orphans as linode_account
from fks_infra.preflight import state as held
from fks_infra.preflight.orphans import OrphanedResources
from fks_infra.topology.servers import Topology


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What an earlier run left, the plans in use as Linode sells them, the id of the zone."""

    orphans: OrphanedResources
    plans: dict[str, dict[str, Any]]
    zone_id: str


def ask(topology: Topology, settings: Settings) -> Answers:
    """Ask everything at the same time; OperatorError for what is refused or not known."""
    state, account, plans, zone_id = together(
        asyncio.to_thread(held.read),
        linode_account.account(topology),
        linode_account.price_list(topology, settings),
        cloudflare.zone_id(settings.zone),
    )
    left = linode_account.orphans(account, topology, settings.stack, state)
    return Answers(orphans=left, plans=plans, zone_id=zone_id)


def together(*questions: Awaitable[Any]) -> list[Any]:
    """The answers in the questions' order; of several errors the first one."""

    async def answered() -> list[Any]:
        return await asyncio.gather(*questions, return_exceptions=True)

    answers: list[Any] = _sync_await(answered())
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
